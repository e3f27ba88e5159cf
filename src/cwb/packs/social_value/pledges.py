"""The charter's ten pledges against modern slavery, each with the evidence that there is and its date."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

import pandas as pd

from cwb.council.periods import long_date
from cwb.packs.exhibits import counted, or_why, plural, range_text
from cwb.packs.market.horizon import months_after
from cwb.packs.measure import Column, Definition, Measured, PackData, Paper, Result, Shown, Undefined, ask, measure
from cwb.packs.questions import (
    ONE,
    Bounded,
    Fact,
    Relation,
    Thing,
    as_table,
    count,
    derived,
    number,
    share,
    unless,
)
from cwb.packs.social_value.log import ENTRY, Entry, Pledge, entries, logged, pledges_on
from cwb.packs.social_value.low_prices import prices_of

TRAINING = "C1"
PLEDGE = Thing("pledge", "text", "pledges")
PROCUREMENT = Thing("", "title", "procurements")
IS_EVIDENCED = Fact(
    "is_evidenced",
    "whether there is evidence is known",
    "Entries of the log that name the pledge would settle it, and the list of procurements.",
)
IS_CLAUSE_USED = Fact(
    "is_slavery_clause",
    "whether the clause was used is known",
    "The column of the list of procurements that says whether the slavery clause was used would settle it.",
)
EVIDENCED, PARTLY, OVERDUE, NO_DATA = "Evidenced", "Partly", "Overdue", "No data"
_FLAGS = {"slavery clause": "is_slavery_clause", "whistle-blowing policy": "is_whistle_blowing"}
_TRAINED = (("people", "in_procurement"),)


@dataclass(frozen=True)
class Found:
    """A pledge with what there is for it: `is_evidenced` is None where there are no data. The row is that of its evidence."""

    source_file: str
    source_sheet: str | None
    source_row: int
    pledge: str
    text: str
    status: str
    last: str
    due: str
    evidence: str

    @property
    def is_evidenced(self) -> bool | None:
        return None if self.status == NO_DATA else self.status == EVIDENCED


@dataclass(frozen=True)
class FoundLine:
    """The same as a line that a finding counts."""

    source_file: str
    source_sheet: str | None
    source_row: int
    pledge: str
    text: str
    is_evidenced: bool | None


def found_of(data: PackData) -> list[Found]:
    """The ten pledges in the charter's order."""
    newest = {entry.pledge: entry for entry in entries(data)}
    return [
        _of_log(data, pledge, newest.get(pledge.id), place)
        if pledge.evidence == "log"
        else _of_prices(data, pledge, place)
        if pledge.evidence == "low prices"
        else _of_flag(data, pledge, place)
        for place, pledge in enumerate(pledges_on(data.period.end).values(), start=1)
    ]


def _nothing(pledge: Pledge, place: int, why: str, last: str = "") -> Found:
    return Found("cwb: pledges.csv", None, place, pledge.id, pledge.text, NO_DATA, last, "", why)


def _of_log(data: PackData, pledge: Pledge, entry: Entry | None, place: int) -> Found:
    if entry is None:
        return _nothing(pledge, place, "Nothing is logged" if data.has("activity") else "The log was not supplied")
    due, day = months_after(entry.activity_date, pledge.months), long_date(entry.activity_date)
    is_late = due <= data.period.end
    if is_late and pledge.is_when_any:
        return _nothing(pledge, place, f"Nothing is logged in {pledge.months} months", day)
    status = OVERDUE if is_late else EVIDENCED
    return Found(
        entry.source_file, entry.source_sheet, entry.source_row, pledge.id, pledge.text, status, day,
        "" if pledge.is_when_any else long_date(due), entry.title,
    )  # fmt: skip


