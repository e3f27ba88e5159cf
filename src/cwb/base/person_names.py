"""Whether a text names a person: an honorific, a given name or initials beside another name, or two words that nothing else is.

Words are told apart by `reference/ordinary_words.csv` and `given_names.csv`. A word that is in neither is taken for a name:
one such word names a place or a firm ("Wexham Road"), two side by side may be a person. Errs towards a person.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from cwb.reference import all_given_names, given_names, ordinary_words

_WORD = re.compile(r"[^\W\d_]+(?:['’`´-][^\W\d_]+)*")
_HONORIFICS = frozenset(
    [
        "mr",
        "mrs",
        "ms",
        "miss",
        "mx",
        "dr",
        "prof",
        "professor",
        "rev",
        "revd",
        "reverend",
        "sir",
        "dame",
        "lady",
        "lord",
        "cllr",
        "councillor",
        "master",
        "mstr",
        "capt",
        "captain",
        "sgt",
        "col",
        "hon",
        "fr",
        "imam",
        "rabbi",
        "mme",
        "mlle",
        "herr",
        "frau",
        "senor",
        "late",
        "deceased",
        "decd",
        "exec",
        "execs",
        "executor",
        "executors",
        "exor",
        "exors",
        "administrator",
        "administrators",
        "estate",
        "messrs",
    ]
)
_PARTICLES = frozenset(
    [
        "de",
        "da",
        "di",
        "del",
        "della",
        "dela",
        "der",
        "den",
        "van",
        "von",
        "la",
        "le",
        "du",
        "dos",
        "das",
        "do",
        "el",
        "al",
        "ul",
        "bin",
        "ibn",
        "bint",
        "abu",
        "abd",
        "ap",
        "ab",
        "ter",
        "ten",
        "te",
        "af",
        "av",
        "zu",
        "zum",
        "san",
        "y",
        "e",
        "of",
        "the",
        "und",
        "et",
    ]
)
_COUPLES = frozenset(("and", "or", "und", "et", "y"))
# What a letter stands behind when it numbers something: "Lot A", "Phase B".
_NUMBERED = frozenset(
    [
        "lot",
        "unit",
        "block",
        "phase",
        "class",
        "category",
        "cat",
        "section",
        "part",
        "type",
        "grade",
        "plot",
        "ward",
        "group",
        "annex",
        "appendix",
        "schedule",
        "option",
        "zone",
        "area",
        "vitamin",
        "hepatitis",
        "plan",
        "framework",
        "package",
        "band",
        "tier",
        "level",
        "stage",
        "route",
        "floor",
        "wing",
        "table",
        "site",
        "building",
        "house",
    ]
)
_KIN = frozenset(("family", "household", "junior", "senior", "jnr", "snr"))
_LATIN = re.compile(r"[A-Za-z]")


@dataclass(frozen=True)
class Word:
    """A word of a text. `is_given` and `is_surname` say that it is one, or an ordinary word that is one too; `is_strange`
    that it is in no list, `is_initial` a single letter, `is_acronym` in capitals among others that are not, `is_pair` that it is
    two capitals, which may be initials."""

    text: str
    is_ordinary: bool = False
    is_given: bool = False
    is_surname: bool = False
    is_initial: bool = False
    is_acronym: bool = False
    is_pair: bool = False
    after_comma: bool = False

    @property
    def is_strange(self) -> bool:
        return not (self.is_ordinary or self.is_given or self.is_initial or self.is_acronym)

    @property
    def may_follow(self) -> bool:
        """Whether it can stand for a surname behind a given name, an initial or an honorific."""
        return self.is_strange or self.is_surname or self.is_acronym or (self.is_given and not self.is_ordinary)


def folded(word: str) -> str:
    """A word to compare: small letters without accents, apostrophes and the s of a possessive."""
    word = re.sub(r"['’`´]s$", "", word.lower())
    return "".join(c for c in unicodedata.normalize("NFKD", word) if c.isalpha())


def words_of(text: str, is_frequent: bool = False) -> tuple[Word, ...]:
    """The words of a text; `is_frequent` counts only given names that are frequent here, and not those that are words too."""
    spelt = text.replace("_", " ")
    are_capitals = not re.search(r"[a-z]", spelt)
    given = given_names() if is_frequent else all_given_names()
    found = []
    for match in _WORD.finditer(spelt):
        if match[0] in ("s", "S") and spelt[max(0, match.start() - 1)] in "'’":
            continue
        comma = spelt[: match.start()].rstrip().endswith(",")
        # "FosterJane" and "jane-doe" are two words.
        for piece in re.findall(r"[A-Z][a-z]{2,}(?=[A-Z][a-z])|.+", match[0]):
            word = _word(piece, given, are_capitals, comma, is_frequent)
            parts = [_word(part, given, are_capitals, comma, is_frequent) for part in piece.split("-") if part]
            is_name = len(parts) > 1 and parts[0].is_given and any(part.is_strange for part in parts)
            found += parts if is_name else [word]
            comma = False
    return tuple(found)


def _word(text: str, given: frozenset[str], are_capitals: bool, comma: bool, is_frequent: bool) -> Word:
    if "-" in text:
        parts = [_word(part, given, are_capitals, False, is_frequent) for part in text.split("-") if part]
        if all(part.is_ordinary or part.is_initial for part in parts):
            is_surname = any(part.is_surname for part in parts)
            return Word(text.lower(), is_ordinary=True, is_surname=is_surname, after_comma=comma)
        is_given = all(part.is_given or part.is_initial for part in parts)
        return Word(text.lower(), is_given=is_given, after_comma=comma)
    word = folded(text)
    is_pair = len(text) == 2 and text.isupper() and not are_capitals
    is_possessive = len(word) < len(re.sub(r"\W", "", text)) and "'s" in text.lower().replace("’", "'")
    marks = ordinary_words().get(word)
    if len(word) == 1:
        return Word(word, is_initial=True, after_comma=comma)
    if marks is None and word.endswith("s") and word not in given:
        marks = "" if word[:-1] in ordinary_words() else None
    if marks is not None:
        is_given = "given" in marks and not is_possessive and not is_frequent
        return Word(word, True, is_given or word in given, "surname" in marks, is_pair=is_pair, after_comma=comma)
    if word in given:
        # "Guy's Hospital" is a place.
        return Word(word, is_given=not is_possessive, is_ordinary=is_possessive, after_comma=comma)
    is_acronym = text.isupper() and not are_capitals and len(text) <= 5
    return Word(word, is_acronym=is_acronym, is_pair=is_pair, after_comma=comma)


@lru_cache(maxsize=200_000)
def names_person(text: str, is_frequent: bool = False) -> bool:
    """True where a text may name a person: "Mr Doe", "Jane Doe", "DOE, J", "Rose Green"; also an address of e-mail, and a text
    in another script, which tells us nothing. `is_frequent` takes only frequent given names, initials and honorifics for a sign."""
    if re.search(r"\w@\w", text):
        return True
    words = words_of(text, is_frequent)
    if any(not _LATIN.match(unicodedata.normalize("NFKD", letter)) for word in words for letter in word.text[:1]):
        return True
    plain = [word for at, word in enumerate(words) if not _is_joining(words, at)]
    return any(_is_named(plain, at, is_frequent) for at in range(len(plain)))


def _is_joining(words: Sequence[Word], at: int) -> bool:
    """Whether a word only joins the parts of a name, or belongs to a saint."""
    return words[at].text in _PARTICLES or words[at].text in _COUPLES


def _is_named(words: Sequence[Word], at: int, is_frequent: bool) -> bool:
    word = words[at]
    before = words[at - 1] if at else None
    behind = words[at + 1 :]
    if before is not None and before.text in ("st", "saint"):
        return False
    if not behind:
        return False
    following = behind[0]
    if word.text in _HONORIFICS:
        rest = [one for one in behind if one.text not in _HONORIFICS]
        return bool(rest) and (rest[0].may_follow or rest[0].is_given or rest[0].is_initial)
    if word.is_initial:
        is_number = (before is not None and before.text in _NUMBERED) or (word.text == "a" and len(words) > 3)
        after = next((one for one in behind if not one.is_initial), None)
        if after is None or is_number:
            return False
        return (
            after.is_strange or (after.is_given and not after.is_ordinary) or (after.is_surname and len(words) < 4)
        )
    if word.is_pair and len(words) < 4 and following.is_strange:
        return True  # "JR Doe"
    if word.is_given:
        if following.is_initial:
            after = next((one for one in behind if not one.is_initial), None)
            return not word.is_ordinary or (after is not None and after.may_follow)
        return following.may_follow or (following.is_given and following.after_comma)
    if word.is_surname or word.is_strange or word.is_acronym:
        if following.after_comma and (following.is_given or following.is_initial):
            return True
        if word.is_ordinary:
            return (following.is_given and not following.is_ordinary) or (
                following.is_initial and len(words) == at + 2 == 2
            )
        if following.is_given and not following.is_ordinary:
            return True
        if word.is_strange and (following.is_initial or following.text in _KIN):
            return True
        return word.is_strange and following.is_strange and not is_frequent
    return False
