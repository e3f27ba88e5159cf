"""How a report differs from the same one made again: every file byte by byte, the first place in words.

A table is told by row and column, a finding by its part, a page by the heading and the text that members read, the manifest by
each entry. What is not equal and cannot be told so is told by its line.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import zip_longest
from pathlib import Path

from cwb.base.errors import Fault
from cwb.council.raw_files import why_unreadable
from cwb.evidence.record import NAME as FINDINGS
from cwb.publish.check_value import BLANK, INDEX, bearing, printed
from cwb.publish.folder import REMOVE, files_of, shown
from cwb.publish.manifest import AGAIN
from cwb.publish.manifest import NAME as MANIFEST
from cwb.publish.page_places import place_in_page

_NOTHING = "nothing"
# The manifest's hash of all the rest of it.
_OWN = ("sha256",)
_CLIP = 70
# Of a file that was made far longer than it is made again, as much is read as can hold the first difference.
_MORE = 65_536
Json = dict[str, object] | list[object] | str | float | bool | None


def differences(report: Path, rebuilt: Path, known: Sequence[Fault] = ()) -> list[Fault]:
    """All that a report has otherwise than the folder `rebuilt`: nothing, where every byte is the same. Faults that are `known` already of
    raw files, settings, notebooks and the manifest are not repeated for the manifest's entries."""
    here, faults = files_of(report)
    again, _ = files_of(rebuilt)
    strange = {fault.file for fault in faults}
    for name in again.keys() - here.keys():
        if shown(name) not in strange:
            rule = "the file is missing: made again, the report has it"
            faults.append(Fault(file=name, rule=rule, remedy=AGAIN))
    for name in here.keys() - again.keys():
        rule = "the file is not part of the report: made again, the report does not have it"
        faults.append(Fault(file=shown(name), rule=rule, remedy=REMOVE))
    faults.sort(key=lambda fault: fault.file or "")
    for name in again:
        if name in here and name != MANIFEST:
            faults += _of_file(name, here[name], again[name])
    if MANIFEST in here:
        named = {fault.column if fault.file == MANIFEST else fault.file for fault in (*known, *faults)}
        faults += _of_file(MANIFEST, here[MANIFEST], again[MANIFEST], partial(_in_manifest, named))
    return faults


_Places = Callable[[str, str], Iterable[Fault]]


def _of_file(name: str, here: Path, again: Path, places: _Places | None = None) -> list[Fault]:
    """The differences of one file; the bytes decide, and the words are found afterwards."""
    new = again.read_bytes()
    try:
        with here.open("rb") as handle:
            old = handle.read(len(new) + _MORE)
    except OSError as error:
        return [Fault(*why_unreadable(here, error), file=name)]
    if old == new:
        return []
    if name == INDEX:
        if bearing(old, BLANK) == bearing(new, BLANK):
            rule = f"here {printed(old)}, made again {printed(new)}"
            return [Fault(file=name, column="check value", rule=rule, remedy=AGAIN)]
        # The value differs wherever anything does: what differs besides is looked for.
        old, new = bearing(old, BLANK), bearing(new, BLANK)
    texts = old.decode("utf-8", "replace"), new.decode("utf-8", "replace")
    if places is None:
        kinds: dict[str, _Places] = {".csv": _in_table, ".html": _in_page}
        places = _in_findings if name == FINDINGS else kinds.get(Path(name).suffix, _in_text)
    try:
        found = list(places(*texts))
    except (ValueError, RecursionError, csv.Error):
        found = list(_in_text(*texts))
    # Of the manifest alone all may be told already.
    if not found and name != MANIFEST:
        found = list(_in_text(*texts))
    return [replace(fault, file=name) for fault in found]


