"""How the account of raw files is shown at a terminal: what each file lacks, then one table of all sources."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING

from rich.markup import escape
from rich.table import Table

from cwb.cli.grouped import grouped
from cwb.cli.terminal import out, show_table

if TYPE_CHECKING:
    from cwb.council.sections import FileMapping
    from cwb.sources.proposals import Proposal
    from cwb.sources.report import FileReport, Unread

_FILES, _COLUMNS = 3, 8
# Payments are made in runs: the last run of a period may be some days before its end.
_PAYMENT_RUN = timedelta(days=6)


def show_reports(reports: list[FileReport], shows_all: bool = False) -> None:
    """Print what was not taken of each file, like rows together unless `shows_all`; what is told of files; the table of sources."""
    for report in reports:
        _show_file(report, shows_all)
    _show_notes(reports, shows_all)
    _show_sources(reports)


def _show_file(r: FileReport, shows_all: bool) -> None:
    from cwb.sources.report import rows_of  # noqa: PLC0415 - --help must not wait for it

    if r.error:
        verdict = "[bold]Passed over[/]" if r.is_skipped else "[bold red]Refused whole[/]"
        out.print(f"{verdict} {escape(r.error)}", highlight=False)
    if r.is_lost:
        why = f"{'its only row is not' if r.rows == 1 else f'none of its {r.rows:,} rows is'} kept; see why below, or ask the publisher for another file"
        out.print(f"[bold red]Nothing read[/] of {escape(r.file)}: {why}", highlight=False)
    if shows_all:
        kept = f"{rows_of(r.rows)}, {r.kept:,} kept{f', {_pounds(r.gbp_kept)}' if r.gbp_in else ''}"
        out.print(f"[bold]{escape(r.file)}[/] ({r.source}): {kept}", highlight=False)
    refused = r.truly_refused
    if refused.rows:
        unread = r.refused_without_pounds
        more = f", and the pounds of {unread:,} not known" if unread and refused.gbp else ""
        worth = f", {_pounds(refused.gbp)}{more}" if refused.gbp else ""
        out.print(f"[yellow]{escape(r.file)}[/]: {rows_of(refused.rows)} refused{worth}", highlight=False)
    faults = [r.headed(replace(fault, file=None)) for fault in r.faults()]
    for line in map(str, faults) if shows_all else grouped(faults):
        out.print(f"  {escape(line)}", highlight=False)
    if r.totals.rows:
        sentence = f"{rows_of(r.totals.rows)} of totals ({_pounds(r.totals.gbp)}): checked against the rows, and not counted again"
        out.print(f"[dim]{escape(r.file)}: {sentence}[/]", highlight=False)
    if r.duplicates:
        where = "twice in it" if r.duplicate_of == (r.file,) else f"before by {_some(r.duplicate_of, shows_all)}"
        sentence = f"{rows_of(r.duplicates)}{f' ({_pounds(r.gbp_duplicates)})' if r.gbp_duplicates else ''} delivered {where}"
        out.print(f"[dim]{escape(r.file)}: {escape(sentence)}[/]", highlight=False)


def _show_notes(reports: Sequence[FileReport], shows_all: bool) -> None:
    """What is told of files that were read: alike of several, once."""
    files: dict[str, list[str]] = {}
    unread: dict[tuple[str, str], list[tuple[str, Unread]]] = {}
    for r in reports:
        columns = list(dict.fromkeys(r.unmatched_columns))
        more = "" if shows_all or len(columns) <= _COLUMNS else f" and {len(columns) - _COLUMNS} more"
        shown = ", ".join(columns[:_COLUMNS] if more else columns)
        unused = [f"columns not used: {shown}{more}"] if columns else []
        for one in r.unread:
            unread.setdefault((r.source, r.heading_of(one.column)), []).append((r.file, one))
        for note in (*r.notes, *unused):
            files.setdefault(note, []).append(r.file)
    for (source, column), of in unread.items():
        if shows_all or len(of) == 1:
            lines = [f"{file}: {one.in_words(column)}" for file, one in of]
        else:
            rows = f"{sum(one.rows for _, one in of):,} values of {column} in {len(of):,} files"
            lines = [
                f"{source}: {rows} cannot be read and taken as not known (first: {of[0][1].examples[0]!r}){of[0][1].remedy}"
            ]
        for line in lines:
            out.print(f"[dim]{escape(line)}[/]", highlight=False)
    for note, names in files.items():
        out.print(f"[dim]{escape(f'{_some(names, shows_all)}: {note}')}[/]", highlight=False)


def _some(names: Sequence[str], shows_all: bool) -> str:
    if shows_all or len(names) <= _FILES + 1:
        return ", ".join(names)
    return f"{', '.join(names[:_FILES])} and {len(names) - _FILES:,} more files"


def _show_sources(reports: Iterable[FileReport]) -> None:
    """One line a source: rows = kept + refused + totals + twice, and the pounds kept."""
    from cwb.sources.report import rows_of  # noqa: PLC0415 - --help must not wait for it

    counts = ["Files", "Rows", "Kept", "Refused", "Totals", "Twice", "£ kept", "Newest"]
    table = Table("Source", *counts)
    for column in table.columns[1:]:
        column.justify, column.no_wrap = "right", True
    remarks = []
    for source, group in groupby(reports, key=lambda report: report.source):
        of = list(group)
        rows, kept, totals, twice = (
            sum(n) for n in zip(*((r.rows, r.kept, r.totals.rows, r.duplicates) for r in of), strict=True)
        )
        gbp_in, gbp_kept, gbp_refused, gbp_twice, gbp_unnamed = (
            sum(pounds, start=Decimal(0))
            for pounds in zip(
                *((r.gbp_in, r.gbp_kept, r.gbp_refused, r.gbp_duplicates, r.gbp_unknown) for r in of), strict=True
            )
        )
        numbers = [len(of), rows, kept, rows - kept - totals - twice, totals, twice]
        days = [report.newest for report in of if report.newest]
        is_bad = any((r.error and not r.is_skipped) or r.is_lost for r in of)
        shown = [f"{number:,}" for number in numbers]
        table.add_row(
            source.replace("_", " "),
            *shown,
            f"{gbp_kept:,.0f}" if gbp_in else "",
            max(days, default=""),
            style="red" if is_bad else None,
        )
        unread = sum(report.refused_without_pounds for report in of)
        if gbp_in != gbp_kept or (unread and gbp_in):
            more = f" + {rows_of(unread)} whose pounds are not known" if unread else ""
            remarks.append(
                f"{source}: {_pounds(gbp_in)} in = {_pounds(gbp_kept)} kept + {_pounds(gbp_refused)} refused or totals + "
                f"{_pounds(gbp_twice)} twice{more}"
            )
        if unnamed := sum(report.unknown_supplier_rows for report in of):
            remarks.append(
                f"{source}: {unnamed:,} of the rows kept, {_pounds(gbp_unnamed)}, do not say who was paid"
            )
    if table.row_count:
        out.print("\n[bold]Rows = kept + refused + the files' own totals + delivered twice[/]", highlight=False)
        show_table(table)
    for text in remarks:
        out.print(escape(text), highlight=False)


def show_next(reports: Iterable[FileReport]) -> None:
    """The next command: the financial year that had ended by the newest payment, where the files hold payments of it; else the quarter
    that had. Of a period whose last payments fall a few days before its end, the end has come."""
    from cwb.council.periods import Period  # noqa: PLC0415

    ends = [
        (date.fromisoformat(report.oldest), date.fromisoformat(report.newest))
        for report in reports
        if report.source == "spend" and report.oldest and report.newest
    ]
    if not ends:
        return
    newest = max(last for _, last in ends) + _PAYMENT_RUN

    def is_held(period: Period) -> bool:
        return period.end <= newest and any(first <= period.end and last >= period.start for first, last in ends)

    this = Period.of(newest)
    before = Period.of(this.start - timedelta(days=1))
    years = [Period(this.start_year), Period(this.start_year - 1)]
    period = next(filter(is_held, [*years, this, before]), None)
    if period is not None:
        kind = "quarter" if period.quarter else "financial year"
        out.print(
            f"Next: cwb run {period} (the last {kind} that had ended by the newest payment).", highlight=False
        )


def _pounds(amount: Decimal) -> str:
    return f"{'-' if amount < 0 else ''}£{abs(amount):,.2f}"


def show_proposals(proposed: list[Proposal], mappings: list[FileMapping]) -> None:
    """Print how files whose headings are not known may be read, with rows of each so read, and the lines of cwb.toml."""
    from cwb.sources.mapping import as_toml  # noqa: PLC0415
    from cwb.sources.report import rows_of  # noqa: PLC0415

    for one in proposed:
        verdict = "may be read so" if one.columns else "no mapping is proposed"
        out.print(f"[bold]{escape(one.file.label)}[/]: {verdict}", highlight=False)
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
