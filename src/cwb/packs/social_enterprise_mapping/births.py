"""How many social enterprises begin, and how many last."""

from __future__ import annotations

from datetime import date

from cwb.packs.account.listed import least_by, none_listed_by
from cwb.packs.account.register_dates import ending_before, registers_end
from cwb.packs.exhibits import bars, counted, or_why, sentence_case
from cwb.packs.measure import Column, Definition, Measured, PackData, Paper, Result, Shown, measure, undefined
from cwb.packs.questions import ORGANISATION, Fact, always, survival
from cwb.packs.social_enterprise_mapping.bodies import SURE, ask_registers, count_of, counts_by, here, nearby

_YEARS = 10
_ENDED = (
    "rule = 'ended' AND legal_form IN ('Community interest company', 'Co-operative society', 'Community benefit society', "
    "'Registered society', 'Charitable incorporated organisation')"
)
_DECEMBER = 12
_KNOWN = ("organisations' places and years of registration are known", "Registers with both would settle it.")


@measure(
    Definition(
        "se_births", "Social enterprises registered this year", "count", "count",
        "Bodies of grades A and B, and such bodies that have ended since, registered in the calendar year in "
        "which the period ends, by its end. High: also those of which place or date is not known. The least, where a register ends before.",
        excluded="Living companies' registers leave out those that have ended.",
        version=4,
    ),
    Definition(
        "se_survival_share", "Survival of social enterprises", "share", "survival",
        "Of the bodies of grades A and B and of such as have ended, registered in ten calendar years, and on a "
        "register that keeps ended bodies: the share still active.",
        excluded="Bodies on Companies House alone, and those whose place or year of registration is not known.",
        version=2,
    ),
    question="How many begin, and how many last?",
    needs=("organisations",),
    main=("se_births", "se_survival_share"),
    columns=(
        Column("year", "Year of registration"),
        Column("founded", "Registered", "count"),
        Column("still_active", "Still active", "count"),
        Column("followed", "Registered, where followed", "count"),
        Column("survival", "Survival, where followed", "share"),
    ),
)  # fmt: skip
def births(data: PackData) -> Result:
    """Social enterprises founded in each of the last ten calendar years, and how many of them last.

    One row per year of registration: `year`, `founded` (bodies now of grades A and B, and societies, CICs and charities that have ended
    since), `still_active`, `followed` (of those founded, bodies on a register that keeps ended ones), `survival` (of those followed, the
    share still active; None for years none of whose bodies is on a register that keeps ended ones). A count is None where none is listed
    and one of no known place or year is, or a register is not at hand in full, or ends before that year does. Companies House lists living
    companies only, so that CICs which have ended are missing: their survival is not known, and the share is taken of bodies on the other
    registers alone. Bodies not known to be local, and for the share those without a date, are left out. A year in which no register goes on
    has no row, and is not known.
    """
    last = data.period.end.year
    years = range(last - _YEARS + 1, last + 1)
    begun = nearby(data).where(f"({SURE}) OR ({_ENDED})")
    of_the_year = begun.where(f"registered_year IS NULL OR registered_year = {last}")
    local = begun.where("is_local", f"registered_year BETWEEN {years[0]} AND {last}")
    answers = ask_registers(
        data,
        count_of("se_births", of_the_year, Fact(f"is_local AND registered_year = {last}", *_KNOWN)),
        survival(
            "se_survival_share",
            of=local.where("is_followed"),
            where=always(f"coalesce({SURE}, FALSE)"),
            per=ORGANISATION,
        ),
    )
    end = registers_end(data)
    listed = years if end is None else [year for year in years if year <= end.year]
    if last not in listed:
        answers.findings |= undefined(data, ("se_births",), f"no register that was supplied goes on into {last}")
    least_by(data, answers, "se_births", data.period.end)
    sql = f"""SELECT registered_year, count(*) AS founded, sum(CASE WHEN {SURE} THEN 1 ELSE 0 END) AS still_active,
            sum(CASE WHEN is_followed THEN 1 ELSE 0 END) AS followed,
            sum(CASE WHEN is_followed AND {SURE} THEN 1 ELSE 0 END) AS lasting
        FROM {local.source} WHERE {local.condition} GROUP BY registered_year ORDER BY registered_year"""
    found = {row["registered_year"]: row for row in data.rows(sql)}
    unsure = begun.where("is_local IS NULL OR registered_year IS NULL")
    more = [counts_by(data, unsure.where(sql), "registered_year") for sql in ("TRUE", SURE, "is_followed")]
    rows = []
    for year in listed:
        row = found.get(year, {"founded": 0, "still_active": 0, "followed": 0, "lasting": 0})
        lasts = int(row["lasting"]) / int(row["followed"]) if row["followed"] else None
        none = none_listed_by(data, min(date(year, _DECEMBER, 31), data.period.end))
        counts = (
            int(row[name]) or (None if year in may_be or None in may_be else none)
            for name, may_be in zip(("founded", "still_active", "followed"), more, strict=True)
        )
        rows.append([str(year), *counts, lasts])
    is_over = data.period.end.month == _DECEMBER
    ends = "period's end" if not ending_before(data, data.period.end) else "end of the period or of a register"
    return Result.of(answers, rows, sql, facts={"so far": "" if is_over else " so far", "ends": ends})


@births.shown
def exhibit(m: Measured) -> Shown:
    founded, lasting = m["se_births"], m["se_survival_share"]
    last = m.data.period.end.year
    begun = counted(founded, "social enterprise was", "social enterprises were")
    title = f"{sentence_case(begun)} registered in {last}{m.facts['so far']}"
    if founded.value is None:
        title = f"How many social enterprises were registered in {last} is not known"
    follow = (
        f"Of those of the last {_YEARS} years on registers that keep ended bodies, {lasting} are still active."
    )
    unsure = (
        f" Bodies of unknown place or date could make it {founded.bounds} of {last}." if founded.bounds else ""
    )
    return Shown(
        title=title,
        subtitle=f"Registrations by calendar year, the last one up to the {m.facts['ends']}. {here(m)}",
        chart=bars(m.table["year"], m.table["founded"], "count"),
        says=(
            f"{or_why(lasting, follow, 'How many last')}{unsure}",
            "Companies House lists living companies only: community interest companies that have ended are missing, unless "
            "older files are kept beside the newest.",
        ),
        caption="Social enterprises by year of registration",
        paper=Paper.SENTENCES,
    )
