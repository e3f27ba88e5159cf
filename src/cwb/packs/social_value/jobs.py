"""Jobs, apprenticeships, placements and training that programmes, contracts and developers' plans return."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from decimal import Decimal

import pandas as pd

from cwb.base.rows import Row
from cwb.evidence.finding import Finding, State
from cwb.evidence.headcounts import FEWER, MEANING, hidden, hide_part_of, is_small
from cwb.evidence.typed_rows import QUANTITY
from cwb.packs.exhibits import counted, not_known, or_why, plural, quantity, range_text
from cwb.packs.measure import Column, Definition, Measured, PackData, Result, Shown, Undefined, ask, measure
from cwb.packs.questions import Fact, Question, Relation, Thing, Unanswerable, number, share, total
from cwb.packs.social_value.returns import FULL_TIME, PEOPLE, added, heads, overlap, people_shown, returned
from cwb.packs.social_value.spans import years
from cwb.sources.datasets.employment import JOBS, MEASURES, PLACEMENTS

_LINE = Thing("", "scheme", "returns")
_APART = "Returns whose periods do not overlap, each with the number itself, would settle it."
_IN_FULL = "The number itself, in place of “over”, would settle it."
_APPRENTICES, _LABOUR, _TRAINING = JOBS[0], "local labour share", "training attendances"
_IS_RESIDENT = Fact(
    "is_resident",
    "where workers live is known",
    "Returns that say how many workers are residents would settle it.",
)


@measure(
    Definition(
        "jobs_supported", "Jobs supported", "count", "total",
        "Jobs of apprentices, new entrants and graduates returned for the period, counted as persons, or as starts where a return counts only these. A job "
        "counts from a month on.",
        excluded="Full-time equivalents, which are counted apart; periods longer than this one.",
        is_headcount=True,
    ),
    Definition(
        "job_fte_years", "Full-time years of these jobs", "fte_years", "total",
        "Full-time equivalents of jobs times the years of their return's period.",
        is_headcount=True,
    ),
    Definition(
        "apprentice_starts", "Apprenticeships started", "count", "total",
        "Apprentices returned for the period, counted as starts, or as persons where a return counts only these.",
        is_headcount=True,
    ),
    Definition(
        "placements", "Work placements", "count", "total",
        "Placements in education and not in education returned for the period. A placement counts from five days on.",
        is_headcount=True,
    ),
    Definition(
        "training_attendances", "Training attendances", "count", "total",
        "Attendances of training returned for the period; one person may attend twice.",
        is_headcount=True,
    ),
    Definition(
        "local_labour_share", "Workers who are residents", "share", "share",
        "Workers who live in the council's own district divided by all workers of returns of local labour in the period.",
        is_headcount=True,
    ),
    question="How many people got jobs, apprenticeships and placements?",
    needs=("employment",),
    main=("jobs_supported", "apprentice_starts", "placements", "training_attendances"),
    columns=(
        Column("measure", "Measure"),
        Column("basis", "Counted as"),
        Column("schemes", "Sites and programmes", "count"),
        Column("delivered", "Delivered in the period"),
        Column("residents", "Of them residents of the district"),
        Column("also", "Returns also told under a contract", "count"),
    ),
)  # fmt: skip
def jobs(data: PackData) -> Result:
    """What programmes, contracts and plans return for the period, each measure and each basis by itself.

    One row per measure and basis (jobs and placements count each person once, as the findings do): `measure`, `basis`, `schemes`, `delivered`,
    `residents`, `also` (returns that also stand under a contract). Numbers of people, full-time equivalents among them, are texts: under 5 is
    "fewer than 5", and what would give that back "withheld". A start is one person; full-time equivalents are never added to people: a
    job of 30 of 37 hours for six months is one person, 0.81 full-time equivalents and 0.41 full-time years.
    """
    in_period = returned(data, data.period.start, data.period.end)
    rows = in_period.rows
    if not rows:
        raise Undefined(f"no return of jobs and training is of {data.period.label}")
    work, starts = heads(rows, JOBS), heads(rows, (_APPRENTICES,), "starts")
    full_time = [row for row in rows if row["measure"] in JOBS and row["basis"] == FULL_TIME]
    lines = {
        "jobs_supported": work,
        "job_fte_years": [{**row, "delivered": _years(row)} for row in full_time],
        "apprentice_starts": starts,
        "placements": heads(rows, PLACEMENTS),
        "training_attendances": [row for row in rows if row["measure"] == _TRAINING],
    }
    # Of the workers of a return that overlaps another it is not known which are counted already.
    doubtful = [{**row, "residents": None} for row in in_period.overlapping]
    labour = _labour([row for row in (*rows, *doubtful) if row["measure"] == _LABOUR])
    answers = ask(
        data,
        *(_total(data, name, of) for name, of in lines.items()),
        share("local_labour_share", _table(data, "labour", labour), _IS_RESIDENT, "delivered", _LINE).unless(
            None if labour else "no return of the period reports local labour"
        ),
    )
    found = answers.findings
    others = [row for row in work if row["measure"] != _APPRENTICES]
    if starts and others and is_small(float(added(work) - added(starts))):
        found["apprentice_starts"] = found["apprentice_starts"].withheld()
    by_name = [[row for row in full_time if row["measure"] == name] for name in JOBS]
    if any(of and is_small(float(added(of))) for of in by_name):
        found["job_fte_years"] = found["job_fte_years"].withheld()
    found |= {name: _at_least(found[name], of) for name, of in lines.items() if _is_least(of)}
    facts = {
        name: f"{n:,}"
        for name, n in (
            ("left_out", in_period.left_out), ("overlapping", len(in_period.overlapping)), ("least", sum(row["is_least"] for row in rows)), ("also", sum(row["also_reported"] is not None for row in rows)),
        )
        if n
    }  # fmt: skip
    if starts == [row for row in work if row["measure"] == _APPRENTICES]:
        facts["are_jobs"] = "yes"
    return Result.of(answers, _shown(rows), facts=facts)


def _years(row: Row) -> Decimal:
    """Full-time years: 30 of 37 hours for six months are 0.41."""
    return Decimal(row["delivered"]) * years(row["period_from"], row["period_to"])


def _total(data: PackData, name: str, rows: list[Row]) -> Question | Unanswerable:
    why = None if rows else "no return of the period counts them"
    return total(name, _table(data, name, rows), by="delivered", per=_LINE).unless(why)


def _is_least(rows: list[Row]) -> bool:
    """Whether they state the least alone: a number is written "over", or another return overlaps one of theirs."""
    return any(row["is_least"] or row["is_part"] for row in rows)


def _at_least(one: Finding, rows: list[Row]) -> Finding:
    """A sum that is no less than its rows state, and nobody knows how much more; "over 3" may be many."""
    if one.value is None and one.state is not State.FEWER:
        return one
    state = State.NOT_KNOWN if one.value is None else State.AT_LEAST
    return replace(
        one,
        state=state,
        low=None,
        high=None,
        coverage=None,
        settles=_APART if any(row["is_part"] for row in rows) else _IN_FULL,
    )


def _labour(rows: list[Row]) -> list[Row]:
    """Residents and the others of each return as rows of their own; a return that does not tell them apart is not known."""
    parts: list[Row] = []
    for row in rows:
        living = row["residents"]
        counts = (
            [(None, row["delivered"])] if living is None else [(True, living), (False, row["delivered"] - living)]
        )
        parts += [{**row, "is_resident": is_resident, "delivered": count} for is_resident, count in counts]
    return parts


def _table(data: PackData, name: str, rows: list[Row]) -> Relation:
    columns = {"scheme": str, "measure": str, "basis": str, "delivered": QUANTITY, "is_resident": bool}
    return data.add_rows(f"returned_{name}", columns, rows, ("employment",))


def _shown(rows: list[Row]) -> pd.DataFrame:
    """Measures by basis, in the order of the form; of a measure whose bases a finding adds up, persons and starts are one row."""
    grouped: dict[tuple[str, bool, str], list[Row]] = defaultdict(list)
    once = heads(rows, (*JOBS, *PLACEMENTS))
    for row in rows:
        if row["measure"] not in (*JOBS, *PLACEMENTS) or row["basis"] not in PEOPLE:
            is_people = row["basis"] in (*PEOPLE, FULL_TIME) or row["measure"] in (_TRAINING, _LABOUR)
            grouped[row["measure"], is_people, row["basis"]].append(row)
    for row in once:
        grouped[row["measure"], True, ""].append(row)
    table = pd.DataFrame(
        [
            {
                "name": name, "is_people": is_people, "basis": " and ".join(sorted({row["basis"] for row in of})),
                "delivered": added(of), "residents": added(of, "residents") if all(row["residents"] is not None for row in of) else None,
                "schemes": len({row["scheme_key"] for row in of}), "also": sum(row["also_reported"] is not None for row in of),
                "is_least": _is_least(of), "is_part": any(row["is_part"] for row in of),
            }
            for (name, is_people, _), of in sorted(grouped.items(), key=lambda item: (MEASURES.index(item[0][0]), item[0][2] or "persons"))
        ]
    )  # fmt: skip
    parts = [_hidden(part) for _, part in table.groupby(table.apply(_adds_up_with, axis=1), sort=False)]
    shown = pd.concat(parts).sort_index()
    return pd.DataFrame(
        {
            "measure": shown["name"].str[:1].str.upper() + shown["name"].str[1:],
            "basis": shown["basis"],
            "schemes": shown["schemes"],
            "delivered": [_text(n, b, least) for n, b, least in zip(shown["delivered"], shown["basis"], shown["is_least"], strict=True)],
            "residents": [_text(n, b, least) for n, b, least in zip(shown["residents"], shown["basis"], shown["is_part"], strict=True)],
            "also": shown["also"],
        }
    )  # fmt: skip


def _adds_up_with(row: pd.Series) -> str:
    """By what name the rows go whose numbers of people something adds up."""
    name = str(row["name"])
    if (row["basis"] == FULL_TIME and name in (*JOBS, *PLACEMENTS)) or not row["is_people"]:
        return f"{name} {row['basis']}"
    return "jobs" if name in JOBS else "placements" if name in PLACEMENTS else name


def _hidden(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows that are added up somewhere, as they may be shown."""
    if not rows["is_people"].all():
        return rows
    shown = hide_part_of(rows, "residents", "delivered")
    names = list(rows["name"])
    if names[0] in (*JOBS, *PLACEMENTS) and FULL_TIME not in set(rows["basis"]):
        of = people_shown(
            {"scheme_key": "", "measure": name, "basis": PEOPLE[0], "delivered": n}
            for name, n in zip(names, rows["delivered"], strict=True)
        )
        cells = [of[name] for name in names]
    else:
        cells = hidden(list(rows["delivered"]))
    return shown.assign(delivered=pd.Series(cells, rows.index, dtype=object))


