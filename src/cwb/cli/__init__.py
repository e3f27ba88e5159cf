"""The commands: init, status, check, run, rows, pdf, verify, fetch, match, review, template, sample. Faults have no traceback."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from cwb import __version__
from cwb.base.ending import end_on_signals
from cwb.base.errors import CwbError, Fault, machine_fault
from cwb.cli.init import init
from cwb.cli.pdf import pdf
from cwb.cli.rows import rows
from cwb.cli.run import run
from cwb.cli.show import show_next, show_proposals, show_reports
from cwb.cli.status import status
from cwb.cli.terminal import Config, bar_of, err, fail, know_names_as_utf8, near, out, show_faults, show_strays
from cwb.cli.verify import verify
from cwb.publish.warm import skip_address_grammar

if TYPE_CHECKING:
    from cwb.council.config import Settings

app = typer.Typer(
    help="Evidence packs for community wealth building, from a council's own files.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


app.command()(init)
app.command()(status)


@app.command()
def check(
    paths: Annotated[
        list[Path] | None,
        # Typer would end with a usage error for a path that is there and may not be read; that is a fault like others.
        typer.Argument(help="Files or folders; without one, what cwb.toml names.", readable=False),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the account as JSON.")] = False,
    shows_all: Annotated[
        bool,
        typer.Option("--all", help="Show every file and refused row; without it like ones are told together."),
    ] = False,
    write_mapping: Annotated[
        bool,
        typer.Option("--write-mapping", help="Write the mappings of headings that are proposed into cwb.toml."),
    ] = False,
    config: Config = Path("cwb.toml"),
) -> None:
    """Read raw files and account for every row and pound: kept, refused with a reason, delivered twice; a table of all
    sources comes last.

    For a file whose headings are not known a mapping is proposed where near headings or the values tell it. Ends with 1
    when a file cannot be read as its source at all or none of its rows is kept, else with 0.
    """
    from cwb.council.config import find_config  # noqa: PLC0415
    from cwb.sources.check import check_files, files_of_paths  # noqa: PLC0415 - --help must not wait for pandas
    from cwb.sources.inputs import input_files  # noqa: PLC0415
    from cwb.sources.mapping import write_mappings  # noqa: PLC0415
    from cwb.sources.proposals import mappings_of, proposals  # noqa: PLC0415

    with bar_of("Checking") as step:
        settings = _settings_of(config, is_needed=not paths or write_mapping)
        if settings is not None and not paths and settings.names_findings:
            from cwb.packs.registry import all_packs  # noqa: PLC0415 - all measures: where settings name some of them
            from cwb.packs.targets import check_named_findings  # noqa: PLC0415

            check_named_findings(settings, all_packs())
        files = files_of_paths(paths, settings) if paths else input_files(settings)  # type: ignore[arg-type]
        reports = check_files(files, settings.local.districts if settings and not paths else (), step)
        proposed = proposals(files, reports)
    if settings is not None and not paths:
        show_strays(settings)
    if as_json:
        sys.stdout.write(json.dumps([r.as_dict() for r in reports], indent=1, ensure_ascii=True) + "\n")
    else:
        show_reports(reports, shows_all)
        show_proposals(proposed, mappings_of(proposed, files, settings))
    if write_mapping and settings is not None and (mappings := mappings_of(proposed, files, settings, True)):
        write_mappings(find_config(config), mappings)
        err.print(f"Written into {escape(near(find_config(config)))}; run cwb check again.", highlight=False)
    if not reports:
        fail([Fault(rule="there are no files to check", remedy="Put files under data/raw, or name a path.")])
    if any((report.error and not report.is_skipped) or report.is_lost for report in reports):
        raise typer.Exit(1)
    if not paths and not as_json:
        show_next(reports)


def _settings_of(config: Path, is_needed: bool) -> Settings | None:
    """The settings; None where there are none and files that were named can be checked without."""
    from cwb.council.config import find_config, load_config  # noqa: PLC0415

    try:
        find_config(config)
    except CwbError:
        if is_needed:
            raise
        return None
    return load_config(config)


app.command()(run)
app.command()(verify)
app.command()(rows)
app.command()(pdf)


@app.command()
def fetch(
    name: Annotated[
        str,
        typer.Argument(
            help="A dataset: companies, mutuals, charities, business-counts, modern-slavery, notices …"
        ),
    ],
    first: Annotated[
        str | None,
        typer.Option("--from", help="For notices the first day, 2026-08-01; for modern-slavery the first year."),
    ] = None,
    last: Annotated[str | None, typer.Option("--to", help="The last day, or year.")] = None,
    config: Config = Path("cwb.toml"),
) -> None:
    """Download open data from its publisher into data/raw, with its hash and licence beside it.

    An interrupted download is continued by the same command; a file gets its name only when it is complete.
    """
    from cwb.base.lock import writing  # noqa: PLC0415
    from cwb.council.config import load_config  # noqa: PLC0415
    from cwb.sources.fetch.command import fetch_dataset  # noqa: PLC0415

    with writing(load_config(config).shared_processed), bar_of("Fetching", are_bytes=True) as step:
        target = fetch_dataset(name, first, last, config, step)
    out.print(f"Fetched {escape(near(target))}", highlight=False)


@app.command()
def match(
    evaluate: Annotated[
        Path | None, typer.Option("--evaluate", help="Names with known numbers: prints precision and recall.")
    ] = None,
    errors: Annotated[Path, typer.Option("--errors", help="Where --evaluate writes its errors.")] = Path(
        "match_errors.csv"
    ),
    config: Config = Path("cwb.toml"),
) -> None:
    """Match suppliers to organisations on the registers, and show by what evidence and for how much of spend."""
    from cwb.cli.commands import evaluate_matching, matching_account  # noqa: PLC0415

    with bar_of("Matching") as step:
        lines = evaluate_matching(evaluate, errors, config, step) if evaluate else matching_account(config, step)
    for line in lines:
        out.print(escape(line), highlight=False)


@app.command()
def review(config: Config = Path("cwb.toml")) -> None:
    """Write the queue of suppliers whose match a person must decide, highest spend first, with candidates and why."""
    from cwb.cli.commands import write_review  # noqa: PLC0415

    with bar_of("Matching") as step:
        path, lines = write_review(config, step)
    for line in lines:
        out.print(escape(line), highlight=False)
    out.print(
        f"Decide in {escape(near(path))} (Decision: match or no match, and a number), and save it as "
        "review/supplier_matches.csv in the folder of raw files.",
        highlight=False,
    )


@app.command()
def template(
    name: Annotated[
        str,
        typer.Argument(
            help="places, pass-through, approved-names, strategy, tenders, savings, activity or another: a name that is none is answered with all of them."
        ),
    ],
    folder: Annotated[Path, typer.Option("--folder", help="Where to write it.")] = Path(),
    config: Config = Path("cwb.toml"),
) -> None:
    """Write a form with the headings that cwb reads, to fill in or to send to an anchor, a supplier or a service.

    All are empty but four: places lists the suppliers whose place is not known, pass-through the payments that may buy nothing,
    approved-names the names that are not shown and may be organisations'; those with most pounds first. decisions has what the newest report's packs recommend.
    """
    from cwb.cli.commands import write_form_of  # noqa: PLC0415

    with bar_of("Reading what was paid") as step:
        message = write_form_of(name, folder, config, near, step)
    out.print(escape(message), highlight=False)


@app.command()
def sample(
    config: Config = Path("cwb.toml"),
    seed: Annotated[int, typer.Option(help="The same seed gives the same files, byte for byte.")] = 20231,
) -> None:
    """Write the illustrative council's raw files; its settings must say illustrative = true."""
    from cwb.base.lock import writing  # noqa: PLC0415
    from cwb.council.config import load_config  # noqa: PLC0415
    from cwb.sample import write_sample  # noqa: PLC0415

    settings = load_config(config)
    with writing(settings.shared_processed), bar_of("Writing the illustrative council") as step:
        written = write_sample(settings, step, seed)
    out.print(f"{len(written)} files below {escape(near(settings.raw))}", highlight=False)


def _version(wanted: bool) -> None:
    if wanted:
        out.print(f"cwb {__version__}", highlight=False)
        raise typer.Exit


@app.callback()
def common(
    _version_wanted: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and end.")
    ] = False,
) -> None:
    """Evidence packs for community wealth building, from a council's own files."""


def main() -> None:
    """Run the command line. A user's mistake ends with its faults and 1; only faults of cwb show a traceback."""
    know_names_as_utf8()
    # Windows consoles still start in legacy code pages.
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    skip_address_grammar()
    end_on_signals()
    try:
        app()
    except CwbError as error:
        show_faults(error.faults)
        raise SystemExit(1) from None
    except Exception as error:
        if (found := machine_fault(error)) is None:
            raise
        show_faults([found])
        raise SystemExit(1) from None
