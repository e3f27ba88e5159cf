"""How far counts and spend depend on what a social enterprise is taken to be, and on which matches are accepted."""

from __future__ import annotations

from dataclasses import dataclass

from cwb.entities.matching.kinds import BY_NUMBER
from cwb.evidence.finding import State
from cwb.packs.account.listed import none_listed
from cwb.packs.exhibits import counted, dots, sentence_case
from cwb.packs.measure import Column, Definition, Measured, PackData, Result, Shown, measure
from cwb.packs.questions import ORGANISATION, POUNDS, SUPPLIER, Fact, Leg, add_up, is_enough_known
from cwb.packs.social_enterprise_mapping.bodies import OF_ANY_FORM, SURE, ask_registers, count_of, nearby

_INCOMES = (10_000, 100_000)
_TRADES = "(company_number IS NOT NULL OR mutual_number IS NOT NULL OR legal_form = 'Charitable incorporated organisation')"
_SURE = f"coalesce({SURE}, FALSE)"
_KNOWN = ("organisations' places and incomes are known", "Registers with both would settle it.")
_NUMBERS = ", ".join(f"'{kind}'" for kind in BY_NUMBER)


@dataclass(frozen=True)
class Choice:
    """Another way to answer: which bodies count, and which suppliers (SQL; None where spend does not depend on it)."""

    label: str
    bodies: str
    suppliers: str | None = None


_CHOICES = (
    Choice("As reported: grades A and B", _SURE, "is_social_enterprise"),
    Choice(
        "Only grade A", f"CASE WHEN {OF_ANY_FORM} THEN NULL ELSE coalesce(grade = 'A', FALSE) END",
        "is_social_enterprise AND grade = 'A'",
    ),
    Choice(
        "Grades A, B and C", "grade IS NOT NULL",
        "CASE WHEN match_status = 'matched' AND grade = 'C' THEN TRUE ELSE is_social_enterprise END",
    ),
    *(
        Choice(
            f"Charities that trade: income from £{income:,}",
            f"CASE WHEN rule IN ('charity', 'donors') THEN {_TRADES} AND income_gbp >= {income} ELSE {_SURE} END",
        )
        for income in _INCOMES
    ),
    Choice(
        "Only matches by registration number", _SURE,
        f"CASE WHEN is_social_enterprise AND match_evidence NOT IN ({_NUMBERS}) THEN NULL ELSE is_social_enterprise END",
    ),
    Choice("Doubtful matches taken as right", _SURE, "is_social_if_reviewed"),
)  # fmt: skip


@measure(
    Definition(
        "se_count_least", "Social enterprises, least", "count", "count",
        "The least count under the choices shown. High: also those of which it is not known whether they belong"
        " to it.",
        version=2,
    ),
    Definition(
        "se_count_most", "Social enterprises, most", "count", "count",
        "The greatest count under the choices shown. High: also those of which it is not known whether they "
        "belong to it.",
        version=2,
    ),
    question="How far do the counts depend on choices?",
    needs=("organisations",),
    main=("se_count_least", "se_count_most"),
    columns=(
        Column("choice", "Choice"),
        Column("organisations", "Local social enterprises", "count"),
        Column("pounds_gbp", "Spend with them (£)", "gbp", missing=""),
        Column("share", "Share of spend", "share", missing=""),
    ),
)  # fmt: skip
def sensitivity(data: PackData) -> Result:
    """How the count of local social enterprises and the spend with them move under other choices.

    One row per choice: `choice`, `organisations` (None where none is listed and one of no known place is, or a register is not at hand in
    full), `pounds_gbp` (spend of the period; None without a spending file, and where too little is known), `share` (of all spend).
    Charities of which no income is stated may have it.
    """
    bodies = nearby(data).where("grade IS NOT NULL OR rule = 'donors'")
    facts = [Fact(f"is_local AND {choice.bodies}", *_KNOWN) for choice in _CHOICES]
    legs = [Leg(bodies.condition, None, fact) for fact in facts]
    found = add_up(data.engine, bodies.source, ORGANISATION, legs)[None]
    counts = [int(sums.true) for sums in found]
    spend = _spend(data)
    rows = [
        [
            choice.label,
            count or (None if sums.unknown_high else none_listed(data)),
            *spend.get(choice.label, (None, None)),
        ]
        for choice, count, sums in zip(_CHOICES, counts, found, strict=True)
    ]
    least, most = (counts.index(end(counts)) for end in (min, max))
    answers = ask_registers(
        data,
        count_of("se_count_least", bodies.where(f"({_CHOICES[least].bodies}) IS NOT FALSE"), facts[least]),
        count_of("se_count_most", bodies.where(f"({_CHOICES[most].bodies}) IS NOT FALSE"), facts[most]),
    )
    return Result.of(answers, rows)


def _spend(data: PackData) -> dict[str, tuple[float, float]]:
    """Pounds, and their share of all spend, under each choice on which they depend and of which enough is known."""
    if data.why_not("spend_lines"):
        return {}
    lines = data.spend()
    facts = {choice.label: Fact(choice.suppliers) for choice in _CHOICES if choice.suppliers}
    legs = [Leg(lines.condition, POUNDS, fact) for fact in facts.values()]
    found = add_up(data.engine, lines.source, SUPPLIER, legs)[None]
    return {
        label: (float(sums.true), float(sums.true / sums.all))
        for label, sums in zip(facts, found, strict=True)
        if is_enough_known(data, sums)
    }


@sensitivity.shown
def exhibit(m: Measured) -> Shown:
    least, most = m["se_count_least"], m["se_count_most"]
    bodies = sentence_case(counted(least, "social enterprise", "social enterprises"))
    title = f"{bodies} under every choice"
    if least.value != most.value:
        title = f"Between {least} and {most} social enterprises under other choices"
        if least.state is State.AT_LEAST:
            title = f"{bodies}, under other choices {most}"
    if least.value is None:
        title = f"{sentence_case(f'{most}')} social enterprises under one choice; the least is not known"
    drawn = m.table[m.table["organisations"].notna()]
    return Shown(
        title=title,
        subtitle=f"Local social enterprises and spend with social enterprises under each choice. {m.where}",
        chart=dots(drawn["choice"], drawn["organisations"], "count"),
        says=("Spend moves with the matches that stand: the rows on matches show how far.",),
        caption="Social enterprises under other choices",
    )
