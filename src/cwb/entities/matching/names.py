"""One spelling for comparison: the same for a supplier's name and for millions of registered names.

`normalised` gives SQL, so that a national register is normalised by DuckDB on all cores; Python is called only for the few
names with initials or abbreviations. A name gives three texts: `form` (its legal form), `core` (its words without the
legal form, "the" and "and", plurals cut), `loose` (without words that name nothing: UK, company, group, holdings).
"""

from __future__ import annotations

import re
import unicodedata
from contextlib import suppress
from functools import cache, lru_cache

import duckdb

from cwb.reference import table

# What ends a name and tells nothing; a form that only some firms have (CIC, LLP) stays, and tells them apart.
_FORM_WORDS = {"ltd", "limited", "plc", "inc", "incorporated", "pvt", "private"}
_FILLERS = {"uk": "uk", "gb": "uk", "company": "company", "co": "company"}
_TRADING_AS = re.compile(r"\b(t/a|t/as|trading as)\b.*$", re.IGNORECASE)
# Legal forms as they end a name, each before what it ends with, then the most frequent first; and how we call the form.
_ENDINGS = {
    "private limited": "ltd",
    "limited": "ltd",
    "pvt ltd": "ltd",
    "ltd": "ltd",
    "community interest company": "cic",
    "cwmni buddiannau cymunedol": "cic",
    "charitable incorporated organisation": "cio",
    "limited liability partnership": "llp",
    "public limited company": "plc",
    "limited partnership": "lp",
    "cyfyngedig": "ltd",
    "incorporated": "inc",
    "limted": "ltd",
    "plc": "plc",
    "llp": "llp",
    "cic": "cic",
    "cio": "cio",
    "inc": "inc",
    "lp": "lp",
}
# A form that stays in the name has one spelling at its end.
_ONE_FORM = (
    (re.compile(r" (?:community interest(?: company)?|cwmni buddiannau cymunedol|c i c)$"), " cic"),
    (re.compile(r" (?:charitable incorporated organisation|c i o)$"), " cio"),
    (re.compile(r" (?:limited liability partnership|l l p)$"), " llp"),
    (re.compile(r" (?:public limited company|p l c)$"), " plc"),
)
# What one society is called with either words, and how the first of them begin: a supporters' trust is registered as a
# supporters' society (the model rules of Supporters Direct), a club of the Club and Institute Union as "club and institute".
_ONE_SOCIETY = (
    ("co op", re.compile(r"\bco op(?:erative)?\b"), "cooperative"),
    ("supporter", re.compile(r"\bsupporters? (?:trust|society)\b"), "supporters society"),
    ("fans", re.compile(r"\bfans (?:trust|society)\b"), "supporters society"),
    ("club and", re.compile(r"\bclub and institute\b"), "club"),
)
_EMPTY = "the|and|of|for|in|at|a"
_LOOSE = "uk|gb|company|co|group|holding|england"


@lru_cache(maxsize=200_000)
def normalise_name(name: str | None) -> str:
    """A name for exact comparison, and the key of a supplier that has no other.

    Without trading name, accents, marks, a leading "the", and at the end legal form, "UK" and "company"; "&" is "and".
    What tells firms apart stays: a CIC is not the limited company of its name, and of "Gas UK Ltd", "LP Gas Ltd" and
    "The Gas Company" no two are one, since no filler is dropped down to a single word.
    """
    text = _TRADING_AS.sub("", name or "") or (name or "")
    text = unicodedata.normalize("NFKD", text.replace("&", " and ")).lower()
    text = "".join(letter for letter in text if not unicodedata.combining(letter))
    text = " ".join(re.sub(r"[^\w\s]", " ", re.sub(r"['’`.]", "", text)).split())
    for longer, form in _ONE_FORM:
        text = longer.sub(form, text)
    words = text.split()
    if len(words) > 1 and words[0] == "the":
        words = words[1:]
    while len(words) > 1 and words[-1] in _FORM_WORDS:
        words = words[:-1]
    while len(words) > 2 and words[-1] in _FILLERS and words[-2] != "and":
        words = words[:-1]
    return " ".join(_FILLERS.get(word, word) for word in words)


@cache
def _long() -> dict[str, str]:
    rows = table("abbreviations")
    return dict(zip(rows["short"], rows["long"], strict=True))


def spell_out(text: str) -> str:
    """Initials joined ("j b smith" → "jb smith"), abbreviations spelt out ("svcs" → "services"), "co operative" in one, and
    one spelling of what societies are called with either words."""
    for begin, either, one in _ONE_SOCIETY:
        if begin in text:  # much quicker than a pattern that does not match
            text = either.sub(one, text)
    words: list[str] = []
    long, was_initial = _long(), False
    for word in text.split():
        is_initial = len(word) == 1 and word.isalpha()
        if is_initial and was_initial:
            words[-1] += word
        else:
            words.append(long.get(word, word))
        was_initial = is_initial
    return " ".join(words)


