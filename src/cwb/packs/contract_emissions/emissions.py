"""How much our purchases emit, by category of the GHG Protocol."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pandas as pd

from cwb.evidence.bounded import ONE, ZERO, Bounded, exactly
from cwb.evidence.questions import Question, derived, factor_columns, known_factor, modelled, share
from cwb.lines.emissions import ENERGY
from cwb.packs.contract_emissions.footprint import (
    BY_FACTOR,
    FACTOR,
    HAS_PRODUCT,
    amount_of,
    everything,
    footprint,
    grouped,
    parts_by,
)
from cwb.packs.exhibits import POUNDS, Bar, Bars, or_why, range_text, sentence_case
from cwb.packs.measure import Column, Definition, Measured, PackData, Result, Shown, ask, measure
from cwb.packs.questions import Fact, Relation, Term, Thing, coverage, number, ratio_of, sum_of

TONNES = Column("kgco2e", "Emissions (tCO2e)", "tonnes")
RANGE = (
    Column("low_kgco2e", "Low (tCO2e)", "tonnes", missing=""),
    Column("high_kgco2e", "High (tCO2e)", "tonnes", missing=""),
)
SHARE_OF_EMISSIONS = Column("share", "Share of emissions", "share", missing="")
SCORE = Column("score", "Score", "decimal", missing="")
WEIGHTS = ("weight_now", "weight_then")
# Known of every line: whether its emissions are known.
IS_KNOWN = Fact("factor IS NOT NULL")


def of_factors(
    id: str, lines: Relation, rule: str, compute: Callable[[pd.DataFrame], Bounded], per: Thing = BY_FACTOR,
    group: str | None = None, then: Relation | None = None, columns: tuple[str | tuple[str, str], ...] = (),
) -> Question:  # fmt: skip
    """A question of pounds and factors that has a rule of its own. Its rows have `factor`, `low_factor`, `high_factor`, and
    `shared`, the text that all rows have which are off together; then `columns`, each by its name or with its SQL."""
    named = tuple((one, one) if isinstance(one, str) else one for one in ("shared", *columns))
    return derived(
        id, lines, rule, compute, known_factor(FACTOR, HAS_PRODUCT), per=per, group=group, then=then,
        columns=(*factor_columns(FACTOR), *named),
    )  # fmt: skip


def known(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows whose factor is known."""
    return rows[rows["part"] == "in"]


def terms(rows: pd.DataFrame, numbers: pd.Series | None = None) -> list[Term]:
    """The known rows as terms of a ratio to all emissions; `numbers` multiplies the pounds of each row above the line."""
    rows_known = known(rows)
    times = [ONE] * len(rows_known) if numbers is None else [Decimal(int(n)) for n in numbers[rows_known.index]]
    return [
        Term(r.shared, n * r.weight, r.factor, r.low_factor, r.high_factor, base=r.weight)
        for n, r in zip(times, rows_known.itertuples(), strict=True)
    ]


@exactly
def _score(rows: pd.DataFrame) -> Bounded:
    paid = rows[rows["weight"] > 0]
    return ratio_of(terms(paid, paid["score"].fillna(0)), coverage(rows))


def _by_size(lines: Relation) -> Relation:
    """The lines with `size_gbp`: what shares a factor, and the lines of one supplier without one, come to their net pounds, and those
    to more than nought, as in every coverage."""
    side = f"""SELECT factor_key AS key, CASE WHEN sum(amount_gbp) < 0 THEN -1 ELSE 1 END AS side FROM {lines.source}
        WHERE {lines.condition} GROUP BY factor_key"""
    source = f"(SELECT l.*, l.amount_gbp * k.side AS size_gbp FROM {lines.source} l JOIN ({side}) k ON k.key = l.factor_key)"
    return replace(lines, source=source, is_of_period=True)


@exactly
def _per_pound(rows: pd.DataFrame) -> Bounded:
    pounds = sum(known(rows)["weight"], ZERO)
    if pounds <= 0:
        return Bounded(None, None, None, coverage(rows))
    value, low, high = (end / pounds for end in sum_of(terms(rows)))
    return Bounded(value, low, high, coverage(rows))


_SCORE_RULE = (
    "The mean score of the rows that are in and above zero, weighted by weight × factor; low and high are the least and the "
    "most over every choice of low_factor or high_factor, one choice for all rows with the same text in shared."
)
_PER_POUND_RULE = "Weight × factor over the rows that are in, divided by their weight; low and high with low_factor and high_factor."