def _of_flag(data: PackData, pledge: Pledge, place: int) -> Found:
    """Evidenced where every procurement of the time that says so has it, partly where some have not."""
    awarded, column = awarded_in(data, pledge), _FLAGS[pledge.evidence]
    sql = f"""SELECT source_file, source_sheet, source_row, awarded_date, {column} AS is_used FROM {awarded.source}
        WHERE {awarded.condition} AND {column} IS NOT NULL ORDER BY is_used, awarded_date, source_file, source_row"""
    rows = data.rows(sql)
    if not rows:
        return _nothing(
            pledge, place, "No procurement says so" if data.has("tenders") else "No procurements were supplied"
        )
    used, last = sum(row["is_used"] for row in rows), rows[-1]
    status = EVIDENCED if used == len(rows) else PARTLY if used else OVERDUE
    told = f"In {used:,} of {plural(f'{len(rows):,}', 'procurement')} that say"
    day = long_date(last["awarded_date"]) if used else ""
    return Found(
        last["source_file"],
        last["source_sheet"],
        last["source_row"],
        pledge.id,
        pledge.text,
        status,
        day,
        "",
        told,
    )


def _of_prices(data: PackData, pledge: Pledge, place: int) -> Found:
    """Evidenced where every low price was looked at, or none was found among enough tenders."""
    if not data.has("tenders"):
        return _nothing(pledge, place, "No procurements were supplied")
    prices = prices_of(data)
    seen = [tender for tender in prices.tenders if tender.is_flagged or tender.is_looked_at]
    if not seen:
        if prices.limit is None:
            return _nothing(pledge, place, "Too few tenders with both prices")
        first = prices.tenders[0] if prices.tenders else None
        if first is None:
            return _nothing(pledge, place, "No tender was decided")
        return Found(
            first.source_file, first.source_sheet, first.source_row, pledge.id, pledge.text, EVIDENCED, "", "",
            "No low price was found",
        )  # fmt: skip
    looked = [tender for tender in seen if tender.is_looked_at]
    unasked = [tender for tender in seen if tender.is_looked_at is False]
    shown = (looked or unasked or seen)[-1]
    told = f"{len(looked):,} of {plural(f'{len(seen):,}', 'low price')} looked at"
    if len(looked) == len(seen):
        status = EVIDENCED
    elif looked:
        status = PARTLY
    else:
        status = OVERDUE if unasked else NO_DATA
    return Found(
        shown.source_file, shown.source_sheet, shown.source_row, pledge.id, pledge.text, status, "", "", told
    )


def awarded_in(data: PackData, pledge: Pledge) -> Relation:
    """Procurements awarded in the time for which evidence of a pledge stands, to the end of the period."""
    first, last = pledge.since(data.period.end), data.period.end
    return data.relation("tenders").where(
        f"awarded_date > CAST('{first}' AS DATE) AND awarded_date <= CAST('{last}' AS DATE)"
    )


