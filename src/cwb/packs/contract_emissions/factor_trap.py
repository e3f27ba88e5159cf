"""What factors alone change: the same spend with the factors of each year and release."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pandas as pd
import pyarrow as pa

from cwb.charts.tables import Column
from cwb.packs.contract_emissions.emissions import TONNES, known
from cwb.packs.contract_emissions.factors import Choice, Factors, choice_in_use, factors_of, first_choice
from cwb.packs.contract_emissions.footprint import HAS_PRODUCT
from cwb.packs.exhibits import bars, or_why, palette
from cwb.packs.measure import (
    Definition,
    Measured,
    PackData,
    Paper,
    Result,
    Shown,
    Undefined,
    ask,
    measure,
    undefined,
)
from cwb.packs.questions import ONE, ZERO, Bounded, Relation, Thing, coverage, derived, exactly, median
from cwb.sources.tabular import sql_text

_YEARS = 6
_CODE = Thing("trap_key", "product", "product groups")
_RULE = (
    "Weight × factor over the rows that are in, divided by weight × factor_before, less one; the factors are as published, so "
    "that low and high are the same."
)


@exactly
def _trap(rows: pd.DataFrame) -> Bounded:
    rows_known = known(rows)
    now, before = (
        sum((w * f for w, f in zip(rows_known["weight"], rows_known[name], strict=True)), ZERO)
        for name in ("factor", "factor_before")
    )
    value = now / before - ONE if before > 0 else None
    return Bounded(value, value, value, coverage(rows))


@measure(
    Definition(
        "factor_trap_change", "Change by factors alone", "change", "derived",
        "The period's spend at the newest year's factors against the same spend at the year before's.",
    ),
    Definition(
        "release_median_difference", "Median difference of two releases", "share", "median",
        "Median over product groups of the absolute difference between two releases for the same year.",
    ),
    question="What do factors alone change?",
    main=("factor_trap_change",),
    columns=(
        Column("release", "Release"),
        Column("factor_year", "Factors of"),
        TONNES,
        Column("change", "Against the year before", "share", missing=""),
    ),
)  # fmt: skip
def factor_trap(data: PackData) -> Result:
    """The same spend with other factors: what a flat budget seems to "cut" by factors alone.

    One row per release and factor year, oldest first: `release`, `factor_year`, `kgco2e` (the period's spend at that year's
    factors, prices left as they are, suppliers' reports and energy left out), `change` (against the row before of the same
    release).
    """
    factors, now = factors_of(data), choice_in_use(data)
    years = [year for year in factors.years(now.release) if year <= now.factor_year]
    if len(years) < 2:
        raise Undefined("only one year of factors is at hand")
    before = Choice(now.release, years[-2])
    lines = _lines(data, factors, now, before)
    has_factor = replace(HAS_PRODUCT, sql="CASE WHEN factor IS NOT NULL THEN TRUE END")
    columns = (("factor", "factor"), ("factor_before", "factor_before"))
    questions = [derived("factor_trap_change", lines, _RULE, _trap, has_factor, per=_CODE, columns=columns)]
    first = first_choice(data)
    if first.release != now.release:
        differences = _differences(data, factors, first, Choice(now.release, first.factor_year))
        questions.append(
            median(
                "release_median_difference", differences, "difference", Thing("code", "product", "product groups")
            )
        )
    answers = ask(data, *questions)
    findings = dict(answers.findings)
    if first.release == now.release:
        findings |= undefined(data, ("release_median_difference",), "only one release of factors is at hand")
    sql = f"""SELECT product_code, sum(amount_gbp) AS pounds FROM {lines.source} WHERE {lines.condition}
        AND product_code IS NOT NULL GROUP BY product_code ORDER BY product_code"""
    pounds = {row["product_code"]: row["pounds"] for row in data.rows(sql)}
    rows = []
    for release in factors.releases:
        for year in factors.years(release)[-_YEARS:]:
            own_factors = factors.of(Choice(release, year))
            kilograms = sum((net * own_factors.get(code, ZERO) for code, net in pounds.items()), ZERO)
            rows.append({"release": release, "factor_year": year, "kgco2e": float(kilograms)})
    table = pd.DataFrame(rows).sort_values(["release", "factor_year"], ignore_index=True)
    table["change"] = table.groupby("release")["kgco2e"].pct_change()
    facts = {"from": str(before.factor_year), "to": str(now.factor_year)}
    return Result(findings, table, facts, (*answers.sql, sql))


def _lines(data: PackData, factors: Factors, now: Choice, before: Choice) -> Relation:
    """Payments, energy left out, with the factor of their product in two years of one release; of a payment whose product
    is not known `trap_key` is its payee."""
    later, earlier = factors.of(now), factors.of(before)
    both = [(code, factors.products[code], later[code], earlier[code]) for code in later if code in earlier]
    place = pa.decimal128(18, 12)
    schema = pa.schema(
        [("code", pa.string()), ("product", pa.string()), ("factor", place), ("factor_before", place)]
    )
    data.engine.add_table(
        "trap_factors", pa.Table.from_pylist([dict(zip(schema.names, row, strict=True)) for row in both], schema)
    )
    source = """(SELECT l.*, coalesce(f.code, l.payee_key) AS trap_key, coalesce(f.product, l.display_name) AS product,
        f.factor, f.factor_before FROM spend_lines l LEFT JOIN trap_factors f ON f.code = l.product_code)"""
    is_counted = "product_category IS NULL OR product_category <> 'energy' OR is_capital IS TRUE"
    return Relation(source, ("spend_lines", "emission_factors"), (is_counted,), data.period)


@exactly
def _differences(data: PackData, factors: Factors, first: Choice, now: Choice) -> Relation:
    """One row per product group that both releases have for a year: how far they are apart, as a share of the first."""
    one, other = factors.of(first), factors.of(now)
    apart = {code: abs(other[code] / one[code] - ONE) for code in one if code in other and one[code]}
    schema = pa.schema([("apart_code", pa.string()), ("difference", pa.decimal128(38, 20))])
    rows = [
        {"apart_code": code, "difference": far.quantize(Decimal(1).scaleb(-20))} for code, far in apart.items()
    ]
    data.engine.add_table("release_differences", pa.Table.from_pylist(rows, schema))
    source = "(SELECT f.*, difference FROM emission_factors f JOIN release_differences ON apart_code = code)"
    of_first = (f"release = {sql_text(first.release)}", f"factor_year = {first.factor_year}")
    return Relation(source, ("emission_factors",), of_first)


@factor_trap.shown
def exhibit(m: Measured) -> Shown:
    trap, apart = m["factor_trap_change"], m["release_median_difference"]
    groups = [f"Release {release}" for release in m.table["release"]]
    word = "cut" if (trap.value or 0) < 0 else "add"
    two = or_why(
        apart, f"Two releases for the same year differ by a median of {apart}.", "How far two releases differ"
    )
    # Nothing is taken for anything where the factors are the same.
    as_if = "suppliers emitted more" if (trap.value or 0) > 0 else "somebody had cut emissions"
    taken = (
        f"Whoever multiplies each year's spend by that year's factors reports this difference as if {as_if}. "
        if round(trap.value or 0, 2)
        else ""
    )
    return Shown(
        title=f"Factors alone “{word}” {abs(trap.value or 0.0):.0%} from {m.facts['from']} to {m.facts['to']}, with nothing changed",
        subtitle=f"The same spend of this period with the factors of each year and release. {m.where}",
        chart=bars(
            [f"{r.release}: {r.factor_year}" for r in m.table.itertuples()],
            m.table["kgco2e"],
            "kgco2e",
            groups=groups,
            places=palette(*dict.fromkeys(groups)),
        ),
        says=(
            f"It is one and the same spend each time. {taken}{two}",
            "Prices stay as they are, and suppliers' own reports and energy are left out: these are not the totals of the other exhibits.",
        ),
        caption="One spend with the factors of each year and release",
        paper=Paper.SENTENCES,
    )
