"""Build the packs of a period: every notebook through papermill, rendered, checked, and put in place at once.

What is built stands in a hidden folder until all of it is whole. A run that fails leaves the reports as they were.
"""

from __future__ import annotations

import contextlib
import json
import logging
import shutil
from pathlib import Path
from typing import Any

import nbformat
import papermill
from nbclient.exceptions import CellExecutionError
from papermill.exceptions import PapermillException

from cwb.config import Settings, load_config
from cwb.dataset import Dataset
from cwb.errors import ConfigError, Fault, PackError
from cwb.evidence import EXHIBIT
from cwb.matched import prepare
from cwb.pack.engine import register
from cwb.pack.index import render_index
from cwb.pack.manifest import write_manifest
from cwb.pack.registry import PACKS, Pack, notebook_path
from cwb.pack.render import render_notebook
from cwb.pack.supplier_page import EXHIBIT_ID, PAGE, TABLE, render_supplier_page
from cwb.periods import Period
from cwb.progress import Progress, quiet

_LARGEST_PACK = 1_000_000


def run(
    period: str,
    config: str | Path = "cwb.toml",
    packs: tuple[Pack, ...] = PACKS,
    progress: Progress = quiet,
    parameters: dict[str, Any] | None = None,
) -> Path:
    """Build `packs` for `period` and return the folder of the report.

    Raises `CwbError` (settings, files, notebooks) with nothing new left in reports.
    """
    settings = load_config(config)
    wanted = Period.parse(period)
    lineage = prepare(settings, progress)
    _require_data(Dataset(settings, wanted, "", lineage))
    target = settings.reports / str(wanted)
    settings.reports.mkdir(parents=True, exist_ok=True)
    stage = settings.reports / f".{wanted}-part"
    shutil.rmtree(stage, ignore_errors=True)
    stage.mkdir()
    try:
        made = []
        for number, pack in enumerate(packs):
            progress(pack.notebook, number, len(packs))
            notebook = execute(pack, settings, wanted, Path(config).name, parameters or {})
            made.append(_write_pack(stage, pack, notebook, settings, wanted))
        findings = [finding for exhibits in made for e in exhibits for finding in e["findings"]]
        _write_text(stage / "findings.json", json.dumps(_unique(findings), indent=1, ensure_ascii=False) + "\n")
        _write_text(stage / "index.html", render_index(settings, wanted, packs, made))
        write_manifest(stage, settings, wanted, packs, lineage, Path(config).name)
        _put_in_place(stage, target)
    finally:
        shutil.rmtree(stage, ignore_errors=True)
    return target


def _require_data(data: Dataset) -> None:
    """A period without a payment, an award or a contract is a slip of the pen, not a pack of unknowns."""
    if not (data.spend().empty and data.awards(own=False).empty and data.contracts().empty):
        return
    held = sorted({str(Period.of(day)) for day in data.days()})
    found = f"from {held[0]} to {held[-1]}" if held else "none at all"
    raise PackError(
        Fault(
            rule=f"no payment, award or contract falls in {data.period.label}",
            value=str(data.period),
            remedy=f"The raw files hold quarters {found}.",
        )
    )


def execute(
    pack: Pack, settings: Settings, period: Period, config: str, extra: dict[str, Any]
) -> nbformat.NotebookNode:
    """Run a pack's notebook in the settings' folder and return it with its outputs.

    papermill only logs a parameter that a notebook does not know, so names are checked before; a cell that fails
    raises `PackError` with the cell's own message.
    """
    path = notebook_path(settings, pack)
    known = set(papermill.inspect_notebook(str(path)))
    given = {"period": str(period), "config": config, **extra}
    unknown = sorted(set(given) - known)
    if unknown:
        raise PackError(
            Fault(
                file=path.name,
                rule=f"unknown parameter {', '.join(unknown)}",
                remedy=f"The notebook takes {', '.join(sorted(known))}.",
            )
        )
    logging.getLogger("papermill").setLevel(logging.ERROR)
    try:
        with contextlib.chdir(settings.folder):
            # Without an output path: papermill would write the whole notebook twice for every cell.
            return papermill.execute_notebook(
                str(path),
                None,
                parameters=given,
                engine_name=register(),
                kernel_name="python3",
                progress_bar=False,
                log_output=False,
            )
    except (PapermillException, CellExecutionError) as error:
        raise PackError(_cell_fault(path.name, error)) from None


def _cell_fault(name: str, error: Exception) -> Fault:
    kind, value = getattr(error, "ename", type(error).__name__), getattr(error, "evalue", str(error))
    return Fault(
        file=name,
        rule=f"a cell failed with {kind}: {value}",
        remedy="Open the notebook in JupyterLab with the same period to see the cell; no pack was written.",
    )


def _write_pack(
    stage: Path, pack: Pack, notebook: nbformat.NotebookNode, settings: Settings, period: Period
) -> list[dict[str, Any]]:
    """Write a pack's page and tables, and return its exhibits; raise `PackError` if one is missing."""
    outputs = [
        output.data
        for cell in notebook.cells
        if cell.cell_type == "code"
        for output in cell.outputs
        if EXHIBIT in output.get("data", {})
    ]
    exhibits = [data[EXHIBIT] for data in outputs]
    shown = [exhibit["id"] for exhibit in exhibits]
    missing = [name for name in pack.exhibits if name not in shown]
    page = render_notebook(notebook, settings, period)
    missing += [name for name in shown if f'id="fig-{name}"' not in page]
    if missing:
        raise PackError(
            Fault(
                file=pack.notebook,
                rule=f"the pack lacks the exhibits {', '.join(sorted(set(missing)))}",
                remedy="Restore their cells in the notebook.",
            )
        )
    if len(page.encode()) > _LARGEST_PACK:
        raise PackError(
            Fault(file=pack.html_name, rule="a pack is under 1 MB", remedy="Shorten its longest table.")
        )
    _write_text(stage / pack.html_name, page)
    for data in outputs:
        if data[EXHIBIT]["id"] == EXHIBIT_ID:
            page = render_supplier_page(settings, period, data[EXHIBIT], str(data["text/html"]))
            _write_text(stage / PAGE, page)
            if data[EXHIBIT]["csv"] is not None:
                _write_text(stage / TABLE, "\ufeff" + data[EXHIBIT]["csv"])
    for exhibit in exhibits:
        if exhibit["csv"] is not None:
            _write_text(stage / "tables" / exhibit["csv_name"], "\ufeff" + exhibit["csv"])
    return exhibits


def _unique(findings: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each finding once, though several exhibits may carry it; one id with two values is our fault."""
    by_id: dict[tuple[str, str], dict[str, Any]] = {}
    for finding in findings:
        key = (finding["pack"], finding["id"])
        if by_id.setdefault(key, finding) != finding:
            raise AssertionError(f"two values for the finding {finding['id']}")
    return list(by_id.values())


def _write_text(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode("utf-8"))


def _put_in_place(stage: Path, target: Path) -> None:
    old = target.with_name(f".{target.name}-old")
    shutil.rmtree(old, ignore_errors=True)
    try:
        if target.exists():
            target.rename(old)
        stage.rename(target)
    except PermissionError:
        if old.exists() and not target.exists():
            old.rename(target)
        raise PackError(
            Fault(
                file=target.name,
                rule="the report's folder is in use",
                remedy="Close the files of this report that are open in other programs, and run again.",
            )
        ) from None
    shutil.rmtree(old, ignore_errors=True)


__all__ = ["ConfigError", "execute", "run"]
