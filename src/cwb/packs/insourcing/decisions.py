"""What was decided of contracts: whether in-house is the rule, why not, which tests were made, and what was extended unseen."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from cwb.council.periods import long_date
from cwb.packs.exhibits import counted, or_why, range_text
from cwb.packs.insourcing.queue import IN_WINDOW, NO_REVIEWS, ROW, queue
from cwb.packs.market.rules import vat_rate
from cwb.packs.measure import Column, Definition, Measured, PackData, Result, Shown, ask, measure
from cwb.packs.questions import Fact, Question, Relation, Thing, always, count, share_among
from cwb.sources.datasets.insourcing import IN_HOUSE, NOT_YET, OUTSIDE
from cwb.sources.tabular import sql_text

DECISION = Thing("", "service", "decisions")
_DAYS = "The day of each decision in the form of insourcing would settle it."


def _in(kinds: tuple[str, ...]) -> str:
    return f"decision IN ({', '.join(map(sql_text, kinds))})"


@measure(
    Definition(
        "insource_default_share", "Decisions to bring in-house, wholly or in part", "share", "share",
        "Decisions up to the period's last day to insource, for a mixed model, a shared service or a co-operative, divided by all "
        "decisions. Low and high: decisions without a day were taken by then or not.",
        excluded="Contracts not yet decided.",
    ),
    Definition(
        "insource_reason_share", "Decisions not to bring in-house that give a reason", "share", "share",
        "Decisions up to the period's last day to procure again, to extend or to stop that give a reason, divided by all of them. "
        "Low and high: decisions without a day were taken by then or not.",
    ),
    Definition(
        "interest_test_share", "Large services in their window with both parts of the public interest test", "share", "share",
        "Services in their window for review whose value with VAT is above the council's limit and whose review answers both "
        "parts of the public interest test with strong or weak, divided by all of them. Low and high: contracts of which it is "
        "not known whether they are services, or above the limit with VAT, are or are not.",
        excluded="Goods and works. An answer of “not known” is none.",
    ),
    Definition(
        "extension_taken_count", "Contracts extended", "count", "count",
        "Rows of the contracts register whose first extension began in the period: the day after their first end, where the "
        "current end is later.",
    ),
    Definition(
        "extension_unreviewed_count", "Contracts extended without a review", "count", "count",
        "Those of them without a review that had begun, or a decision, by the day on which the extension began.",
    ),
    question="What was decided, and why?",
    needs=(),
    main=("insource_default_share", "insource_reason_share", "interest_test_share", "extension_taken_count"),
    columns=(
        Column("measure", "Measure"),
        Column("value", "Value"),
        Column("of", "Of how many", "count", missing=""),
        Column("range", "Range, or why it is not known"),
    ),
)  # fmt: skip
def decisions(data: PackData) -> Result:
    """Decisions, reasons, tests and extensions, each with what it is of.

    One row per measure: `measure`, `value`, `of` (how many there are that are surely of its kind; None where it is not known) and `range`,
    or why it is not known.
    """
    asked = (*_of_decisions(data), _of_tests(data), *_of_extensions(data))
    answers = ask(data, *(one.question.unless(one.reason) for one in asked))
    rows = []
    for one in asked:
        found = answers[one.question.id]
        range_or_reason = found.bounds if found.value is not None else f"not known: {found.undefined}"
        base = data.count(one.base) if found.value is not None else None
        rows.append((found.label, f"{found}", base, range_or_reason))
    return Result.of(answers, rows)


@dataclass(frozen=True)
class _Asked:
    """A question, what it is of where that is certain, and why it has no answer."""

    question: Question
    base: Relation
    reason: str | None


def _of_decisions(data: PackData) -> tuple[_Asked, ...]:
    reason, lines = data.why_not(NO_REVIEWS), Relation(NO_REVIEWS, (NO_REVIEWS,))
    taken = lines.where(f"decision <> '{NOT_YET}'")
    # A decision without a day may have been taken later.
    by_now = Fact(f"decided_date <= DATE '{data.period.end}'", "when decisions were taken is known", _DAYS)
    asked = []
    for name, of, sql in (
        ("insource_default_share", taken, _in(IN_HOUSE)),
        ("insource_reason_share", taken.where(_in(OUTSIDE)), "reason IS NOT NULL"),
    ):
        none = f"no such decision is dated up to the end of {data.period.label}"
        fact = Fact(sql, by_now.known, by_now.settles)
        question = share_among(name, of, by_now, fact, by=None, per=DECISION)
        asked.append(
            _Asked(question, of.where(by_now.sql), reason or (None if data.count(of.where(by_now.sql)) else none))
        )
    return tuple(asked)


def _of_tests(data: PackData) -> _Asked:
    """The register seldom says whether a value has VAT: between the limit without and with VAT it is not known which side it is."""
    limit = Decimal(str(data.settings.reviews.test_gbp))
    least = (limit / (1 + vat_rate(data.period.end))).quantize(Decimal("0.01"))
    base = Fact(
        f"CASE WHEN is_service = FALSE OR value_gbp <= {least} THEN FALSE "
        f"WHEN is_service AND value_gbp > {limit} THEN TRUE END",
        "which services are above the limit is known",
        "The CPV code and the value with VAT of each contract in the register would settle it.",
    )
    # Answers bear no day of their own: they are of the day on which the review began.
    begun = "coalesce(review_begun_date, decided_date)"
    tested = Fact(
        f"coalesce(is_tested, FALSE) AND ({begun} IS NULL OR {begun} <= DATE '{data.period.end}')",
        base.known,
        base.settles,
    )
    of = queue(data).where(f"state = '{IN_WINDOW}'")
    reason = data.why_not("review_lines") or data.why_not(NO_REVIEWS)
    if reason is None and not data.count(of.where(f"({base.sql}) IS NOT FALSE")):
        reason = "no large service is in its window for review"
    question = share_among(
        "interest_test_share",
        of,
        base,
        tested,
        by=None,
        per=ROW,
    )
    return _Asked(question, of.where(base.sql), reason)


def _of_extensions(data: PackData) -> tuple[_Asked, ...]:
    lines, period = Relation("review_lines", ("review_lines",)), data.period
    taken = lines.where(f"extended_date >= DATE '{period.start}' AND extended_date <= DATE '{period.end}'")
    reason = data.why_not("review_lines")
    if reason is None and not data.count(lines.where("is_end_twofold")):
        reason = "the register does not tell the first end of a contract from its current one"
    no_review = reason or data.why_not(NO_REVIEWS)
    if no_review is None and not data.count(taken):
        no_review = f"no contract was extended in {period.label}"
    unseen = always(
        "CASE WHEN decided_date <= extended_date OR review_begun_date <= extended_date THEN FALSE ELSE TRUE END"
    )
    return (
        _Asked(count("extension_taken_count", taken, per=ROW), taken, reason),
        _Asked(count("extension_unreviewed_count", taken, unseen, per=ROW), taken, no_review),
    )


@decisions.shown
def exhibit(m: Measured) -> Shown:
    default, reasons, taken, unseen = (
        m[name]
        for name in (
            "insource_default_share",
            "insource_reason_share",
            "extension_taken_count",
            "extension_unreviewed_count",
        )
    )
    title = "What was decided of contracts is known only in part"
    if default.value is not None:
        title = f"{default} of decisions bring a service in-house, wholly or in part"
    elif taken.value:
        title = f"{counted(taken, 'contract was', 'contracts were')} extended in the period"
    why = f"Of the decisions not to, {reasons} give a reason{range_text(reasons)}."
    extended = f"Extended in the period: {taken}{f'; without a review before: {unseen}' if unseen.value is not None else ''}."
    return Shown(
        title=title,
        subtitle=f"Decisions up to {long_date(m.data.period.end)}, tests of contracts in their window, extensions. {m.where}",
        says=(
            f"{or_why(reasons, why, 'How many decisions not to bring a service in-house give a reason')} "
            f"{or_why(taken, extended, 'How many contracts were extended')} The public interest test is guidance for central "
            "government, which councils may adopt: its result is an indication, and legal advice confirms what it asks for.",
        ),
        caption="Decisions, reasons, tests and extensions",
    )
