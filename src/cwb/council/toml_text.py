"""A file of TOML, the settings or a sidecar, read whole with every text in it printable; or what is wrong with it."""

from __future__ import annotations

import tomllib
from pathlib import Path

from cwb.base.characters import printable_tree
from cwb.base.errors import CwbError, fault

# No settings are as long; the reader of TOML takes the square of a line's length.
_MOST_BYTES, _LONGEST_LINE = 1_000_000, 20_000


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
        raise error(fault(f"not valid TOML: {str(why)[:200]}", "Mend that line.", path)) from None
