"""A file of TOML, the settings or a sidecar, read whole with every text in it printable; or what is wrong with it."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from cwb.base.characters import printable_tree, visible
from cwb.base.errors import CwbError, Fault, fault

# No settings are as long; the reader of TOML takes the square of a line's length.
_MOST_BYTES, _LONGEST_LINE = 1_000_000, 20_000

_LINE, _SHOWN = re.compile(r"at line (\d+)"), 80
# How a line that people write by habit is to be written, the likeliest first.
_REMEDIES = (
    (
        re.compile(r'"[^"]*\\'),
        "Write a path with / in place of \\, or between single quotation marks: 'C:\\data'.",
    ),
    (re.compile("[“”„‘’]"), 'Write straight quotation marks: ".'),
    (re.compile(r'"[^",]*"\s+"'), "Put a comma between two texts."),
    (re.compile(r"=\s*[\d.]+\s*%"), "Write 30% as 0.30."),
    (re.compile(r"=\s*(yes|no|on|off|True|False)\b"), "Write true or false."),
    (re.compile(r"=\s*\d{1,2}[ /.][\w ]+"), "Write a day as 2022-03-31, without quotation marks."),
    (re.compile(r"""=\s*[^\s"'\[{]"""), 'Write a text between quotation marks: "2021-22".'),
    (re.compile(r"""=\s*("[^"]*|'[^']*)$"""), "Close the quotation marks."),
)


def read_toml(path: Path, error: type[CwbError]) -> dict[str, object]:
    """What the file holds; raise `error` with what is wrong and what to do."""
    try:
        size = path.stat().st_size
        if size > _MOST_BYTES:
            rule = f"it has {size:,} bytes, and at most {_MOST_BYTES:,} are read"
            raise error(fault(rule, "Look whether it is the right file.", path))
        text = path.read_text(encoding="utf-8-sig")
        if (longest := max(map(len, text.split("\n")))) > _LONGEST_LINE:
            rule = f"a line has {longest:,} characters, and at most {_LONGEST_LINE:,} are read"
            raise error(fault(rule, "Write a long list on several lines.", path))
        return printable_tree(tomllib.loads(text))
    except UnicodeDecodeError:
        raise error(fault("it must be UTF-8 text", "Save the file as UTF-8.", path)) from None
    except RecursionError:
        raise error(
            fault("its lists or tables nest too deep", "Look whether it is the right file.", path)
        ) from None
    except ValueError as why:
        # Not only `TOMLDecodeError`: a number of a thousand digits is another.
        raise error(_line_fault(text, str(why), path)) from None


def _line_fault(text: str, why: str, path: Path) -> Fault:
    """The line that cannot be read, and how such a line is written."""
    place = _LINE.search(why)
    line = text.split("\n")[int(place[1]) - 1].strip() if place else ""
    remedy = next((remedy for pattern, remedy in _REMEDIES if pattern.search(line)), "Mend that line.")
    return fault(f"not valid TOML: {why[:200]}", remedy, path, value=visible(line)[:_SHOWN] or None)
