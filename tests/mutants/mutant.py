"""One fault in one module, and what became of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum


class Language(Enum):
    PYTHON = "Python"
    SQL = "SQL"


class Outcome(Enum):
    KILLED = "killed"
    TIMEOUT = "killed by the time limit"
    SURVIVED = "survived"
    NO_TEST = "survived: no test runs the line"


@dataclass(frozen=True)
class Mutant:
    """A module with one fault. `first` and `last` are the lines of the statement that is changed, `line` that of the change;
    `before` and `after` show it, `text` is the whole module as the tests are to run it."""

    area: str
    language: Language
    operator: str
    module: str
    function: str
    line: int
    first: int
    last: int
    before: str
    after: str
    text: str

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What a mutant is known by in `verdicts.csv`: line numbers move, the rest stays."""
        return (self.module, self.function, self.before, self.after)


@dataclass(frozen=True)
class Site:
    """A place in a module that an operator can change, and the changes it can make, each made when it is asked for.

    Samples are of sites, so that a `<` which may become `<=` or `>` counts once. A change is None where it would be no
    valid code. `text` is what stands there: with module and operator it is what a site is known by when lines move.
    """

    language: Language
    operator: str
    module: str
    line: int
    text: str
    changes: tuple[Callable[[], Mutant | None], ...]


@dataclass(frozen=True)
class Result:
    """`by` is the test that noticed, `seconds` how long it took, `tests` how many there are that run the line."""

    mutant: Mutant
    outcome: Outcome
    by: str
    seconds: float
    tests: int

    @property
    def is_killed(self) -> bool:
        return self.outcome in (Outcome.KILLED, Outcome.TIMEOUT)
