"""The rows behind one number of a period, as a frame, a CSV file or a workbook.

The CSV has one row per thing; with its kind's rule (`cwb.evidence.bounds_rules`, and the workbook's second sheet) anyone can
compute value, low, high and coverage again.
"""

from __future__ import annotations

import csv
import difflib
import io
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pandas as pd
import xlsxwriter
from xlsxwriter.exceptions import FileCreateError

from cwb.base.characters import neutral
from cwb.base.errors import CwbError, Fault
from cwb.base.progress import Progress, quiet, written
from cwb.council.config import load_config
from cwb.council.periods import Period
from cwb.evidence.bounds_rules import RULES
from cwb.evidence.data import PackData, known_period
from cwb.evidence.definitions import SINCE, definition
from cwb.evidence.finding import Finding, State, tidy
from cwb.evidence.headcounts import is_headcount
from cwb.evidence.rows import HIDDEN, Evidence
from cwb.lines.build import prepare_lines
from cwb.lines.engine import Engine
from cwb.packs.compare import compare
from cwb.packs.registry import all_packs, pack_with
from cwb.publish.report import require_data

# A worksheet has 1,048,576 rows, the first of which holds the headings.
MOST_ROWS = 1_048_575
_POUNDS = ("weight", "weight_now", "weight_then")


@dataclass(frozen=True)
class FoundRows:
    """The rows of a finding, and sentences about them: what is not known and what would settle it."""

    finding: Finding
    frame: pd.DataFrame
    summary: tuple[str, ...]

    def csv(self) -> str:
        """The rows as CSV text: pounds with two decimals, things as 1, nothing that a spreadsheet would run."""
        buffer = io.StringIO()
        writer = csv.writer(buffer, lineterminator="\r\n")
        writer.writerow(self.frame.columns)
        for row in self.frame.itertuples(index=False, name=None):
            writer.writerow([_text(value) for value in row])
        return buffer.getvalue()


def _text(value: object) -> str:
    if value is None or value is pd.NA or (isinstance(value, float) and pd.isna(value)):
        return ""
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, bool):
        return "true" if value else "false"
    return neutral(value) if isinstance(value, str) else str(value)


def ask_rows(
    finding_id: str,
    period: str,
    where: dict[str, str],
    lines: bool,
    config: Path,
    progress: Progress = quiet,
) -> FoundRows:
    """The rows of a finding; raise `CwbError` with similar names for an unknown id, period, column or value."""
    settings, of_period = load_config(config), known_period(period)
    # What is asked for is looked at before tables are made, which may take minutes.
    base, since, then = finding_id.partition(SINCE)
    earlier = known_period(then) if since else of_period
    try:
        pack = pack_with(base)
    except KeyError:
        ids = sorted({name for pack in all_packs() for measure in pack.measures for name in measure.finding_ids})
        raise CwbError(_unknown("finding", finding_id, ids)) from None
    if is_headcount(base):
        rule = f"{finding_id} is a number of people, and its rows would tell of fewer than 5 of them"
        raise CwbError(Fault(rule=rule, remedy="Its own file has the rows, for those who may open it."))
    lineage = prepare_lines(settings, progress)
    every_pack = PackData(settings, of_period, "", lineage, Engine(settings))
    require_data(every_pack)
    data = PackData(settings, of_period, pack.id, lineage, every_pack.engine)
    finding = pack.find(data, base)
    if since:
        finding = _since(data, finding, earlier)
    if finding.evidence is None:
        reason = finding.undefined or "it is not computed from rows"
        rule = f"{finding_id} has no rows: {reason}"
        raise CwbError(Fault(rule=rule, remedy="Ask for another finding or period."))
    _check_columns(finding.evidence, where)
    if where and finding.evidence.count(lines, where) == 0:
        raise CwbError(_no_rows(finding.evidence, where))
    frame = finding.evidence.lines(where) if lines else finding.evidence.things(where)
    if finding.state is State.NOT_KNOWN:
        frame = frame[frame["part"] == "unknown"].reset_index(drop=True)
    return FoundRows(finding, frame, _summary(finding, where))


def _since(data: PackData, finding: Finding, then: Period) -> Finding:
    """The change of a finding since another period, where the two can be compared."""
    compared = compare(data, [finding], then)[finding.id]
    if compared.change is None:
        rule = f"{finding.id} cannot be compared with {then}: {compared.why_not or 'too little is known'}"
        raise CwbError(Fault(rule=rule, remedy="Ask for another finding or period."))
    return compared.change


def _summary(finding: Finding, where: dict[str, str]) -> tuple[str, ...]:
    sentences = [f"{finding.label}: {finding.signed}{f', {finding.bounds}' if finding.bounds else ''}"]
    if finding.state is State.NOT_KNOWN:
        sentences = [
            f"{finding.label} is not known, because {finding.undefined}. {finding.settles or ''}".rstrip(),
            "These are the rows that would settle it, largest first.",
        ]
    elif finding.settles or finding.undefined:
        sentences.append(f"{finding.undefined or ''}. {finding.settles or ''}".strip(". "))
    if where:
        sentences.append(f"Only lines with {_conditions(where)}: a part of it.")
    return tuple(sentences)


def _conditions(where: dict[str, str]) -> str:
    return " and ".join(f"{name} = {value}" for name, value in where.items())


