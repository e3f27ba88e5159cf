"""`cwb rows`: the rows behind a number, for an officer's spreadsheet."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from cwb.base.errors import CwbError, Fault
from cwb.cli.terminal import Config, bar_of, err, near, out

_SHOWN = 20


def rows(
    finding: Annotated[str, typer.Argument(help="Id of a finding, such as local_share.")],
    period: Annotated[str, typer.Option("--period", help="2025-26, or a quarter such as 2025-26-Q2.")],
    where: Annotated[
        list[str] | None,
        typer.Option("--where", help="Only lines of which a column has a value: department=Housing."),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Where to write them: a name that ends in .xlsx or .csv.")
    ] = None,
    lines: Annotated[bool, typer.Option("--lines", help="The lines themselves, not one row per thing.")] = False,
    config: Config = Path("cwb.toml"),
) -> None:
    """Show the rows that a number is computed from: one per supplier, contract or award, or with --lines every line.

    Without -o a terminal shows the first rows and a file or pipe gets all of them as CSV.
    """
    from cwb.publish.rows import ask_rows, check_place, write_rows  # noqa: PLC0415 - --help must not wait for pandas

    conditions = _conditions(where or [])
    if output is not None:
        check_place(output)
    with bar_of(f"Rows of {finding}") as step:
        found = ask_rows(finding, period, conditions, lines, config, step)
    for line in found.summary:
        err.print(escape(line), highlight=False)
    if output is not None:
        write_rows(found, output)
        out.print(f"{len(found.frame):,} rows in {escape(near(output))}", highlight=False)
    elif out.is_terminal:
        table = Table(*(str(name) for name in found.frame.columns))
        for row in found.frame.head(_SHOWN).itertuples(index=False):
            table.add_row(*("" if value is None else escape(str(value)) for value in row))
        out.print(table)
        if len(found.frame) > _SHOWN:
            out.print(
                f"The first {_SHOWN} of {len(found.frame):,} rows; -o rows.xlsx writes all.", highlight=False
            )
    else:
        sys.stdout.buffer.write(found.csv().encode("utf-8"))


def _conditions(where: list[str]) -> dict[str, str]:
    """Conditions of the form COLUMN=VALUE; raise `CwbError` for any other."""
    wrong = [text for text in where if not text.partition("=")[0].strip() or "=" not in text]
    if wrong:
        rule = "--where takes a column and its value"
        raise CwbError([Fault(rule=rule, value=text, remedy="Write it as department=Housing.") for text in wrong])
    names = [text.partition("=")[0].strip() for text in where]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        rule = "--where takes a column once"
        raise CwbError([Fault(rule=rule, value=name, remedy="Ask once for each value.") for name in twice])
    return {name.strip(): value.strip() for name, _, value in (text.partition("=") for text in where)}
