"""How the account of raw files is shown at a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from cwb.cli.terminal import out

if TYPE_CHECKING:
    from cwb.sources.report import FileReport

_SHOWN_REFUSALS = 10


def show_reports(reports: list[FileReport]) -> None:
    """Print one table row per file, then what was refused or not used of each."""
    table = Table(title="Rows and pounds of each file: in = kept + refused + delivered twice")
    for heading in ("File", "Source"):
        table.add_column(heading)
    for heading in [
        "Rows",
        "Kept",
        "Refused",
        "Twice",
        "£ in",
        "£ kept",
        "£ refused",
        "£ twice",
        "Not named",
        "£ not named",
    ]:
        table.add_column(heading, justify="right", no_wrap=True)
    for r in reports:
        counts = [f"{n:,}" for n in (r.rows, r.kept, r.refused, r.duplicates)]
        pounds = [f"{p:,.2f}" for p in (r.gbp_in, r.gbp_kept, r.gbp_refused, r.gbp_duplicates)]
        style = "red" if r.error or r.is_lost else None
        unnamed = (f"{r.unknown_supplier_rows:,}", f"{r.gbp_unknown:,.2f}")
        table.add_row(escape(r.file), r.source, *counts, *pounds, *unnamed, style=style)
    Console(width=max(out.width, 165)).print(table)
    for r in reports:
        if r.error:
            out.print(f"[bold red]Refused whole[/] {escape(r.error)}", highlight=False)
        if r.is_lost:
            said = f"none of its {r.rows:,} rows is kept; see why below, or ask the publisher for another file"
            out.print(f"[bold red]Nothing read[/] of {escape(r.file)}: {said}", highlight=False)
        for reason, count in r.refused_by_reason().items():
            out.print(f"[yellow]{escape(r.file)}[/]: {count} rows refused, {escape(reason)}", highlight=False)
        for refusal in r.refusals[:_SHOWN_REFUSALS]:
            found = f" (found {refusal.value!r})" if refusal.value is not None else ""
            place = f"sheet '{refusal.sheet}', " if refusal.sheet else ""
            column = f", column '{refusal.column}'" if refusal.column else ""
            text = f"  {place}row {refusal.row}{column}: {refusal.reason}{found}. {refusal.remedy}"
            out.print(escape(text), highlight=False)
        if r.refused > _SHOWN_REFUSALS:
            out.print(f"  … and {r.refused - _SHOWN_REFUSALS} more (all with --json)", highlight=False)
        for note in r.notes:
            out.print(f"[dim]{escape(r.file)}: {escape(note)}[/]", highlight=False)
        for text, names in (
            ("rows delivered before by", r.duplicate_of),
            ("columns not used:", r.unmatched_columns),
        ):
            if names:
                out.print(f"[dim]{escape(r.file)}: {text} {escape(', '.join(names))}[/]", highlight=False)
