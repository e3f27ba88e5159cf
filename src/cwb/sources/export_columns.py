"""The council's own mapping of an export whose headings are its licensor's: `social_value_columns.csv`, beside it or in a folder above.

Two columns, "our column" and "export column". "unused" passes a column of the export over, and "theme work" beside "Jobs" says
that the export's theme "Jobs" is the theme of work. We ship no such mapping: headings and measures are their owners'.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

from cwb.base.errors import Fault, SourceError
from cwb.council.sections import FileMapping
from cwb.sources.fields import Field, coded, given_twice
from cwb.sources.headers import SEARCHED_ROWS
from cwb.sources.layout import UNUSED, Layout, normalise_header
from cwb.sources.person_columns import person_column, person_fault
from cwb.sources.report import FileReport, RawFile
from cwb.sources.source import Job
from cwb.sources.tables import TableSource
from cwb.sources.tabular import open_grids

COLUMNS_FILE = "social_value_columns.csv"
_THEME = "theme "


@dataclass(frozen=True)
class ExportColumns:
    """What a mapping says: heading of the export → our field (or "unused"), and the export's theme, in lower case → ours."""

    columns: dict[str, str] = field(default_factory=dict)
    themes: dict[str, str] = field(default_factory=dict)

    def put_on(self, file: RawFile) -> RawFile:
        """The file with these headings; what the settings say of it stands above them."""
        if not self.columns:
            return file
        mapping = file.mapping or FileMapping(files=(file.label,))
        return replace(file, mapping=mapping.model_copy(update={"columns": {**self.columns, **mapping.columns}}))


def columns_file(path: Path, top: str) -> Path | None:
    """The mapping of an export: beside it, else in the nearest folder above that is below the folder `top`, or that folder."""
    for folder in path.parents:
        if (found := folder / COLUMNS_FILE).is_file():
            return found
        if folder.name == top:
            return None
    return None


def read_columns(
    job: Job, file: RawFile, fields: dict[str, Field], themes: tuple[str, ...]
) -> tuple[ExportColumns, FileReport]:
    """A mapping and its account; a row that names no column of ours is refused."""
    source = _columns_source(fields, themes)
    table, report = source.read_or_report(job, file)
    pairs = list(zip(table["ours"], table["theirs"], strict=True)) if len(table) else []
    columns = {theirs: ours for ours, theirs in pairs if not ours.startswith(_THEME)}
    of_themes = {theirs.lower(): ours.removeprefix(_THEME) for ours, theirs in pairs if ours.startswith(_THEME)}
    return ExportColumns(columns, of_themes), report


def _columns_source(fields: dict[str, Field], themes: tuple[str, ...]) -> TableSource:
    headings = {normalise_header(alias): name for name, one in fields.items() for alias in one.aliases}
    known = headings | {f"{_THEME}{theme}": f"{_THEME}{theme}" for theme in themes} | {UNUSED: UNUSED}
    listed = [one.aliases[0] for one in fields.values()] + [f"{_THEME}{theme}" for theme in themes] + [UNUSED]
    return TableSource(
        name="social_value",
        absent="",
        fields={
            "ours": Field(("our column",), coded(lambda text: known.get(normalise_header(text)))).needed(
                "this is no column of ours", f"Write one of: {', '.join(listed)}."
            ),
            "theirs": Field(("export column",)).needed(
                "no column of the export", "Give its heading as the export has it."
            ),
        },
        rules=(given_twice(("theirs",), "the export's column stands above too", "Map it once."),),
    )


def require_mapped(job: Job, file: RawFile, layout: Layout, forms: dict[str, Field]) -> None:
    """Raise `SourceError` for an export with headings that nothing maps, or without one that is needed: it names them, and what is
    mapped."""
    layout = layout.with_columns(file.columns)
    with open_grids(file.path, job.scratch, direct=False, bounds=file.bounds) as grids:
        previews = [
            (grid.sheet, n, row) for grid in grids for n, row in enumerate(grid.preview[:SEARCHED_ROWS], 1)
        ]
    if not previews:
        return
    # The row with most headings that are known; of an export that is not mapped at all, the row with most cells.
    sheet, number, cells = max(
        previews,
        key=lambda at: (len(layout.match(at[2])), sum(bool((cell or "").strip()) for cell in at[2]), -at[1]),
    )
    if found := person_column(cells):
        raise SourceError(person_fault(file.path, sheet, number, found[1]))
    matched = layout.match(cells)
    passed_over = {heading for heading, name in layout.mapped.items() if name == UNUSED}
    strange = [
        cell.strip()
        for at, cell in enumerate(cells)
        if normalise_header(cell) and at not in matched.values() and normalise_header(cell) not in passed_over
    ]
    lacking = [forms[name].aliases[0] for name in layout.missing(matched)]
    if not strange and not lacking:
        return
    mapped = [f"{cells[at].strip()} is {forms[name].aliases[0]}" for name, at in matched.items()]
    rules = [f"headings of this export are not mapped: {', '.join(strange)}"] if strange else []
    rules += [f"no column is mapped to {', '.join(lacking)}"] if lacking else []
    raise SourceError(
        Fault(
            file=file.path.name,
            sheet=sheet,
            row=number,
            rule="; ".join(rules),
            remedy=f'Write a row for each into {COLUMNS_FILE} beside it (our column, export column; "{UNUSED}" for one that is not '
            f"needed). Mapped are: {'; '.join(mapped) or 'none'}.",
        )
    )
