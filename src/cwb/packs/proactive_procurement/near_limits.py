"""Values just below a limit, against those just above it, with the chance that it is nothing."""

from __future__ import annotations

from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal, localcontext

import pandas as pd

from cwb.council.periods import Period
from cwb.lines.repeat_purchases import limit_on
from cwb.packs.exhibits import or_why
from cwb.packs.measure import Column, Definition, Measured, PackData, Paper, Result, Shown, ask, measure
from cwb.packs.proactive_procurement.covered import FINDING_COLUMNS, finding_rows
from cwb.packs.questions import LINE, ONE, Bounded, Relation, Thing, always, derived, number, share
from cwb.sources.tabular import sql_text

AGREEMENT = Thing("agreement_key", "title", "contracts")
# Fewer than this in the band say nothing (formats-strategy.md 5.2).
LEAST = 20
# Twice those of a decimal number of Python, so that no rounding of a term reaches the result.
_DIGITS = 56
_BELOW = always("amount < limit_gbp")
_RULE = (
    "Of the n rows, k are in. The value is the probability of k or more of n, were below and above equally likely: the sum over "
    "j from k to n of n! ÷ (j! (n − j)!), divided by 2 to the power n."
)


@measure(
    Definition(
        "near_limit_share", "Contracts just below the amount for a notice", "share", "share",
        "Contracts of the register, and of award notices that the register lacks, with a value in the tenth below the amount from which a notice is due, divided "
        "by those within a tenth of it, the amount of the contract's first day.",
        excluded="Contracts without a value or a first day.",
    ),
    Definition(
        "near_limit_chance", "Chance of as many contracts below", "share", "derived",
        "How likely so many or more below would be if below and above were equally likely (exact binomial).",
    ),
    Definition(
        "near_limit_line_share", "Payments just below the limit of the register", "share", "share",
        "Payment lines of the period in the tenth below the limit of the register divided by those within a tenth of it.",
        excluded="Credits.",
    ),
    Definition(
        "near_limit_line_chance", "Chance of as many payments below", "share", "derived",
        "How likely so many or more below would be if below and above were equally likely (exact binomial).",
    ),
    question="Do values gather just below a limit?",
    needs=(),
    main=("near_limit_share", "near_limit_line_share"),
    columns=(*FINDING_COLUMNS[:3], Column("range", "Why it is not known")),
)  # fmt: skip
def near_limits(data: PackData) -> Result:
    """Values within a tenth of a limit.

    One row per finding: `measure`, `value`, `of` (how many are in the band), `range` (why it is not known).
    """
    contracts, lines = _contracts(data), _payments(data.period)
    sparse = (
        _too_few(data, contracts, "agreement_lines", "contracts"),
        _too_few(data, lines, "spend_lines", "payments"),
    )
    answers = ask(
        data,
        share("near_limit_share", of=contracts, where=_BELOW, by=None, per=AGREEMENT).unless(sparse[0]),
        derived("near_limit_chance", contracts, _RULE, _chance, where=_BELOW, by=None, per=AGREEMENT).unless(sparse[0]),
        share("near_limit_line_share", of=lines, where=_BELOW, by=None, per=LINE).unless(sparse[1]),
        derived("near_limit_line_chance", lines, _RULE, _chance, where=_BELOW, by=None, per=LINE).unless(sparse[1]),
    )  # fmt: skip
    ids = ("near_limit_share", "near_limit_chance", "near_limit_line_share", "near_limit_line_chance")
    of = [
        _of(answers[name].of, what) for name, what in zip(ids, ("contracts", "", "payment lines", ""), strict=True)
    ]
    rows = finding_rows(zip((answers[name] for name in ids), of, strict=True))
    return Result.of(answers, rows)


def _of(number_of: float | None, what: str) -> str:
    return f"{number(number_of, 'count')} {what} within a tenth" if what and number_of else ""


