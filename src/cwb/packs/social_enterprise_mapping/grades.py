"""How many social enterprises there are, by how sure we are. Never one number."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd

from cwb.entities.social_enterprise import names_of
from cwb.evidence.bounded import Bounded, coverage_of
from cwb.packs.account.listed import none_listed
from cwb.packs.account.register_dates import REGISTERS, registers_missing
from cwb.packs.exhibits import bars, listed, or_why, palette, range_text, sentence_case
from cwb.packs.measure import Column, Definition, Measured, PackData, Result, Shown, measure
from cwb.packs.questions import HAS_LOCAL_OFFICE, ORGANISATION, Fact, Question, Relation, derived
from cwb.packs.social_enterprise_mapping.bodies import (
    OF_ANY_FORM,
    ORGANISATIONS,
    ask_registers,
    count_of,
    here,
    nearby,
    placed,
    without_registers,
)

_GRADES = {"A": "A: certain by legal form", "B": "B: likely", "C": "C: possible"}
_UNLESS_LISTED = ", unless a missing register tells more"
# As a rule only companies are of grade C; the registers of charities and co-operatives tell which of them are of another grade.
_LISTED_BY = {"se_certain_count": ("companies", "mutuals"), "se_possible_count": ("companies",)}
_WORDS = {"se_certain_count": "certain", "se_likely_count": "likely", "se_possible_count": "possible"}
_RULE = (
    "The value is the number of rows that are in (grades A and B), and low the number of those of group A; for high add the "
    "unknown rows (grade C, and bodies whose place is not known)."
)
_SURE = "whether organisations are local, and certain or likely, is known"
_ASK = "What bodies of grade C are, they would have to be asked."


@measure(
    Definition(
        "se_certain_count", "Social enterprises, certain (A)", "count", "count",
        "Active community interest companies, co-operative and community benefit societies whose registered "
        "office is in the local area. High: also those whose office has no known place, and societies whose form no Mutuals Register at "
        "hand states.",
        excluded="The kinds left out.",
        version=3,
    ),
    Definition(
        "se_likely_count", "Social enterprises, likely (B)", "count", "count",
        "Active charities that trade, other mutuals, and co-operatives in other legal forms whose office is in "
        "the local area. High: also those whose office has no known place, and societies whose form no Mutuals Register at hand states.",
        excluded="The kinds left out.",
        version=3,
    ),
    Definition(
        "se_possible_count", "Social enterprises, possible (C)", "count", "count",
        "Active guarantee companies, and bodies of another form whose names say so (the page lists the words), "
        "whose office is in the local area. High: also those whose office "
        "has no known place. Not known while the register of charities or co-operatives is missing: each may be on it.",
        excluded="The kinds left out.",
        version=4,
    ),
    Definition(
        "se_count", "Social enterprises, certain or likely", "count", "derived",
        "Grades A and B together. Low: A alone. High: A and B and C, with all whose office has no known place.",
        excluded="The kinds left out.",
        version=2,
    ),
    Definition(
        "se_home_count", "Social enterprises within the district", "count", "derived",
        "Grades A and B with their office in the council's own district. Low: A alone. High: A and B and C, "
        "with all whose office has no known place.",
        excluded="The kinds left out.",
        version=2,
    ),
    question="How many social enterprises are there?",
    needs=("organisations",),
    main=tuple(_WORDS),
    columns=(Column("grade", "Grade of evidence"), Column("place", "Registered office"), ORGANISATIONS),
)  # fmt: skip
def grades(data: PackData) -> Result:
    """Social enterprises with a registered office in the local area, by grade of evidence.

    One row per grade and place: `grade`, `place` (within the council's own district, rest of the local area, and not known where there are
    such), `organisations` (None where none is listed and a register that can list some is not at hand in full). `se_count` is grades A and
    B together, from A alone to A, B and C.
    """
    bodies, home = nearby(data).where("grade IS NOT NULL"), data.settings.council.home_district
    is_home = f"CASE WHEN lad_code <> '{home}' THEN FALSE WHEN grade IN ('A', 'B') THEN lad_code = '{home}' END"
    unasked = registers_missing(data, ("charities", "coops"))
    possible = _only_possible(unasked) if unasked else HAS_LOCAL_OFFICE
    unplaced, asked, any_form = (
        data.count(bodies.where(sql)) for sql in ("is_local IS NULL", "grade = 'C'", OF_ANY_FORM)
    )
    settles = " ".join(filter(None, (HAS_LOCAL_OFFICE.settles if unplaced else "", _ASK if asked else "")))
    answers = ask_registers(
        data,
        count_of(
            "se_certain_count",
            bodies.where(f"grade = 'A' OR {OF_ANY_FORM}"),
            _is_of_grade("grade = 'A'", any_form),
        ),
        count_of("se_likely_count", bodies.where("grade = 'B'"), _is_of_grade(f"NOT {OF_ANY_FORM}", any_form)),
        count_of("se_possible_count", bodies.where("grade = 'C'"), possible),
        _graded("se_count", bodies, Fact("CASE WHEN grade IN ('A', 'B') THEN is_local END", _SURE, settles)),
        _graded("se_home_count", bodies, Fact(is_home, _SURE, settles)),
        listed_by=_LISTED_BY,
    )
    sql = f"""SELECT grade, lad_code = '{home}' AS is_home, count(*) AS organisations
        FROM {bodies.source} WHERE {bodies.condition} GROUP BY grade, lad_code = '{home}'"""
    found = {(row["grade"], row["is_home"]): row["organisations"] for row in data.rows(sql)}
    places = {True: f"Within {data.settings.home_name}", False: "Rest of the local area", None: "Place not known"}
    rows = [
        {
            "grade": name + _UNLESS_LISTED * bool(unasked and grade == "C"),
            "place": place,
            "organisations": found.get(
                (grade, key), none_listed(data, _LISTED_BY.get(f"se_{word}_count", tuple(REGISTERS)))
            ),
        }
        for (grade, name), word in zip(_GRADES.items(), _WORDS.values(), strict=True)
        for key, place in places.items()
        if key is not None or (grade, key) in found
    ]
    facts = {"missing": registers_missing(data)}
    return Result.of(answers, rows, sql, facts=facts)


def _only_possible(unasked: str) -> Fact:
    """Whether a body of grade C is possible and no more: nobody knows of one that may be on a register which was not supplied, likely
    by it, or left out."""
    return Fact(
        "CASE WHEN NOT is_local THEN FALSE END",
        f"whether bodies are on the register of {unasked} is known",
        f"The register of {unasked} would settle it.",
    )


def _is_of_grade(sql_of_grade: str, any_form: int) -> Fact:
    """Whether a body is of the grade, and local. Of `any_form` societies nobody knows the form, and so the grade."""
    sql = f"CASE WHEN {sql_of_grade} THEN is_local END"
    if not any_form:
        return placed(sql)
    return Fact(
        sql,
        "the forms and the places of societies are known",
        f"The Mutuals Register would settle it. {HAS_LOCAL_OFFICE.settles}",
    )


def _graded(finding_id: str, bodies: Relation, is_in: Fact) -> Question:
    return derived(
        finding_id, of=bodies, rule=_RULE, compute=from_certain, where=is_in, by=None, per=ORGANISATION,
        group="grade",
    )  # fmt: skip


def from_certain(rows: pd.DataFrame) -> Bounded:
    """A and B, from A alone to A, B and C: 3 of A, 2 of B and 1 of C are 5, from 3 to 6."""
    parts = rows["part"].value_counts()
    sure, unknown = (Decimal(int(parts.get(part, 0))) for part in ("in", "unknown"))
    certain = Decimal(int(((rows["part"] == "in") & (rows["group"] == "A")).sum()))
    return Bounded(sure, certain, sure + unknown, coverage_of(unknown, Decimal(len(rows))))


@grades.shown
def exhibit(m: Measured) -> Shown:
    known = [f"{m[name]} {word}" for name, word in _WORDS.items() if m[name].value is not None]
    missing = [word for name, word in _WORDS.items() if m[name].value is None]
    rest = f"; {listed(missing)}: not known" if missing else ""
    every, home = m["se_count"], m["se_home_count"]
    labels, places = [f"{r.grade}, {r.place}" for r in m.table.itertuples()], m.table["place"]
    together = f"Certain and likely together are {every}{range_text(every)}."
    unlisted = "".join(f" {sentence}" for sentence in without_registers(m.facts["missing"]))
    within = sentence_case(
        f"{home} of them {'is' if home.value == 1 else 'are'} within {m.data.settings.home_name}{range_text(home)}."
    )
    return Shown(
        title=f"{listed(known)} social enterprises are local{rest}",
        subtitle=f"Organisations with a registered office in the area, by grade of evidence. {here(m)}",
        chart=bars(labels, m.table["organisations"], "count", groups=places, places=palette(*places.unique())),
        says=(
            f"{or_why(every, together, 'How many are certain or likely')} "
            f"{or_why(home, within, f'How many are within {m.data.settings.home_name}')} "
            "No register lists social enterprises, so that no single number would be honest.",
            "A: community interest companies, co-operative and community benefit societies. B: charities that trade, other "
            "mutuals and co-operatives in other legal forms. C: guarantee companies, and bodies of another form whose names say "
            f"{', '.join(names_of('name')[:-1])} or {names_of('name')[-1]}.{unlisted}",
        ),
        caption="Social enterprises by grade and place",
    )
