"""The charter's ten pledges against modern slavery, each with the evidence that there is and its date."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pandas as pd

from cwb.council.periods import long_date
from cwb.packs.exhibits import counted, or_why, plural, range_text
from cwb.packs.measure import Column, Definition, Measured, PackData, Paper, Result, Shown, Undefined, ask, measure
from cwb.packs.questions import ONE, Bounded, Fact, Thing, as_table, count, derived, number, share
from cwb.packs.social_value.log import ENTRY, logged, pledges_on
from cwb.packs.social_value.pledge_evidence import NO_DATA, Found, awarded_in, found_of

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
_TRAINED = (("people", "in_procurement"),)


@measure(
    Definition(
        "pledge_evidenced_count", "Pledges of the charter with evidence", "count", "count",
        "Of the ten pledges against modern slavery those with evidence that is no older than the time for which it stands. High: also "
        "those for which there are no data, or of which not every procurement says.",
        version=2,
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
        is_headcount=True,
    ),
    question="What shows that we do what we pledged against modern slavery?",
    needs=(),
    main=("pledge_evidenced_count",),
    columns=(
        Column("pledge", "Pledge"),
        Column("text", "What was promised"),
        Column("status", "Status"),
        Column("last", "Last done"),
        Column("due", "Due again"),
        Column("evidence", "Evidence"),
    ),
)  # fmt: skip
def pledges(data: PackData) -> Result:
    """The ten pledges of the charter against modern slavery.

    One row per pledge: `pledge`, `text`, `status` ("Evidenced", "Partly", "Not so far", "Overdue" or
    "No data"), `last` and `due` (days in
    words) and `evidence` in words. A pledge of which nothing is logged has no data: it has not failed. Raises `Undefined` where
    neither the log nor a list of procurements was supplied. Source: formats-strategy.md 3.4.
    """
    no_log, no_tenders = data.why_not("activity"), data.why_not("tenders")
    if no_log and no_tenders:
        raise Undefined(no_log)
    every, last = pledges_on(data.period.end), data.period.end
    found = found_of(data)
    of = data.add_table("pledges", as_table(Found, found), ("activity", "tenders"))
    staff = data.settings.ethics.procurement_staff
    first = every[TRAINING].since(last)
    trained = logged(data).where(
        f"pledge = '{TRAINING}' AND in_procurement IS NOT NULL AND activity_date > DATE '{first}'"
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
        f"activity_date BETWEEN DATE '{data.period.start}' AND DATE '{last}'",
    )
    rule = f"The value is the largest people of a row divided by {staff}; low is the same, high the sum of people, {staff} at most, divided by {staff}."
    answers = ask(
        data,
        count("pledge_evidenced_count", of, IS_EVIDENCED, per=PLEDGE),
        derived(
            "procurement_trained_share",
            trained,
            rule,
            _trained(staff or 1),
            by=None,
            per=ENTRY,
            columns=_TRAINED,
        ).unless(untold),
        share("termination_clause_share", awarded, IS_CLAUSE_USED, by=None, per=PROCUREMENT).unless(no_award),
        count("referral_count", referrals, per=ENTRY).unless(no_log),
    )
    rows = [[f.pledge, f.text, f.status, f.last, f.due, f.evidence] for f in found]
    return Result.of(answers, rows)


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
        title=f"{counted(evidenced, 'pledge', 'pledges')} of {number(evidenced.of or 0, 'count')} against modern slavery {'has' if evidenced.value == 1 else 'have'} evidence",
        subtitle=f"The charter's pledges, what there is for each, and its date. {m.where}",
        says=(
            f"With evidence: {evidenced}{range_text(evidenced)}. It stands for the time in which a pledge falls due again.{untold}",
            or_why(
                trained, f"{trained} of the procurement team is trained in ethical procurement{range_text(trained)}.",
                "What part of the procurement team is trained in ethical procurement",
            )
            + " "
            + or_why(
                clause, f"{clause} of procurements awarded in twelve months used the slavery clause{range_text(clause)}.",
                "How many new contracts may be ended for modern slavery",
            ),
            f"Contractors referred in the period: {referred}."
            if referred.is_hidden
            else or_why(referred, f"Contractors referred in the period: {referred}.", "How many contractors were referred"),
        ),
        caption="The ten pledges against modern slavery",
        paper=Paper.ALL_ROWS,
    )  # fmt: skip
