"""One notebook through papermill, with its parameters checked before and its failure reported in the cell's own words."""

from __future__ import annotations

import contextlib
import logging
from dataclasses import replace

import nbformat
import papermill
from nbclient.exceptions import CellExecutionError
from papermill.exceptions import PapermillException

from cwb.base.errors import NO_MEMORY, SHORT_OF_MEMORY, Fault, PackError
from cwb.council.config import Settings
from cwb.council.periods import Period
from cwb.packs.pack import Pack
from cwb.publish.engine import register
from cwb.publish.notebooks import find_notebook

# What a user passes to a notebook beyond period and settings, by name.
Parameters = dict[str, str | int | float | bool]


def check_parameters(pack: Pack, settings: Settings, parameters: Parameters) -> None:
    """Raise `PackError` for a parameter that a pack's notebook does not have."""
    path = find_notebook(settings, pack.notebook)
    known = set(papermill.inspect_notebook(str(path)))
    unknown = sorted(set(parameters) - known)
    if unknown:
        rule = f"unknown parameter {', '.join(unknown)}"
        raise PackError(Fault(file=path.name, rule=rule, remedy=f"The notebook takes {', '.join(sorted(known))}."))


def execute(
    pack: Pack, settings: Settings, period: Period, config: str, extra: Parameters
) -> nbformat.NotebookNode:
    """Run a pack's notebook in the settings' folder and return it with its outputs.

    papermill only logs a parameter that a notebook does not know, so names are checked before; a cell that fails
    raises `PackError` with the cell's own message.
    """
    path = find_notebook(settings, pack.notebook)
    parameters: Parameters = {**extra, "period": str(period), "config": config}
    check_parameters(pack, settings, parameters)
    logging.getLogger("papermill").setLevel(logging.ERROR)
    try:
        with contextlib.chdir(settings.folder):
            # Without an output path: papermill would write the whole notebook twice for every cell.
            return papermill.execute_notebook(
                str(path),
                None,
                parameters=parameters,
                engine_name=register(),
                kernel_name="python3",
                progress_bar=False,
                log_output=False,
            )
    except (PapermillException, CellExecutionError) as error:
        raise PackError(_cell_fault(path.name, error)) from None


def _cell_fault(name: str, error: Exception) -> Fault:
    kind, value = getattr(error, "ename", type(error).__name__), getattr(error, "evalue", str(error))
    if kind in SHORT_OF_MEMORY:
        return replace(NO_MEMORY, file=name)
    return Fault(
        file=name,
        rule=f"a cell failed with {kind}: {value.rstrip('.')}",
        remedy="Open the notebook in JupyterLab with the same period to see the cell; this pack was not written.",
    )