def _both(here: object, again: object) -> str:
    """What stands here and what was made again, from a little before the first difference."""
    texts = [_plain(here), _plain(again)]
    if texts[0] == texts[1]:
        # They differ in blanks, or in characters that are not seen.
        texts = [ascii(here), ascii(again)]
    same = next((at for at, (a, b) in enumerate(zip(*texts, strict=False)) if a != b), min(map(len, texts)))
    start = max(0, same - _CLIP // 3) if max(map(len, texts)) > _CLIP else 0
    one, other = (
        ("…" if start else "") + text[start : start + _CLIP] + ("…" if len(text) > start + _CLIP else "")
        for text in texts
    )
    return f"here {one or _NOTHING}, made again {other or _NOTHING}"


def _plain(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return shown(" ".join(text.split())) if value is not None else ""


def _in_text(here: str, again: str) -> Iterator[Fault]:
    """The first line that is another, or the end of the file; bytes that are no text are told as such."""
    for number, (a, b) in enumerate(zip_longest(here.splitlines(), again.splitlines()), 1):
        if a != b:
            yield Fault(f"line {number}: {_both(a, b)}", AGAIN)
            return
    yield Fault("the text is the same and its bytes are not: line ends, or characters that are none", AGAIN)


def _in_table(here: str, again: str) -> Iterator[Fault]:
    """The first cell that is another, by its row as a spreadsheet numbers it and the heading of its column."""
    rows = [list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""))) for text in (here, again)]
    headings = rows[1][0] if rows[1] else []
    for number, (a, b) in enumerate(zip_longest(*rows), 1):
        if a is None or b is None:
            yield Fault("the row is not there" if a is None else "the row is not made again", AGAIN, row=number)
            return
        for at, (one, other) in enumerate(zip_longest(a, b)):
            if one != other:
                column = headings[at] if at < len(headings) else str(at + 1)
                yield Fault(_both(one, other), AGAIN, row=number, column=column)
                return


def _in_page(here: str, again: str) -> Iterator[Fault]:
    heading, one, other = place_in_page(here, again)
    if one != other:
        yield Fault((f"under “{_plain(heading)}”: " if heading else "") + _both(one, other), AGAIN)


def _in_findings(here: str, again: str) -> Iterator[Fault]:
    """Every finding that is another, by the first of its parts."""
    old, new = (_by_key(json.loads(text)) for text in (here, again))
    for key, finding in new.items():
        if key not in old:
            yield Fault("the finding is missing", AGAIN, column=key[1])
            continue
        for part in dict.fromkeys([*finding, *old[key]]):
            one, other = old[key].get(part), finding.get(part)
            if not _same(one, other):
                yield Fault(f"{part}: {_both(one, other)}", AGAIN, column=key[1])
                break
    for key in sorted(old.keys() - new.keys()):
        yield Fault("no measure makes this finding", AGAIN, column=key[1])


def _by_key(findings: Json) -> dict[tuple[str, str], dict[str, object]]:
    """Findings by pack and id; raise `ValueError` for what are none, or for one that is there twice."""
    if not isinstance(findings, list):
        raise ValueError("no list of findings")
    found: dict[tuple[str, str], dict[str, object]] = {}
    for finding in findings:
        if not isinstance(finding, dict) or (key := (str(finding.get("pack")), str(finding.get("id")))) in found:
            raise ValueError("not a finding, or one that is there twice")
        found[key] = finding
    return found


def _same(one: object, other: object) -> bool:
    return type(one) is type(other) and one == other


def _in_manifest(named: set[str | None], here: str, again: str) -> Iterator[Fault]:
    """Every entry that is another; those of files that are `named` already follow from them, and so does the last one."""
    old, new = (dict(_leaves(json.loads(text), ())) for text in (here, again))
    differing = [place for place in dict.fromkeys([*new, *old]) if not _same(old.get(place), new.get(place))]
    if not differing:
        yield from _in_text(here, again)
    for place in differing:
        names = {", ".join(place), *(part.rpartition(":")[2] for part in place)}
        if place[0] == "settings":
            names.add(str(new["settings", "name"]))
        if not names & named and (place != _OWN or differing == [_OWN]):
            yield Fault(_both(old.get(place), new.get(place)), AGAIN, column=shown(", ".join(place)))


def _leaves(value: Json, place: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Json]]:
    """Every value of a manifest with its place: keys, and in a list the entry's name."""
    if isinstance(value, dict) and value:
        for key, item in value.items():
            yield from _leaves(item, (*place, key))  # type: ignore[arg-type]
    elif isinstance(value, list) and value:
        for number, item in enumerate(value):
            of = [str(item[key]) for key in ("source", "name") if key in item] if isinstance(item, dict) else []
            yield from _leaves(item, (*place, ":".join(of) or str(number)))  # type: ignore[arg-type]
    else:
        yield place, value
