"""evidence.xlsx: every finding and every table of a report in one accessible workbook, by the government's gptables.

A cover, contents with links, notes, and one table a sheet. Numbers are numbers; a text is never a formula, whatever it
begins with.
"""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Iterable, Mapping
from datetime import datetime, time
from typing import TYPE_CHECKING

import pandas as pd

from cwb.charts.figure import ExhibitRecord
from cwb.council.config import Settings
from cwb.council.periods import Period
from cwb.evidence.record import FindingRecord
from cwb.packs.pack import Pack
from cwb.publish.fixed_zip import fixed_zip
from cwb.publish.sheets import FINDINGS, LONGEST_NAME, NOT_KNOWN, WIDEST, Cell, Sheet, findings_sheet, table_sheets

if TYPE_CHECKING:
    from gptables import GPTable

NAME = "evidence.xlsx"
_LONGEST_CELL = 32_767
_A4 = 9
_NOTES = {
    NOT_KNOWN: "[not known]: the files do not tell it, or too little of it is known to state a number. It is never nought. For "
    f"a finding, the sheet {FINDINGS} says why, and what would settle it.",
    "range": "From and To are the least and the most that the value can be, whatever is true of what is not known. [no range] "
    "stands where nothing unknown can move the value, or where it is not known itself.",
}
_BLANKS = " A blank cell: the files state nothing, or it does not apply."


def evidence_workbook(
    settings: Settings,
    period: Period,
    exhibits: Mapping[Pack, tuple[ExhibitRecord, ...]],
    findings: Iterable[FindingRecord],
) -> bytes:
    """The workbook of a report: its findings, then the tables of each pack. A table that several packs show alike, such as the
    account of the files, stands in it once."""
    import gptables  # noqa: PLC0415 - only what builds a report needs it

    council, label = settings.council.name, period.label
    sheets = [findings_sheet(findings, label), *table_sheets(exhibits)]
    target = io.BytesIO()
    title = f"{council}: evidence on community wealth building, {label}"
    cover = gptables.Cover(
        _plain(title),
        intro=[
            _plain(text)
            for text in (
                *(["The suppliers and payments in this workbook are fictional."] if settings.council.illustrative else []),
                f"Every finding and every table of the evidence packs of {label}. Local means {settings.local.name}.",
                "The sheet Contents leads to each table; the sheet Notes explains what stands in brackets.",
            )
        ],
        about=[
            "Pounds are to the penny, shares are numbers from 0 to 1 that are shown in percent, tonnes are of CO2e.",
            "A payee is named only where there is evidence that it is an organisation; the pounds of all others are in every total.",
            "Whoever holds the raw files can have every byte of this workbook made again: see index.html beside it.",
        ],
    )  # fmt: skip
    with warnings.catch_warnings():
        # It warns of every blank cell, which the sheets explain.
        warnings.simplefilter("ignore")
        book = gptables.produce_workbook(
            target,
            {sheet.name: _gptable(sheet) for sheet in sheets},
            cover=cover,
            contentsheet_options={"column_names": ["Sheet", "Table"]},
            notes_table=pd.DataFrame({"Note": list(_NOTES), "Text": list(_NOTES.values())}),
            auto_width=False,
            workbook_options={"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False},
        )
    _, contents, notes, *made = book.worksheets()
    for sheet in (contents, notes):
        sheet.set_column(0, 0, LONGEST_NAME)
        sheet.set_column(1, 1, 2 * WIDEST)
    for described, sheet in zip(sheets, made, strict=True):
        for at, width in enumerate(described.widths()):
            sheet.set_column(at, at, width)
        # Title, subtitles, instructions and source stand above the headings.
        headings = 3 + len(described.subtitles)
        for at, height in enumerate(described.heights()):
            sheet.set_row(headings + at, height)
        sheet.repeat_rows(headings)
        sheet.set_landscape()
    for sheet in book.worksheets():
        sheet.set_paper(_A4)
        sheet.fit_to_pages(1, 0)
    book.set_properties(
        {
            "title": title,
            "author": council,
            "subject": "Community wealth building",
            "created": datetime.combine(period.end, time()),
        }
    )
    book.close()
    return fixed_zip(target.getvalue())


def _gptable(sheet: Sheet) -> GPTable:
    import gptables  # noqa: PLC0415

    rows = [[_shown(value) for value in row] for row in sheet.rows]
    blanks = _BLANKS if any(value == "" for row in rows for value in row) else ""
    columns: list[dict[str, object]] = [
        {"column": {"columns": [at], "format": {"num_format": form, "align": "right"}, "include_names": False}}
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
