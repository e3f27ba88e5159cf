"""Tables that cwb made, and the record beside them: the key of all that made them, and the SHA-256 of each.

A table that was cut, changed or deleted, one that is none of theirs, and a record that cannot be read or was changed are
noticed: the tables count as not made. Whoever asks makes them again, and the user is told.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from cwb.base.progress import tell, written

# Size, time of the last change, time of the last change of its entry, and place on the drive.
State = tuple[int, int, int, int]
# A file changed twice in one tick of its clock would look unchanged; younger files are hashed each time.
SETTLED_NS = 2_000_000_000
_HASHED: dict[State, str] = {}


@dataclass(frozen=True)
class Record:
    """What stands beside tables. `files` are their names as seen from the record, with their hashes; `more` is what the
    stage that made them keeps of them."""

    key: str
    files: Mapping[str, str]
    more: Mapping[str, object]


def sha256_of(path: Path) -> str:
    """SHA-256 of a file's bytes, as hexadecimal."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def hash_of(path: Path) -> str:
    """`sha256_of` a table, read once by this process for as long as the drive says that it is the same file, unchanged.

    Of a table that cwb made, never of a raw file: where a drive keeps no time of an entry's last change (Windows), a change of as many
    bytes under the old time is only seen by the next process.
    """
    state = state_of(path)
    if state in _HASHED:
        return _HASHED[state]
    digest = sha256_of(path)
    if time.time_ns() - max(state[1:3]) > SETTLED_NS:
        _HASHED[state] = digest
    return digest


def state_of(path: Path) -> State:
    """What a drive says of a file: another state means that it may have been changed."""
    state = path.stat()
    return state.st_size, state.st_mtime_ns, state.st_ctime_ns, state.st_ino


def read_record(path: Path) -> Record | None:
    """The record of this path; None where there is none, or it is not as it was written."""
    try:
        body = json.loads(path.read_text(encoding="utf-8"))
        if body.pop("sha256") != _digest(body):
            return None
        return Record(body.pop("key"), body.pop("files"), body)
    except (OSError, ValueError, KeyError, AttributeError, TypeError, RecursionError):
        return None


def write_record(path: Path, key: str, tables: Iterable[Path], **more: object) -> Record:
    """Write the record of tables that were just made; it must be the last that is written of them."""
    files = {_name(path, table): hash_of(table) for table in sorted(tables)}
    body: dict[str, object] = {"key": key, "files": files, **more}
    with written(path) as part:
        text = json.dumps({**body, "sha256": _digest(body)}, indent=1, ensure_ascii=False)
        part.write_text(text, encoding="utf-8")
    return Record(key, files, more)


def current(path: Path, key: str, present: Iterable[Path], is_reported: bool = True) -> Record | None:
    """The record beside tables if they are of this key and as they were written; `present` are those that are there now.

    None means that they must be made again; what was damaged is reported to the user if `is_reported`.
    """
    record = read_record(path)
    if record is None:
        if is_reported and path.exists():
            tell(f"{path.name} of the processed tables is damaged or of an earlier version: they are made again.")
        return None
    if record.key != key:
        return None
    found = {_name(path, table): table for table in present}
    damaged = [name for name, digest in record.files.items() if _hash(found.get(name)) != digest]
    damaged += sorted(found.keys() - record.files.keys())
    if is_reported and damaged:
        names = ", ".join(damaged[:5]) + (f" and {len(damaged) - 5} more" if len(damaged) > 5 else "")
        tell(
            f"Processed tables were cut, changed, added or deleted since they were made: {names}. They are made again."
        )
    return None if damaged else record


def _hash(path: Path | None) -> str | None:
    try:
        return hash_of(path) if path else None
    except OSError:
        return None


def _name(record: Path, table: Path) -> str:
    """A table as seen from its record, which may be in a folder beside."""
    return Path(os.path.relpath(table, record.parent)).as_posix()


def _digest(body: Mapping[str, object]) -> str:
    return hashlib.sha256(json.dumps(body, sort_keys=True, ensure_ascii=True).encode()).hexdigest()
