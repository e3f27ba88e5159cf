"""Which commitments of the council's strategy the completed checklists of a period touch."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from cwb.evidence.definitions import member_of
from cwb.packs.measure import PackData
from cwb.packs.questions import Fact, Finding, Question, Relation, Row, Thing, ask, share_among

ANSWER = Thing("answer_key", "answer_key", "answers")
SHARE = "commitment_share"
_FORM = "The form of checklists with a column for each commitment, filled in, would settle it."
APPLIES = Fact("answer <> 'does not apply'", "whether commitments apply is known", _FORM)
TOUCHES = Fact("answer = 'touched'", "which commitments were touched is known", _FORM)
COLUMNS = ("commitment", "touched", "not_touched", "does_not_apply", "not_stated", "share", "range")


def commitment_findings(data: PackData) -> tuple[dict[str, Finding], pd.DataFrame, tuple[str, ...]]:
    """The share of all commitments with a number and of each of them, and one row a commitment: first those with a number, in its order,
    then those named without one, most touched first."""
    answers = data.relation("checklist_answers").where("is_completed")
    sql = f"""SELECT item, commitment, sum(CASE WHEN answer = 'touched' THEN 1 ELSE 0 END) AS touched,
        sum(CASE WHEN answer = 'not touched' THEN 1 ELSE 0 END) AS not_touched,
        sum(CASE WHEN answer = 'does not apply' THEN 1 ELSE 0 END) AS does_not_apply,
        sum(CASE WHEN answer IS NULL THEN 1 ELSE 0 END) AS not_stated
        FROM {answers.source} WHERE {answers.condition} GROUP BY item, commitment
        HAVING item IS NOT NULL OR sum(CASE WHEN answer = 'touched' THEN 1 ELSE 0 END) > 0"""
    rows = sorted(
        data.rows(sql), key=lambda row: (_in_order(row["item"]), -int(row["touched"]), row["commitment"])
    )
    numbered = answers.where("item IS NOT NULL")
    items = {str(row["item"]): numbered.where(f"item = '{row['item']}'") for row in rows if row["item"]}
    why_not = None if items else "no completed checklist says of each commitment whether it was touched"
    asked = [_share(member_of(SHARE, item), relation) for item, relation in items.items()]
    found = ask(data, _share(SHARE, numbered).unless(why_not), *asked)
    findings = {
        name: replace(one, settles=one.settles or _FORM) if one.value is None else one
        for name, one in found.findings.items()
    }
    table = pd.DataFrame([_row(row, findings) for row in rows], columns=list(COLUMNS))
    return findings, table, (*found.sql, sql)


def _share(name: str, answers: Relation) -> Question:
    return share_among(name, answers, APPLIES, TOUCHES, by=None, per=ANSWER)


def _in_order(item: str | None) -> tuple[bool, list[tuple[str, int]]]:
    """B2.9 before B2.10; what has no number last."""
    letters = (item or "").rstrip("0123456789.")
    return item is None, [(letters, int(part)) for part in (item or "")[len(letters) :].split(".") if part]


def _row(row: Row, findings: dict[str, Finding]) -> tuple[object, ...]:
    """One row of the table; what is named without a number has only those that touched it."""
    if row["item"] is None:
        return row["commitment"], int(row["touched"]), None, None, None, None, ""
    found = findings[member_of(SHARE, row["item"])]
    return (
        row["commitment"],
        *(int(row[name]) for name in COLUMNS[1:5]),
        found.value,
        found.bounds or found.undefined or "",
    )
