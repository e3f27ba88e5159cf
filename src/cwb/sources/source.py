"""What a source is: one declaration that holds all that cwb knows of a kind of raw file.

A source is a module of `cwb.sources.datasets` with a `SOURCE`; nothing else names it. Its files are in data/raw in the
folder of its name.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import ClassVar

import duckdb
import pandas as pd

from cwb.base.progress import Progress, quiet
from cwb.sources.layout import Layout
from cwb.sources.report import FileReport, RawFile


class Holds(StrEnum):
    """What the values of a column show that they are."""

    DATES = "dates"
    POUNDS = "pounds and pence"
    NAMES = "names of firms"


@dataclass
class Job:
    """Where a build or a check reads and writes.

    `shared` is the folder of tables that all councils share; None in a check, which makes none. `awards` are those that
    notices state, for the table of awards; `origins` says for readers of a pack where the tables of places are from.
    """

    con: duckdb.DuckDBPyConnection
    folder: Path
    scratch: Path
    progress: Progress = quiet
    districts: tuple[str, ...] = ()
    shared: Path | None = None
    awards: list[pd.DataFrame] = field(default_factory=list)
    origins: dict[str, str] = field(default_factory=dict)

    def table(self, name: str) -> Path:
        return self.folder / f"{name}.parquet"


@dataclass(frozen=True, kw_only=True)
class Source(ABC):
    """A kind of raw file.

    `absent` says, in the words that members read, why a number cannot be computed without it. `title` is what messages call
    it. `layout` holds the headings that its fields may have. `by_folder`: no headings tell its files apart from
    others', the folder does. `may_lack_a_file`: its files are others' (notices, other bodies' lists), and one that cannot be
    read is passed over and told, while one of the council's own ends a build. Sources of a later `turn` are stored after those
    of an earlier one, whose tables they use.
    """

    name: str
    absent: str
    title: str = ""
    by_folder: bool = False
    may_lack_a_file: bool = False
    turn: int = 1
    # Whether the settings may say in which order its dates and in which currency its amounts are.
    reads_as_mapped: ClassVar[bool] = True

    @property
    def layout(self) -> Layout | None:
        return None

    @property
    def words(self) -> str:
        return self.title or self.name.replace("_", " ")

    @property
    def holds(self) -> dict[str, Holds]:
        """Of the fields whose values show what they are: which kind of values they have."""
        return {}

    @property
    def pounds(self) -> str:
        """The field of the pounds that a file may state and its rows are measured by; empty where there is none."""
        return ""

    def stored_as(self, name: str) -> str:
        """The column of the table in which a field is stored."""
        return name

    def closed_lists(self) -> dict[str, tuple[str, ...]]:
        """Heading → the words that its column takes, where these are few."""
        return {}

    def form(self) -> tuple[str, ...]:
        """The headings of the empty form that `cwb template` writes; none where there is no form."""
        return ()

    @property
    def is_form(self) -> bool:
        """Whether people fill in its files."""
        return bool(self.form())

    @abstractmethod
    def store(self, job: Job, files: Sequence[RawFile]) -> list[FileReport]:
        """Read all files of the source into its table (none where there is no row); one report per file, in order.

        A file that cannot be read gives a report with `error` set.
        """
