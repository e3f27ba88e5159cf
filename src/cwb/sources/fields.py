"""How the text of a cell becomes a value, and what refuses a row: the words in which a small table is declared."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum

import pandas as pd
import pyarrow as pa

from cwb.base.values import (
    clean_text,
    is_error_cell,
    is_placeholder,
    last_day,
    parse_date,
    parse_flag,
    parse_money,
    parse_number,
    parse_postcode,
)
from cwb.council.periods import Period

_FINANCIAL_YEAR = re.compile(r"(20\d\d)(?:\s*[-/]\s*(?:20)?(\d\d))?", re.ASCII)

Parser = Callable[[str | None], object]


class ShownBy(StrEnum):
    """The function by which a text that people write, and that may name one, is shown (`cwb.lines.texts`)."""

    TITLE = "cwb_shown_title"
    TEXT = "cwb_shown_text"
    NAME = "cwb_shown_name"
    POSTCODE = "cwb_shown_postcode"
    REFERENCE = "cwb_shown_reference"
    # One by which several files name the same contract, tender or application: as references are compared.
    COMPARED = "cwb_compared_reference"


@dataclass(frozen=True)
class Kind:
    """A kind of value: its stored type and the parser of a text; None is what cannot be read.

    `day` is the parser of a date in its file's order of day and month. `is_silent` tells texts that state nothing ("-").
    `values` are all that there are, where they are few; `is_always_given`: every text, and none, has a value. Of the column
    in a line-level table: `line_type` is its type where that is not `type`, `unit` its unit, `shown_by` how it is shown.
    """

    type: pa.DataType
    parse: Parser
    day: Callable[[str | None, bool], date | None] | None = None
    is_silent: Callable[[str], bool] = lambda _: False
    values: tuple[str, ...] = ()
    is_always_given: bool = False
    line_type: str = ""
    unit: str = ""
    shown_by: ShownBy | None = None

    @property
    def words(self) -> tuple[str, ...]:
        """The values of a closed list as a person may write them."""
        return tuple(value for value in self.values if self.parse(value) == value)


def financial_year(text: str | None) -> str | None:
    """ "2024/25", "2024-25" or "2024" (the year in which it begins) as "2024-25"; None for anything else."""
    found = _FINANCIAL_YEAR.fullmatch((text or "").strip())
    if not found:
        return None
    start = int(found[1])
    return None if found[2] and int(found[2]) != (start + 1) % 100 else str(Period(start))


def _in_full(text: str | None) -> str | None:
    """None for a year alone, which does not say which financial year is meant."""
    return None if (text or "").strip().isdigit() else text


def _start_year(text: str | None) -> int | None:
    year = financial_year(text)
    return None if year is None else int(year[:4])


def _share(text: str | None) -> float | None:
    """ "30%", "30" or "0.3" as 0.3; None for anything else."""
    found = parse_number((text or "").strip().rstrip("%"))
    if found is None:
        return None
    return found / 100 if "%" in (text or "") or found > 1 else found


def _target(text: str | None) -> float | None:
    """ "100%" as 1, a plain number as it stands."""
    found = parse_number((text or "").strip().rstrip("%"))
    return found / 100 if found is not None and "%" in (text or "") else found


def _stated_pounds(text: str | None) -> Decimal | None:
    amount = parse_money(text)
    return None if is_placeholder(amount) else amount


def coded(parse: Parser) -> Kind:
    """The published text as a parser of the dataset rewrites it."""
    return Kind(pa.string(), parse)


def word(**meanings: str) -> Kind:
    """One of a few words: the meaning of the first that the text contains, in any case."""
    kind = coded(lambda text: next((m for part, m in meanings.items() if part in (text or "").lower()), None))
    return replace(kind, values=tuple(dict.fromkeys(meanings.values())))


def choice(*values: str, also: Mapping[str, str] | None = None) -> Kind:
    """One of a closed list, whatever its capitals, dashes and blanks; None for anything else. `also` are other words for them."""
    known = {bare(word): value for word, value in {**{value: value for value in values}, **(also or {})}.items()}
    return replace(coded(lambda text: known.get(bare(text or ""))), values=values)


def bare(text: str) -> str:
    """A text without capitals, dashes and blanks."""
    return "".join(letter for letter in text.lower() if letter.isalnum())


def day_of(parser: Callable[[str | None, bool], date | None]) -> Kind:
    return Kind(pa.date32(), parser, day=parser)  # type: ignore[arg-type]


RAW = coded(lambda text: None if is_error_cell(text) else text)
REFERENCE = replace(RAW, shown_by=ShownBy.REFERENCE)
COMPARED_REFERENCE = replace(RAW, shown_by=ShownBy.COMPARED)
# A text in which nobody is named: an id, a code, a word of the form's own.
LABEL = coded(lambda text: None if is_error_cell(text) else clean_text(text))
TEXT = replace(LABEL, shown_by=ShownBy.TEXT)
TITLE = replace(LABEL, shown_by=ShownBy.TITLE)
# Who was paid or takes part: shown only on evidence that it is an organisation.
NAME = replace(LABEL, shown_by=ShownBy.NAME)
# Shown as its district: it may be somebody's home.
POSTCODE = replace(coded(parse_postcode), shown_by=ShownBy.POSTCODE)
FLAG = Kind(pa.bool_(), parse_flag)
DAY = day_of(parse_date)
# The end of a term: "Mar-28" is 31 March 2028.
LAST_DAY = day_of(last_day)
# The calendar year in which a financial year begins.
START_YEAR = Kind(pa.int32(), _start_year, unit="year")
# For what must not be a guess.
FULL_YEAR = coded(lambda text: financial_year(_in_full(text)))
FULL_START_YEAR = replace(START_YEAR, parse=lambda text: _start_year(_in_full(text)))
NUMBER = Kind(pa.float64(), parse_number)
WHOLE = Kind(pa.int64(), parse_number)
TARGET = Kind(pa.float64(), _target)
# How many things: stored among the lines as a whole number.
COUNT = replace(NUMBER, line_type="INTEGER")
# Of people among others, as a unit or basis beside it says, so that it leaves no table.
QUANTITY = replace(NUMBER, line_type="DECIMAL(18,4)", unit="people")
YEAR = Kind(pa.float64(), lambda text: parse_number(text, 1990, 2100))
SHARE = Kind(pa.float64(), _share, line_type="DECIMAL(9,6)", unit="0 to 1")
# What is emitted, and the part of a whole: less than nothing, or more than all, is a mistake of typing.
NOT_BELOW_NOUGHT = replace(NUMBER, parse=lambda text: parse_number(text, 0))
PART = replace(
    SHARE, parse=lambda text: found if (found := _share(text)) is not None and 0 <= found <= 1 else None
)
POUNDS = Kind(pa.float64(), parse_money, line_type="DECIMAL(18,2)", unit="£")
# A dash or a nought in a register means that no value is stated, never a free contract.
# £0.01 and £1 are typed where a form demands a value (frameworks): they state none either, and are told as not read.
STATED_POUNDS = Kind(pa.float64(), _stated_pounds, is_silent=lambda text: parse_money(text) == 0)


_ABBREVIATIONS = {name.lower(): name for name in ("CPV", "FTE", "(FTE)", "id", "KPI", "SMEs", "SME", "S106", "UK")}


@dataclass(frozen=True)
class Field:
    """A column of a dataset: the aliases under which publishers head it, earlier ones winning, its kind, and what it is. Without a kind it
    is an id that people type, in which somebody may be named.

    `meaning` and `unit` (where the kind does not say it) are for the readers of its line-level table. `stored` is its name
    there, where it has another; None for a column that only others are computed from. One without aliases is computed of
    others. `from_nought`: a row with a number below is refused. `refusal`: reason and remedy where a row has no value.
    """

    aliases: tuple[str, ...]
    kind: Kind = REFERENCE
    meaning: str = ""
    stored: str | None = ""
    unit: str = ""
    from_nought: bool = False
    refusal: tuple[str, str] | None = None

    def needed(self, reason: str, remedy: str) -> Field:
        """The same, of which a file must have the column and a row a value."""
        return replace(self, refusal=(reason, remedy))

    def listed(self, what: str) -> Field:
        """The same, of which a row must have one of the kind's values; `what` is what they say."""
        return self.needed(f"{what} is not one of the list", f"Write one of: {', '.join(self.kind.values)}.")

    @property
    def is_given(self) -> bool:
        """Whether every row kept has a value."""
        return self.refusal is not None or self.kind.is_always_given

    @property
    def heading(self) -> str:
        """The field's heading in a form: as a sentence begins, abbreviations in capitals."""
        text = " ".join(_ABBREVIATIONS.get(word, word) for word in self.aliases[0].split(" "))
        return text[:1].upper() + text[1:]