@measure(
    Definition(
        "pledge_evidenced_count", "Pledges of the charter with evidence", "count", "count",
        "Of the ten pledges against modern slavery those with evidence that is no older than the time for which it stands. High: also "
        "those for which there are no data.",
    ),
    Definition(
        "procurement_trained_share", "Procurement staff trained in ethical procurement", "share", "derived",
        "People of the procurement team at the best attended session on ethical procurement in 24 months divided by the team. High: "
        "nobody came to two sessions.",
    ),
    Definition(
        "termination_clause_share", "New contracts that may be ended for modern slavery", "share", "share",
        "Procurements awarded in the twelve months to the end of the period that used the slavery clause divided by all of them. High: "
        "those that do not say used it.",
        excluded="Contracts that came from no procurement on the list.",
    ),
    Definition(
        "referral_count", "Contractors referred", "count", "count",
        "Referrals of contractors that the log has in the period, to the national referral mechanism and others.",
        excluded="Entries that say that none was needed, with 0 people.",
    ),
    question="Are the ten pledges against modern slavery kept?",
    needs=(),
    main=("pledge_evidenced_count",),
)  # fmt: skip
def pledges(data: PackData) -> Result:
    """The ten pledges of the charter against modern slavery.

    One row per pledge: `pledge`, `text`, `status` ("Evidenced", "Partly", "Overdue" or "No data"), `last` and `due` (days in
    words) and `evidence` in words. A pledge of which nothing is logged has no data: it has not failed. Raises `Undefined` where
    neither the log nor a list of procurements was supplied. Source: formats-strategy.md 3.4.
    """
    no_log, no_tenders = data.why_not("activity"), data.why_not("tenders")
    if no_log and no_tenders:
        raise Undefined(no_log)
    every, last = pledges_on(data.period.end), data.period.end
    found = found_of(data)
    lines = [
        FoundLine(f.source_file, f.source_sheet, f.source_row, f.pledge, f.text, f.is_evidenced) for f in found
    ]
    of = data.add_table("pledges", as_table(FoundLine, lines), ("activity", "tenders"))
    staff = data.settings.ethics.procurement_staff
    first = every[TRAINING].since(last)
    trained = logged(data).where(
        f"pledge = '{TRAINING}' AND in_procurement IS NOT NULL AND activity_date > CAST('{first}' AS DATE)"
    )
    untold = "it was not stated how many people work in procurement" if not staff else no_log
    if not untold and not data.count(trained):
        untold = "no training of the procurement team in ethical procurement is logged in 24 months"
    awarded = awarded_in(data, every["C2"])
    no_award = no_tenders or (
        None if data.count(awarded) else f"no procurement was awarded in the twelve months to {long_date(last)}"
    )
    referrals = data.relation("activity").where(
        "kind = 'referral' AND (people IS NULL OR people > 0)",
        f"activity_date BETWEEN CAST('{data.period.start}' AS DATE) AND CAST('{last}' AS DATE)",
    )
    rule = f"The value is the largest people of a row divided by {staff}; low is the same, high the sum of people, {staff} at most, divided by {staff}."
    answers = ask(
        data,
        count("pledge_evidenced_count", of, IS_EVIDENCED, per=PLEDGE),
        unless(
            untold,
            derived(
                "procurement_trained_share",
                trained,
                rule,
                _trained(staff or 1),
                by=None,
                per=ENTRY,
                columns=_TRAINED,
            ),
        ),
        unless(no_award, share("termination_clause_share", awarded, IS_CLAUSE_USED, by=None, per=PROCUREMENT)),
        unless(no_log, count("referral_count", referrals, per=ENTRY)),
    )
    rows = [[f.pledge, f.text, f.status, f.last, f.due, f.evidence] for f in found]
    return Result.of(answers, rows, columns=["pledge", "text", "status", "last", "due", "evidence"])


def _trained(staff: int) -> Callable[[pd.DataFrame], Bounded]:
    """The best attended session, to all sessions together, of a team of so many."""

    def compute(rows: pd.DataFrame) -> Bounded:
        people = [Decimal(int(n)) for n in rows["people"]]
        best, most = (min(n, Decimal(staff)) / staff for n in (max(people), sum(people, Decimal(0))))
        return Bounded(best, best, most, ONE)

    return compute


@pledges.shown
def exhibit(m: Measured) -> Shown:
    evidenced, trained = m["pledge_evidenced_count"], m["procurement_trained_share"]
    clause, referred = m["termination_clause_share"], m["referral_count"]
    none = (m.table["status"] == NO_DATA).sum()
    untold = f" For {plural(f'{none:,}', 'pledge')} there are no data, which is not a failure." if none else ""
    return Shown(
        title=f"{counted(evidenced, 'pledge', 'pledges')} of {number(evidenced.of or 0, 'count')} against modern slavery have evidence",
        subtitle=f"The charter's pledges, what there is for each, and its date. {m.where}",
        says=(
            f"Evidence stands for the time in which a pledge falls due again.{untold}",
            or_why(
                trained, f"{trained} of the procurement team is trained in ethical procurement{range_text(trained)}.",
                "What part of the procurement team is trained in ethical procurement",
            )
            + " "
            + or_why(
                clause, f"{clause} of procurements awarded in twelve months used the slavery clause{range_text(clause)}.",
                "How many new contracts may be ended for modern slavery",
            ),
            or_why(referred, f"Contractors referred in the period: {referred}.", "How many contractors were referred"),
        ),
        columns=(
            Column("pledge", "Pledge"),
            Column("text", "What was promised"),
            Column("status", "Status"),
            Column("last", "Last done"),
            Column("due", "Due again"),
            Column("evidence", "Evidence"),
        ),
        caption="The ten pledges against modern slavery",
        paper=Paper.ALL_ROWS,
    )  # fmt: skip
