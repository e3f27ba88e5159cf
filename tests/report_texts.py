"""Every text of a report, those inside its Word and Excel files too."""

from __future__ import annotations

import html
import zipfile
from collections.abc import Iterator
from pathlib import Path

# The picture of an empty page that the template of python-docx has.
_PICTURES = {"docProps/thumbnail.jpeg"}


def texts_in(report: Path) -> Iterator[tuple[str, str]]:
    """Each file as (name, text); of a docx or xlsx each part, by its name in the file, with references to characters resolved.

    Raises `UnicodeDecodeError` for a file, or part, that is no text.
    """
    for path in sorted(path for path in report.rglob("*") if path.is_file()):
        name = path.relative_to(report).as_posix()
        if path.suffix not in (".docx", ".xlsx"):
            yield name, path.read_bytes().decode("utf-8")
            continue
        with zipfile.ZipFile(path) as parts:
            for part in parts.namelist():
                if part not in _PICTURES:
                    yield f"{name}/{part}", html.unescape(parts.read(part).decode("utf-8"))