def start_year(*aliases: str) -> Field:
    """The financial year of a row, by the calendar year in which it begins."""
    meaning = "calendar year in which the financial year begins"
    return Field(aliases, START_YEAR, meaning, "financial_year").needed(
        "not a financial year", "Write it as 2026-27."
    )


def computed(kind: Kind, meaning: str = "", is_always_given: bool = False) -> Field:
    """A column that is computed of others."""
    return Field((), replace(kind, is_always_given=is_always_given), meaning)


@dataclass(frozen=True)
class Rule:
    """Why a row is refused: a condition over the texts as published and the values read of them, both by field.

    `shown` is the field whose text the account shows. `is_among_kept`: it is judged last, among the rows that no other rule refuses.
    `keeps_last`: of several rows the last is the one that stands.
    `is_no_fault`: the row is as it should be and is not counted; what else it lacks is not told.
    """

    broken: Callable[[pd.DataFrame, pd.DataFrame], pd.Series]
    reason: str
    remedy: str
    shown: str | None = None
    is_among_kept: bool = False
    keeps_last: bool = False
    is_no_fault: bool = False


def missing(field: str, reason: str, remedy: str, shown: str | None = None) -> Rule:
    """No value: the cell is blank or cannot be read."""
    return Rule(lambda _, values: values[field].isna(), reason, remedy, shown)