def _chance(rows: pd.DataFrame) -> Bounded:
    """P(k or more of n) against one half."""
    value = chance_of(int((rows["part"] == "in").sum()), len(rows))
    return Bounded(value, value, value, ONE)


def chance_of(below: int, both: int) -> Decimal:
    """The probability of so many or more below, were below and above equally likely: 12 of 20 is 0.2517.

    Added up outwards from the number itself, where terms only become smaller, until none changes the sum: of a million payments
    that is some thousand terms.
    """
    with localcontext(Context(prec=_DIGITS, Emin=MIN_EMIN, Emax=MAX_EMAX)):
        is_upper = 2 * below > both
        at = below if is_upper else both - below + 1
        # Of the other side P(fewer than so many) is, by symmetry, that of so many more than half.
        added = Decimal(0) if at > both else _upper_tail(at, both)
        chance = added if is_upper else 1 - added
    return +chance


def _upper_tail(least: int, both: int) -> Decimal:
    """P(`least` or more of `both`), where that is more than half of them."""
    term = Decimal(2) ** -both
    for j in range(1, both - least + 1):
        term = term * (both - j + 1) / j
    added = Decimal(0)
    for j in range(least, both + 1):
        if added + term == added:
            break
        added += term
        term = term * (both - j) / (j + 1)
    return added


def _too_few(data: PackData, of: Relation, source: str, what: str) -> str | None:
    """Why so few say nothing; None where there are enough."""
    if reason := data.why_not(source):
        return reason
    return f"fewer than {LEAST} {what} are within a tenth of the limit" if _counted(data, of) < LEAST else None


def _counted(data: PackData, of: Relation) -> int:
    thing = "count(DISTINCT agreement_key)" if "agreement_lines" in of.tables else "count(*)"
    return int(data.rows(f"SELECT {thing} AS n FROM {of.source} WHERE {of.condition}")[0]["n"])


def _contracts(data: PackData) -> Relation:
    """Own contracts that had begun, once each, with the amount of their first day from which a notice is due."""
    own = f"body = {sql_text(data.settings.council.name)} AND NOT is_on_register AND start_date <= DATE '{data.period.end}'"
    return _near(
        f"(SELECT *, value_gbp AS amount, {limit_on('start_date', 'notifiable')} AS limit_gbp FROM agreement_lines WHERE {own})",
        "agreement_lines",
    )


def _payments(period: Period) -> Relation:
    source = (
        f"(SELECT *, amount_gbp AS amount, {limit_on('payment_date', 'register')} AS limit_gbp FROM spend_lines)"
    )
    near = _near(source, "spend_lines")
    return Relation(near.source, near.tables, near.conditions, period=period)


def _near(source: str, table_name: str) -> Relation:
    """Amounts from nine tenths of the limit to just below eleven."""
    return Relation(source, (table_name,), ("10 * amount >= 9 * limit_gbp", "10 * amount < 11 * limit_gbp"))


@near_limits.shown
def exhibit(m: Measured) -> Shown:
    below, chance, lines, of_lines = m.findings.values()
    contracts = f"{below} of the contracts within a tenth of the amount for a notice are below it; chance alone gives as many in {chance} of cases."
    payments = f"{lines} of the payments within a tenth of the limit of the register are below it; chance alone gives as many in {of_lines} of cases."
    return Shown(
        title=f"{below} of contracts near the amount for a notice are below it"
        if below.value is not None
        else f"{lines} of payments near the limit of the register are below it",
        subtitle=f"Values within a tenth of a limit, below it and above it. {m.where}",
        says=(
            or_why(below, contracts, "Whether contracts gather below the amount for a notice"),
            or_why(lines, payments, "Whether payments gather below the limit of the register"),
            "Prices are often round and limits are round too, so that a few more below are usual. Only a small chance is a reason to look. "
            "First digits of amounts (Benford's law) are not shown: the amount from which payments are published decides them.",
        ),
        caption="Values within a tenth of a limit",
        paper=Paper.SENTENCES,
    )
