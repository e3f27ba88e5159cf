"""What procurement learnt in a year: debriefs, lessons, training, meetings, comparisons."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pandas as pd

from cwb.base.days import in_year_to
from cwb.council.periods import long_date
from cwb.packs.exhibits import plural
from cwb.packs.measure import Column, Definition, Measured, PackData, Paper, Result, Shown, ask, measure
from cwb.packs.proactive_procurement.covered import of_months_held
from cwb.packs.proactive_procurement.meetings import (
    DEPARTMENT,
    IS_MET,
    IS_TRAINED,
    KEY_SUPPLIER,
    MEETING,
    QUARTER,
    WAS_MET,
    departments,
    first_of_log,
    key_suppliers,
    log,
    log_begins_late,
    no_log,
    no_meetings,
    quarters,
    short_log,
    supplier_meetings,
)
from cwb.packs.questions import (
    ONE,
    Bounded,
    Fact,
    Finding,
    Question,
    Relation,
    Thing,
    Unanswerable,
    bound_below,
    count,
    coverage,
    derived,
    exactly,
    number,
    share,
    total,
)

TENDER = Thing("tender_reference", "title", "tenders")
SESSION = Thing("", "title", "training sessions")
SERVICE = Thing("service", "service", "services")
# Without competition there are no bidders to tell and no tender to learn from.
_NO_TENDER = "('direct award', 'waiver', 'breach')"
_OLDEST_YEARS = 2
_YEAR = "in the twelve months up to the period's end"


@measure(
    Definition(
        "debrief_share", "Tenders with a debrief", "share", "share",
        f"Tenders concluded {_YEAR} of which the list of procurements or the log has a debrief by then, divided by all. A tender is concluded "
        "on the day of its award, or, where it was not awarded, on the last day for bids. High: those without one that were concluded before "
        "the log begins, or where there is none, had one.",
        excluded="Direct awards, waivers and breaches.",
        version=3,
    ),
    Definition(
        "lessons_share", "Tenders with lessons written down", "share", "share",
        f"Tenders concluded {_YEAR} of which lessons were written down by then, divided by all.",
        excluded="Direct awards, waivers and breaches.",
        version=2,
    ),
    Definition(
        "training_sessions", "Training sessions", "count", "count",
        f"Training sessions of the log {_YEAR}: the least, where the log begins within them.",
        version=2,
    ),
    Definition(
        "trained_people", "People at training sessions", "count", "total",
        f"People attending the training sessions of the log {_YEAR}, each session for itself: who came twice counts twice. "
        "The least, where a session does not say how many came, or the log begins within that time.",
        is_headcount=True,
        version=2,
    ),
    Definition(
        "trained_department_share", "Departments at training sessions", "share", "share",
        f"Departments of which somebody was at a training session {_YEAR}, divided by all that buy: those of the settings, else of the "
        "contracts register, else of the ledger. High: sessions that name no department were of the others.",
    ),
    Definition(
        "group_meetings", "Quarters in which the contracts and procurement group met", "share", "share",
        "Of the four quarters up to the period's end those in which the log has a meeting of the group. High: the group met in quarters "
        "that began before the log.",
        version=2,
    ),
    Definition(
        "supplier_meetings", "Review meetings with suppliers", "count", "count",
        f"Meetings with suppliers of the log, and contract meetings of the contracts' results, {_YEAR}; one of both counts once. "
        "The least, where there is no log of all that time.",
        version=2,
    ),
    Definition(
        "key_supplier_met_share", "Suppliers paid most that were met", "share", "derived",
        f"Of the suppliers paid most {_YEAR} (how many is a setting) those with a review meeting in that time, found by the reference of "
        "a contract on the register, divided by all of them. High: meetings that name no contract on the register were each with another "
        "of them, so were those before the log begins, and of suppliers paid the same those that were met are among them.",
        excluded="Payments without a supplier's name.",
        version=2,
    ),
    Definition(
        "benchmark_count", "Services compared with others", "count", "count",
        f"Services with a comparison that is like for like and of a financial year that began at most {_OLDEST_YEARS} years before the "
        "period's, of all on the list of comparisons.",
    ),
    question="What was learnt, and with whom?",
    needs=(),
    columns=(
        Column("measure", "Measure"),
        Column("value", "Value"),
        Column("of", "Of"),
        Column("recorded", "What settles it: form and column"),
    ),
)  # fmt: skip
def learning(data: PackData) -> Result:
    """Debriefs, lessons, training, meetings and comparisons of the twelve months up to the period's end.

    One row per measure: `measure`, `value`, `of` (what it is of, in words), `recorded` (the form in which it is recorded, which would
    settle what is not known). Of what is not known `value` says why.
    """
    meetings, met = supplier_meetings(data)
    remarks: list[str] = []
    answers = ask(
        data,
        *_of_tenders(data),
        *_of_training(data, remarks),
        _unless(no_log(data), "group_meetings", lambda: share("group_meetings", quarters(data), IS_MET, by=None, per=QUARTER)),
        _unless(no_meetings(data), "supplier_meetings", lambda: count("supplier_meetings", meetings, per=MEETING)),
        _key_suppliers(data, met),
        _unless(data.why_not("benchmarks"), "benchmark_count", lambda: _benchmarks(data)),
    )  # fmt: skip
    if data.has("activity") and data.count(log(data, "training").where("people IS NULL")):
        why = "not all training sessions say how many came"
        bound_below(answers, "How many came to each training session would settle it.", why, "trained_people")
    if short := short_log(data):
        bound_below(answers, IS_MET.settles, short, "training_sessions", "trained_people", "supplier_meetings")
    rows = [
        [finding.label, _value(finding), _of(finding, noun), form]
        for name, noun, form in _ROWS
        for finding in (answers[name],)
    ]
    return Result.of(answers, rows, facts={"remarks": " ".join(remarks)})


_ROWS = (
    ("debrief_share", "tender concluded|tenders concluded", "tenders: Debrief on; or the log of activity"),
    ("lessons_share", "tender concluded|tenders concluded", "tenders: Lessons recorded on"),
    ("training_sessions", "", "activity: training"),
    ("trained_people", "", "activity: People attending"),
    ("trained_department_share", "department|departments", "activity: Departments"),
    ("group_meetings", "quarter|quarters", "activity: group meeting"),
    ("supplier_meetings", "", "activity: supplier meeting; contract-performance: Contract meeting on"),
    ("key_supplier_met_share", "supplier paid most|suppliers paid most", "activity: Contract or tender reference"),
    ("benchmark_count", "service on the list|services on the list", "benchmarks"),
)


def _value(finding: Finding) -> str:
    if finding.value is None and not finding.is_hidden:
        return f"Not known: {finding.undefined}"
    return f"{finding}" + (f" ({finding.bounds})" if finding.bounds else "")


def _of(finding: Finding, noun: str) -> str:
    """What it is of, in words; a derived finding is of its rows."""
    if not noun:
        return ""
    base = finding.of or (len(finding.rows()) if finding.evidence is not None else None)
    one, _, many = noun.partition("|")
    return f"{number(base, 'count')} {one if base == 1 else many}" if base else ""


def _unless(reason: str | None, name: str, make: Callable[[], Question | Unanswerable]) -> Question | Unanswerable:
    """The question, made only where there is no reason why it has no answer."""
    return Unanswerable(name, reason) if reason else make()


def _of_tenders(data: PackData) -> list[Question | Unanswerable]:
    """Debriefs and lessons of the tenders concluded; a list on which no tender has one does not say that none was held, and a debrief
    that is not on it may stand in a log that begins later."""
    end = f"DATE '{data.period.end}'"
    # What is dated later was not done yet; the list says all the same that it has them.
    logged = f"concluded_date >= DATE '{first_of_log(data)['activity_date']}'" if data.has("activity") else "FALSE"
    debrief = Fact(
        f"CASE WHEN debrief_date <= {end} OR is_logged THEN TRUE WHEN debrief_date > {end} OR {logged} THEN FALSE END",
        "whether a debrief was held is known",
        "The log of activity of that time would settle it.",
    )
    lessons = Fact(f"coalesce(lessons_date <= {end}, FALSE)")
    names = {
        "debrief_share": (debrief, "debrief_date IS NOT NULL OR is_logged", "a debrief"),
        "lessons_share": (lessons, "lessons_date IS NOT NULL", "lessons"),
    }
    if reason := data.why_not("tenders"):
        return [Unanswerable(name, reason) for name in names]
    source = f"""(SELECT t.*, d.reference IS NOT NULL AS is_logged,
        coalesce(awarded_date, CASE WHEN not_awarded IS NOT NULL THEN deadline_date END) AS concluded_date
        FROM tenders t LEFT JOIN (SELECT DISTINCT reference FROM activity WHERE kind = 'debrief' AND activity_date <= {end}) d
        ON d.reference = t.tender_reference)"""
    every = Relation(source, ("tenders", "activity"))
    lines = every.where(f"route NOT IN {_NO_TENDER}", in_year_to(data.period.end, "concluded_date"))
    found: list[Question | Unanswerable] = []
    for name, (fact, is_kept, what) in names.items():
        if not data.count(lines):
            found.append(Unanswerable(name, f"the list of procurements has no tender that was concluded {_YEAR}"))
        elif not data.count(every.where(is_kept)):
            found.append(Unanswerable(name, f"the list of procurements states {what} of no tender at all"))
        else:
            found.append(share(name, lines, fact, by=None, per=TENDER))
    return found


def _of_training(data: PackData, remarks: list[str]) -> list[Question | Unanswerable]:
    if reason := no_log(data):
        names = ("training_sessions", "trained_people", "trained_department_share")
        return [Unanswerable(name, reason) for name in names]
    sessions = log(data, "training")
    counted = sessions.where("people IS NOT NULL")
    silent = data.count(sessions) - data.count(counted)
    if log_begins_late(data):
        remarks.append(
            f"The log begins on {long_date(first_of_log(data)['activity_date'])}: what was done before is not counted."
        )
    if silent:
        remarks.append(
            f"{plural(str(silent), 'training session')} of the log {'does' if silent == 1 else 'do'} not say how many came."
        )
    people: Question | Unanswerable = total("trained_people", counted, by="people", per=SESSION)
    if silent and not data.count(counted):
        people = Unanswerable("trained_people", "no training session of the log says how many came")
    lines, others = departments(data)
    nobody = "neither the settings nor the contracts register nor the ledger names departments"
    of_departments: Question | Unanswerable = Unanswerable("trained_department_share", nobody)
    if lines is not None:
        of_departments = share("trained_department_share", lines, IS_TRAINED, by=None, per=DEPARTMENT)
        if others:
            remarks.append(f"Not on the list of departments, and so not counted: {', '.join(others)}.")
    return [count("training_sessions", sessions, per=SESSION), people, of_departments]


def _key_suppliers(data: PackData, met: list[tuple[str | None, date]]) -> Question | Unanswerable:
    name = "key_supplier_met_share"
    if reason := data.why_not("spend_lines") or no_meetings(data) or data.why_not("contract_lines"):
        return Unanswerable(name, reason)
    lines, unlinked = key_suppliers(data, met)
    if not data.count(lines):
        return Unanswerable(name, "the ledger names no supplier paid in that time")

    @exactly
    def compute(rows: pd.DataFrame) -> Bounded:
        held, every = int((rows["part"] == "in").sum()), len(rows)
        most = min(every, held + int((rows["part"] == "unknown").sum()) + unlinked)
        return Bounded(ONE * held / every, ONE * held / every, ONE * most / every, coverage(rows))

    rule = (
        "The value is the number of rows that are in divided by all rows; for high add the rows that are unknown, and the meetings that "
        f"name no contract on the register, {unlinked} of them, as far as there are rows."
    )
    caveats = of_months_held(data, "in the others other suppliers may have been paid most")
    return derived(name, lines, rule, compute, where=WAS_MET, by=None, per=KEY_SUPPLIER, caveats=caveats)


def _benchmarks(data: PackData) -> Question:
    first = data.period.start_year - _OLDEST_YEARS
    of = Relation("benchmarks", ("benchmarks",)).where(f"year <= {data.period.start_year}")
    return count("benchmark_count", of, Fact(f"is_like_for_like AND year >= {first}"), per=SERVICE)


@learning.shown
def exhibit(m: Measured) -> Shown:
    debriefs, lessons = m["debrief_share"], m["lessons_share"]
    is_known = any(finding.value is not None or finding.is_hidden for finding in m.findings.values())
    title = "What was learnt is known in part" if is_known else "What was learnt is not known"
    if debriefs.value is not None and lessons.value is not None:
        title = f"{debriefs} of tenders ended with a debrief, {lessons} with lessons written down"
    return Shown(
        title=title,
        subtitle=f"What was done in the twelve months up to the end of {m.data.period.short_label}. {m.data.settings.council.name}",
        says=(m.facts["remarks"],) if m.facts["remarks"] else (),
        caption="Debriefs, lessons, training, meetings and comparisons",
        paper=Paper.ALL_ROWS,
    )
