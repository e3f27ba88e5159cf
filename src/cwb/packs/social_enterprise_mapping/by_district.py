"""Where social enterprises are: how many there are in each district for its number of businesses."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from cwb.charts.charts import Areas
from cwb.charts.wording import AS_FAR_AS_KNOWN
from cwb.packs.account.listed import least_listed
from cwb.packs.account.register_dates import registers_lacking
from cwb.packs.market.supply import in_business
from cwb.packs.measure import Column, Definition, Measured, PackData, Result, Shown, Undefined, measure
from cwb.packs.questions import LINE, ORGANISATION, Relation, count, number, rate, total
from cwb.packs.social_enterprise_mapping.bodies import (
    SURE,
    ask_registers,
    counts_by,
    here,
    local_and_sure,
    nearby,
    placed,
)
from cwb.sources.places import district_names

_LEAST_BASE = 100  # businesses of a district: of fewer a rate says nothing
_TIMES = 1000


@dataclass(frozen=True)
class Base:
    """What the rate is for each so many of: the lines, the column that adds up (None: each line is one), what they are in a word, and
    their name."""

    lines: Relation
    by: str | None
    what: str
    scheme: str


def base_of(data: PackData) -> Base:
    """Businesses by the newest official count; where none was supplied organisations in business on the registers."""
    if data.has("business_counts"):
        newest = data.relation("business_counts").where("is_newest", "size_band = 'Total'")
        return Base(newest, "units", "businesses", "businesses of the official count")
    lines = in_business(data)
    return Base(lines, None, "organisations", "active organisations on the registers")


@measure(
    Definition(
        "se_top_district_rate", "Highest rate of a district", "rate", "rate",
        "Social enterprises of grades A and B per 1000 businesses in the district with the highest rate. High: "
        "with all of them whose office has no known place.",
        version=2,
    ),
    question="Where are they?",
    needs=("organisations",),
    main=("se_top_district_rate",),
)  # fmt: skip
def by_district(data: PackData) -> Result:
    """Social enterprises of grades A and B by district, as a rate, so that large districts do not lead by size alone.

    One row per district of the local area, highest rate first: `lad_code`, `district`, `organisations`, `base` (see `base_of`; None for a
    district that the official count does not name), `rate` (per 1,000; None for a base under a hundred). A body whose place is not known,
    or that a register not at hand in full alone lists, may be in any: of a district where none is known both are None.
    """
    sure, base = local_and_sure(data), base_of(data)
    bodies_in = counts_by(data, sure)
    of = counts_by(data, base.lines, adding=f"sum({base.by})" if base.by else "count(*)")
    names = district_names()
    rows = []
    for code in data.settings.local.districts:
        # A district that the official count does not name has businesses: how many is not known.
        units, bodies = of.get(code, None if base.by else 0), bodies_in.get(code, 0)
        per_thousand = _TIMES * bodies / units if units and units >= _LEAST_BASE else None
        rows.append([code, names[code], bodies, units, per_thousand])
    table = pd.DataFrame(rows, columns=["lad_code", "district", "organisations", "base", "rate"])
    table = table.astype({"base": "float64", "rate": "float64"})
    table = table.sort_values(["rate", "district"], ascending=[False, True], na_position="last", ignore_index=True)
    if pd.isna(table["rate"].iloc[0]):
        reason = (
            f"no district has {_LEAST_BASE} {base.what} in what was supplied, and a rate of fewer says nothing"
        )
        raise Undefined(reason)
    if not table["rate"].iloc[0]:
        raise Undefined("no organisation that is certainly or likely a social enterprise is known to be local")
    top = str(table["lad_code"].iloc[0])
    in_top = placed(f"lad_code = '{top}'")
    nearby_lines = nearby(data).with_sources("organisations", *base.lines.tables)
    counted = count("se_top_district_rate", of=nearby_lines.where(SURE), where=in_top, per=ORGANISATION)
    businesses = base.lines.where(f"lad_code = '{top}'")
    among = (
        total("", of=businesses, by=base.by, per=LINE) if base.by else count("", of=businesses, per=ORGANISATION)
    )
    answers = ask_registers(data, rate("se_top_district_rate", counted, among, _TIMES))
    if base.by:
        # Of organisations on the registers there may be more, too, and the rate either way.
        least_listed(data, answers, "se_top_district_rate")
    unknown = data.count(nearby(data).where(SURE, "lad_code IS NULL"))
    most = _TIMES * (table["organisations"] + unknown) / table["base"].where(table["base"] >= _LEAST_BASE)
    is_uncounted = table["base"].isna()
    may_lead = (most >= table["rate"].iloc[0]) | (is_uncounted & (table["organisations"] + unknown > 0))
    first = table[may_lead]["district"].tolist()
    lacking = registers_lacking(data)
    if may_be_more := bool(unknown or lacking):
        table[["organisations", "rate"]] = table[["organisations", "rate"]].where(table["organisations"] > 0)
    return Result.of(
        answers,
        table,
        facts={
            "top": first[0] if len(first) == 1 else "",
            "lacking": lacking,
            "known": AS_FAR_AS_KNOWN * may_be_more,
            "least": "at least " * (may_be_more and base.by is not None),
            "what": base.what,
            "scheme": base.scheme,
        },
    )


@by_district.shown
def exhibit(m: Measured) -> Shown:
    highest = m["se_top_district_rate"]
    what, scheme, top, known, least = (m.facts[name] for name in ("what", "scheme", "top", "known", "least"))
    of_counted = (
        "Of the districts counted the highest rate"
        if m.table["base"].isna().any()
        else "The highest rate of a district"
    )
    # Bodies of a register that is missing, in part or whole, may be anywhere.
    lacking = m.facts["lacking"]
    title = f"{'With the registers supplied the highest rate' if lacking else of_counted} is {highest} per 1,000 {what}"
    if top and not lacking:
        title = f"{top} has {highest} per 1,000 {what}, the most"
    areas = []
    for r in m.table.itertuples():
        has_rate = not pd.isna(r.rate)
        areas.append(
            (
                r.lad_code,
                r.district,
                r.rate if has_rate else None,
                least + number(r.rate, "rate") if has_rate else "not known",
            )
        )
    unsure = (
        (f"With bodies of unknown place the highest is {highest.bounds}.",)
        if highest.bounds and not lacking
        else ()
    )
    return Shown(
        title=title,
        subtitle=f"Social enterprises of grades A and B per 1,000 {scheme}{known}. {here(m)}",
        chart=Areas(
            m.data.outlines,
            tuple(areas),
            f"Social enterprises per 1,000 {what}",
            "rate",
            m.data.settings.council.home_district,
            m.data.lineage.sources["boundaries"],
        ),
        says=unsure,
        columns=(
            Column("district", "District"),
            Column("rate", f"Per 1,000{known}", "decimal"),
            Column("organisations", f"Social enterprises{known}", "count"),
            Column("base", f"{scheme[:1].upper()}{scheme[1:]}", "count"),
        ),
        caption="Social enterprises by district, highest rate first",
    )
