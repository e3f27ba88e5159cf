"""Procurements that were ended without an award, and why."""

from __future__ import annotations

from collections import Counter

from cwb.base.days import in_year_to, months_after
from cwb.council.periods import long_date
from cwb.packs.exhibits import counted
from cwb.packs.measure import Column, Definition, Measured, PackData, Paper, Result, Shown, Undefined, ask, measure
from cwb.packs.proactive_procurement.notice_contracts import ended_without_award
from cwb.packs.proactive_procurement.reasons import IN_ERROR, NO_BIDS, NOT_STATED, OTHER, reason_of
from cwb.packs.questions import Relation, Thing, count

PROCUREMENT = Thing("ocid", "name", "procurements")


@measure(
    Definition(
        "procurement_ended_count", "Procurements ended without award", "count", "count",
        "Procurements that a notice of the twelve months to the report's day ended without a contract, each once.",
        excluded="Notices withdrawn because they were published in error.",
    ),
    question="Which procurements came to nothing?",
    needs=("notice_contracts",),
    columns=(Column("reason", "Reason"), Column("procurements", "Procurements", "count")),
)  # fmt: skip
def procurements_ended(data: PackData) -> Result:
    """Procurements ended without award (UK12), by the reason that the notice states.

    One row per kind of reason: `reason`, `procurements`. A notice withdrawn because it was in error is listed, and is no failed
    procurement. What a reason comes to is read by reference/notice_reasons.csv.
    """
    rows = procurements(data)
    if not data.count(
        Relation("notices", ("notices",)).where("is_own", in_year_to(data.report_day, "notice_date"))
    ):
        raise Undefined(f"no notice of the council's of the year to {long_date(data.report_day)} is at hand")
    columns = {"ocid": str, "name": str, "reason": str}
    lines = data.add_rows("procurements_ended", columns, rows, ("notice_contracts",))
    answers = ask(data, count("procurement_ended_count", lines.where(f"reason <> '{IN_ERROR}'"), per=PROCUREMENT))
    found = Counter(row["reason"] for row in rows)
    return Result.of(
        answers,
        [(name, found[name]) for name in (NO_BIDS, OTHER, NOT_STATED, IN_ERROR)],
    )


def procurements(data: PackData, where: str = "is_own") -> list[dict[str, object]]:
    """Those of the year to the report's day, with the kind of their reason; `where` chooses the notices of others."""
    first = months_after(data.report_day, -12)
    return [
        row | {"name": row["title"] or row["notice_id"], "reason": reason_of("ended", row["said"])}
        for row in ended_without_award(data, where)
        if row["notice_date"] > first
    ]


@procurements_ended.shown
def exhibit(m: Measured) -> Shown:
    over, found = m["procurement_ended_count"], dict(zip(m.table["reason"], m.table["procurements"], strict=True))
    verb = "was" if over.value == 1 else "were"
    return Shown(
        title=f"{counted(over, 'procurement', 'procurements')} ended without an award",
        subtitle=f"Notices that ended a procurement, in the year to {long_date(m.data.report_day)}. {m.data.settings.council.name}",
        says=(
            f"{counted(over, 'procurement', 'procurements')} {verb} ended without an award, {found[NO_BIDS]} of them because nobody bid; "
            f"{found[IN_ERROR]} withdrawn because the notice was in error {'is' if found[IN_ERROR] == 1 else 'are'} not counted.",
        ),
        caption="Procurements ended without award, by reason",
        paper=Paper.SENTENCES,
    )
