"""Small purchases from one supplier in one category that together come to a limit, without a live contract."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from cwb.base.days import in_year_to
from cwb.base.privacy import WITHHELD
from cwb.charts.wording import sentence_case
from cwb.council.periods import long_date
from cwb.lines.contract_cover import Cover
from cwb.lines.repeat_purchases import LIMITS
from cwb.packs.exhibits import counted, dots, or_why, silent
from cwb.packs.market.rules import threshold
from cwb.packs.measure import Column, Definition, Measured, PackData, Result, Shown, ask, measure
from cwb.packs.proactive_procurement.covered import MONTHS, as_far_as_held, months_held, register_limit
from cwb.packs.questions import Fact, Question, Relation, Unanswerable, always, count, share, total
from cwb.sources.tabular import sql_text

_SHOWN = 10
_PATTERN = (
    "Pairs of supplier and category with three purchases or more, each below {0}, that together come to it within 365 days, "
    "the last of them in the period, while the supplier had no live contract."
)
_OF_ALL_MONTHS = ("repeat_count", "repeat_spend", "repeat_notifiable_count", "repeat_threshold_count")
_LEFT_OUT = "Cards, classes that need no contract, suppliers with a live contract, credits; payments that name no supplier."


@measure(
    Definition(
        "repeat_count", "Repeated small purchases", "count", "count",
        _PATTERN.format("the limit of the register"), excluded=_LEFT_OUT,
    ),
    Definition(
        "repeat_spend", "Spend in repeated small purchases", "gbp", "total",
        "Payments of the period in these pairs that are each below the limit.", excluded=_LEFT_OUT,
    ),
    Definition(
        "repeat_recurrent_share", "Repeated purchases that are regular by nature", "share", "share",
        "Of these pairs, those with a payment in as many months of the last twelve as the settings say: taxis, agency staff, "
        "materials as they are needed.",
    ),
    Definition(
        "repeat_notifiable_count", "Repeated purchases below the amount for a notice", "count", "count",
        _PATTERN.format("the amount from which a notice is due (with VAT where the ledger states it)"), excluded=_LEFT_OUT,
    ),
    Definition(
        "repeat_threshold_count", "Repeated purchases below the threshold", "count", "count",
        _PATTERN.format("the threshold for goods and services of the day (with VAT where the ledger states it)"), excluded=_LEFT_OUT,
    ),
    question="Do small orders from one supplier add up to one large purchase?",
    needs=("spend_lines", "contract_lines"),
    main=("repeat_count",),
    columns=(
        Column("supplier", "Supplier"),
        Column("category", "Category"),
        Column("payments", "Payment lines", "count"),
        Column("pounds_gbp", "Together (£)", "gbp"),
        Column("largest_gbp", "Largest (£)", "gbp"),
        Column("months", "Months of the last twelve", "count"),
    ),
)  # fmt: skip
def repeats(data: PackData) -> Result:
    """Pairs of supplier and category whose small purchases come to the limit of the register.

    One row per pair, most pounds first: `supplier`, `category`, `payments` (lines of the period below the limit),
    `pounds_gbp`, `largest_gbp` (largest line), `months` (of the last twelve with a payment). Names that are withheld are in no row.

    Source: a running total, and that one large purchase is no split, are of a published test (pydit); ours asks for 365 days, three
    purchases each below the limit, and no live contract (formats-strategy.md 5.4).
    """
    pairs = _with_months(data)
    found = always("flagged = 1")
    # Where somebody's payments are known, that none of them is small is known too.
    is_known = bool(data.count(data.spend().where(f"cover <> '{Cover.UNSETTLED}'")))
    questions = (
        count("repeat_count", of=pairs, where=found, is_whole=is_known),
        total("repeat_spend", of=pairs, where=found, within="category", is_whole=is_known),
        share("repeat_recurrent_share", of=pairs.where("flagged = 1"), where=_is_regular(data), by=None),
    )
    answers = ask(
        data,
        *map(_by_category, questions),
        *(_larger(data, name, is_known) for name in ("notifiable", "threshold")),
    )
    # The first purchases of the period are added up with those of the twelve months before them.
    answers = as_far_as_held(data, answers, _OF_ALL_MONTHS, MONTHS + data.period.months)
    sql = f"""SELECT min(display_name) AS supplier, category, count(*) AS payments, sum(amount_gbp) AS pounds_gbp,
        max(amount_gbp) AS largest_gbp, max(months) AS months FROM {pairs.source} WHERE {pairs.condition} AND flagged = 1
            AND display_name <> {sql_text(WITHHELD)}
        GROUP BY payee_key, category ORDER BY pounds_gbp DESC, supplier, category"""
    unnamed = data.rows(f"""SELECT count(*) AS pairs FROM (SELECT DISTINCT payee_key, category FROM {pairs.source}
        WHERE {pairs.condition} AND flagged = 1 AND display_name = {sql_text(WITHHELD)})""")[0]["pairs"]
    columns = ["supplier", "category", "payments", "pounds_gbp", "largest_gbp", "months"]
    table = pd.DataFrame(data.rows(sql), columns=columns).astype({"pounds_gbp": float, "largest_gbp": float})
    return Result.of(answers, table, sql, facts={"limit": f"{register_limit(data)}", "unnamed": f"{unnamed}"})


def _is_regular(data: PackData) -> Fact:
    """Paid in enough of the last twelve months; where the ledger does not hold them all, fewer may be enough and nobody knows."""
    least = data.settings.procurement.recurrent_months
    missing = MONTHS - months_held(data)
    return Fact(
        f"CASE WHEN months >= {least} THEN TRUE WHEN months + {missing} >= {least} THEN NULL ELSE FALSE END",
        "payments of all twelve months are known",
        "The ledger of the months before would settle it.",
    )


def _larger(data: PackData, name: str, is_known: bool) -> Question | Unanswerable:
    """The same question of a larger limit; before its table begins there is none."""
    reason = (
        None
        if threshold(LIMITS[name], "council", data.period.end)
        else f"the table of limits has none for {long_date(data.period.end)}"
    )
    lines = data.spend().where(f"is_repeat_{name} IS NOT NULL")
    found = always(f"is_repeat_{name}")
    return _by_category(count(f"repeat_{name}_count", of=lines, where=found, is_whole=is_known)).unless(reason)


def _by_category(question: Question) -> Question:
    """A supplier within one category is a thing of its own."""
    return replace(question, group="category")


def _with_months(data: PackData) -> Relation:
    """Purchases of the period below the limit of the register, with the months of their pair (`months`) and whether it comes to
    the limit (`flagged`)."""
    lines = data.spend()
    return Relation(
        f"""(SELECT l.*, m.months, m.flagged FROM spend_lines l JOIN (
            SELECT payee_key AS pair_payee, category AS pair_category, count(DISTINCT payment_month) AS months,
                max(CASE WHEN {lines.condition} AND is_repeat_register THEN 1 ELSE 0 END) AS flagged
            FROM spend_lines WHERE {in_year_to(data.period.end, "payment_date")} GROUP BY payee_key, category) m
            ON m.pair_payee = l.payee_key AND m.pair_category = l.category
            WHERE {lines.condition} AND is_repeat_register IS NOT NULL)""",
        ("spend_lines", "contract_lines"),
        period=data.period,
        is_of_period=True,
    )


@repeats.shown
def exhibit(m: Measured) -> Shown:
    many, spend, regular = (m[name] for name in ("repeat_count", "repeat_spend", "repeat_recurrent_share"))
    notice, threshold = m["repeat_notifiable_count"], m["repeat_threshold_count"]
    limit = float(m.facts["limit"])
    drawn = m.table.head(_SHOWN)
    names = drawn["supplier"]
    labels = [
        f"{row.supplier}: {row.category}" if (names == row.supplier).sum() > 1 else f"{row.supplier}"
        for row in drawn.itertuples()
    ]
    larger = (
        f"{counted(notice, 'pair comes', 'pairs come')} in the same way to the amount from which a notice is due."
    )
    largest = sentence_case(f"{counted(threshold, 'pair comes', 'pairs come')} to the threshold.")
    often = f"{regular} of them {'is' if regular.value == 1 else 'are'} regular by nature, with a payment in most months: taxis, agency staff, materials as needed."
    in_them = (
        f"{spend} was paid in them. {or_why(regular, often, 'How many of them are regular by nature')} Whether one order was split "
        "is for the service to say: the ledger cannot show it."
    )
    is_are, name = ("is", "its name is") if m.facts["unnamed"] == "1" else ("are", "their names are")
    unnamed = silent(
        int(m.facts["unnamed"]),
        f"of the pairs {is_are}",
        f"of the pairs {is_are}",
        f"in no row of the table: {name} withheld",
    )
    return Shown(
        title=f"{counted(many, 'pair', 'pairs')} of supplier and category whose small orders reach the limit",
        subtitle="Purchases of the period that are each below the limit of the register and together come to it in 365 days, without a "
        f"live contract, by supplier and category; the dashed line is the limit. {m.where}",
        chart=dots(["The limit", *labels], [limit, *drawn["pounds_gbp"]], "gbp") if len(drawn) else None,
        says=(
            *(() if many.value == 0 else (" ".join((in_them, *unnamed)),)),
            f"{or_why(notice, larger, 'How many come to the amount for a notice')} "
            f"{or_why(threshold, largest, 'How many come to the threshold')}",
        ),
        caption="Pairs of supplier and category, most pounds first",
        most_rows=_SHOWN,
    )
