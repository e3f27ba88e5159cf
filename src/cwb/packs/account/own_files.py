"""What became of the rows of the files that a pack rests on, but for the ledger and the registers of organisations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from cwb.charts.wording import listed, plural
from cwb.evidence.data import PackData
from cwb.evidence.finding import Finding
from cwb.packs.account.register_dates import REGISTERS
from cwb.sources.registry import sources
from cwb.sources.report import FileReport

LEDGER = "spend"
_NAMED = 3


@dataclass(frozen=True)
class OwnFiles:
    """The account of some files. `uses_ledger` and `uses_registers`: findings rest on those files too."""

    reports: tuple[FileReport, ...]
    uses_ledger: bool
    uses_registers: bool

    def in_words(self) -> str:
        """How many rows are counted, of which kinds of files some are left out, and what could not be read; "" without files."""
        if not self.reports:
            return ""
        rows, kept, repeated, totals = (
            sum(numbers)
            for numbers in zip(
                *((one.rows, one.kept, one.duplicates, one.totals.rows) for one in self.reports), strict=True
            )
        )
        refused = rows - kept - repeated - totals
        files = plural(f"{len(self.reports):,}", "file")
        if rows == kept == 1:
            sentence = "The only row is counted."
        elif rows == kept:
            sentence = f"All {rows:,} rows of {files} are counted."
        else:
            verb = "is" if kept == 1 else "are"
            parts = (
                f"{refused:,} left out with a reason{self._named()}" if refused else "",
                f"{repeated:,} repeated" if repeated else "",
                f"{plural(f'{totals:,}', 'total')} of the files' own" if totals else "",
            )
            sentence = f"Of {rows:,} rows of {files} {listed([f'{kept:,} {verb} counted', *filter(None, parts)])}."
        return " ".join(filter(None, (sentence, self._unread(), self._not_read())))

    def _named(self) -> str:
        """Of which kinds of files most rows are left out."""
        counts: Counter[str] = Counter()
        for one in self.reports:
            counts[sources()[one.source].words.partition(" (")[0]] += one.truly_refused.rows
        left_out = [(source, rows) for source, rows in counts.most_common() if rows]
        named = [f"{rows:,} of {source}" for source, rows in left_out[:_NAMED]]
        further = sum(rows for _, rows in left_out[_NAMED:])
        return f" ({listed([*named, *([f'{further:,} of others'] if further else [])])})"

    def _unread(self) -> str:
        values = sum(one.rows for report in self.reports for one in report.unread)
        if not values:
            return ""
        return f"{plural(f'{values:,}', 'value')} cannot be read."

    def _not_read(self) -> str:
        names = [one.file for one in self.reports if one.error]
        return f"Not read: {listed(names)}." if names else ""


def own_files(data: PackData, findings: Iterable[Finding]) -> OwnFiles:
    """The account of all files of the kinds that the findings rest on."""
    used = {file for finding in findings for file in finding.sources}
    kinds = {report.source for report in data.lineage.reports if report.file in used}
    others = kinds - {LEDGER, *REGISTERS}
    return OwnFiles(
        tuple(
            report for report in data.lineage.reports if report.source in others and (report.rows or report.error)
        ),
        LEDGER in kinds,
        not kinds.isdisjoint(REGISTERS),
    )
