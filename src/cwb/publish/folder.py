"""What stands in a report's folder: every file by its name, hidden ones too, and whatever no report holds.

Nothing is followed out of the folder, and nothing that is no plain file is opened. Nothing heavy is imported here.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from pathlib import Path

from cwb.base.characters import printable
from cwb.base.errors import Fault

# PDFs that a browser of the reader's made; it stands in no manifest, and nothing is said of it.
PRINT = "print"
REMOVE = "Remove it."


def files_of(report: Path) -> tuple[dict[str, Path], list[Fault]]:
    """Name → file of everything below the folder but `print/`; links, empty folders and what cannot be read as faults.

    Names are compared letter for letter, so that one which differs in case alone is another file.
    """
    found: dict[str, Path] = {}
    faults: list[Fault] = []
    for name, path, fault in _entries(report, ""):
        if fault:
            faults.append(Fault(file=shown(name), rule=fault, remedy=REMOVE))
        else:
            found[name] = path
    return dict(sorted(found.items())), faults


def has_print(report: Path) -> bool:
    """Whether there is a folder for PDFs, into which nobody looks."""
    inside = report.iterdir() if report.is_dir() else ()
    return any(path.name == PRINT and path.is_dir() and not _is_link(path) for path in inside)


def shown(text: str) -> str:
    """A name or text of a report as messages show it: what cannot be printed or seen of it as its code."""
    return "".join(c if printable(c) == c and unicodedata.category(c) != "Cf" else ascii(c)[1:-1] for c in text)


def _entries(folder: Path, prefix: str) -> Iterator[tuple[str, Path, str]]:
    """Name, path and what is wrong ("" for a plain file) of everything below a folder."""
    try:
        inside = sorted(folder.iterdir())
    except OSError as error:
        yield prefix.rstrip("/") or folder.name, folder, f"the folder cannot be read: {error.strerror}"
        return
    for path in inside:
        name = prefix + path.name
        if _is_link(path):
            yield name, path, "this is a link, and a report holds none"
        elif path.is_dir():
            if name == PRINT:
                continue
            below = list(_entries(path, f"{name}/"))
            yield from below or [(name, path, "the folder is empty and not part of the report")]
        elif path.is_file():
            yield name, path, ""
        else:
            yield name, path, "this is no file"


def _is_link(path: Path) -> bool:
    # A junction, Windows' other link between folders, is no symbolic link, but leads elsewhere too.
    return path.is_symlink() or path.resolve() != path.parent.resolve() / path.name