def _text(amount: object, basis: str, is_least: bool) -> str:
    if isinstance(amount, str):
        # "Over 3" may be many.
        return "not known" if is_least and amount == FEWER else amount
    if amount is None or pd.isna(amount):  # type: ignore[call-overload]
        return "not stated"
    number_of = Decimal(str(amount))
    shown = number(float(number_of), "gbp") if basis == "pounds" else quantity(number_of)
    return f"at least {shown}" if is_least else shown


@jobs.shown
def exhibit(m: Measured) -> Shown:
    work, starts, placed, trained, local, full_time = (
        m[name] for name in ("jobs_supported", "apprentice_starts", "placements", "training_attendances", "local_labour_share", "job_fte_years")
    )  # fmt: skip
    says = [
        not_known(one, subject)
        for one, subject in ((work, "The number of jobs"), (starts, "The number of apprenticeships"))
        if one.value is None and not one.is_hidden
    ]
    says += [
        f"{words}: {one}." if one.is_hidden else or_why(one, f"{words}: {one}.", f"The number of {words.lower()}")
        for one, words in ((placed, "Work placements"), (trained, "Training attendances"))
    ]
    says += [
        or_why(
            local,
            f"Of workers that returns tell of, {local} live in the district{range_text(local)}.",
            "How many workers live in the district",
        ),
    ]
    if full_time.value is not None:
        says.append(
            f"As full-time work the jobs returned so come to {full_time}; that is another basis, and is not added."
        )
    if n := m.facts.get("also"):
        says.append(
            f"{plural(n, 'return')} also told under a contract. Whether the portal counts the others too is not known: nothing is added."
        )
    if n := m.facts.get("least"):
        true = "its true number is" if n == "1" else "their true numbers are"
        says.append(f"{plural(n, 'return')} written as “over” a number: {true} higher.")
    if n := m.facts.get("overlapping"):
        says.append(overlap(n, "return"))
    if n := m.facts.get("left_out"):
        says.append(f"{plural(n, 'return')} not added, because another's period includes it.")
    title = f"{counted(work, 'job', 'jobs')} supported, "
    if "are_jobs" in m.facts and work.value is not None and starts.value is not None:
        title += counted(starts, "of them an apprenticeship", "of them apprenticeships")
    else:
        title += f"{counted(starts, 'apprenticeship', 'apprenticeships')} started"
    return Shown(
        title=title
        if all(one.value is not None or one.is_hidden for one in (work, starts))
        else "What jobs, training and placements are returned",
        subtitle=f"Returns of programmes, contracts and skills plans; full-time equivalents apart. {m.where}",
        says=(*says, MEANING),
        caption="Jobs, training and placements by measure and basis",
    )
