"""What stands where a supplier's name should: words that withhold it, say that it is not known, or stand for several.

Such words are no supplier: they are never looked up on a register, have no place and are counted as no name. The words
are in `reference/no_names.csv`, by kind. A cell that lists several firms names no one of them either.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum
from functools import cache, lru_cache

from cwb.base.legal_forms import FORMS
from cwb.base.values import ERROR_CELL, is_error_cell
from cwb.reference import table


class NoName(StrEnum):
    """Why a cell names no supplier."""

    WITHHELD = "withheld"
    NOT_STATED = "not stated"
    SEVERAL = "several"


_FORMS = rf"\b{FORMS}\b"
_ENDS_AS_FIRM = re.compile(rf"{_FORMS}\.?$", re.IGNORECASE)
# Marks that part the names of a list. A comma, a stroke or "and" also stand within a name: see `lists_firms`.
_SURE_MARK = re.compile(r"[;|\r\n]+")
_MARK = re.compile(
    r"[;|\r\n,/+#()\[\]]+|\s(?:&|and|with|on behalf of|in partnership with)\s|\s[-–—]+\s", re.IGNORECASE
)
# What follows a legal form and joins it to the next name.
_JOINED = re.compile(rf"({_FORMS}\.?)\W*(?:[,/+&–—-]|\band\b|\bwith\b)\W*(?=\w)", re.IGNORECASE)
# "Elm Ltd (formerly Oak Ltd)" is one firm, whatever its brackets say of it ("formally" and "previoulsy" are written too), and so is
# "Elm Ltd [Oak Ltd]", by which ledgers give an earlier name.
_SAME_FIRM = re.compile(
    r"[(\[,–-]\W*(?:form\w*ly|prev\w*|pre\b|fka\b|was|now|t/a|trading|part of|an? |aka|also|incorporating|c/o|in |owned|division)[^)\]]*[)\]]?"
    r"|\[(?!\W*(?:with|and|lead|main|principal)\b|[^\]]*\band\b)[^\[\];|,/&+]*\]\W*$",
    re.IGNORECASE,
)
# A form within a name, and a name of three words or more that ends with another: two names without a mark.
_RUN_ON = re.compile(rf"(?:[^\W_]\S*\s+){{2,}}{_FORMS}\.?\s+(?:[^\W_]\S*\s+){{2,}}{_FORMS}\.?", re.IGNORECASE)
_NO_RUN_ON = re.compile(
    r"\b(?:c/o|t/as?|trading as|formerly|division of|part of|limited liability)\b", re.IGNORECASE
)
_AND_OTHERS_WORDS = (
    r"(?:others?|various|partners?|partner organisations|sub-?contractors|associates|consorti(?:um|a)|more)"
)
_AND_OTHERS = re.compile(
    rf"{_FORMS}\.?\W*(?:\((?:lead|main|principal)[^)]*\)\W*)?"
    rf"(?:\bwith\s+\w.*|(?:[&+,/]|\band\b|\bplus\b)\W*(?:\w+\s+){{0,2}}{_AND_OTHERS_WORDS}\W*$|\bet al\b.*)",
    re.IGNORECASE | re.DOTALL,
)
_ADDRESS = re.compile(
    r"^\d|\b[a-z]{1,2}\d[a-z\d]? ?\d[a-z]{2}$|\b(?:road|street|lane|avenue|drive|close|court|square|terrace|park|house|unit|floor"
    r"|suite|estate|business park|centre|way|po box|united kingdom|england|scotland|wales)\b\W*$|^(?:unit|suite|floor|po box)\b",
    re.IGNORECASE,
)
_LETTERS = re.compile(r"[^\W\d_]{2}")


@cache
def _patterns() -> tuple[tuple[NoName, re.Pattern[str]], ...]:
    parts: dict[str, str] = {}
    found = []
    for row in table("no_names").itertuples():
        pattern = re.sub(r"\{(\w*[a-z]\w*)\}", lambda cited: parts[cited[1]], row.pattern)
        if row.part:
            parts[row.part] = pattern
        else:
            found.append((NoName(row.kind), re.compile(pattern)))
    return tuple(found)


def sql_may_be_none(column: str) -> str:
    """SQL: whether `no_name` is worth asking of a name, which for nearly all it is not."""
    patterns = " ".join(pattern.pattern for _, pattern in _patterns()).replace(r"\b", " ")
    # Words made of nothing but the pieces of the patterns, in any order: a far smaller search than the patterns themselves.
    pieces = {
        piece[:cut] for piece, mark in re.findall(r"([a-z]+)(\??)", patterns) for cut in (None, -len(mark) or None)
    }
    words = "|".join(sorted(piece for piece in pieces if len(piece) > 1))
    whole = f"^(?:[^a-z]*(?:(?:{words}|xx)+x?|[a-z])(?:[^a-z]|$))*[^a-z]*$"
    longer = "|".join(f"^[^a-z0-9]*{pattern}" for pattern in _beginnings())
    more = rf"{_FORMS}.*(?:{_FORMS}|\b(?:with|et al|{_AND_OTHERS_WORDS})\b)"
    return f"regexp_matches({column}, '{ERROR_CELL}|{whole}|{longer}|[;|\\r\\n]|{more}', 'is')"


def _beginnings() -> list[str]:
    """The patterns that say nothing of how a name goes on, as SQL reads them."""
    free = [pattern.pattern for _, pattern in _patterns() if ".*" in pattern.pattern]
    return [pattern.replace(" ", "[^a-z0-9]+") for pattern in free]


def unpointed(name: str) -> str:
    """A name without the points of its initials: "C.I.C." is CIC, "B.C" is BC; "St. Mary" stays."""
    return re.sub(r"\b[^\W\d_](?:\.[^\W\d_])+\b\.?", lambda found: found[0].replace(".", ""), name)


@lru_cache(maxsize=200_000)
def no_name(name: str | None) -> NoName | None:
    """Why a text names no supplier; None where it does, and where it is empty.

    The words must be all of the name: "Various Artists Ltd" and "Confidential Shredding" are suppliers.
    """
    if not name or not name.strip():
        return None
    if is_error_cell(name):
        return NoName.NOT_STATED
    if re.fullmatch(r"[^\w]*", name):
        return NoName.WITHHELD
    spelt = unpointed(name).lower().replace("'", "").replace("(s)", "s")
    text = " ".join(re.sub(r"[^a-z0-9]+", " ", spelt).split())
    found = next((kind for kind, pattern in _patterns() if pattern.fullmatch(text)), None)
    if found is None and lists_firms(name):
        return NoName.SEVERAL
    return found


def firms_in(name: str) -> Iterator[tuple[str, ...]]:
    """The ways to part a cell into names, the surest first: at marks that part names for sure, behind legal forms too, at every mark."""
    behind_forms = _JOINED.sub(r"\1;", name)
    for text, mark in ((name, _SURE_MARK), (behind_forms, _SURE_MARK), (name, _MARK)):
        parts = tuple(part.strip(" .") for part in mark.split(text) if _LETTERS.search(part))
        if len(parts) > 1:
            yield parts


def lists_firms(name: str) -> bool:
    """True where a cell lists several names: parted by a semicolon, a bar or a line break, or with two legal forms.

    "Alder House Care Ltd - Birkside Care Ltd" and "Alder House Care Ltd & others" are several; "Smith, Jones & Sons Ltd",
    "A Ltd t/a B", "A Ltd (formerly B Ltd)" and a name with its address are one.
    """
    text = _SAME_FIRM.sub(" ", unpointed(name))
    parts = [part.strip(" .") for part in _MARK.split(text)]
    firms = sum(bool(_ENDS_AS_FIRM.search(part)) and len(part.split()) > 1 for part in parts)
    lines = [part.strip() for part in _SURE_MARK.split(name) if _LETTERS.search(part)]
    has_address = firms < 2 and any(
        _ADDRESS.search(part.strip()) for line in lines[1:] for part in line.split(",")
    )
    if len(lines) > 1 and not has_address:
        return True
    is_run_on = bool(_RUN_ON.search(text)) and not _NO_RUN_ON.search(text)
    return firms > 1 or is_run_on or bool(_AND_OTHERS.search(text))
