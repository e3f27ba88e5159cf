"""The contributors' guide, word for word: a measure and a pack are added to a copy of the library, and the pack is built."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import nbformat
import pytest

from cwb.lines.columns import form_table
from cwb.packs import questions
from cwb.sources.fields import ShownBy
from cwb.sources.report import RawFile
from cwb.sources.source import Job
from cwb.sources.tables import TableSource

ROOT = Path(__file__).parents[1]
GUIDE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
BUILD = """
from cwb.packs.registry import pack_of
from cwb.publish.run import run
print(run("2026-27-Q2", packs=(pack_of("payments"),)))
"""


def next_free() -> str:
    """The number of a new pack, for which the guide writes NN."""
    return f"{max(int(path.name[:2]) for path in (ROOT / 'notebooks').glob('[0-9][0-9]_*.ipynb')) + 1:02}"


def files_of_the_guide() -> dict[str, str]:
    """The Python files that the guide writes, by path."""
    blocks = re.findall(r"```python\n# (src/\S+)\n(.*?)```", GUIDE, re.S)
    return {path: text.replace("NN", next_free()) for path, text in blocks}


def notebook_of_the_guide() -> nbformat.NotebookNode:
    text = re.search(r"```text\n(.*?)```", GUIDE, re.S)
    assert text is not None
    cells = []
    for marker, source in re.findall(r"# %%(.*?)\n(.*?)(?=# %%|\Z)", text[1], re.S):
        metadata = {"tags": ["parameters"]} if "parameters" in marker else {}
        cells.append(nbformat.v4.new_code_cell(source.strip(), metadata=metadata))
    heading = nbformat.v4.new_markdown_cell("# Payments: how many are small?")
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    return nbformat.v4.new_notebook(cells=[heading, *cells], metadata=kernel)


def in_a_copy(folder: Path, source: Path, *command: str) -> str:
    environment = {**os.environ, "PYTHONPATH": str(source), "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(
        [sys.executable, "-W", "ignore", *command],
        check=False,
        cwd=folder,
        env=environment,
        capture_output=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_source_is_what_the_guide_says(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    block = re.search(r"```python\n(\"\"\"Grants.*?)```", GUIDE, re.S)
    assert block is not None
    module: dict[str, TableSource] = {}
    exec(block[1], module)
    source, path = module["SOURCE"], tmp_path / "grants.csv"
    assert source.layout is not None
    assert source.layout.required == ("grant_id", "recipient", "kind", "amount")
    path.write_text(
        "Grant id,Recipient,Kind,Award date,Amount\nG1,Acme,Capital,soon,10.50\n,Acme,revenue,,1\nG3,,capital,,lots\nG4,Acme,loan,,1\n",
        encoding="utf-8",
    )
    rows, report = source.read_or_report(Job(con, tmp_path, tmp_path), RawFile.of(path))
    assert list(rows["amount_gbp"]) == [10.5]
    assert [(one.row, one.reason, one.column, one.remedy) for one in report.refusals] == [
        (3, "no grant id", "grant_id", "Give the grant an identifier."),
        (4, "no recipient", "recipient", "Name who received the grant."),
        (5, "the kind is not one of the list", "kind", "Write one of: revenue, capital."),
    ]
    assert [(one.column, one.examples) for one in report.unread] == [("award_date", ("soon",))]
    # An id that people type may name one, and a reader is told what each column is.
    columns = {column.name: column for column in form_table(source).columns}
    assert columns["grant_id"].shown_by is ShownBy.REFERENCE
    assert all(column.meaning for column in columns.values())
    amount = form_table(source).column("amount_gbp")
    assert amount is not None
    assert (amount.type, amount.unit, amount.needed) == ("DECIMAL(18,2)", "£", True)


def test_the_constructors_of_the_guide_stand_in_one_module() -> None:
    listed = re.search(r"Ask with a constructor of the kind: (.*?)\. Value", GUIDE, re.S)
    assert listed is not None
    names = re.findall(r"`(\w+)`", listed[1])
    assert len(names) >= 13
    assert set(names) <= set(questions.__all__)


def test_a_measure_and_a_pack_are_what_the_guide_says(sample: Path, tmp_path: Path) -> None:
    source = tmp_path / "src"
    shutil.copytree(ROOT / "src", source, ignore=shutil.ignore_patterns("__pycache__"))
    council = tmp_path / "council"
    shutil.copytree(sample, council, ignore=shutil.ignore_patterns("reports"))
    written = files_of_the_guide()
    assert set(written) == {"src/cwb/packs/payments/small_payments.py", "src/cwb/packs/payments/__init__.py"}
    for name, text in written.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    nbformat.write(notebook_of_the_guide(), council / "notebooks" / f"{next_free()}_payments.ipynb")
    in_a_copy(council, source, "-c", BUILD)
    page = (council / "reports" / "2026-27-Q2" / f"{next_free()}_payments.html").read_text(encoding="utf-8")
    assert re.search(r"\d+% of payments of Q2 2026/27 are small", page)
    rows = in_a_copy(council, source, "-m", "cwb", "rows", "small_payment_share", "--period", "2026-27-Q2")
    assert rows.startswith("thing,part,weight,lines")


@pytest.mark.skipif(sys.platform == "win32" or not shutil.which("make"), reason="needs make, and links")
def test_make_installs_into_no_environment_of_another_folder(tmp_path: Path) -> None:
    def told(*goals: str) -> str:
        done = subprocess.run(
            ["make", "-n", *goals], check=False, cwd=tmp_path, capture_output=True, encoding="utf-8"
        )
        return done.stderr

    for name in ("Makefile", "pyproject.toml", "requirements.lock", "requirements-build.lock"):
        shutil.copy(ROOT / name, tmp_path)
    (tmp_path / "other").mkdir()
    assert told() == ""
    (tmp_path / ".venv").symlink_to("other")
    assert ".venv is a link to the environment of another folder" in told()
    assert told("clean") == ""
    (tmp_path / ".venv").unlink()
    (tmp_path / ".venv").mkdir()
    assert told() == ""
