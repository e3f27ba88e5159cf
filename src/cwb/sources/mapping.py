"""What the settings say of how a raw file is read: the mappings that fit it, as one, checked against its source."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from glob import escape
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from cwb.base.errors import Fault
from cwb.base.progress import written
from cwb.council.config import load_config
from cwb.council.sections import FileMapping
from cwb.sources.layout import UNUSED

if TYPE_CHECKING:
    from cwb.sources.source import Source


def mapping_of(mappings: Sequence[FileMapping], label: str) -> FileMapping | None:
    """All mappings that fit a file (by its path below the raw folder) as one, later ones first; None where none does."""
    fitting = [mapping for mapping in mappings if mapping.fits(label)]
    if not fitting:
        return None
    return FileMapping(
        files=(label,),
        columns={heading: name for mapping in fitting for heading, name in mapping.columns.items()},
        dates=next((mapping.dates for mapping in reversed(fitting) if mapping.dates), None),
        currency=next((mapping.currency for mapping in reversed(fitting) if mapping.currency), None),
    )


def faults_of(mapping: FileMapping, source: Source) -> Iterator[Fault]:
    """What of a mapping cannot be done with a file of a source."""
    if source.layout is None:
        remedy = "Take its files out of [[mappings]]."
        yield Fault(rule=f"files of {source.words} have no headings to map", remedy=remedy, file=mapping.files[0])
        return
    fields = source.layout.fields
    for heading, name in mapping.columns.items():
        if name not in fields and name != UNUSED:
            yield Fault(
                file=mapping.files[0],
                column=f"mappings.columns.{heading}",
                rule=f"this is no field of {source.words}",
                value=name,
                remedy=f'Choose from {", ".join(fields)}, or "{UNUSED}".',
            )
    if not source.reads_as_mapped and (mapping.dates or mapping.currency):
        yield Fault(
            file=mapping.files[0],
            column="mappings.dates" if mapping.dates else "mappings.currency",
            rule=f"{source.words} is a public register, whose dates and amounts are read as its publisher writes them",
            remedy="Take the line out.",
        )


def one_a_folder(mapped: Sequence[tuple[str, Mapping[str, str]]], there: Sequence[str]) -> list[FileMapping]:
    """Mappings of files (label, columns): one for a whole folder where all of its files `there` have the same, else one of the
    files that have."""
    alike: dict[tuple[str, tuple[tuple[str, str], ...]], list[str]] = {}
    for label, columns in mapped:
        alike.setdefault((PurePosixPath(label).parent.as_posix(), tuple(columns.items())), []).append(label)
    found = []
    for (folder, pairs), labels in alike.items():
        neighbours = {label for label in there if PurePosixPath(label).parent.as_posix() == folder}
        is_whole = len(labels) > 1 and neighbours == set(labels)
        files = (escape(folder),) if is_whole else tuple(escape(label) for label in labels)
        found.append(FileMapping(files=files, columns=dict(pairs)))
    return found


def as_toml(mapping: FileMapping) -> str:
    """A mapping as a block of cwb.toml."""
    listed = [json.dumps(pattern, ensure_ascii=False) for pattern in mapping.files]
    files = listed[0] if len(listed) == 1 else "[\n    " + ",\n    ".join(listed) + ",\n]"
    columns = ", ".join(
        f"{json.dumps(heading, ensure_ascii=False)} = {json.dumps(name)}"
        for heading, name in mapping.columns.items()
    )
    lines = [f"columns = {{ {columns} }}"] if columns else []
    lines += [f"dates = {json.dumps(mapping.dates)}"] if mapping.dates else []
    return "\n".join(["[[mappings]]", f"files = {files}", *lines, ""])


def write_mappings(config: Path, mappings: Sequence[FileMapping]) -> None:
    """Put mappings at the end of a settings file, whose own text and comments stay as they are.

    Raises `ConfigError`, and writes nothing, where the settings would not be valid with them.
    """
    before = config.read_bytes()
    block = "".join(f"\n{as_toml(mapping)}" for mapping in mappings)
    if before and not before.endswith(b"\n"):
        block = "\n" + block
    if b"\r\n" in before:
        block = block.replace("\n", "\r\n")
    with written(config) as part:
        part.write_bytes(before + block.encode())
        load_config(part)
