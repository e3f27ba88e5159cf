"""evidence.xlsx: every finding and every table of a report in one accessible workbook, by the government's gptables.

A cover, contents with links, notes, and one table a sheet. Numbers are numbers; a text is never a formula, whatever it
begins with.
"""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Iterable, Mapping
from copy import deepcopy
from datetime import datetime, time
from typing import TYPE_CHECKING

import pandas as pd

from cwb.charts.figure import ExhibitRecord
from cwb.council.config import Settings
from cwb.council.periods import Period
from cwb.evidence.headcounts import FEWER, KEPT_BACK
from cwb.evidence.record import FindingRecord
from cwb.packs.pack import Pack
from cwb.publish.fixed_zip import fixed_zip
from cwb.publish.sheets import (
    FINDINGS,
    LONGEST_NAME,
    NOT_KNOWN,
    Cell,
    Sheet,
    findings_sheet,
    height_of,
    table_sheets,
)

if TYPE_CHECKING:
    from gptables import GPTable, GPWorkbook, Theme

NAME = "evidence.xlsx"
_LONGEST_CELL = 32_767
_A4, _COVER, _HEADING = 9, 80, 21.0
# Rows above the headings of a table: its title, instructions and source.
_ABOVE = 3
_NOTES = {
    NOT_KNOWN: "[not known]: the files do not tell it, or too little of it is known to state a number. It is never zero. For "
    f"a finding, the sheet {FINDINGS} says why, and what would settle it.",
    "range": "From and To are the least and the most that the value can be, whatever is true of what is not known. [no range] "
    "stands where nothing unknown can move the value, or where it is not known itself.",
}
_BLANKS = " A blank cell: the files state nothing, or it does not apply."


def evidence_sheets(
    period: Period, exhibits: Mapping[Pack, tuple[ExhibitRecord, ...]], findings: Iterable[FindingRecord]
) -> list[Sheet]:
    """What the workbook of a report has: its findings, then the tables of each pack and of the annex."""
    return [findings_sheet(findings, period.label), *table_sheets(exhibits)]


