"""The figures of the report's first page and packs 01 to 04, with the headlines of pack 05, for one period.

`compute(folder, period)` takes the folder of a `cwb.toml` and gives every figure by its id, pounds and shares as exact
fractions. Definitions: in the measures and in every pack; low and high: `bounds`. Left out: `lines_served_share` of pack
02, whose grades rest on a model of markets and not on a definition, and the shares by registered office and gross of
VAT. The places of some suppliers rest on one table of the library: see `places`.
"""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from pathlib import Path

import pandas as pd

from oracle import pack_01, pack_02, pack_03, pack_04, pack_05
from oracle.bounds import UNDEFINED, Figure, share
from oracle.council import Council, Line, Period, things
from oracle.places import Supplier, number_of
from oracle.reading import day_of, plain, pounds_of, table


@cache
def council_of(folder: Path) -> Council:
    return Council(folder)


@cache
def compute(folder: Path, text: str) -> dict[str, Figure]:
    """Every figure of a period by its id."""
    council, period = council_of(folder), Period.of(text)
    return {
        **pack_01.spend(council, period),
        **pack_01.suppliers(council, period),
        **pack_01.trend(council, period),
        **pack_01.agreements(council, period),
        **pack_01.account(council),
        **pack_02.figures(council, period),
        **pack_03.figures(council, period),
        **pack_04.figures(council, period),
        **_other_packs(council, period),
        **pack_05.figures(council, period, Period(2023, period.quarter)),
        "published_restated": Figure(Fraction(_restated(council))),
    }


def _restated(council: Council) -> int:
    """Published figures that the rows no longer give when rounded as they were published."""
    different = 0
    for told in council.settings["published"]:
        now = pack_01.spend(council, Period.of(told["period"]))[told["finding"]].value
        unit = Fraction(str(told["rounding"]))
        different += now is not None and round(now / unit) * unit != Fraction(str(told["value"]))
    return different


def _other_packs(council: Council, period: Period) -> dict[str, Figure]:
    lines = council.in_period(period)
    return {
        **_plans(council, period, lines),
    }


def _plans(council: Council, period: Period, lines: list[Line]) -> dict[str, Figure]:
    """Spend with, and suppliers paid, whose carbon reduction plan commits to net zero by 2050 and was signed off lately."""
    emissions = council.settings.get("emissions", {})
    months, by_year = emissions.get("plan_months", 18), emissions.get("plan_commitment_year", 2050)
    first = (pd.Timestamp(period.end) - pd.DateOffset(months=months)).date()
    by_number: dict[str, bool] = {}
    by_name: dict[str, bool] = {}
    is_early = False
    for path in sorted((council.raw / "carbon_plans").glob("*.csv")):
        for row in table(path):
            signed, year = day_of(row["Signed off on"]), pounds_of(row["Net zero commitment year"])
            if signed and signed > period.end:
                continue
            is_early = is_early or signed is not None
            good = bool(year and year <= by_year and signed and signed >= first)
            number, name = number_of(row["Company number"]), plain(row["Supplier name"])
            if number:
                by_number[number] = by_number.get(number, False) or good
            else:
                by_name[name] = by_name.get(name, False) or good
    plans = sum(len(table(path)) for path in sorted((council.raw / "carbon_plans").glob("*.csv")))
    names = ("plan_spend_share", "plan_supplier_share")
    if not is_early:
        return dict.fromkeys((*names, "plan_count"), UNDEFINED)

    def has_plan(supplier: Supplier) -> bool | None:
        return by_number.get(supplier.number or "", by_name.get(plain(supplier.name)))

    shares = (share(things(lines, has_plan)), pack_05.plan_shares(lines, has_plan))
    return {**dict(zip(names, shares, strict=True)), "plan_count": Figure(Fraction(plans))}
