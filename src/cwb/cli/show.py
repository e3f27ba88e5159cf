"""How the account of raw files is shown at a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.markup import escape
from rich.table import Table

from cwb.cli.terminal import SafeConsole, out

if TYPE_CHECKING:
    from cwb.council.sections import FileMapping
    from cwb.sources.proposals import Proposal
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
        style = "red" if (r.error and not r.is_skipped) or r.is_lost else None
        unnamed = (f"{r.unknown_supplier_rows:,}", f"{r.gbp_unknown:,.2f}")
        table.add_row(escape(r.file), r.source, *counts, *pounds, *unnamed, style=style)
    SafeConsole(width=max(out.width, 165)).print(table)
    from cwb.sources.report import rows_of  # noqa: PLC0415 - --help must not wait for it

    for r in reports:
        if r.error:
            said = "[bold]Passed over[/]" if r.is_skipped else "[bold red]Refused whole[/]"
            out.print(f"{said} {escape(r.error)}", highlight=False)
        if r.is_lost:
            said = f"{'its only row is not' if r.rows == 1 else f'none of its {r.rows:,} rows is'} kept; see why below, or ask the publisher for another file"
            out.print(f"[bold red]Nothing read[/] of {escape(r.file)}: {said}", highlight=False)
        for reason, count in r.refused_by_reason().items():
            out.print(f"[yellow]{escape(r.file)}[/]: {rows_of(count)} refused, {escape(reason)}", highlight=False)
        for refusal in r.refusals[:_SHOWN_REFUSALS]:
            found = f" (found {refusal.value!r})" if refusal.value is not None else ""
            place = f"sheet '{refusal.sheet}', " if refusal.sheet else ""
            column = f", column '{refusal.column}'" if refusal.column else ""
            text = f"  {place}row {refusal.row}{column}: {refusal.reason}{found}. {refusal.remedy}"
            out.print(escape(text), highlight=False)
        if r.refused > _SHOWN_REFUSALS:
            out.print(f"  … and {r.refused - _SHOWN_REFUSALS} more (all with --json)", highlight=False)
        for note in (*map(str, r.unread), *r.notes):
            out.print(f"[dim]{escape(r.file)}: {escape(note)}[/]", highlight=False)
        for text, names in (
            ("rows delivered before by", r.duplicate_of),
            ("columns not used:", r.unmatched_columns),
        ):
            if names:
                out.print(f"[dim]{escape(r.file)}: {text} {escape(', '.join(names))}[/]", highlight=False)


def show_proposals(proposed: list[Proposal], mappings: list[FileMapping]) -> None:
    """Print how files whose headings are not known may be read, with rows of each so read, and the lines of cwb.toml."""
    from cwb.sources.mapping import as_toml  # noqa: PLC0415
    from cwb.sources.report import rows_of  # noqa: PLC0415

    for one in proposed:
        said = "may be read so" if one.columns else "no mapping is proposed"
        out.print(f"[bold]{escape(one.file.label)}[/]: {said}", highlight=False)
        for text in (*one.reasons, *one.doubts):
            out.print(escape(f"  {text}"), highlight=False)
        if one.report is not None:
            read = f"{one.report.kept:,} of {rows_of(one.report.rows)}, £{one.report.gbp_kept:,.2f}"
            out.print(f"  so read: {read}", highlight=False)
        for text in one.samples:
            out.print(escape(f"    {text}"), highlight=False)
    if mappings:
        out.print("If that is right, put this into cwb.toml (or run cwb check --write-mapping):", highlight=False)
        for mapping in mappings:
            out.print(escape(as_toml(mapping)), highlight=False)
    if not all(one.columns for one in proposed):
        out.print(
            "What a column holds can be said in cwb.toml under mappings: see docs/mapping.md.", highlight=False
        )
