"""Tables for people and for spreadsheets: captions, number formats, HTML and CSV."""

from __future__ import annotations

import csv
import html
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from cwb.base.characters import neutral, printable

Format = Literal["text", "gbp", "share", "count", "decimal", "decimal2", "tonnes", "flag", "link"]
_LONGEST_WORD, _LONGEST_PATH = 20, 12
# No name or title is longer; one that is would take the page of all others.
_LONGEST_TEXT = 1_000


@dataclass(frozen=True)
class Column:
    """A column as it is shown: its name in the frame, its heading with unit, its format, and what is shown for
    a missing number ("" where a cell does not apply). One that is `csv_only` is for analysts; one that is not `on_paper`
    has long texts, and is left out there."""

    name: str
    heading: str
    format: Format = "text"
    missing: str = "not known"
    csv_only: bool = False
    on_paper: bool = True


def cell(value: object, form: Format, missing: str = "not known") -> str:
    """One value as members read it; a missing number is `missing`, a missing text is empty."""
    if value is None or value is pd.NaT or (isinstance(value, float) and pd.isna(value)):
        return "" if form in ("text", "link") else missing
    if form in ("text", "link"):
        return printable(str(value))
    if form == "flag":
        return "Yes" if value else "No"
    amount = float(value)  # type: ignore[arg-type]
    sign = "−" if amount < 0 and round(abs(amount), 3) > 0 else ""
    match form:
        case "gbp":
            return f"{sign if round(abs(amount)) else ''}£{abs(amount):,.0f}"
        case "share":
            return f"{sign}{abs(amount):.1%}"
        case "decimal":
            return f"{sign}{abs(amount):,.1f}"
        case "decimal2":
            return f"{sign}{abs(amount):,.2f}"
        case "tonnes":
            return f"{'' if abs(amount) < 50 else sign}{abs(amount) / 1000:,.1f}"
        case _:
            return f"{sign}{abs(amount):,.0f}"


def to_html(frame: pd.DataFrame, columns: Sequence[Column], caption: str) -> str:
    """An accessible table: caption, scoped headings, every text escaped. The first column heads its rows."""
    columns = [column for column in columns if not column.csv_only]
    head = "".join(f'<th scope="col"{_class(column)}>{html.escape(column.heading)}</th>' for column in columns)
    body = []
    for row in frame[[column.name for column in columns]].itertuples(index=False, name=None):
        texts = [_cut(cell(v, column.format, column.missing)) for v, column in zip(row, columns, strict=True)]
        cells = [
            f"<td{_class(column, text)}>{_link(text) if column.format == 'link' else html.escape(text)}</td>"
            for text, column in zip(texts[1:], columns[1:], strict=True)
        ]
        first = f'<th scope="row"{_class(columns[0], texts[0])}>{html.escape(texts[0])}</th>'
        body.append(f"<tr>{first}{''.join(cells)}</tr>")
    return (
        f"<table><caption>{html.escape(caption)}</caption><thead><tr>{head}</tr></thead>"
        f"<tbody>{''.join(body)}</tbody></table>"
    )


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST_TEXT else f"{text[:_LONGEST_TEXT]}… (whole in the CSV)"


def _link(address: str) -> str:
    """A link named by the end of its address: the number of a notice."""
    name = address.rstrip("/").rpartition("/")[2]
    return f'<a href="{html.escape(address)}">{html.escape(name)}</a>' if address else ""


def _class(column: Column, text: str = "") -> str:
    if not column.on_paper:
        return ' class="off-paper"'
    if column.format == "link":
        return ""
    if column.format not in ("text", "flag"):
        return ' class="num"'
    # On paper a name without a blank, such as a file's, may be broken anywhere; a word may not.
    is_long = any(len(word) > (_LONGEST_PATH if "/" in word else _LONGEST_WORD) for word in text.split())
    return ' class="long"' if is_long else ""


def to_csv(frame: pd.DataFrame, columns: Sequence[Column]) -> str:
    """The same table as CSV with plain numbers (shares 0 to 1, pounds to the penny); negatives stay negative."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow([neutral(column.heading) for column in columns])
    for row in frame[[column.name for column in columns]].itertuples(index=False, name=None):
        writer.writerow([_plain(value, column.format) for value, column in zip(row, columns, strict=True)])
    return buffer.getvalue()


def _plain(value: object, form: Format) -> str:
    if value is None or value is pd.NaT or (isinstance(value, float) and pd.isna(value)):
        return ""
    if form in ("text", "flag", "link"):
        return neutral(cell(value, form))
    amount = float(value)  # type: ignore[arg-type]
    amount = amount / 1000 if form == "tonnes" else amount
    places = {"gbp": 2, "share": 6, "decimal": 3, "decimal2": 4, "tonnes": 6}.get(form, 0)
    return f"{amount:.{places}f}" if round(amount, places) else f"{0:.{places}f}"
