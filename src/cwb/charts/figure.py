"""The display object: a live Plotly chart in JupyterLab, a whole accessible `<figure>` in the pack."""

from __future__ import annotations

import html
from collections.abc import Sequence
from contextvars import ContextVar
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum

import pandas as pd
import pydantic

from cwb.base.characters import printable, printable_tree
from cwb.charts import live, static
from cwb.charts.charts import Areas, Bars, Chart, describe
from cwb.charts.tables import Column, to_csv, to_html
from cwb.charts.tiles import Tile
from cwb.charts.wording import listed
from cwb.evidence.finding import Finding
from cwb.evidence.record import FindingRecord, record

# The MIME type under which an exhibit carries its findings and table; readers other than the pack ignore it.
EXHIBIT = "application/vnd.cwb.exhibit+json"
PLOTLY = "application/vnd.plotly.v1+json"
# Whether a figure is also drawn live: in JupyterLab it is; a pack uses the static drawing alone and need not wait.
LIVE: ContextVar[bool] = ContextVar("live", default=True)
OPEN_TABLE_ROWS = 16
_LONGEST_ALONE = 60
# A table on paper stops here.
_PAPER_ROWS = 10
TITLE_WORDS = 15
_LONGEST_CAUSE = 200


class Paper(StrEnum):
    """What of an exhibit's chart and table is printed: the chart or else ten rows of the table, all rows, or neither, where they
    add little to the sentences."""

    FIRST_ROWS = "first rows"
    ALL_ROWS = "all rows"
    SENTENCES = "sentences"


@pydantic.dataclasses.dataclass(frozen=True)
class ExhibitRecord:
    """What a report stores of an exhibit: its heading, the reason if it is undefined, its findings, its table as CSV with what
    its columns hold; what went wrong where it could not be drawn; the texts that stand by it; and its words, to be held against one
    another: sentences, tiles, and bars from zero as (group, value, text)."""

    id: str
    title: str
    undefined: str | None
    is_chart: bool
    findings: tuple[FindingRecord, ...]
    csv_name: str
    csv: str | None
    failed: str = ""
    caption: str = ""
    subtitle: str = ""
    source: str = ""
    columns: tuple[Column, ...] = ()
    says: tuple[str, ...] = ()
    tiles: tuple[str, ...] = ()
    bars: tuple[tuple[str, float, str], ...] = ()


def read_exhibit(output: object) -> ExhibitRecord:
    """The record that a notebook's output holds under `EXHIBIT`."""
    return pydantic.TypeAdapter(ExhibitRecord).validate_python(output)


def in_short(error: Exception) -> str:
    """An error as a page may say it: its kind and its first line, and no more of it than a sentence holds."""
    lines = str(error).splitlines()
    return f"{type(error).__name__}: {lines[0][:_LONGEST_CAUSE]}" if lines else type(error).__name__


def short_heading(title: str, question: str) -> tuple[str, tuple[str, ...]]:
    """A heading and the sentences that follow it: numbers may make a title longer than a heading is read, and then the question
    stands for it."""
    if len(title.split()) <= TITLE_WORDS:
        return title, ()
    return question, (f"{title}.",)