def unstated(field: str, reason: str, remedy: str, shown: str | None = None) -> Rule:
    """The cell is blank."""
    return Rule(lambda texts, _: texts[field].isna(), reason, remedy, shown)


def negative(field: str, reason: str, remedy: str) -> Rule:
    return Rule(
        lambda _, values: values[field].map(lambda value: value < 0, na_action="ignore"), reason, remedy, field
    )


def ends_first(first: str, last: str, reason: str, remedy: str) -> Rule:
    """The last day lies before the first; where one of them is not known, nothing is said."""

    def broken(_: pd.DataFrame, values: pd.DataFrame) -> pd.Series:
        both = values[first].notna() & values[last].notna()
        return both & (values[last].where(both) < values[first].where(both))

    return Rule(broken, reason, remedy, last)


def rules_of(fields: Mapping[str, Field]) -> tuple[Rule, ...]:
    """Which rows are refused by what each field says of itself."""
    without = (missing(name, *one.refusal, shown=name) for name, one in fields.items() if one.refusal)
    below = (
        negative(name, f"{name.replace('_', ' ')} is below nought", "Give it as a positive number.")
        for name, one in fields.items()
        if one.from_nought
    )
    return (*without, *below)


def given_twice(
    fields: tuple[str, ...], reason: str, remedy: str, keep: str = "first", distinguished_by: str = ""
) -> Rule:
    """Another row of the file, which no other rule refuses, has the same values; `keep` says which row is kept.

    Without a value of `distinguished_by` two rows may well be two things.
    """

    def broken(_: pd.DataFrame, values: pd.DataFrame) -> pd.Series:
        again = values.duplicated(list(fields), keep="last" if keep == "last" else "first")
        return again & values[[distinguished_by] if distinguished_by else list(fields)].notna().any(axis=1)

    return Rule(broken, reason, remedy, fields[0], is_among_kept=True, keeps_last=keep == "last")
