"""Folders that are made anew, where a file of the old one may be open in another program: Windows then lets nobody take it away."""

from __future__ import annotations

import shutil
from pathlib import Path

from cwb.base.errors import CwbError, Fault


def emptied(folder: Path) -> Path:
    """The folder with nothing in it. Raises `CwbError` where a file of it is in use."""
    try:
        shutil.rmtree(folder)
    except FileNotFoundError:
        pass
    except PermissionError as error:
        raise _in_use(folder, error) from None
    folder.mkdir(parents=True)
    return folder


def exchanged(new: Path, folder: Path) -> None:
    """Put a new folder in the place of another, which goes. Raises `CwbError` where a file of that one is in use; it then
    stays as it is, whole."""
    old = folder.with_name(f".{folder.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    try:
        if folder.exists():
            folder.rename(old)
        new.rename(folder)
    except (PermissionError, FileExistsError) as error:
        # The second where what was moved aside earlier could not be taken away.
        if old.exists() and not folder.exists():
            old.rename(folder)
        raise _in_use(folder, error) from None
    shutil.rmtree(old, ignore_errors=True)


def _in_use(folder: Path, error: OSError) -> CwbError:
    named = Path(error.filename).name if isinstance(error.filename, str) else folder.name
    rule = f"a file of the folder {folder.name} is open in another program, or there is no permission for it"
    return CwbError(Fault(file=named, rule=rule, remedy="Close it there, and run again."))
