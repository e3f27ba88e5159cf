"""The bodies of the registers that are, or may be, local, and how they are counted: what the measures of the pack share."""

from __future__ import annotations

from dataclasses import replace

from cwb.packs.account.register_dates import old_registers, registered_by_then, registers_missing, registers_shown
from cwb.packs.measure import Column, Measured, PackData, ask, undefined
from cwb.packs.questions import HAS_LOCAL_OFFICE, ORGANISATION, Answers, Fact, Question, Relation, count

ORGANISATIONS = Column("organisations", "Organisations", "count")
# Certain or likely.
SURE = "grade IN ('A', 'B')"


def nearby(data: PackData) -> Relation:
    """Bodies whose office is in the local area or, where its place is not known, may be; ended ones too, each once."""
    return registered(data).where("is_local IS NOT FALSE")


def registered(data: PackData) -> Relation:
    """Bodies registered by the end of the period, or of which it is not known when, each once."""
    return data.relation("organisations").where("NOT is_double", registered_by_then(data))


def local_and_sure(data: PackData) -> Relation:
    """Bodies of grades A and B that are known to be local: what shares are taken of."""
    return nearby(data).where("is_local", SURE)


def placed(sql: str) -> Fact:
    """A fact that rests on where offices are."""
    return Fact(sql, HAS_LOCAL_OFFICE.known, HAS_LOCAL_OFFICE.settles)


def ask_registers(data: PackData, *questions: Question) -> Answers:
    """Ask, but a count of zero is not known while a register is missing that may list such bodies. Old registers are a caveat."""
    old = old_registers(data)
    answers = ask(data, *(replace(question, caveats=(*question.caveats, *old)) for question in questions))
    zeros = [name for name, finding in answers.findings.items() if finding.value == 0]
    if zeros and (missing := registers_missing(data)):
        reason = f"the registers supplied list none, and that of {missing} was not supplied"
        answers.findings |= undefined(data, zeros, reason)
    return answers


def count_of(data: PackData, finding_id: str, of: Relation, where: Fact = HAS_LOCAL_OFFICE) -> Question:
    """How many bodies there are of which the fact holds. A register that lists none of that kind does say that there are none."""
    return count(finding_id, of=of, where=where, per=ORGANISATION, is_whole=True)


def here(m: Measured) -> str:
    """The area and what is known of it, for subtitles."""
    return f"{m.data.settings.local.name}, {registers_shown(m.data)}"


def counts_by(
    data: PackData, lines: Relation, column: str = "lad_code", adding: str = "count(*)"
) -> dict[str, int]:
    """How many lines, or what of them added up, there are of each value of a column: by default, in each district."""
    sql = f"SELECT {column}, {adding} AS n FROM {lines.source} WHERE {lines.condition} GROUP BY {column} ORDER BY {column}"
    return {row[column]: int(row["n"]) for row in data.rows(sql)}