def evidence_workbook(settings: Settings, period: Period, sheets: list[Sheet]) -> bytes:
    """The workbook of a report with its sheets, which travel to another process as packs do not."""
    import gptables  # noqa: PLC0415 - only what builds a report needs it

    title = _plain(f"{settings.council.name}: evidence on community wealth building, {period.label}")
    intro, about = _cover_texts(settings, period)
    cover = gptables.Cover(title, intro, about, width=_COVER)
    target = io.BytesIO()
    with warnings.catch_warnings():
        # It warns of every blank cell, which the sheets explain.
        warnings.simplefilter("ignore")
        book = gptables.produce_workbook(
            target,
            {sheet.name: _gptable(sheet) for sheet in sheets},
            theme=_theme(),
            cover=cover,
            contentsheet_options={"column_names": ["Sheet", "Table"]},
            notes_table=pd.DataFrame({"Note": list(_NOTES), "Text": list(_NOTES.values())}),
            auto_width=False,
            workbook_options={"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False},
        )
    # A heading of the library's own stands above the introduction and above what follows it.
    _lay_out(book, sheets, [title, "", *intro, "", *about])
    created = datetime.combine(period.end, time())
    properties = {"title": title, "author": settings.council.name, "created": created}
    book.set_properties({**properties, "subject": "Community wealth building"})
    book.close()
    return fixed_zip(target.getvalue())


def _theme() -> Theme:
    """The government's, with cells that begin at the top of their row and a little off their neighbours."""
    import gptables  # noqa: PLC0415

    theme = deepcopy(gptables.gptheme)
    theme.update_data_format({"valign": "top", "indent": 1})
    theme.update_column_heading_format({"indent": 1})
    return theme


def _cover_texts(settings: Settings, period: Period) -> tuple[list[str], list[str]]:
    """What the cover says of the workbook, and of its numbers."""
    is_fictional = (
        ["The suppliers and payments in this workbook are fictional."] if settings.council.illustrative else []
    )
    intro = [
        *is_fictional,
        f"Every finding and every table of the evidence packs of {period.label}.",
        f"Local means {settings.local.name}.",
        "The sheet Contents leads to each table; the sheet Notes explains what stands in brackets.",
    ]
    about = [
        "Pounds are to the penny. Shares are numbers from 0 to 1, shown in percent. Tonnes are of CO2e.",
        f"Numbers of people under 5 are [{FEWER}], nobody included; what would give one back is [{KEPT_BACK}].",
        "A payee is named only on evidence that it is an organisation; all others are in every total.",
        "Whoever holds the raw files can have every byte made again: see index.html beside it.",
    ]
    return [_plain(text) for text in intro], about


def _lay_out(book: GPWorkbook, sheets: list[Sheet], cover: list[str]) -> None:
    """Widths, heights and the layout on paper. Heights are set, for not every program finds them by itself."""
    first, contents, notes, *of_tables = book.worksheets()
    for at, text in enumerate(cover):
        first.set_row(at, max(_HEADING, height_of([text], [_COVER])))
    for sheet in (contents, notes):
        sheet.set_column(0, 0, LONGEST_NAME)
        sheet.set_column(1, 1, _COVER)
    for at, text in enumerate(_NOTES.values()):
        notes.set_row(_ABOVE + at, height_of([text], [_COVER]))
    for described, sheet in zip(sheets, of_tables, strict=True):
        widths = described.widths()
        for at, width in enumerate(widths):
            sheet.set_column(at, at, width)
        headings = _ABOVE + len(described.subtitles)
        for at, row in enumerate(described.lines()):
            sheet.set_row(headings + at, height_of(row, widths))
        sheet.repeat_rows(headings)
        sheet.set_landscape()
    for sheet in book.worksheets():
        sheet.set_paper(_A4)
        sheet.fit_to_pages(1, 0)


def _gptable(sheet: Sheet) -> GPTable:
    import gptables  # noqa: PLC0415

    rows = [[_shown(value) for value in row] for row in sheet.rows]
    blanks = _BLANKS if any(value == "" for row in rows for value in row) else ""
    columns: list[dict[str, object]] = [
        {"column": {"columns": [at], "format": {"num_format": form, "align": "right"}, "include_names": True}}
        for at, form in sheet.formats.items()
    ]
    columns += [
        {"cell": {"cells": (row + 1, at), "format": {"num_format": form}}}
        for (row, at), form in sheet.cells.items()
    ]
    return gptables.GPTable(
        table=pd.DataFrame(rows, columns=list(sheet.headings), dtype=object),
        table_name="table_" + re.sub(r"\W+", "_", sheet.name),
        title=_plain(sheet.title),
        subtitles=[_plain(text) for text in sheet.subtitles],
        instructions=f"This worksheet contains one table. What stands in brackets is explained on the sheet Notes.{blanks}",
        source=_plain(f"Source: {sheet.source}"),
        table_notes={at: f"$${note}$$" for at, note in sheet.notes.items()},
        index_columns={},
        additional_formatting=columns,
    )


def _shown(value: Cell) -> object:
    """A cell as gptables writes it unchanged: it would take brackets for a link, and refuses a text without a Latin letter
    or digit, but not where the same is given as a text with a format of its own."""
    if value is None:
        return f"[{NOT_KNOWN}]"
    if isinstance(value, str):
        text = value if len(value) <= _LONGEST_CELL else f"{value[: _LONGEST_CELL - 1]}…"
        if text.strip() and ("](" in text or not re.search("[a-zA-Z0-9]", text)):
            from gptables.core.gptable import FormatList  # noqa: PLC0415

            return FormatList([{}, text])
        return text
    return value


def _plain(text: str) -> str:
    """A heading or sentence without what gptables takes for a link or a note."""
    return text.replace("](", "] (").replace("$$", "$ $")
