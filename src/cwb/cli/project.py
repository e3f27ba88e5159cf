"""What `cwb init` puts beside the settings: folders with a note each, empty forms, notebooks; and a district's neighbours."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

from cwb.base.lock import writing
from cwb.base.progress import Progress, written
from cwb.council.config import Settings
from cwb.council.raw_files import FOLDER_NOTE
from cwb.council.sections import Data
from cwb.publish.notebooks import shipped_notebooks
from cwb.sources.database import connect
from cwb.sources.datasets.postcodes import make_default
from cwb.sources.fetch.datasets import datasets
from cwb.sources.forms import templates, write_template
from cwb.sources.neighbours import neighbours
from cwb.sources.registry import about, sources
from cwb.sources.source import Source

_FORMS, _NOTEBOOKS = "forms", "notebooks"


def beside(district: str, folder: Path, progress: Progress) -> tuple[str, ...]:
    """The districts beside one. The postcodes are made for this project meanwhile; a run takes them as they are."""
    processed = folder / Data().processed
    with writing(processed):
        postcodes = make_default(processed, progress)
    with connect() as con:
        return neighbours(con, postcodes, district)


def add_missing(settings: Settings, near: Callable[[Path], str]) -> Iterator[str]:
    """Write whatever of a project is not there yet; one line for each kind of thing, on what was added and where."""
    notes = {settings.raw / name / FOLDER_NOTE: note_of(source) for name, source in sources().items()}
    new = [path for path in notes if not path.exists()]
    for path in new:
        with written(path) as part:
            part.write_text(notes[path], encoding="utf-8")
    yield _summary(len(new), "folder", near(settings.raw), f"with a {FOLDER_NOTE} on what to put there")
    forms = settings.folder / _FORMS
    missing = [name for name in templates() if not (forms / f"{name}.csv").exists()]
    forms.mkdir(exist_ok=True)
    for name in missing:
        write_template(name, forms)
    yield _summary(len(missing), "empty form", near(forms), "to fill in and put into a folder of raw files")
    target = settings.folder / _NOTEBOOKS
    absent = [path for path in shipped_notebooks() if not (target / path.name).exists()]
    for path in absent:
        with written(target / path.name) as part:
            shutil.copyfile(path, part)
    yield _summary(len(absent), "notebook", near(target), "one for each pack, and one to explore with")


def _summary(number: int, what: str, where: str, why: str) -> str:
    several = f"{what}{'' if number == 1 else 's'}"
    return f"Added: {number} {several} in {where}/, {why}." if number else f"{where}/ has its {what}s already."


def note_of(source: Source) -> str:
    """What goes into a source's folder, with which columns, and where it comes from: all as the source declares it."""
    lines = [about(source.name)]
    if source.layout is not None:
        needed = [
            " or ".join(
                _readable(source.layout.fields[name]) for name in ((need,) if isinstance(need, str) else need)
            )
            for need in source.layout.required
        ]
        lines.append(f"A file must have these columns, under such headings or like ones: {'; '.join(needed)}.")
    lines += [f"“{heading}” takes one of: {', '.join(words)}." for heading, words in source.closed_lists().items()]
    for one in datasets().values():
        if one.source == source.name:
            get = f"Get it with: cwb fetch {one.name}" if one.url else "Download it by hand"
            lines.append(f"{get} ({one.publisher}, {one.page}; {one.licence}).")
    if source.form():
        lines.append(f"An empty form of it is {_FORMS}/{source.name.replace('_', '-')}.csv, beside cwb.toml.")
    return "\n".join([*lines, "cwb does not read this note."]) + "\n"


def _readable(headings: tuple[str, ...]) -> str:
    """Of the headings of a field the first; one in words where that is run together ("contracttitle")."""
    first = headings[0]
    return first if " " in first or len(first) < 10 else next((one for one in headings if " " in one), first)
