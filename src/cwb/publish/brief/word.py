"""A Word file of headings, paragraphs and tables that screen readers find their way in, the same bytes for the same content."""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from cwb.base.characters import printable
from cwb.publish.fixed_zip import fixed_zip

if TYPE_CHECKING:
    from docx.document import Document

_LANGUAGE, _FONT, _POINTS = "en-GB", "Arial", 12
_HEADING_POINTS = {"Title": 20, "Heading 1": 15, "Heading 2": 13}
_PAGE_MM, _MARGIN_MM = (210, 297), 20


@dataclass(frozen=True)
class Heading:
    """A heading of a level from 1 on."""

    text: str
    level: int


@dataclass(frozen=True)
class Text:
    """A paragraph, in one of Word's own styles."""

    text: str
    style: str = "Normal"


@dataclass(frozen=True)
class Table:
    """A table with a row of headings, which is repeated on each page; `says` tells what it is to those who do not see it."""

    description: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


Block = Heading | Text | Table


def word_file(title: str, author: str, day: date, blocks: Iterable[Block]) -> bytes:
    """The file: A4, in British English, with title, author and a fixed day among its properties."""
    from docx import Document  # noqa: PLC0415 - only what builds a report needs it

    document = Document()
    properties = document.core_properties
    properties.title, properties.author, properties.language = printable(title), printable(author), _LANGUAGE
    properties.created = properties.modified = datetime.combine(day, time())
    properties.comments = ""
    _prepare(document)
    document.add_paragraph(printable(title), style="Title")
    for block in blocks:
        match block:
            case Heading():
                document.add_heading(printable(block.text), block.level)
            case Text():
                document.add_paragraph(printable(block.text), style=block.style)
            case Table():
                _add_table(document, block)
    target = io.BytesIO()
    document.save(target)
    return fixed_zip(target.getvalue())


def _prepare(document: Document) -> None:
    """Language, fonts, paper and a page number, which the library's own template has otherwise or not."""
    from docx.oxml import OxmlElement  # noqa: PLC0415
    from docx.oxml.ns import qn  # noqa: PLC0415
    from docx.shared import Mm, Pt, RGBColor  # noqa: PLC0415

    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), _LANGUAGE)
    for name, points in {"Normal": _POINTS, **_HEADING_POINTS}.items():
        font = document.styles[name].font
        font.name, font.size, font.color.rgb = _FONT, Pt(points), RGBColor(0, 0, 0)
        # A font of the theme would go before it.
        fonts = font.element.rPr.rFonts
        for theme in [key for key in fonts.attrib if key.endswith("Theme")]:
            del fonts.attrib[theme]
    # Room between a table and what follows it.
    document.styles["Normal"].paragraph_format.space_before = Pt(_POINTS / 2)
    section = document.sections[0]
    section.page_width, section.page_height = (Mm(side) for side in _PAGE_MM)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Mm(_MARGIN_MM)
    number = OxmlElement("w:fldSimple")
    number.set(qn("w:instr"), "PAGE")
    footer = section.footer.paragraphs[0]
    footer.add_run("Page ")
    footer._p.append(number)


def _add_table(document: Document, table: Table) -> None:
    from docx.oxml import OxmlElement  # noqa: PLC0415
    from docx.oxml.ns import qn  # noqa: PLC0415

    grid = document.add_table(rows=0, cols=len(table.headings), style="Table Grid")
    for name in ("w:tblCaption", "w:tblDescription"):
        element = OxmlElement(name)
        element.set(qn("w:val"), printable(table.description))
        grid._tbl.tblPr.append(element)
    for number, texts in enumerate((table.headings, *table.rows)):
        row = grid.add_row()
        marks = row._tr.get_or_add_trPr()
        for name in ("w:cantSplit", *(["w:tblHeader"] if number == 0 else [])):
            marks.append(OxmlElement(name))
        for cell, text in zip(row.cells, texts, strict=True):
            run = cell.paragraphs[0].add_run(printable(text))
            run.bold = number == 0
