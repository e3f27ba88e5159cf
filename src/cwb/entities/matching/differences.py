"""What tells two names apart: a word that one of them has and the other lacks, or another legal form.

Such names are two organisations' until a person says otherwise, however alike they are: a member of a group is not its
sister, and "North Kent Markets" is not "East Kent Markets". Words of trade tell as much as any other. What tells nothing:
the order of words, blanks, a slip of the pen, an abbreviation, a word cut in the middle where a ledger's column ends,
initials of the name itself in brackets, and the words for a society that a ledger leaves out.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cache

import duckdb
import pandas as pd
from rapidfuzz.distance import OSA

from cwb.entities.matching.brackets import without_initials
from cwb.reference import given_names, organisation_words, table

_VOWELS = str.maketrans("", "", "aeiou")
_SHORTEST_CUT = 3
# On an extract a word that no name bears may well be another firm's; on a whole register it is a slip. From how many
# letters one slip is one, and from how many two are.
_ONE_SLIP = {False: 6, True: 4}
_TWO_SLIPS = {False: 99, True: 8}
# At the postcode of the registered office of a whole register fewer letters will do.
_TWO_SLIPS_AT_THE_OFFICE = 6
# What a name on a register may have more than a ledger's that leaves out its form too: "Xerox (UK) Ltd" is not "Xerox Ltd".
# A club founded anew has the year in its name.
_COUNTRY, _YEAR, _DIGIT = {"uk", "gb"}, re.compile("(?:19|20)[0-9][0-9]"), re.compile("[0-9]")
# From how many letters a name of one word is known with a slip, and of how many words a name may be called a co-operative.
_ONE_WORD, _FEW = 9, 2
# What a name on a register may have more than it is called: what kind of society it is.
_LEFT_OUT = {"institute", "association", "society", "cooperative", "company", "limited", "unlimited"}
# One name in so many bears a word that is common.
_COMMON = 500
_ALIKE_FORMS = ({"ltd", "plc"},)


@dataclass(frozen=True)
class Vocabulary:
    """The words of a supplier's names that no name on the register bears, and whether the register is whole."""

    unknown: frozenset[str]
    is_whole: bool


@dataclass(frozen=True)
class Asked:
    """A supplier's name as it was read: its words and form, what was taken off its end, whether it may be cut short, and
    whether its postcode is the registered one's."""

    core: str
    form: str
    dropped: str
    is_cut: bool
    same_postcode: bool = False


@cache
def general_names() -> tuple[dict[str, int], int]:
    """How many names bear each word, of how many: what companies in general are called, plurals cut."""
    rows = table("name_words")
    counts = dict(zip(rows["word"], rows["names"].astype(int), strict=True))
    return counts, counts.pop("")


def differences(con: duckdb.DuckDBPyConnection, best: pd.DataFrame, whole: int) -> list[str]:
    """What tells each supplier's name from its best candidate's; empty where nothing does.

    `best` is what `cwb.entities.matching.score.best` returns; a register of `whole` names or more is whole. `con` has the
    tables of `cwb.entities.matching.candidates`.
    """
    con.register("best_pairs", best[["q_id", "a_id", "name_id", "is_cut", "same_postcode"]])
    rows = con.execute(
        """SELECT a.core, a.form, a.dropped, is_cut > 0, same_postcode > 0, n.core, n.form
           FROM best_pairs b JOIN queries a USING (a_id) JOIN names n USING (name_id) ORDER BY b.q_id"""
    ).fetchall()
    unknown = con.execute("SELECT DISTINCT token FROM query_words WHERE df = 0").fetchall()
    size = con.execute("SELECT count(*) FROM names").fetchall()[0][0]
    vocabulary = Vocabulary(frozenset(word for (word,) in unknown), is_whole=size >= whole)
    con.unregister("best_pairs")
    return [difference(Asked(*row[:5]), row[5], row[6], vocabulary) for row in rows]


