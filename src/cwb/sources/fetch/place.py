"""A fetched file is what it should be before it gets its name: whole as an archive, readable as its source, not shrunk."""

from __future__ import annotations

import json
import lzma
import zipfile
import zlib
from collections.abc import Callable
from datetime import date
from pathlib import Path

from cwb.base.characters import printable
from cwb.base.errors import Fault, SourceError, fault
from cwb.base.kept import sha256_of
from cwb.base.progress import written
from cwb.council.raw_files import SIDECAR
from cwb.sources.check import check_files
from cwb.sources.fetch.download import Fetched, discard, state_of
from cwb.sources.report import RawFile

_MOST_UNPACKED = 30_000_000_000
# No text packs better by so much: what does was made to fill a disk.
_MOST_TIMES = 100
_SMALL = 100_000_000
_HAND = "Find the file on the publisher's page."


def check_file(source: str, part: Path, target: Path, districts: tuple[str, ...]) -> None:
    """Raise `SourceError` unless the file reads as its source: a login page or an old layout must not pass."""
    with part.open("rb") as handle:
        head = handle.read(512).lstrip().lower()
    if head.startswith((b"<!doctype", b"<html", b"<?xml")):
        raise SourceError(fault("the address gave a web page and not the data", _HAND, target))
    if head.startswith(b"pk\x03\x04") or target.suffix.lower() in (".zip", ".xlsx", ".ods"):
        _check_archive(part, target)
    if source == "notices":
        return
    # The reader goes by the name's ending, and names the file in its faults: for the check it has its own name.
    beside = checked_in(target)
    beside.mkdir(exist_ok=True)
    shown = beside / target.name
    part.rename(shown)
    try:
        reports = check_files({source: [RawFile(target.name, shown, "")]}, districts)
    finally:
        shown.rename(part)
        beside.rmdir()
    for report in reports:
        if report.error or not report.kept:
            rule = report.error or f"{target.name}: the file holds no entry."
            remedy = "The file was not kept: the publisher may have changed its form."
            raise SourceError(Fault(rule=rule.rstrip("."), remedy=remedy))


def checked_in(target: Path) -> Path:
    """The hidden folder in which a file has its name while it is checked."""
    return target.with_name(f".check-{target.name}")


def _check_archive(part: Path, target: Path) -> None:
    """Raise `SourceError` unless every member of a zip unpacks to what the archive says of it, within bounds."""
    again = "Fetch it again; if it stays so, find the file on the publisher's page."
    try:
        with zipfile.ZipFile(part) as archive:
            unpacked = sum(member.file_size for member in archive.infolist())
            if unpacked > min(_MOST_UNPACKED, max(_SMALL, _MOST_TIMES * part.stat().st_size)):
                rule = f"the archive unpacks to {unpacked / 1_000_000_000:,.1f} GB, which is no data of this kind"
                raise SourceError(fault(rule, _HAND, target))
            damaged = archive.testzip()
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, ValueError, NotImplementedError) as error:
        raise SourceError(fault(f"the archive is damaged ({printable(str(error))[:80]})", again, target)) from None
    except RuntimeError:
        raise SourceError(fault("the archive wants a password", _HAND, target)) from None
    if damaged is not None:
        raise SourceError(fault("a file in the archive is damaged", again, target))


def check_size(part: Path, target: Path, pattern: str) -> None:
    """Raise `SourceError` for a file of less than half the bytes of the newest one of its kind that stands."""
    present = sorted(path for path in target.parent.glob(pattern) if path.suffix == target.suffix)
    size = part.stat().st_size
    if present and size * 2 < (before := present[-1].stat().st_size):
        rule = f"it has {size:,} bytes, and {present[-1].name}, which stands, has {before:,}: less than half"
        remedy = "If the publisher did shorten it, move the older file out of data/raw and fetch again."
        raise SourceError(fault(rule, remedy, target))


def put_in_place(
    fetched: Fetched,
    target: Path,
    publisher: str,
    licence: str,
    today: date,
    check: Callable[[Path], None],
    note: str = "",
) -> None:
    """Check what was fetched, write the sidecar and give the file its name; a file that fails its check is removed."""
    try:
        check(fetched.part)
    except SourceError:
        discard(target)
        raise
    entries: dict[str, str | int] = {
        "publisher": publisher,
        "url": fetched.url,
        "final_url": fetched.final_url,
        "retrieved": f"{today:%Y-%m-%d}",
        "licence": licence,
        "bytes": fetched.part.stat().st_size,
        "sha256": sha256_of(fetched.part),
        "completeness": f"{fetched.completeness}{note}",
    }
    with written(target.with_name(target.name + SIDECAR)) as path:
        path.write_text(
            "".join(f"{key} = {_toml(value)}\n" for key, value in entries.items()), encoding="utf-8", newline="\n"
        )
    fetched.part.replace(target)
    state_of(target).unlink(missing_ok=True)


def _toml(value: str | int) -> str:
    """A value as TOML writes it, whose texts JSON's rules fit once no character is unprintable."""
    return json.dumps(printable(value) if isinstance(value, str) else value, ensure_ascii=False)
