"""The releases of a file of OCDS: a release package, a record package, JSON lines, one release, or a list of any of these.

What is no release is told with its reason and takes nothing from the others: a record that only links to its releases, a
line that is no JSON. Of a record, the releases themselves are read where it holds them, else its compiled release.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from cwb.council.bounds import DEFAULT, Bounds
from cwb.sources.json_text import (
    BeyondError,
    Loaded,
    check_size,
    load_json,
    notes_of,
    other_than_json,
    text_of_json,
)
from cwb.sources.ocds import Json, part_of
from cwb.sources.report import FileReport

ONLY_A_LINK = "only a link to a release, and not the release"
NOTHING = "the file holds no releases"
ONLY_LINKS = "the record holds only links to its releases, and no compiled release"
NO_JSON = "the line is not JSON"
NO_RELEASE = "not an OCDS release or record"
# What mends a line or a release that is not what it should be.
REMEDIES = {
    NO_JSON: "Fetch the file again: a download that broke off ends in such a line.",
    NO_RELEASE: "Nothing to do, or fetch the file again.",
    ONLY_A_LINK: "Fetch the release itself, if it should count.",
    ONLY_LINKS: "Fetch the releases themselves, if they should count.",
}
_BROKEN = "it is not JSON, or breaks off. Fetch it again from Find a Tender or Contracts Finder, or remove it."
_OTHER_JSON = (
    "not an OCDS release package, record package, release or JSON lines of these. Fetch it as OCDS from Find a Tender or "
    "Contracts Finder, or remove it."
)
# Keys of a link to a release: more than these, and it is a release.
_LINK = frozenset({"url", "date", "tag"})
# Texts stay as they are; elsewhere numbers become such as JSON allows: noughts before a number ("000", "007"), a point with
# no digit after it ("2200.") or before it (".5"), a plus sign.
_NUMBERS = re.compile(
    r'"(?:[^"\\]++|\\.)*+"|(?<![\w.+-])(?P<sign>-?)0+(?=\d)|(?<=\d)\.(?!\d)|(?<![\w.])(?P<point>\.)(?=\d)|(?<![\w.])\+(?=[\d.])',
    re.DOTALL,
)


@dataclass(frozen=True)
class Item:
    """One release of a file as published, or why there is none in its place."""

    release: Json
    reason: str | None = None


def read_items(path: Path, bounds: Bounds = DEFAULT) -> tuple[list[Item], tuple[str, ...]]:
    """The releases of a file in order, and notes on how it was read.

    Raises `ValueError`, which says what the file is and what to do, for a file that is no OCDS at all or is beyond a bound.
    """
    if other := other_than_json(path):
        raise ValueError(other)
    try:
        check_size(path, bounds)
        text, note = text_of_json(path)
        notes: tuple[str, ...] = (note,) if note else ()
        try:
            loaded = load_json(text, bounds)
        except ValueError:
            items, how = _mended(text, bounds)
            return items, (*notes, *how)
        given = loaded.tree
        items = _held(given, bounds)
    except BeyondError as error:
        raise ValueError(f"{error}.") from None
    if not _is_package(given) and all(item.reason == NO_RELEASE for item in items):
        raise ValueError(_OTHER_JSON)
    notes += notes_of([loaded])
    return items, notes if items else (*notes, NOTHING)


def _held(given: object, bounds: Bounds) -> list[Item]:
    items = list(islice(_items(given), bounds.rows + 1))
    if len(items) > bounds.rows:
        raise _too_many(bounds)
    return items


def _too_many(bounds: Bounds) -> BeyondError:
    return BeyondError(
        f"it holds more than {bounds.rows:,} releases. Fetch fewer days at once, or raise rows under [bounds] in cwb.toml"
    )


def _is_package(given: object) -> bool:
    """Whether an object without a release is at least an empty package (a day without notices)."""
    return isinstance(given, dict) and any(isinstance(given.get(key), list) for key in ("releases", "records"))


def _mended(text: str, bounds: Bounds) -> tuple[list[Item], tuple[str, ...]]:
    """The releases of a text that is no JSON as a whole, with numbers such as 000 or with one JSON a line, and which of both."""
    try:
        loaded = load_json(_plain_numbers(text), bounds)
    except ValueError:
        items, notes = _lines(text, bounds)
        return items, ("read as JSON lines, one a line", *notes)
    how = "numbers that JSON does not allow, such as 007 or 25., were read"
    return _held(loaded.tree, bounds), (how, *notes_of([loaded]))


def _lines(text: str, bounds: Bounds) -> tuple[list[Item], tuple[str, ...]]:
    items: list[Item] = []
    read: list[Loaded] = []
    has_object = False
    # Only line feeds part lines: texts may hold other characters that `splitlines` takes for a line's end.
    for line in text.split("\n"):
        if not line.strip():
            continue
        if len(items) > bounds.rows:
            raise _too_many(bounds)
        try:
            loaded = load_json(_plain_numbers(line), bounds)
        except ValueError:
            items.append(Item({}, NO_JSON))
            continue
        read.append(Loaded(None, loaded.cleaned, loaded.twice))
        given = loaded.tree
        items += _items(given) if isinstance(given, dict) else [Item({}, NO_RELEASE)]
        has_object |= isinstance(given, dict) and bool(given)
    # A broken file of many lines has lines that are JSON by themselves: a text, a number.
    if not has_object:
        raise ValueError(_BROKEN)
    return items, notes_of(read)


def _plain_numbers(text: str) -> str:
    def plain(found: re.Match[str]) -> str:
        return found[0] if found[0].startswith('"') else "0." if found["point"] else found["sign"] or ""

    return _NUMBERS.sub(plain, text)


def _items(given: object) -> Iterator[Item]:
    """The releases of one JSON value; what a package holds beside releases is told as no release."""
    if isinstance(given, list):
        for one in given:
            yield from _items(one)
    elif not isinstance(given, dict):
        yield Item({}, NO_RELEASE)
    elif isinstance(given.get("records"), list):
        for record in given["records"]:
            yield from _record(record) if isinstance(record, dict) else [Item({}, NO_RELEASE)]
    elif "compiledRelease" in given or ("releases" in given and "ocid" in given):
        yield from _record(given)
    elif isinstance(given.get("releases"), list):
        for release in given["releases"]:
            yield _release(release)
    else:
        yield Item(given) if _is_release(given) else Item({}, NO_RELEASE)


def _release(given: object) -> Item:
    if not isinstance(given, dict):
        return Item({}, NO_RELEASE)
    return Item(given) if given.keys() - _LINK else Item({}, ONLY_A_LINK)


def _is_release(given: Json) -> bool:
    return bool({"ocid", "tag", "awards", "tender"} & given.keys())


def _record(record: Json) -> Iterator[Item]:
    listed = record.get("releases")
    releases = [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
    whole = [one for one in releases if one.keys() - _LINK]
    compiled = part_of(record, "compiledRelease")
    if whole and (len(whole) == len(releases) or not compiled):
        # A release without an ocid of its own is of the record's process.
        yield from (Item({"ocid": record.get("ocid"), **one}) for one in whole)
    elif compiled:
        yield Item({"ocid": record.get("ocid"), **compiled})
    else:
        yield Item({}, ONLY_LINKS if releases else NO_RELEASE)


def nothing_kept(report: FileReport, no_fault: frozenset[str] = frozenset()) -> str | None:
    """What is told of a file of which every row is refused: it is a failure, not a day without notices.

    `no_fault` are reasons that say what a row rightly is (a cancelled award) and not what is wrong with it.
    """
    if report.kept or report.duplicates or not {refusal.reason for refusal in report.refusals} - no_fault:
        return None
    reasons = "; ".join(f"{reason}: {count:,}" for reason, count in report.refused_by_reason().items())
    return (
        f"{report.file}: nothing of it can be used ({reasons}). Fetch it again from its publisher, or remove it."
    )