@measure(
    Definition(
        "emissions_total", "Emissions of purchases", "kgco2e", "modelled",
        "Greenhouse gas of the period's purchases by the best method at hand for each, in kgCO2e. Low and high:"
        " every factor off by what its score allows, all the same way.",
        excluded="Payments whose product is not known; energy for the council's own sites and vehicles.",
        version=3,
    ),
    Definition(
        "emissions_known_share", "Spend whose emissions are estimated", "share", "share",
        "Spend whose product or report is known divided by all spend, credits by their size: a payment and a credit of which "
        "nothing is known do not cancel out.",
        version=2,
    ),
    Definition(
        "emissions_score", "Data-quality score (1 best, 5 worst)", "rate", "derived",
        "Score from 1, best, to 5, weighted by emissions; credits are taken off within each product group first.",
        excluded="Payments whose product is not known; energy.",
        version=3,
    ),
    Definition(
        "emissions_per_pound", "Emissions per £", "intensity", "derived",
        "kgCO2e per £ of the spend whose emissions are estimated.",
        version=2,
    ),
    Definition(
        "energy_emissions", "Emissions of energy bought", "kgco2e", "modelled",
        "Energy for the council's own sites and vehicles: its scope 1 and 2. It is in no total of purchases. "
        "What is not known to be energy may be.",
        version=2,
    ),
    question="What do our purchases emit?",
    main=("emissions_total",),
    columns=(
        Column("ghg_category", "Category"),
        POUNDS,
        TONNES,
        SHARE_OF_EMISSIONS,
        Column("score", "Quality score", "decimal", missing=""),
        *RANGE,
    ),
)  # fmt: skip
def emissions(data: PackData) -> Result:
    """Emissions of the period's purchases by GHG Protocol category, kept apart so that nothing counts twice.

    One row per category, most first: `ghg_category`, `pounds_gbp`, `kgco2e`, `share`, `score` (weighted by emissions),
    `low_kgco2e`, `high_kgco2e`. Lines whose product is not known have a row with their pounds and no emissions. Low and
    high take every factor as off by what its score allows, all the same way. Energy has a row and no share: it is the
    council's scope 1 and 2 and in no total.
    """
    lines = footprint(data)
    caveats = ("Amounts that include VAT overstate spend-based emissions.",) if _has_gross(data) else ()
    is_energy = replace(HAS_PRODUCT, sql="is_energy")
    answers = ask(
        data,
        modelled("emissions_total", lines, FACTOR, BY_FACTOR, where=HAS_PRODUCT, caveats=caveats),
        share("emissions_known_share", _by_size(lines), IS_KNOWN, "size_gbp", BY_FACTOR),
        of_factors("emissions_score", lines, _SCORE_RULE, _score, columns=("score",)),
        of_factors("emissions_per_pound", lines, _PER_POUND_RULE, _per_pound),
        modelled("energy_emissions", everything(lines), FACTOR, BY_FACTOR, where=is_energy),
    )
    parts = parts_by(data, everything(lines), "ghg_category")
    total = amount_of(part for part in parts if part.group[0] != ENERGY)
    rows = []
    for category, in_category in grouped(part for part in parts if part.factor is not None).items():
        amount = amount_of(in_category)
        of_total = amount.share_of(total) if category != ENERGY else None
        rows.append({"ghg_category": sentence_case(category), **amount.as_row(), "share": of_total})
    rows.sort(key=lambda row: (-row["kgco2e"], row["ghg_category"]))  # type: ignore[operator]
    unknown = [part.pounds for part in parts if part.factor is None]
    if unknown:
        rows.append({"ghg_category": "What was bought is not stated", "pounds_gbp": float(sum(unknown, ZERO))})
    # Approved or not, what the list says is capital is capital.
    no_list = None if data.count(data.one_offs()) else data.one_offs_missing()
    return Result.of(answers, rows, facts={"no_list": no_list} if no_list else {})


def _has_gross(data: PackData) -> bool:
    return any("gross" in str(report.vat_basis or "") for report in data.lineage.of("spend"))


@emissions.shown
def exhibit(m: Measured) -> Shown:
    total, share_known, score = (m[f"emissions_{name}"] for name in ("total", "known_share", "score"))
    energy = m["energy_emissions"]
    # Energy is in no total: a bar of it would not add up with the others to the title.
    drawn = m.table[m.table["kgco2e"].notna() & (m.table["ghg_category"] != sentence_case(ENERGY))]
    bars = tuple(
        Bar(r.ghg_category, r.kgco2e, f"{number(r.kgco2e, 'kgco2e')} ({number(r.low_kgco2e, 'kgco2e')} to "
            f"{number(r.high_kgco2e, 'kgco2e')})", low=r.low_kgco2e, high=r.high_kgco2e)
        if r.kgco2e >= 0 else Bar(r.ghg_category, 0.0, number(r.kgco2e, "kgco2e"))
        for r in drawn.itertuples()
    )  # fmt: skip
    not_apart = (
        f"How much of the total is capital goods is not known, because {m.facts.get('no_list')}. Energy that was part of a project "
        "counts as energy here."
    )
    of = f"It and its range are of {share_known} of spend: what the rest emits is not known and in neither."
    if share_known.value == 1:
        of = "It and its range are of all spend."
    return Shown(
        title=f"Purchases emit about {total}, an estimate for {'all' if share_known.value == 1 else f'{share_known} of'} spend",
        subtitle=f"Greenhouse gas of purchases by GHG Protocol category, with ranges, energy left out. {m.where}",
        chart=Bars(bars, {"": 0}),
        says=(
            f"The total is {total}{range_text(total)}; its data quality is {score} on a scale from one, best, to five. {of}",
            or_why(
                energy,
                f"Energy for the council's own sites and vehicles ({energy}) is its scope one and two and is counted there: it "
                "is in no total of this pack, so that nothing counts twice.",
                "Energy for the council's own sites and vehicles",
            ),
            *([not_apart] if "no_list" in m.facts else []),
        ),
        caption="Emissions by GHG Protocol category",
    )
