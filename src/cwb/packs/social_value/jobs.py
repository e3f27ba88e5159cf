"""Jobs, apprenticeships, placements and training that programmes, contracts and developers' plans return."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from decimal import Decimal

import pandas as pd
import pyarrow as pa

from cwb.base.rows import Row
from cwb.evidence.finding import State
from cwb.packs.exhibits import counted, not_known, or_why, plural, range_text
from cwb.packs.measure import (
    Column,
    Definition,
    Measured,
    PackData,
    Result,
    Shown,
    Undefined,
    ask,
    measure,
    unless,
)
from cwb.packs.questions import ONE, Fact, Question, Relation, Thing, Unanswerable, exactly, number, share, total
from cwb.packs.social_value.returns import FEWER, HIDDEN, PEOPLE, added, heads, is_few, people, quantity, returned
from cwb.packs.social_value.spans import years
from cwb.sources.datasets.employment import JOBS, MEASURES, PLACEMENTS

_LINE = Thing("", "scheme", "returns")
_APPRENTICES, _LABOUR, _TRAINING = JOBS[0], "local labour share", "training attendances"
_IS_RESIDENT = Fact(
    "is_resident",
    "where workers live is known",
    "Returns that say how many workers are residents would settle it.",
)
_FEW = f"A number of people under 5 is shown as “{FEWER}”, and what would give it away is not shown."


@measure(
    Definition(
        "jobs_supported", "Jobs supported", "count", "total",
        "Jobs of apprentices, new entrants and graduates returned for the period, counted as persons, or as starts where a return counts only these. A job "
        "counts from a month on.",
        excluded="Full-time equivalents, which are counted apart; periods longer than this one.",
    ),
    Definition(
        "job_fte_years", "Full-time years of these jobs", "fte_years", "total",
        "Full-time equivalents of jobs times the years of their return's period.",
    ),
    Definition(
        "apprentice_starts", "Apprenticeships started", "count", "total",
        "Apprentices returned for the period, counted as starts, or as persons where a return counts only these.",
    ),
    Definition(
        "placements", "Work placements", "count", "total",
        "Placements in education and not in education returned for the period. A placement counts from five days on.",
    ),
    Definition(
        "training_attendances", "Training attendances", "count", "total",
        "Attendances of training returned for the period; one person may attend twice.",
    ),
    Definition(
        "local_labour_share", "Workers who are residents", "share", "share",
        "Workers who live in the council's own district divided by all workers of returns of local labour in the period.",
    ),
    question="How many people got jobs, apprenticeships and placements?",
    needs=("employment",),
    main=("jobs_supported", "apprentice_starts", "placements", "training_attendances"),
)  # fmt: skip
def jobs(data: PackData) -> Result:
    """What programmes, contracts and plans return for the period, each measure and each basis by itself.

    One row per measure and basis: `measure`, `basis`, `schemes`, `delivered`, `residents`, `also` (returns that are also told under a contract). Numbers
    of people are texts: one of one to four is "fewer than 5". Bases are never added to one another: a job of 30 of 37 hours for six
    months is one person, 0.81 full-time equivalents and 0.41 full-time years.
    """
    rows, left_out = returned(data, data.period.start, data.period.end)
    if not rows:
        raise Undefined(f"no return of jobs and training is of {data.period.label}")
    work, starts = heads(rows, JOBS), heads(rows, (_APPRENTICES,), "starts")
    full_time = [row for row in rows if row["measure"] in JOBS and row["basis"] == "FTE"]
    lines = {
        "jobs_supported": work,
        "job_fte_years": [{**row, "delivered": _years(row)} for row in full_time],
        "apprentice_starts": starts,
        "placements": heads(rows, PLACEMENTS),
        "training_attendances": [row for row in rows if row["measure"] == _TRAINING],
    }
    labour = _labour([row for row in rows if row["measure"] == _LABOUR])
    answers = ask(
        data,
        *(_total(data, name, of) for name, of in lines.items()),
        unless(
            None if labour else "no return of the period tells of local labour",
            share("local_labour_share", _table(data, "labour", labour), _IS_RESIDENT, "delivered", _LINE),
        ),
    )
    found, apprentices = answers.findings, added(starts)
    rest = [added(work) - apprentices] if starts else []
    found["jobs_supported"] = people(found["jobs_supported"], added(work), *map(abs, rest))
    for name in ("apprentice_starts", "placements", "training_attendances"):
        found[name] = people(found[name], added(lines[name]))
    found["job_fte_years"] = people(found["job_fte_years"])
    residents, workers = (added(of) for of in ([r for r in labour if r["is_resident"]], labour))
    local = people(found["local_labour_share"], residents, workers - residents)
    if local.state is State.NOT_KNOWN:
        local = replace(local, undefined=f"{_IS_RESIDENT.known} for too few of them")
    found["local_labour_share"] = local
    facts = {
        name: f"{n:,}"
        for name, n in (
            ("left_out", left_out), ("least", sum(row["is_least"] for row in rows)), ("also", sum(row["also_reported"] is not None for row in rows)),
        )
        if n
    }  # fmt: skip
    return Result.of(answers, _shown(rows), facts=facts)


def _years(row: Row) -> Decimal:
    """Full-time years: 30 of 37 hours for six months are 0.41."""
    return Decimal(row["delivered"]) * years(row["period_from"], row["period_to"])


def _total(data: PackData, name: str, rows: list[Row]) -> Question | Unanswerable:
    why = None if rows else "no return of the period counts them"
    return unless(why, total(name, _table(data, name, rows), by="delivered", per=_LINE))


def _labour(rows: list[Row]) -> list[Row]:
    """Residents and the others of each return as rows of their own; a return that does not tell them apart is not known."""
    parts: list[Row] = []
    for row in rows:
        living = row["residents"]
        told = (
            [(None, row["delivered"])] if living is None else [(True, living), (False, row["delivered"] - living)]
        )
        parts += [{**row, "is_resident": is_resident, "delivered": count} for is_resident, count in told]
    return parts


@exactly
def _table(data: PackData, name: str, rows: list[Row]) -> Relation:
    place = ONE.scaleb(-8)
    columns = {
        "source_file": pa.string(), "source_sheet": pa.string(), "source_row": pa.int64(), "scheme": pa.string(), "measure": pa.string(),
        "basis": pa.string(), "delivered": pa.decimal128(38, 8), "is_resident": pa.bool_(),
    }  # fmt: skip
    kept = [
        {c: row.get(c) for c in columns} | {"delivered": Decimal(row["delivered"]).quantize(place)} for row in rows
    ]
    return data.add_table(
        f"returned_{name}", pa.Table.from_pylist(kept, pa.schema(list(columns.items()))), ("employment",)
    )


def _shown(rows: list[Row]) -> pd.DataFrame:
    """Measures by basis, in the order of the form."""
    grouped: dict[tuple[str, ...], list[Row]] = defaultdict(list)
    for row in rows:
        grouped[row["measure"], row["basis"]].append(row)
    # Of what is summed in a finding one small part is given away by the others: none of them is shown.
    masked: set[str] = set()
    for group in (JOBS, PLACEMENTS):
        if any(name in group and basis in PEOPLE and is_few(added(of)) for (name, basis), of in grouped.items()):
            masked |= {*group} - {_APPRENTICES}
    table = []
    for (name, basis), of in sorted(grouped.items(), key=lambda item: (MEASURES.index(item[0][0]), item[0][1])):
        is_people = basis in PEOPLE or name == _TRAINING
        delivered, residents = _texts(of, basis, is_people)
        if is_people and name in masked and delivered != FEWER:
            delivered = residents = HIDDEN
        also = sum(row["also_reported"] is not None for row in of)
        table.append(
            (
                name[:1].upper() + name[1:],
                basis,
                len({row["scheme_key"] for row in of}),
                delivered,
                residents,
                also,
            )
        )
    columns = ["measure", "basis", "schemes", "delivered", "residents", "also"]
    return pd.DataFrame(table, columns=columns)


def _texts(rows: list[Row], basis: str, is_people: bool) -> tuple[str, ...]:
    """What was delivered, and to how many residents, as it may be shown."""
    done, living = added(rows), added(rows, "residents")
    is_told = all(row["residents"] is not None for row in rows)
    if is_people and is_few(done):
        return FEWER, HIDDEN
    delivered = _text(done, basis, any(row["is_least"] for row in rows))
    if not is_told:
        return delivered, "not stated"
    if is_people and (is_few(living) or is_few(done - living)):
        return delivered, FEWER if is_few(living) else HIDDEN
    return delivered, _text(living, basis, False)


def _text(amount: Decimal, basis: str, is_least: bool) -> str:
    shown = number(float(amount), "gbp") if basis == "pounds" else quantity(amount)
    return f"at least {shown}" if is_least else shown


@jobs.shown
def exhibit(m: Measured) -> Shown:
    work, starts, placed, trained, local, full_time = (
        m[name] for name in ("jobs_supported", "apprentice_starts", "placements", "training_attendances", "local_labour_share", "job_fte_years")
    )  # fmt: skip
    says = [
        not_known(one, subject)
        for one, subject in ((work, "The number of jobs"), (starts, "The number of apprenticeships"))
        if one.value is None
    ]
    says += [
        or_why(placed, f"Work placements: {placed}.", "The number of work placements"),
        or_why(trained, f"Training attendances: {trained}.", "The number of training attendances"),
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
        says.append(f"{plural(n, 'return')} written as “over” a number: its true number is higher.")
    if n := m.facts.get("left_out"):
        says.append(f"{plural(n, 'return')} not added, because another's period includes it.")
    title = (
        f"{counted(work, 'job', 'jobs')} supported, {counted(starts, 'apprenticeship', 'apprenticeships')} started"
    )
    return Shown(
        title=title
        if work.value is not None and starts.value is not None
        else "What jobs, training and placements are returned",
        subtitle=f"Returns of programmes, contracts and skills plans, each basis by itself. {m.where}",
        says=(*says, _FEW),
        columns=(
            Column("measure", "Measure"),
            Column("basis", "Counted as"),
            Column("schemes", "Sites and programmes", "count"),
            Column("delivered", "Delivered in the period"),
            Column("residents", "Of them residents of the district"),
            Column("also", "Returns also told under a contract", "count"),
        ),
        caption="Jobs, training and placements by measure and basis",
    )