@dataclass(frozen=True)
class Figure:
    """One exhibit of a pack: a heading that states the finding, a chart, what it shows, its table and source.

    `chart` is None for a table on its own, and for an exhibit that is `undefined` and says why. Of a table longer than
    `most_rows` the page shows the first rows and says so; the CSV has all. `failed` is what went wrong where it could not be
    drawn: it stands in the exhibit's place, and takes nothing from the others. `paper` is what is printed of it.
    """

    id: str
    title: str
    subtitle: str
    table: pd.DataFrame
    columns: Sequence[Column]
    caption: str
    source: str
    chart: Chart | None = None
    says: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    undefined: str | None = None
    settles: str | None = None
    tiles: tuple[Tile, ...] = field(default=())
    pack: str = ""
    most_rows: int | None = None
    failed: str = ""
    paper: Paper = Paper.FIRST_ROWS

    def __post_init__(self) -> None:
        if len(self.title.split()) > TITLE_WORDS:
            raise ValueError(f"a heading has at most {TITLE_WORDS} words: {self.title!r}")
        # Spreadsheets and other programs find a column by its heading.
        headings = [column.heading.casefold() for column in self.columns]
        if len(headings) != len(set(headings)):
            raise ValueError(f"no two columns of a table have one heading: {', '.join(headings)}")

    @property
    def csv_name(self) -> str:
        """The table's file below `tables/`: packs have exhibits of the same name, each with its own folder."""
        return f"{self.pack}/{self.id}.csv" if self.pack else f"{self.id}.csv"

    def not_drawn(self, error: Exception) -> Figure:
        """What stands in the exhibit's place where it cannot be drawn: its heading, and why."""
        why = in_short(error)
        return replace(self, chart=None, tiles=(), undefined=f"it could not be drawn: {why}", failed=why)

    def to_html(self) -> str:
        """The exhibit as one `<figure>`, complete without JavaScript and without a network, every character printable."""
        return printable(self._html())

    def _html(self) -> str:
        anchor = f"fig-{self.id}"
        text = html.escape
        if self.undefined:
            return (
                f'<figure class="exhibit undefined" id="{anchor}" aria-labelledby="{anchor}-h">'
                f'<h3 id="{anchor}-h">{text(self.title)}</h3>'
                f"<p>Not known, because {text(self.undefined)}.{f' {text(self.settles)}' if self.settles else ''}</p></figure>"
            )
        # On paper a map gives way to its ranked table, which takes less room.
        is_drawn = not isinstance(self.chart, Areas) and self.paper is not Paper.SENTENCES
        kind = "exhibit" if is_drawn else "exhibit undrawn"
        parts = [
            f'<figure class="{kind}" id="{anchor}" aria-labelledby="{anchor}-h"><div class="keep">',
            f'<h3 id="{anchor}-h">{text(self.title)}</h3><p class="subtitle">{text(self.subtitle)}</p>',
        ]
        if self.tiles:
            # A plain list: JupyterLab has no style for it, and it must read well without one.
            parts.append(f'<ul class="tiles">{"".join(tile.to_html() for tile in self.tiles)}</ul>')
        if self.chart is not None:
            drawing = static.draw(self.chart, f"{self.title}. {describe(self.chart)}")
            if isinstance(self.chart, Areas):
                # A map alone may be wider than a narrow page.
                label = f"Chart: {text(self.title, quote=True)}"
                drawing = f'<section class="scroll" tabindex="0" aria-label="{label}">{drawing}</section>'
                drawing += f'<p class="off-paper">{text(self.chart.origin)}</p>' if self.chart.origin else ""
            parts.append(drawing)
        parts += [f"<p>{text(sentence)}</p>" for sentence in self.says]
        parts.append(
            f'<p class="source">Source: {text(self.source)}. '
            f'<a href="tables/{text(self.csv_name)}" download>Table as CSV<span class="unseen">: '
            f"{text(self.caption)}</span></a></p></div>"
        )
        # Tiles say all that their table does.
        if not self.tiles:
            parts.append(self._table_html(is_alone=self.chart is None))
        return "".join(parts) + "</figure>"

    def _table_html(self, is_alone: bool) -> str:
        rows = self.table if self.most_rows is None else self.table.head(self.most_rows)
        is_part = len(rows) < len(self.table)
        table = to_html(rows, self.columns, self.caption)
        label = html.escape(f"Table: {self.caption}", quote=True)
        kind, note = self._on_paper()
        if is_part:
            sentence = f"The first {len(rows):,} of {len(self.table):,} rows; all are in the workbook and the CSV."
            note = f'<p class="off-paper">{sentence}</p>{note}'
        box = f'<section class="{kind}" tabindex="0" aria-label="{label}">{table}</section>{note}'
        if is_alone and len(rows) <= _LONGEST_ALONE:
            return box
        # Short tables are open: a closed one is easily missed, above all on paper.
        is_open = " open" if len(rows) <= OPEN_TABLE_ROWS else ""
        count = f"{len(rows):,} row{'s' if len(rows) != 1 else ''}" + (
            f" of {len(self.table):,}" if is_part else ""
        )
        return f"<details{is_open}><summary>Table: {html.escape(self.caption)} ({count})</summary>{box}</details>"

    def _on_paper(self) -> tuple[str, str]:
        """The class of the table's box, by which paper leaves out what the chart prints, long tables behind a chart, and all rows
        but the first of others; and the sentence that paper says instead."""
        first, more = self.table.head(_PAPER_ROWS), len(self.table) - _PAPER_ROWS
        if self.paper is Paper.ALL_ROWS:
            return "scroll", self._columns_left_out()
        if self.paper is Paper.SENTENCES:
            what = "Chart and table are" if self.chart is not None else "The table is"
            return "scroll off-paper", f'<p class="on-paper">{what} in the pack on screen and in the workbook.</p>'
        if self.chart is not None and not isinstance(self.chart, Areas):
            printed = describe(self.chart).casefold()
            is_repeated = all(str(label).casefold() in printed for label in first[self.columns[0].name])
            if more > 0:
                sentence = f"All {len(self.table):,} rows are in the workbook and the CSV."
                return "scroll off-paper", f'<p class="on-paper">{sentence}</p>'
            return ("scroll off-paper", "") if is_repeated else ("scroll", self._columns_left_out())
        if more < 1:
            return "scroll", self._columns_left_out()
        others = f"The other {more:,} rows are" if more > 1 else "The other row is"
        return (
            "scroll ten",
            f'<p class="on-paper">{others} in the workbook and the CSV.</p>{self._columns_left_out()}',
        )

    def _columns_left_out(self) -> str:
        """The sentence that names the columns that paper has no room for."""
        names = [column.heading for column in self.columns if not column.on_paper and not column.csv_only]
        if not names:
            return ""
        return f'<p class="on-paper">Not printed: {html.escape(listed(names))}.</p>'

    def exhibit(self) -> dict[str, object]:
        """What the report stores beside the HTML, as JSON: see `ExhibitRecord`."""
        record_json: dict[str, object] = printable_tree(
            {
                "id": self.id,
                "title": self.title,
                "undefined": self.undefined,
                "is_chart": self.chart is not None,
                "findings": [record(finding).as_json() for finding in self.findings],
                "csv_name": self.csv_name,
                "csv": None if self.undefined else to_csv(self.table, self.columns),
                "failed": self.failed,
                "caption": self.caption,
                "subtitle": self.subtitle,
                "source": self.source,
                "columns": [asdict(column) for column in self.columns],
                "says": list(self.says),
                "tiles": [f"{tile.label} {tile.value} {tile.note}".strip() for tile in self.tiles],
                "bars": self._bars(),
            }
        )
        return record_json

    def _bars(self) -> list[list[object]]:
        drawn = self.chart.bars if isinstance(self.chart, Bars) else ()
        return [] if any(bar.start for bar in drawn) else [[bar.group, bar.value, bar.text] for bar in drawn]

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, object]:
        # IPython would swallow an error of this method and show nothing.
        try:
            return self._bundle()
        except Exception as error:
            if self.failed:
                raise
            return self.not_drawn(error)._bundle()

    def _bundle(self) -> dict[str, object]:
        bundle: dict[str, object] = {
            "text/html": self.to_html(),
            "text/plain": f"{self.title}\n{self.subtitle}",
            EXHIBIT: self.exhibit(),
        }
        if self.chart is not None and LIVE.get():
            bundle[PLOTLY] = live.draw(self.chart, self.title, self.subtitle)
        return bundle