def _check_columns(evidence: Evidence, where: dict[str, str]) -> None:
    shown = [name for name in evidence.columns() if name not in HIDDEN]
    faults = [_unknown("column", name, shown) for name in where if name not in shown]
    if faults:
        raise CwbError(faults)


def _no_rows(evidence: Evidence, where: dict[str, str]) -> list[Fault]:
    faults = []
    for name, value in where.items():
        values = evidence.values(name)
        if value not in values:
            faults.append(_unknown(f"value of {name}", value, values))
    rule = f"no line has {_conditions(where)}"
    return faults or [Fault(rule=rule, remedy="Leave out one of the conditions.")]


def _unknown(what: str, name: str, known: list[str]) -> Fault:
    wanted, lowered = name.lower(), {other.lower(): other for other in reversed(known)}
    near = [lowered[other] for other in difflib.get_close_matches(wanted, list(lowered), n=5, cutoff=0.5)]
    near += [other for other in known if wanted in other.lower() and other not in near][: 5 - len(near)]
    remedy = f"Similar ones: {', '.join(near)}." if near else f"There are: {', '.join(known[:20])}."
    if not known:
        remedy = "No line of it has any."
    return Fault(rule=f"no {what} of this name", value=name, remedy=remedy)


def check_place(path: Path) -> None:
    """Raise `CwbError` where rows cannot be written, before any are looked for: another kind of file, no folder, or a folder."""
    if path.suffix.lower() not in (".csv", ".xlsx"):
        rule, remedy = "rows are written as .xlsx or .csv", "Give it such an ending."
        raise CwbError(Fault(file=path.name, rule=rule, remedy=remedy))
    if not path.parent.is_dir():
        rule = f"there is no folder {path.parent.name or path.parent}"
        raise CwbError(Fault(file=path.name, rule=rule, remedy="Make it first."))
    if path.is_dir():
        raise CwbError(Fault(file=path.name, rule="this is a folder", remedy="Give the name of a file."))


def write_rows(found: FoundRows, path: Path) -> None:
    """Write the rows to a .csv or .xlsx file, whole or not at all.

    Raises `CwbError` for a place that is none (`check_place`), for more rows than a worksheet holds, and where it cannot be written.
    """
    check_place(path)
    kind = path.suffix.lower()
    if kind == ".xlsx" and len(found.frame) > MOST_ROWS:
        rule = f"a worksheet holds {MOST_ROWS:,} rows, and these are {len(found.frame):,}"
        remedy = "Write them as CSV (-o rows.csv), or narrow them with --where."
        raise CwbError(Fault(file=path.name, rule=rule, remedy=remedy))
    try:
        with written(path) as part:
            if kind == ".csv":
                part.write_text("\ufeff" + found.csv(), encoding="utf-8", newline="")
            else:
                _workbook(found, part)
    except (OSError, FileCreateError) as error:
        why = getattr(error, "strerror", None) or str(error)
        remedy = "Close it in other programs, or write it somewhere else."
        raise CwbError(Fault(file=path.name, rule=f"it cannot be written: {why}", remedy=remedy)) from None


def _workbook(found: FoundRows, path: Path) -> None:
    """Two sheets: the rows, and how the number follows from them."""
    book = xlsxwriter.Workbook(
        str(path), {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    bold, pounds = book.add_format({"bold": True}), book.add_format({"num_format": "#,##0.00"})
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    sheet = book.add_worksheet("Rows")
    sheet.freeze_panes(1, 0)
    for place, name in enumerate(found.frame.columns):
        is_text = name in ("thing", "display_name", "source_file", "title")
        sheet.set_column(place, place, 52 if is_text else 14)
        sheet.write_string(0, place, name, bold)
    for number, row in enumerate(found.frame.itertuples(index=False, name=None), start=1):
        for place, value in enumerate(row):
            if isinstance(value, Decimal):
                name = str(found.frame.columns[place])
                is_pounds = name in _POUNDS or name.endswith("_gbp")
                sheet.write_number(number, place, float(value), pounds if is_pounds else None)
            elif isinstance(value, int | float) and not isinstance(value, bool) and not pd.isna(value):
                sheet.write_number(number, place, value)
            elif _text(value):
                sheet.write_string(number, place, str(value))
    if len(found.frame):
        sheet.autofilter(0, 0, len(found.frame), len(found.frame.columns) - 1)
    about = book.add_worksheet("How it is calculated")
    about.set_column(0, 0, 22)
    about.set_column(1, 1, 100)
    for number, (name, text) in enumerate(_about(found)):
        about.write_string(number, 0, name, bold)
        about.write_string(number, 1, text, wrap)
    book.close()


def _about(found: FoundRows) -> list[tuple[str, str]]:
    finding = found.finding
    defined = definition(finding.id)
    question = finding.question
    rule = question.rule if question is not None and question.rule else RULES[defined.kind]
    numbers = {name: tidy(getattr(finding, name)) for name in ("value", "low", "high", "coverage")}
    return [
        ("Number", finding.label),
        ("Period", Period.parse(finding.period).label),
        ("As shown", "; ".join(found.summary)),
        *((name.capitalize(), "not known" if value is None else str(value)) for name, value in numbers.items()),
        *((("To be read with it", " ".join(finding.caveats)),) if finding.caveats else ()),
        ("Definition", defined.text),
        ("Left out", defined.excluded or "nothing"),
        ("From these rows", rule),
        ("Files", ", ".join(finding.sources)),
        ("Id", finding.id),
    ]
