"""Where the notebook of a pack is. Nothing heavy is imported: it is needed before anything is built."""

from __future__ import annotations

import os
from pathlib import Path

from cwb.base.errors import Fault, PackError
from cwb.council.config import Settings


def find_notebook(settings: Settings, name: str) -> Path:
    """The notebook of this name: beside the settings, in the working directory, or in the project of the library.

    Raises `PackError` when it is in none of them.
    """
    for folder in (settings.folder, Path.cwd(), Path(__file__).parents[3]):
        path = folder / "notebooks" / name
        if path.is_file():
            return path
        if os.path.lexists(path):
            rule, remedy = (
                "it is there and cannot be read: no file, or a link that leads nowhere",
                "Put the notebook back.",
            )
            raise PackError(Fault(file=name, rule=rule, remedy=remedy))
    remedy = "Run the command in the project's folder, which holds notebooks/."
    raise PackError(Fault(rule=f"no notebook {name}", remedy=remedy))
