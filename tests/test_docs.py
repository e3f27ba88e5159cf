"""The documentation is complete, and what it says can be run."""

from __future__ import annotations

import inspect
import re
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import typer

import cwb
from cwb.cli import app
from cwb.council.sections import SOURCES
from cwb.evidence.definitions import definition
from cwb.lines.build import _write
from cwb.lines.columns import form_table
from cwb.lines.texts import add_functions
from cwb.packs.registry import all_packs
from cwb.sources.database import connect
from cwb.sources.forms import templates
from cwb.sources.report import RawFile
from cwb.sources.source import Job

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def commands() -> dict[str, list[str]]:
    group = typer.main.get_command(app)
    return {
        name: [o for p in command.params for o in p.opts if o.startswith("--")]
        for name, command in group.commands.items()  # type: ignore[attr-defined]
    }


@pytest.mark.parametrize("name", commands())
def test_every_command_and_option_is_in_the_readme(name: str) -> None:
    assert f"`cwb {name}" in README
    for option in commands()[name]:
        assert option in README, f"{name} {option}"


def test_every_command_of_the_readme_exists() -> None:
    told = set(re.findall(r"\bcwb ([a-z]+)\b(?= )", "\n".join(re.findall(r"```.*?```", README, re.S))))
    assert told <= set(commands())
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))
    assert set(re.findall(r"\bmake ([a-z-]+)", README)) <= targets


def test_every_source_folder_is_in_the_readme() -> None:
    for source in SOURCES:
        assert f"`{source}/`" in README


def test_every_pack_and_every_form_is_in_the_readme() -> None:
    numbers = [pack.notebook[:2] for pack in all_packs() if pack.notebook[0].isdigit()]
    assert re.findall(r"^\| (\d\d) ", README.partition("## What is in a pack")[2], re.M) == numbers
    words = [
        "no",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
    ]
    assert f"{words[len(numbers)]} packs of at most" in README
    row = next(line for line in README.splitlines() if line.startswith("| `cwb template NAME`"))
    assert {name for name in templates() if f"`{name}`" not in row} == set()


def test_the_source_of_the_contributors_guide_is_read(tmp_path: Path) -> None:
    """A new source and its table are what the guide says, word for word: a file is read, accounted for and a line-level table."""
    guide = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    code = next(block for block in re.findall(r"```python\n(.*?)```", guide, re.S) if "TableSource(" in block)
    reads: dict[str, Any] = {}
    exec(compile(code, "grants.py", "exec"), reads)
    (tmp_path / "lines").mkdir()
    path = tmp_path / "grants.csv"
    path.write_text(
        "Grant ID,Recipient,Kind,Award date,Amount awarded\nG1,Scouts,revenue,04/04/2025,100.50\nG2,,revenue,05/04/2025,7.00\n"
        "G3,Choir,capital,soon,1.00\nG1,Scouts,revenue,04/04/2025,100.50\n",
        encoding="utf-8",
    )
    with connect() as con:
        job = Job(con, tmp_path, tmp_path / "scratch")
        (report,) = reads["SOURCE"].store(job, [RawFile.of(path)])
    assert (report.rows, report.kept, report.refused_by_reason()) == (
        4, 2, {"no recipient": 1, "grant given twice": 1},
    )  # fmt: skip
    assert (str(report.gbp_kept), str(report.gbp_refused)) == ("101.50", "107.50")
    assert [(one.column, one.examples) for one in report.unread] == [("award_date", ("soon",))]
    stored = pd.read_parquet(tmp_path / "grants.parquet")
    assert list(stored["amount_gbp"]) == [100.5, 1.0]
    with connect() as con:
        add_functions(con)
        _write(
            con,
            form_table(reads["SOURCE"]),
            f"SELECT * FROM '{(tmp_path / 'grants.parquet').as_posix()}'",
            tmp_path / "lines",
            ["TRUE"],
        )
    lines = pd.read_parquet(tmp_path / "lines" / "grants" / "all.parquet")
    assert list(lines["amount_gbp"]) == [Decimal("100.50"), Decimal("1.00")]


MEASURES = list(dict.fromkeys(measure for pack in all_packs() for measure in pack.measures))


@pytest.mark.parametrize("function", MEASURES, ids=lambda measure: measure.id)
def test_every_measure_says_what_one_row_means(function: object) -> None:
    text = inspect.getdoc(function) or ""
    assert "One row per" in text


def test_every_module_says_what_it_is_for() -> None:
    for path in sorted((ROOT / "src").rglob("*.py")):
        source = path.read_text(encoding="utf-8")
        assert source.lstrip().startswith('"""'), path.name
        assert len(source.splitlines()) <= 300, path.name


def test_every_finding_is_in_the_list_by_kind() -> None:
    listed = (ROOT / "docs" / "findings-by-kind.md").read_text(encoding="utf-8").split("## Where")[0]
    rows = {
        kind: (int(many), names)
        for kind, many, names in re.findall(r"^\| ([a-z]+) \| (\d+) \| (.*) \|$", listed, re.M)
    }
    told = {(kind, name) for kind, (_, names) in rows.items() for name in re.findall(r"`(\w+)`", names)}
    assert {kind: len(re.findall(r"`\w+`", names)) for kind, (_, names) in rows.items()} == {
        kind: many for kind, (many, _) in rows.items()
    }
    assert told == {(definition(name).kind, name) for measure in MEASURES for name in measure.finding_ids}


def test_versions_agree() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["version"] == cwb.__version__
    assert f"## {cwb.__version__}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
