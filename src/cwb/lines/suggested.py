"""The form of payments that may only pass through: what is suggested and nobody has decided, most pounds first.

It names suppliers, so that it is written beside the settings and never into a report; of a name that is withheld it says
so, and a decision on that row is one on all payments to payees that are not shown whose text has its words.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from cwb.base.characters import neutral
from cwb.base.person_names import names_person
from cwb.base.privacy import NOT_STATED, WITHHELD, evidenced_name, shown_text
from cwb.base.progress import Progress
from cwb.base.rows import PLACE
from cwb.council.config import Settings
from cwb.council.periods import Period
from cwb.entities.matched import table_sql
from cwb.lines.bodies import anchor_payments, own_payments
from cwb.lines.build import prepare_lines
from cwb.lines.engine import open_engine
from cwb.lines.pass_through import decided_lines, plain
from cwb.lines.words import PAID_FOR
from cwb.reference import table
from cwb.sources.datasets import pass_through
from cwb.sources.forms import new_form, write_form
from cwb.sources.tabular import sql_text

_BODY, *_DECIDED = pass_through.SOURCE.headings
HEADINGS = (*_DECIDED, "Payments", "Pounds (£)", "As in", _BODY)
FORM = "pass-through"


@dataclass
class _Suggested:
    name: str = ""
    payments: int = 0
    pounds: Decimal = Decimal(0)
    example: str = ""
    first_year: int = 9999


def write_suggested(settings: Settings, folder: Path, progress: Progress) -> tuple[Path, str]:
    """Write the form into a folder; its path, and how many pounds wait. Raises `CwbError` where it is there."""
    path = new_form(FORM, folder)
    prepare_lines(settings, progress)
    found: dict[tuple[str, str, str, str, str], _Suggested] = defaultdict(_Suggested)
    nobody = 0
    for body, supplier_id, name, words, text, kind, year, pounds in _suggested_lines(settings):
        if name in (WITHHELD, NOT_STATED) and not words:
            nobody += 1  # a decision on a payee that is not shown and no words would fit all who are not shown
            continue
        one = found[supplier_id, name.upper(), words, kind, body]
        one.name = one.name or name
        one.payments += 1
        one.pounds += pounds
        one.first_year = min(one.first_year, year)
        one.example = one.example or text
    rows = sorted(found.items(), key=lambda item: (-item[1].pounds, item[0]))
    cells = (
        (
            neutral(supplier_id),
            neutral(one.name),
            words,
            kind,
            *[""] * 4,
            str(Period(one.first_year)),
            "",
            f"{one.payments}",
            f"{one.pounds:.2f}",
            neutral(one.example),
            neutral(body),
        )
        for (supplier_id, _, words, kind, body), one in rows
    )
    write_form(path, [HEADINGS, *cells])
    pounds = sum((one.pounds for one in found.values()), Decimal(0))
    message = f"{len(rows):,} rows of £{pounds:,.0f} wait for a decision" if rows else "no payment is suggested"
    if nobody:
        message += f"; of {nobody:,} more the payee is not shown, whose name must be approved first (cwb template approved-names)"
    return path, message


def _suggested_lines(settings: Settings) -> list[tuple[str, str, str, str, str, str, int, Decimal]]:
    """Body ("" for the council), id and name as a pack may show it, the words for which it is suggested, text, kind, financial
    year and pounds of each suggested payment."""
    own, others, decisions = (
        table_sql(settings.processed, name) for name in ("lines", "anchor_lines", "pass_through")
    )
    hidden = f"{sql_text(WITHHELD)}, {sql_text(NOT_STATED)}"
    con = open_engine(settings)
    try:
        paid = {"council": own_payments(own)} if own else {}
        paid |= {"anchors": anchor_payments(con, settings, others)} if others else {}
        found = []
        for of, lines in paid.items():
            # The spelling of the row and not of the supplier: that is what a decision is compared with.
            found += con.execute(
                f"""SELECT coalesce(body, ''), CASE WHEN display_name IN ({hidden}) THEN '' ELSE coalesce(supplier_id, '') END,
                    CASE WHEN display_name IN ({hidden}) THEN display_name ELSE coalesce(supplier_name, '') END,
                    display_name, coalesce(supplier_name, ''), {PAID_FOR}, suggested_as, financial_year, amount_gbp::DECIMAL(18, 2)
                    FROM {decided_lines(con, settings, lines, decisions, of)} l WHERE suggested_as IS NOT NULL
                    ORDER BY {PLACE}"""
            ).fetchall()
        return [
            (body, sid, _spelling(name, shown), _words(kind, own, text), _texts(text), kind, year, pounds)
            for body, sid, name, shown, own, text, kind, year, pounds in found
        ]
    finally:
        con.close()


def _spelling(name: str, shown: str) -> str:
    """A name as the row has it, or as it may be shown where the row's names a person too."""
    return name if not names_person(name) or evidenced_name(name)[0] == name else shown


def _texts(joined: str) -> str:
    return " | ".join(shown_text(text) or "" for text in joined.split(" | "))


def _words(kind: str, name: str, text: str) -> str:
    """The words of the text for which it is suggested; "" where it is suggested for its name."""
    for rule in table("pass_through").itertuples():
        if rule.kind == kind and (not rule.supplier or re.search(rule.supplier, plain(name))):
            if not rule.words:
                return ""
            if found := re.search(rule.words, plain(text)):
                return found[0]
    return ""
