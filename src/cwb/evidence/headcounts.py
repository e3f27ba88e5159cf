"""Numbers of people: under 5 of them are shown as "fewer than 5", wherever they stand, and so is what would give such a number back.

"Fewer than 5" includes nobody: else it would say that somebody is there. That also makes it safe: whatever else is shown, nobody at
all could always be the answer, so that no hidden number of 1 to 4 follows from a total and its other parts. What hides a cell is the
largest of the others, never the smallest: of the smallest a reader who knows this rule would know too well how large it can be.
Which cells are hidden follows from what is shown alone, but for the numbers under 5 themselves.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from cwb.evidence.definitions import SINCE, Definition, definition

LEAST = 5
FEWER, KEPT_BACK = "fewer than 5", "withheld"
HIDDEN_TEXTS = (FEWER, KEPT_BACK)
# What an exhibit with hidden cells says of them.
MEANING = f"A number of people under 5 is shown as “{FEWER}”, and what would give it back as “{KEPT_BACK}”."
# A column of a line-level table with this unit holds numbers of people.
UNIT = "people"


def is_headcount(finding_id: str) -> bool:
    """Whether a finding, or a change of it, is a number of people; an id that nothing defines is none."""
    defined = _defined(finding_id)
    return defined is not None and defined.is_headcount


def _defined(finding_id: str) -> Definition | None:
    try:
        return definition(finding_id.partition(SINCE)[0])
    except KeyError:
        return None


def is_small(people: float) -> bool:
    """Whether so few people are shown as "fewer than 5"."""
    return round(people, 6) < LEAST


def is_few(people: float) -> bool:
    """Whether it is a number of 1 to 4: none is not."""
    return round(people, 6) > 0 and is_small(people)


def hidden(values: Sequence[object], adds_up: bool = True) -> list[object]:
    """The cells of one column as they may be shown: numbers, None where not known, and what stands for hidden ones.

    A, B and C have 2, 10 and 20 people of 32: "fewer than 5", 10 and "withheld". `adds_up` is False where the rows are of different
    kinds, of which nothing shows a sum: then A alone is hidden. A column with hidden cells is hidden already, and only what is small
    in it is hidden too. Where all are small the largest is withheld too: it could as well be large.
    """
    cells = list(values)
    numbers = {at: float(value) for at, value in enumerate(cells) if _is_number(value)}  # type: ignore[arg-type]
    small = [at for at, value in numbers.items() if is_small(value)]
    if not small:
        return cells
    is_done = any(value in HIDDEN_TEXTS for value in cells if isinstance(value, str))
    total = sum(numbers.values())
    hide = dict.fromkeys(small, FEWER)
    if adds_up and not is_done and not is_small(total):
        hide[max(numbers, key=lambda at: numbers[at])] = KEPT_BACK
    return [hide.get(at, value) for at, value in enumerate(cells)]


def _is_number(value: object) -> bool:
    return value is not None and not isinstance(value, str) and not pd.isna(value)  # type: ignore[call-overload]


def hide_part_of(frame: pd.DataFrame, part: str, whole: str) -> pd.DataFrame:
    """A table in which `part` is of the people of `whole`, row by row: all of its cells are shown where none of them and none of
    those that are not in it are fewer than 5, and none otherwise. Call it before anything else hides cells of `whole`."""
    pairs = [
        (float(some), float(everybody))
        for some, everybody in zip(frame[part], frame[whole], strict=True)
        if _is_number(some) and _is_number(everybody)
    ]
    if not any(is_small(some) or is_small(everybody - some) for some, everybody in pairs):
        return frame
    cells = [KEPT_BACK if _is_number(value) else value for value in frame[part]]
    return frame.assign(**{part: pd.Series(cells, frame.index, dtype=object)})