def difference(asked: Asked, core: str, form: str, vocabulary: Vocabulary) -> str:
    """What tells a supplier's name from a registered one, in words; empty where nothing does.

    `core` and `form` are the registered name's.
    """
    if asked.form and form and asked.form != form and {asked.form, form} not in _ALIKE_FORMS:
        return f"another legal form, {form}"
    if asked.dropped and not _is_initials(asked.dropped, asked.core):
        return f"the register's name lacks “{asked.dropped}”"
    if asked.core == core:
        return ""
    own, other = asked.core.split(), core.split()
    if asked.is_cut and _ends_within_a_word(own, other):
        return ""
    own_words, other_words = without_initials(own, other)
    left = list((Counter(own_words) - Counter(other_words)).elements())
    more = list((Counter(other_words) - Counter(own_words)).elements())
    if "".join(left) == "".join(more) or _are_joined(left, more, vocabulary):
        left, more = [], []
    same_postcode = asked.same_postcode and vocabulary.is_whole
    # Another word makes another name of one word: "Soloco" is not "Sonoco", unless both have one postcode.
    named = [word for word in own if word not in _COUNTRY]
    slips = same_postcode or len(named) > 1 or len("".join(named)) >= _ONE_WORD
    for word in [*left]:
        met = next((one for one in more if slips and _is_same_word(word, one, vocabulary, same_postcode)), None)
        if met is not None:
            left.remove(word)
            more.remove(met)
    if _are_joined(left, more, vocabulary):
        left, more = [], []
    # Beside one word "company" is part of the name: "Gas Ltd" is not "The Gas Company Ltd".
    if 1 not in (len(own), len(other)):
        left = [word for word in left if not (_is_company(word) or _is_same_word(word, "company", vocabulary))]
        more = [word for word in more if not _is_company(word)]
    if not asked.form:
        more = [word for word in more if word not in _COUNTRY and not (len(own) > _FEW and _YEAR.fullmatch(word))]
    if left == ["cooperative"] and not more and len(own) > _FEW:
        left = []
    more = [word for word in more if word not in _LEFT_OUT or (len(own) == 1 and _is_company(word))]
    if left:
        return f"the register's name lacks “{' '.join(left)}”"
    if more:
        return f"the register's name has “{' '.join(more)}” too"
    counts, size = general_names()
    if all(counts.get(word, 0) * _COMMON > size for word in own):
        return "only common words agree"
    return ""


def _is_company(word: str) -> bool:
    return len(word) > 1 and "company".startswith(word)


def _is_initials(dropped: str, core: str) -> bool:
    """Whether what stands in brackets says the name again: some of its words, or its initials, with more letters of a word
    or without: "Community Broadband Network (CBN)", "South East London Doctors (SELDOC)"."""
    dropped_words, words = dropped.split(), core.split()
    if set(without_initials(dropped_words, words)[0]) <= set(words):
        return True
    if len(dropped) < _SHORTEST_CUT or " " in dropped or dropped[0] != core[0] or _is_known(dropped):
        return False
    letters = iter(core.replace(" ", ""))
    return all(letter in letters for letter in dropped.removesuffix("s"))


def _are_joined(left: list[str], more: list[str], vocabulary: Vocabulary) -> bool:
    """Whether words that no register has are others run together or parted, with one slip: "managementpcompany"."""
    one, other = "".join(left), "".join(more)
    if (
        len(left) == len(more)
        or not vocabulary.is_whole
        or not vocabulary.unknown & {*left}
        or _DIGIT.search(one + other)
    ):
        return False
    return min(len(one), len(other)) >= _ONE_WORD and OSA.distance(one, other) <= 1


def _ends_within_a_word(own: list[str], other: list[str]) -> bool:
    """Whether all words are the other's first, and the last is the beginning of the other's."""
    if len(own) > len(other) or own[:-1] != other[: len(own) - 1]:
        return False
    last, whole = own[-1], other[len(own) - 1]
    # "Pennine Bus" is no cut "Pennine Business".
    return len(own) > 1 and last != whole and whole.startswith(last) and not _is_known(last)


def _is_same_word(word: str, other: str, vocabulary: Vocabulary, same_postcode: bool = False) -> bool:
    """Whether a supplier's word is another's with one slip, or its abbreviation. Two words that names have are two words, and
    two numbers two numbers. `same_postcode` says that both names have one postcode, on a whole register."""
    if _is_known(word) or _DIGIT.search(word + other):
        return False
    whole, shortest = vocabulary.is_whole, min(len(word), len(other))
    two_from = _TWO_SLIPS_AT_THE_OFFICE if same_postcode else _TWO_SLIPS[whole]
    slips = (shortest >= _ONE_SLIP[whole]) + (shortest >= two_from)
    if word in vocabulary.unknown and (whole or word[0] == other[0]) and OSA.distance(word, other) <= slips:
        return True
    # A whole register has the words that begin others ("avalon" of "avalonian"): one that it lacks is an abbreviation.
    may_be_short = same_postcode or _is_known(other) or (whole and word in vocabulary.unknown)
    if word[0] != other[0] or not _SHORTEST_CUT <= len(word) < len(other) or not may_be_short:
        return False
    return other.startswith(word) or word == other.translate(_VOWELS)[: len(word)]


@cache
def _known() -> frozenset[str]:
    return frozenset(general_names()[0]) | given_names() | organisation_words()


def _is_known(word: str) -> bool:
    return word in _known() or f"{word}s" in _known()
