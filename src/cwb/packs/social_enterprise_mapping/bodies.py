"""The bodies of the registers that are, or may be, local, and how they are counted: what the measures of the pack share."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from cwb.charts.wording import AS_FAR_AS_KNOWN
from cwb.packs.account.listed import as_far_as_listed, least_listed
from cwb.packs.account.register_dates import (
    REGISTERS,
    old_registers,
    registered_by_then,
    registers_lacking,
    registers_missing,
    registers_shown,
)
from cwb.packs.measure import Column, Measured, PackData, ask
from cwb.packs.questions import (
    HAS_LOCAL_OFFICE,
    ORGANISATION,
    Answers,
    Fact,
    Question,
    Relation,
    count,
)

ORGANISATIONS = Column("organisations", "Organisations", "count")
# Certain or likely.
SURE = "grade IN ('A', 'B')"
# Likely because no Mutuals Register at hand states its form, by which it may be certain.
OF_ANY_FORM = "(rule = 'mutual' AND legal_form = 'Registered society')"


def nearby(data: PackData) -> Relation:
    """Bodies whose office is in the local area or, where its place is not known, may be; ended ones too, each once."""
    return registered(data).where("is_local IS NOT FALSE")


def registered(data: PackData) -> Relation:
    """Bodies registered by the end of the period, or of which it is not known when, each once."""
    return data.relation("organisations").where("NOT is_double", registered_by_then(data))


def local_and_sure(data: PackData) -> Relation:
    """Bodies of grades A and B that are known to be local: what shares are taken of."""
    return nearby(data).where("is_local", SURE)


def unplaced(data: PackData) -> Relation:
    """Bodies of which it is not known whether they are local: where none is known to be, there may be one."""
    return nearby(data).where("is_local IS NULL")


def as_far_as_placed(data: PackData, *conditions: str) -> str:
    """What subtitles of local bodies add while such a body may be local; "" where none may be."""
    return AS_FAR_AS_KNOWN * bool(data.count(unplaced(data).where(*conditions)))


def whose(data: PackData) -> str:
    """Whose share of the bodies known to be local is, where there may be others."""
    return "social enterprises known to be local" if may_be_more(data) else "social enterprises"


def may_be_more(data: PackData) -> bool:
    """Whether there may be more local bodies of grades A and B than are known: of no known place, or on a register not at hand in full."""
    return bool(registers_lacking(data) or data.count(unplaced(data).where(SURE)))


def placed(sql: str) -> Fact:
    """A fact that rests on where offices are."""
    return Fact(sql, HAS_LOCAL_OFFICE.known, HAS_LOCAL_OFFICE.settles)


def ask_registers(
    data: PackData, *questions: Question, listed_by: Mapping[str, Collection[str]] | None = None
) -> Answers:
    """Ask; while a register that may list such bodies is missing, or is at hand in part, a count is the least that it can be, and what
    is of the bodies at hand alone says so in a caveat. `listed_by`: the registers that can list what a finding counts, where those are
    not all. Old registers are a caveat too."""
    listing = {one.id: (listed_by or {}).get(one.id, tuple(REGISTERS)) for one in questions}
    missing = {name: registers_missing(data, registers) for name, registers in listing.items()}
    old = old_registers(data)
    answers = ask(
        data,
        *(replace(one, caveats=(*one.caveats, *old, *without_registers(missing[one.id]))) for one in questions),
    )
    for name, registers in listing.items():
        if answers[name].unit == "count":
            least_listed(data, answers, name, registers)
    return answers


def without_registers(missing: str) -> tuple[str, ...]:
    """The caveat that these registers were not supplied; none for ""."""
    return (f"No register of {missing} was supplied: what it alone lists is missing.",) if missing else ()


def count_of(finding_id: str, of: Relation, where: Fact = HAS_LOCAL_OFFICE) -> Question:
    """How many bodies there are of which the fact holds. A register that lists none of that kind does say that there are none."""
    return count(finding_id, of=of, where=where, per=ORGANISATION, is_whole=True)


def here(m: Measured) -> str:
    """The area and what is known of it, for subtitles."""
    return f"{m.data.settings.local.name}, {registers_shown(m.data)}{as_far_as_listed(m.data)}"


def counts_by(
    data: PackData, lines: Relation, column: str = "lad_code", adding: str = "count(*)"
) -> dict[object, int]:
    """How many lines, or what of them added up, there are of each value of a column, or of SQL: by default, in each district."""
    sql = f"SELECT {column} AS kind, {adding} AS n FROM {lines.source} WHERE {lines.condition} GROUP BY {column} ORDER BY kind"
    return {row["kind"]: int(row["n"]) for row in data.rows(sql)}
