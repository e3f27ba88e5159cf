"""A papermill engine that runs a notebook in this process, without starting a kernel.

A kernel is a second interpreter that imports everything again, which takes longer than a pack's own work. Cells run
in an IPython shell with its own namespace; what they show is stored as a kernel would have stored it. JupyterLab,
nbval and the papermill command still use real kernels, and tests run the notebooks both ways.
"""

from __future__ import annotations

import contextlib
import io
from typing import NotRequired, TypedDict

import nbformat
from IPython.core.displayhook import CapturingDisplayHook, DisplayHook
from IPython.core.displaypub import CapturingDisplayPublisher
from IPython.core.interactiveshell import ExecutionResult, InteractiveShell
from papermill.engines import Engine, NotebookExecutionManager, papermill_engines
from traitlets.config import Config

from cwb.base.ending import raise_if_stopping
from cwb.charts.figure import LIVE

NAME = "cwb-in-process"


class Output(TypedDict):
    """What a cell shows, as IPython captures it: the same by MIME type."""

    data: dict[str, object]
    metadata: NotRequired[dict[str, object] | None]


class InProcessEngine(Engine):
    """Execute code cells one after another; the first that fails ends the run with papermill's error."""

    @classmethod
    def execute_managed_notebook(
        cls, nb_man: NotebookExecutionManager, kernel_name: str, **kwargs: object
    ) -> None:
        """Run the managed notebook. `kernel_name` is not used: this interpreter is the kernel."""
        # Without history no database is opened and no thread is left behind; without a cache of outputs, which is never
        # filled here, its end is not a search of all memory for garbage.
        shell = InteractiveShell(
            user_ns={"__name__": "__main__"},
            display_pub_class=CapturingDisplayPublisher,
            cache_size=0,
            config=Config({"HistoryManager": {"enabled": False}}),
        )
        is_live = LIVE.set(False)
        try:
            for index, cell in enumerate(nb_man.nb.cells):
                if cell.cell_type != "code" or not cell.source.strip():
                    continue
                nb_man.cell_start(cell, index)
                failed = _run_cell(shell, cell)
                if failed:
                    nb_man.cell_exception(cell, index)
                    return
                nb_man.cell_complete(cell, index)
        finally:
            LIVE.reset(is_live)
            shell.reset(new_session=False)
            # The shell stood for `__main__`, by which others find what is to travel to a worker.
            shell.restore_sys_module_state()


def _run_cell(shell: InteractiveShell, cell: nbformat.NotebookNode) -> bool:
    """Run one cell and store its outputs; True when it failed."""
    shown: list[Output] = []
    shell.display_pub.outputs = shown
    is_quiet = DisplayHook.semicolon_at_end_of_expression(cell.source)
    shell.display_trap.hook = CapturingDisplayHook(shell=shell, outputs=[] if is_quiet else shown)
    stdout, stderr = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(stdout), contextlib.redirect_stderr(stderr):
        result: ExecutionResult = shell.run_cell(cell.source, store_history=False, silent=False)
    # The shell takes what ends the command for a fault of the cell.
    raise_if_stopping()
    cell.execution_count = None
    cell.outputs = [
        nbformat.v4.new_output("stream", name=name, text=stream.getvalue())
        for name, stream in (("stdout", stdout), ("stderr", stderr))
        if stream.getvalue() and result.success
    ]
    cell.outputs += [
        nbformat.v4.new_output(
            "display_data", data=dict(entry["data"]), metadata=dict(entry.get("metadata") or {})
        )
        for entry in shown
    ]
    error = result.error_before_exec or result.error_in_exec
    if error is not None:
        name = type(error).__name__
        cell.outputs.append(
            nbformat.v4.new_output("error", ename=name, evalue=str(error), traceback=[f"{name}: {error}"])
        )
    return error is not None


def register() -> str:
    """Register the engine with papermill and return its name."""
    papermill_engines.register(NAME, InProcessEngine)
    return NAME
