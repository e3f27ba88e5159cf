"""`cwb status`: which inputs are there, and which would settle most next. Nothing is read or built for it."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.table import Table

from cwb.base.errors import CwbError
from cwb.cli.terminal import Config, err, near, out, show_strays, show_table

if TYPE_CHECKING:
    from cwb.council.config import Settings
    from cwb.packs.would_add import Unsettled
    from cwb.sources.inputs import Inputs


@dataclass(frozen=True)
class InputStatus:
    """One kind of raw file: how many are there, their rows and newest day (None while they were not read), and what it adds:
    `adds` are numbers of each pack that read it, `settles` those that the newest report names it for."""

    source: str
    what: str
    files: int
    rows: int | None
    newest: str | None
    adds: Mapping[str, int]
    settles: int


def status(
    as_json: Annotated[bool, typer.Option("--json", help="Print it as JSON.")] = False,
    config: Config = Path("cwb.toml"),
) -> None:
    """List each input: there or not, files, rows, newest day, and what it would add to which pack; what would settle most first.

    What would settle most is counted from the numbers that the newest report does not state; without a report, from what the
    measures of the packs read. Rows and days are known once cwb run or cwb check --json has read the files.
    """
    from cwb.council.config import load_config  # noqa: PLC0415 - --help must not wait for pandas
    from cwb.sources.inputs import list_inputs  # noqa: PLC0415

    settings = load_config(config)
    report, unsettled = _newest_report(settings.reports)
    inputs = _statuses(settings, list_inputs(settings), unsettled)
    if as_json:
        sys.stdout.write(json.dumps([asdict(one) for one in inputs], indent=1, ensure_ascii=True) + "\n")
        return
    show_strays(settings)
    _show(settings, [one for one in inputs if one.files], [one for one in inputs if not one.files], report)


def _newest_report(folder: Path) -> tuple[str | None, dict[str, Unsettled] | None]:
    """The report of the latest period and its numbers that are not stated, by id; None and None where there is none."""
    from cwb.council.periods import Period  # noqa: PLC0415
    from cwb.packs.would_add import Unsettled  # noqa: PLC0415

    found = []
    for path in sorted(folder.glob("*/findings.json")):
        try:
            period = Period.parse(path.parent.name)
            rows = json.loads(path.read_text(encoding="utf-8"))
            open_ = {
                row["id"]: Unsettled(row.get("undefined"), row.get("settles"))
                for row in rows
                if row["state"] not in ("stated", "fewer_than_5", "withheld")
            }
            found.append(((period.end, path.parent.name), open_))
        except (CwbError, ValueError, KeyError, TypeError, OSError):
            if not path.parent.name.endswith(".partial"):
                err.print(f"{escape(near(path))} cannot be read, and is passed over.", highlight=False)
    if not found:
        return None, None
    (_, name), newest = max(found, key=lambda one: one[0])
    return name, newest


def _statuses(settings: Settings, inputs: Inputs, unsettled: Mapping[str, Unsettled] | None) -> list[InputStatus]:
    """All inputs: those that are not there first, what would settle most before others; then those that are there."""
    from cwb.cli.commands import FROM_PAYMENTS  # noqa: PLC0415
    from cwb.packs.would_add import would_add  # noqa: PLC0415
    from cwb.sources.database import connect  # noqa: PLC0415
    from cwb.sources.newest import days_of_rows  # noqa: PLC0415
    from cwb.sources.registry import about, sources  # noqa: PLC0415
    from cwb.sources.store import last_reports  # noqa: PLC0415

    accounts = {(report.source, report.sha256): report for report in last_reports(settings)}
    with connect() as con:
        days = days_of_rows(con, settings.processed, accounts.values())
    found = []
    for place, name in enumerate(sources()):
        files = inputs.files[name]
        reports = [accounts.get((name, file.sha256)) for file in files]
        rows = [report.rows for report in reports if report is not None]
        newest = max(
            (f"{days[report.file][1]}" for report in reports if report and report.file in days), default=None
        )
        adds = would_add(name, unsettled)
        is_read = bool(files) and len(rows) == len(files)
        one = InputStatus(
            name, about(name), len(files), sum(rows) if is_read else None, newest, adds.by_pack, adds.named
        )
        waits = name.replace("_", "-") in FROM_PAYMENTS and not inputs.files["spend"]
        found.append(((bool(files), waits, *adds.order, place), one))
    return [one for _, one in sorted(found, key=lambda pair: pair[0])]


def _show(settings: Settings, there: list[InputStatus], absent: list[InputStatus], report: str | None) -> None:
    from cwb.sources.remedies import how_to_get  # noqa: PLC0415

    table = Table("Source", "Files", "Rows", "Newest")
    for column in table.columns[1:]:
        column.justify = "right"
    for one in there:
        rows = "not read yet" if one.rows is None else f"{one.rows:,}"
        table.add_row(one.source, f"{one.files:,}", rows, one.newest or "")
    if there:
        out.print(f"[bold]There, in {escape(near(settings.raw))}[/]", highlight=False)
        show_table(table)
    else:
        out.print(f"There is no file yet in {escape(near(settings.raw))}.", highlight=False)
    if any(one.rows is None for one in there):
        out.print("Rows and days are known when the files have been read by cwb run.", highlight=False)
    by = (
        f"as {report} says of its numbers that are not known"
        if report
        else "by what the packs read: no report is there yet"
    )
    out.print(f"\n[bold]Not there, what would settle most first[/] ({by}):", highlight=False)
    for number, one in enumerate(absent, start=1):
        get = f" {how_to_get(one.source)}".rstrip()
        out.print(f"{number:>2}. [bold]{one.source}[/]: {escape(one.what + get)}", highlight=False)
        out.print(f"    {escape(_adds(one, report is not None))}", highlight=False)


def _adds(one: InputStatus, is_reported: bool) -> str:
    if not one.adds:
        return (
            "No number that is not known reads it."
            if is_reported
            else "No number needs it; it makes others surer."
        )
    packs = ", ".join(f"{pack.replace('_', ' ')} {number}" for pack, number in one.adds.items())
    numbers = "1 number that is" if one.settles == 1 else f"{one.settles} numbers that are"
    first = f"The report names it for {numbers} not known. " if one.settles else ""
    return f"{first}{'Numbers not known' if is_reported else 'Numbers'} that read it: {packs}."
