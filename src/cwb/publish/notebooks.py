"""Where the notebook of a pack is. Nothing heavy is imported: it is needed before anything is built."""

from __future__ import annotations

import os
from pathlib import Path

from cwb.base.errors import Fault, PackError
from cwb.council.config import Settings

# In the project of the library, or, where cwb is installed without it, within the library.
_SHIPPED = (Path(__file__).parents[3] / "notebooks", Path(__file__).parents[1] / "notebooks")


def find_notebook(settings: Settings, name: str) -> Path:
    """The notebook of this name: beside the settings, in the working directory, or those that come with the library.

    Raises `PackError` when it is in none of them.
    """
    for folder in (settings.folder / "notebooks", Path.cwd() / "notebooks", *_SHIPPED):
        path = folder / name
        if path.is_file():
            return path
        if os.path.lexists(path):
            rule, remedy = (
                "it is there and cannot be read: no file, or a link that leads nowhere",
                "Put the notebook back.",
            )
            raise PackError(Fault(file=name, rule=rule, remedy=remedy))
    remedy = "Run the command in the project's folder, which holds notebooks/; cwb init puts them there."
    raise PackError(Fault(rule=f"no notebook {name}", remedy=remedy))


def shipped_notebooks() -> list[Path]:
    """The notebooks that come with the library, sorted."""
    return next((found for folder in _SHIPPED if (found := sorted(folder.glob("*.ipynb")))), [])
