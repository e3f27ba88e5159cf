"""The bodies of the registers that are, or may be, local, and how they are counted: what the measures of the pack share."""

from __future__ import annotations

from cwb.charts.wording import listed
from cwb.evidence.data import PackData
from cwb.evidence.facts import HAS_LOCAL_OFFICE
from cwb.evidence.finding import Finding
from cwb.evidence.questions import TRUE, Question, count
from cwb.evidence.relation import ORGANISATION, Fact, Relation
from cwb.packs.measure import Measured, undefined

_REGISTERS = {"companies": "companies", "mutuals": "societies", "charities": "charities", "coops": "co-operatives"}
# Certain or likely.
SURE = "grade IN ('A', 'B')"


def nearby(data: PackData) -> Relation:
    """Bodies whose office is in the local area or, where its place is not known, may be; ended ones too, each once."""
    return data.relation("organisations").where("NOT is_double", "is_local IS NOT FALSE")


def local_and_sure(data: PackData) -> Relation:
    """Bodies of grades A and B that are known to be local: what shares are taken of."""
    return nearby(data).where("is_local", SURE)


def placed(sql: str) -> Fact:
    """A fact that rests on where offices are."""
    return Fact(sql, HAS_LOCAL_OFFICE.known, HAS_LOCAL_OFFICE.settles)


def registers_missing(data: PackData) -> str:
    """The registers of which no file was supplied, in words; "" for none."""
    return listed([name for source, name in _REGISTERS.items() if not data.source_files((source,))])


def unless_unlisted(data: PackData, findings: dict[str, Finding]) -> dict[str, Finding]:
    """The findings, but a count of nought is not known while a register is missing that may list such bodies."""
    nought = [name for name, finding in findings.items() if finding.value == 0]
    if not nought or not (missing := registers_missing(data)):
        return findings
    return findings | undefined(
        data, nought, f"the registers supplied list none, and that of {missing} was not supplied"
    )


def count_of(data: PackData, finding_id: str, of: Relation, where: Fact = HAS_LOCAL_OFFICE) -> Question:
    """How many bodies there are of which the fact holds. A register that lists none of that kind does say that it is none."""
    return count(finding_id, of=of, where=where if data.count(of) else TRUE, per=ORGANISATION)


def here(m: Measured) -> str:
    """The area and what is known of it, for subtitles."""
    return f"{m.data.settings.local.name}, registers as supplied"


def in_each_district(data: PackData, lines: Relation, adding: str = "count(*)") -> dict[str, int]:
    """How many lines, or what of them added up, there are in each district that has any."""
    sql = f"SELECT lad_code, {adding} AS n FROM {lines.source} WHERE {lines.condition} GROUP BY lad_code ORDER BY lad_code"
    return {row["lad_code"]: int(row["n"]) for row in data.rows(sql)}
