"""How the text of a cell becomes a value, and what refuses a row: the words in which a small table is declared."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pandas as pd
import pyarrow as pa

from cwb.base.values import clean_text, is_placeholder, last_day, parse_date, parse_flag, parse_money, parse_number
from cwb.council.periods import Period

_FINANCIAL_YEAR = re.compile(r"(20\d\d)(?:\s*[-/]\s*(?:20)?(\d\d))?", re.ASCII)

Parser = Callable[[str | None], object]


@dataclass(frozen=True)
class Kind:
    """A kind of value: its stored type and the parser of a text; None is what cannot be read.

    `day` is the parser of a date in its file's order of day and month. `is_silent` tells texts that state nothing ("-").
    """

    type: pa.DataType
    parse: Parser
    day: Callable[[str | None, bool], date | None] | None = None
    is_silent: Callable[[str], bool] = lambda _: False


def financial_year(text: str | None) -> str | None:
    """ "2024/25", "2024-25" or "2024" (the year in which it begins) as "2024-25"; None for anything else."""
    found = _FINANCIAL_YEAR.fullmatch((text or "").strip())
    if not found:
        return None
    start = int(found[1])
    return None if found[2] and int(found[2]) != (start + 1) % 100 else str(Period(start))


def _share(text: str | None) -> float | None:
    """ "30%", "30" or "0.3" as 0.3; None for anything else."""
    found = parse_number((text or "").strip().rstrip("%"))
    if found is None:
        return None
    return found / 100 if "%" in (text or "") or found > 1 else found


def _stated_pounds(text: str | None) -> Decimal | None:
    amount = parse_money(text)
    return None if is_placeholder(amount) else amount


def coded(parse: Parser) -> Kind:
    """The published text as a parser of the dataset rewrites it."""
    return Kind(pa.string(), parse)


def word(**meanings: str) -> Kind:
    """One of a few words: the meaning of the first that the text contains, in any case."""
    return coded(lambda text: next((m for part, m in meanings.items() if part in (text or "").lower()), None))


def choice(*values: str) -> Kind:
    """One of a closed list, whatever its capitals, dashes and blanks; None for anything else."""
    known = {bare(value): value for value in values}
    return coded(lambda text: known.get(bare(text or "")))


def bare(text: str) -> str:
    """A text without capitals, dashes and blanks."""
    return "".join(letter for letter in text.lower() if letter.isalnum())


def day_of(parser: Callable[[str | None, bool], date | None]) -> Kind:
    return Kind(pa.date32(), parser, day=parser)  # type: ignore[arg-type]


RAW = coded(lambda text: text)
TEXT = coded(clean_text)
FLAG = Kind(pa.bool_(), parse_flag)
DAY = day_of(parse_date)
# The end of a term: "Mar-28" is 31 March 2028.
LAST_DAY = day_of(last_day)
FINANCIAL_YEAR = coded(financial_year)
NUMBER = Kind(pa.float64(), parse_number)
YEAR = Kind(pa.float64(), lambda text: parse_number(text, 1990, 2100))
SHARE = Kind(pa.float64(), _share)
POUNDS = Kind(pa.float64(), parse_money)
# A dash or a nought in a register means that no value is stated, never a free contract.
# £0.01 and £1 are typed where a form demands a value (frameworks): they state none either, and are told as not read.
STATED_POUNDS = Kind(pa.float64(), _stated_pounds, is_silent=lambda text: parse_money(text) == 0)


def without_apostrophe(texts: pd.DataFrame, *fields: str) -> pd.DataFrame:
    """The texts of a form: a spreadsheet keeps the apostrophe before a text which might be a formula."""
    plain = {name: [(text or "").lstrip("'") or None for text in texts[name]] for name in fields}
    return texts.assign(**{name: pd.Series(given, texts.index, dtype=object) for name, given in plain.items()})


_ABBREVIATIONS = {
    "cpv": "CPV",
    "fte": "FTE",
    "(fte)": "(FTE)",
    "id": "id",
    "kpi": "KPI",
    "smes": "SMEs",
    "sme": "SME",
    "s106": "S106",
}


@dataclass(frozen=True)
class Field:
    """A field of a dataset: the aliases under which publishers head it, earlier ones winning, and its kind.

    `stored` is its column in the table where that has another name; None for a field that only others are computed from.
    """

    aliases: tuple[str, ...]
    kind: Kind = RAW
    stored: str | None = ""

    @property
    def heading(self) -> str:
        """The field's heading in a form: as a sentence begins, abbreviations in capitals."""
        text = " ".join(_ABBREVIATIONS.get(word, word) for word in self.aliases[0].split(" "))
        return text[:1].upper() + text[1:]


@dataclass(frozen=True)
class Rule:
    """Why a row is refused: a condition over the texts as published and the values read of them, both by field.

    `shown` is the field whose text the account shows.
    """

    broken: Callable[[pd.DataFrame, pd.DataFrame], pd.Series]
    reason: str
    remedy: str
    shown: str | None = None


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


def not_listed(field: str, what: str, values: tuple[str, ...], shown: str | None = None) -> Rule:
    """The cell states none of a closed list."""
    return missing(field, f"{what} is not one of the list", f"Write one of: {', '.join(values)}.", shown or field)


def below_nought(*fields: str) -> tuple[Rule, ...]:
    return tuple(
        negative(one, f"{one.replace('_', ' ')} is below nought", "Give it as a positive number.")
        for one in fields
    )


def given_twice(fields: tuple[str, ...], reason: str, remedy: str, keep: str = "first") -> Rule:
    """Another row of the file has the same values; `keep` says which row is kept."""

    def broken(_: pd.DataFrame, values: pd.DataFrame) -> pd.Series:
        again = values.duplicated(list(fields), keep="last" if keep == "last" else "first")
        return again & values[list(fields)].notna().any(axis=1)

    return Rule(broken, reason, remedy, fields[0])
