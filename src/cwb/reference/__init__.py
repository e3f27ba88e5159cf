"""Dated tables that hold everywhere: districts, code lists, names' words. Each row or file states its source."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

_FOLDER = files(__name__)


@cache
def digests() -> dict[str, str]:
    """Name of each reference table → SHA-256 of its bytes."""
    found = sorted((path for path in _FOLDER.iterdir() if path.name.endswith(".csv")), key=lambda path: path.name)
    return {path.name.removesuffix(".csv"): hashlib.sha256(path.read_bytes()).hexdigest() for path in found}


@cache
def table(name: str) -> pd.DataFrame:
    """A reference table as text columns; empty cells are empty strings. Do not change the frame in place."""
    import pandas as pd  # noqa: PLC0415 - the settings are read without it

    with (_FOLDER / f"{name}.csv").open(encoding="utf-8") as handle:
        return pd.read_csv(handle, dtype=str, keep_default_na=False, comment="#")


def districts() -> pd.DataFrame:
    """One row per UK local authority district in force.

    Columns: `lad_code`, `lad_name`, `region_code`, `region_name` (country for Wales, Scotland and Northern
    Ireland), `valid_from`, `valid_to` (empty while in force), `source`.
    """
    return table("districts")


@cache
def district_codes() -> frozenset[str]:
    """The codes of `districts`."""
    return frozenset(row["lad_code"] for row in _plain_rows("districts"))


@cache
def duty_months(duty: str) -> int:
    """The months of a rule of `duties`, by its newest row. Raises `KeyError` where the table has none."""
    return {row["duty"]: int(row["months"]) for row in _plain_rows("duties") if row["months"]}[duty]


def _plain_rows(name: str) -> Iterator[dict[str, str]]:
    """The rows of a table read without pandas: every command needs them when it reads the settings."""
    lines = (_FOLDER / f"{name}.csv").read_text(encoding="utf-8").splitlines()
    return csv.DictReader(line for line in lines if not line.startswith("#"))


@cache
def superseded_districts() -> dict[str, str]:
    """Old district code → the code in force, for the places where old data is still met."""
    rows = table("districts_superseded")
    return dict(zip(rows["old_code"], rows["lad_code"], strict=True))


@cache
def organisation_words() -> frozenset[str]:
    """Words that show a name to be an organisation's and not a person's."""
    return frozenset(table("organisation_words")["word"])


@cache
def given_names() -> frozenset[str]:
    """Given names frequent in the United Kingdom."""
    names = table("given_names")
    return frozenset(names["name"][names["frequent"] == "yes"])


@cache
def all_given_names() -> frozenset[str]:
    """Given names of many languages, no ordinary word among them."""
    return frozenset(table("given_names")["name"])


@cache
def ordinary_words() -> dict[str, str]:
    """Words of notices, codes and organisations' names → which of "given", "surname" they are too: "rose" → "given surname"."""
    words = table("ordinary_words")
    return dict(zip(words["word"], words["name"], strict=True))