def _where(text: str, pattern: str, replacement: str) -> str:
    """SQL: `replacement` for the texts that the pattern finds, the others as they are.

    DuckDB finds a pattern several times faster than it replaces one, and computes a branch only for the rows in it.
    """
    return f"CASE WHEN regexp_matches({text}, '{pattern}') THEN {replacement} ELSE {text} END"


def _plain(column: str) -> str:
    """SQL: lower case without accents, "&" spelt out, points and apostrophes gone, other marks as blanks."""
    low = f"strip_accents(lower({column}))"
    marks = "[^a-z0-9 ]|  |^ | $"
    spelt = f"regexp_replace(replace({low}, '&', ' and '), '[''’`.]', '', 'g')"
    return _where(low, marks, f"trim(regexp_replace({spelt}, '[^a-z0-9]+', ' ', 'g'))")


def _abbreviated() -> str:
    words = "|".join(sorted(_long()))
    phrases = "|".join(either.pattern for _, either, _ in _ONE_SOCIETY)
    return f"\\b({words})\\b|\\b[a-z] [a-z]\\b|{phrases}"


def _ending(column: str) -> str:
    """SQL: the legal form as it ends a name, empty where none does. To compare an end is much quicker than a pattern."""
    cases = " ".join(f"WHEN ends_with({column}, ' {ending}') THEN '{ending}'" for ending in _ENDINGS)
    return f"CASE {cases} ELSE '' END"


def _form(ending: str) -> str:
    """SQL: how we call the legal form that ends a name so."""
    cases = " ".join(f"WHEN '{end}' THEN '{form}'" for end, form in _ENDINGS.items())
    return f"CASE {ending} {cases} ELSE '' END"


def normalised(relation: str, column: str) -> str:
    """SQL for `relation` with `plain`, `form`, `core` and `loose` of the name in `column` added.

    `core` of a name that is nothing but a legal form or empty words is `plain` itself, so that it is never empty.
    """
    plural, empty, loose = "([a-z][a-rt-z])s\\b", f"\\b({_EMPTY})\\b", f"\\b({_LOOSE})\\b"
    # "Financial Times Limited(The)" ends with its form like any other.
    ended = "CASE WHEN ends_with(plain, ' the') THEN left(plain, -4) ELSE plain END"
    # "Company" is no form: without it "The Gas Company Ltd" would be any Gas Ltd. Of two words or more it tells nothing.
    kept = "^(the )?[^ ]+ (co|company)$|and (co|company)$"
    unfilled = f"""CASE WHEN (ends_with(named_so, ' co') OR ends_with(named_so, ' company'))
        AND NOT regexp_matches(named_so, '{kept}') THEN regexp_replace(named_so, ' (co|company)$', '') ELSE named_so END"""
    singular = f"""CASE WHEN contains(bare, 's ') OR ends_with(bare, 's')
        THEN regexp_replace(bare, '{plural}', '\\1', 'g') ELSE bare END"""
    filled = _where("single", empty, f"trim(regexp_replace(single, '{empty} ?', '', 'g'))")
    shorter = _where("core", loose, f"trim(regexp_replace(core, ' ?{loose}', '', 'g'))")
    return f"""(
        WITH plain AS (SELECT *, {_plain(column)} AS plain_0 FROM {relation}),
        spelt AS (
            SELECT * EXCLUDE (plain_0), {_where("plain_0", _abbreviated(), "cwb_spell_out(plain_0)")} AS plain FROM plain),
        spelt_out AS (SELECT * REPLACE ({ended} AS plain) FROM spelt),
        ended AS (SELECT *, {_ending("plain")} AS ending FROM spelt_out),
        formed AS (
            SELECT * EXCLUDE (ending), {_form("ending")} AS form,
                   CASE WHEN ending = '' THEN plain ELSE left(plain, -1 - length(ending)) END AS named_so FROM ended),
        unfilled AS (SELECT * EXCLUDE (named_so), {unfilled} AS bare FROM formed),
        singled AS (SELECT *, {singular} AS single FROM unfilled),
        named AS (
            SELECT * EXCLUDE (bare, single), coalesce(nullif({filled}, ''), bare) AS core FROM singled)
        SELECT *, coalesce(nullif({shorter}, ''), core) AS loose FROM named)"""


def register_functions(con: duckdb.DuckDBPyConnection) -> None:
    """Give a connection, once, the one Python function that the SQL above calls."""
    # That it is known already is said so (of a cursor's, as a fault of the catalogue); to ask DuckDB for its list of functions takes
    # thirty times as long.
    with suppress(duckdb.NotImplementedException, duckdb.CatalogException):
        con.create_function("cwb_spell_out", spell_out, ["VARCHAR"], "VARCHAR")
