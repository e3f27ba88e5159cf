"""Which files a raw folder has; one that is there and cannot be read is a fault and never taken for absent.

Patterns are written as for pathlib's glob; unlike it, what may not be read is reported. Linked folders are read as folders.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence
from fnmatch import fnmatch
from pathlib import Path, PurePath, PureWindowsPath
from typing import Literal

from cwb.base.errors import Fault

SIDECAR = ".source.toml"
# What `cwb init` writes into a source's folder about the files that go there.
FOLDER_NOTE = "README.cwb.txt"
_NOT_RAW = (SIDECAR, FOLDER_NOTE, ".part", ".part.json")
_WILD = frozenset("*?[")
_MOST = 1_000_000
_Kind = Literal["file", "folder", "absent", "unreadable"]


def is_raw(path: PurePath) -> bool:
    """Whether a path, seen from a raw folder, is a file to read: not hidden, half fetched or written by cwb."""
    hidden = any(part.startswith(".") for part in path.parts)
    return not hidden and not path.name.startswith("~$") and not path.name.endswith(_NOT_RAW)


def find_files(
    top: Path, shown: str, patterns: Sequence[str], most: int = _MOST
) -> tuple[list[Path], list[Fault]]:
    """The files below `top` that the patterns name, sorted, and a fault for each thing there that cannot be read.

    `shown` is what messages call `top`. A folder or file that is not there at all is no fault. Of more than `most` files only
    one more is looked for.
    """
    walk = _Walk(top, shown, most)
    for pattern in patterns:
        walk.into(top, PurePath(pattern).parts, ())
    files = sorted(path for path in walk.files if is_raw(path.relative_to(top)))
    return files, list(walk.faults.values())


class _Walk:
    """One walk through a folder; each path is looked up on the disk once."""

    def __init__(self, top: Path, shown: str, most: int):
        self.top, self.shown, self.most = top, shown, most
        self.files: set[Path] = set()
        self.faults: dict[Path, Fault] = {}
        self._kinds: dict[Path, _Kind] = {}
        self._listed: dict[Path, list[Path]] = {}

    def into(self, folder: Path, pattern: tuple[str, ...], above: tuple[Path, ...]) -> None:
        """Take the files below a folder that fit the pattern; `above` are the folders that led here, links resolved."""
        if len(self.files) > self.most:
            return
        kind = self.kind(folder)
        if kind == "file":
            self.add_fault(
                folder,
                "a file stands where a folder is expected",
                "Make a folder of that name, with the file in it.",
            )
        if kind != "folder":
            return
        head, rest = pattern[0], pattern[1:]
        if head == "**":
            # A link may lead back to a folder above it, all of which is read already.
            if (here := folder.resolve()) in above:
                return
            self.into(folder, rest or ("*",), above)
            for inner in self.entries(folder):
                if self.kind(inner) == "folder":
                    self.into(inner, pattern, (*above, here))
            return
        named = [folder / head] if _WILD.isdisjoint(head) else self.entries(folder)
        for path in named:
            if not fnmatch(path.name, head) and path.name != head:
                continue
            if not rest:
                self.take(path)
            elif path == folder / head or self.kind(path) == "folder":
                self.into(path, rest, above)

    def take(self, path: Path) -> None:
        """Take a file once it has been opened, and the sidecar beside it."""
        if len(self.files) > self.most or self.kind(path) != "file" or not is_raw(PurePath(path.name)):
            return
        beside = path.with_name(path.name + SIDECAR)
        for one in (path, beside) if self.kind(beside) == "file" else (path,):
            try:
                with one.open("rb"):
                    pass
            except OSError as error:
                self.fail(one, error)
        self.files.add(path)

    def kind(self, path: Path) -> _Kind:
        if path not in self._kinds:
            self._kinds[path] = self._stat(path)
        return self._kinds[path]

    def _stat(self, path: Path) -> _Kind:
        try:
            mode = path.stat().st_mode
        except (FileNotFoundError, NotADirectoryError) as error:
            broken = next((p for p in (path, *path.parents) if p.is_symlink() and not p.exists()), None)
            if broken is None:
                return "absent"
            self.fail(path, error)
            return "unreadable"
        except OSError as error:
            self.fail(path, error)
            return "unreadable"
        if stat.S_ISDIR(mode):
            return "folder"
        if not stat.S_ISREG(mode):
            self.add_fault(path, "it is neither a file nor a folder", "Put the file itself here, or remove this.")
            return "unreadable"
        return "file"

    def entries(self, folder: Path) -> list[Path]:
        """The entries of a folder, sorted, hidden ones left out."""
        if folder not in self._listed:
            try:
                with os.scandir(folder) as found:
                    names = sorted(entry.name for entry in found if not entry.name.startswith("."))
            except OSError as error:
                self.fail(folder, error)
                names = []
            self._listed[folder] = [folder / name for name in names]
        return self._listed[folder]

    def fail(self, path: Path, error: OSError) -> None:
        rule, remedy = why_unreadable(path, error)
        self.add_fault(path, rule, f"{remedy}, or move it out of the raw folder.")

    def add_fault(self, path: Path, rule: str, remedy: str) -> None:
        """A fault, by the path as seen from the project; what would not be read anyway is no fault."""
        relative = path.relative_to(self.top)
        if relative == PurePath() or is_raw(relative) or relative.name.endswith(SIDECAR):
            shown = PurePath(self.shown, relative).as_posix()
            self.faults.setdefault(path, Fault(file=shown, rule=rule, remedy=remedy))


def why_unreadable(path: Path, error: OSError) -> tuple[str, str]:
    """What is wrong with something that is there and cannot be read, and what to do (without a stop)."""
    if isinstance(error, PermissionError):
        return "there is no permission to read it", "Let the account that runs cwb read it"
    if os.path.islink(path):  # noqa: PTH114 - asks nothing of a drive that fails but this, and never raises
        return "the link leads nowhere", "Put back what it links to"
    if isinstance(error, FileNotFoundError):
        return "it was there a moment ago and is gone", "Run again when nothing writes into the folder"
    return f"it cannot be read ({error.strerror})", "Check the drive that holds it"


def leaves_its_folder(name: str) -> bool:
    """Whether a name or pattern of the settings could lead out of the folder from which it is seen, on any system."""
    parts = name.replace("\\", "/").split("/")
    return (
        not name or ".." in parts or parts[0] in ("", "~") or name[0] == "~" or bool(PureWindowsPath(name).drive)
    )
