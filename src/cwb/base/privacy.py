"""No person is named: a payee is shown only on evidence that it is an organisation, and no text that names a person.

What a name shows itself is told here, by `reference/evidence_words.csv`; numbers, lists and approvals are weighed in
`cwb.entities.shown`. All else is not shown; its pounds stay in every total.
"""

from __future__ import annotations

import re
from enum import StrEnum
from functools import cache, lru_cache

from cwb.base.councils import council_of_letters, is_known_name, is_place_s_council
from cwb.base.no_name import unpointed
from cwb.base.person_names import names_person, words_of
from cwb.reference import organisation_words, table

WITHHELD = "Payee not shown"
TITLE_WITHHELD = "Title not shown (it may name a person)"
TEXT_WITHHELD = "Text not shown (it may name a person)"
NOT_STATED = "Supplier not stated or redacted"


class NameEvidence(StrEnum):
    """What shows that a payee is an organisation, the surest first."""

    APPROVED = "approved by a person"
    NUMBER = "company, charity or mutual number"
    VENDOR_LIST = "the vendor list says so"
    PUBLIC_BODY = "listed public body"
    LEGAL_FORM = "legal form in its name"
    BODY_WORD = "a public body's word in its name"
    NONE = "none"


# What a name alone shows does not count where the purpose means people.
BY_LOOKS = (NameEvidence.LEGAL_FORM, NameEvidence.BODY_WORD)
# What parts a payee from whom or what the payment is for.
_APART = re.compile(
    r"\W+(?:t/as?|ta|trading as|c/o|care of|re|ref|fao|attn|obo|on behalf of|for and on behalf of|via|per|payable to|paid to)\b[\s:.]*"
    r"|\s+[-–—]+\s*|\s*[;:|\r\n]+\s*|\s+/\s*|/\s+",
    re.IGNORECASE,
)
_HONORIFIC = re.compile(
    r"\b(mr|mrs|ms|miss|mx|dr|prof|rev|revd|sir|dame|cllr|estate of|exe?c?(utor)?s? of|exors?)\b", re.IGNORECASE
)
_JOINED = re.compile(r"\s+(&|\+|and|for|at|of|with|from|by|to)\s+", re.IGNORECASE)
_KIN = re.compile(
    r"\W*(sons?|daughters?|bro(ther)?s|partners?|co|company|associates|family|wife|nephews?)\b", re.IGNORECASE
)
# No words of anything else: what follows them is no name's.
_SURE_FORMS = ("ltd", "plc", "llp")
_MOST_STRANGE = 1
# Beside a person's name these say through whom or what for.
_BESIDE = frozenset(
    [
        "council",
        "hmrc",
        "dwp",
        "nhs",
        "bc",
        "cc",
        "dc",
        "mbc",
        "tax",
        "rates",
        "account",
        "acc",
        "landlord",
        "tenant",
        "rent",
        "payroll",
    ]
)
# "The Rose and Crown", "Judy's Attic": nobody is called so. "The executors of Jane Doe" are somebody's.
_NO_PERSON_S = re.compile(r"^the (?!.*\b(?:of|for|late)\b)|^\w+['’]s \w", re.IGNORECASE)


@lru_cache(maxsize=200_000)
def evidenced_name(name: str) -> tuple[str, NameEvidence]:
    """The part of a name that shows itself to be an organisation's, and by what; ("", NONE) where no part does.

    "Elm Care Ltd c/o Jane Doe" is "Elm Care Ltd". Nothing that stands beside a person's name counts: "Jane Doe Trust",
    "Mr J Smith c/o Leeds City Council", "Jane Doe Academy", "J Smith t/a Smith Roofing Ltd".
    """
    nothing = "", NameEvidence.NONE
    whole = " ".join(name.split())
    if is_known_name(whole) or council_of_letters(whole) or is_place_s_council(whole):
        return whole, NameEvidence.PUBLIC_BODY
    first = _APART.split(whole)[0].strip()
    if _has_honorific(whole, first):
        return nothing
    if (shown := _before_form(first)) and not re.match(r"[\w'’-]+\s*,\s*[\w'’. -]+$", shown):
        return _with_safe_tail(whole, shown), NameEvidence.LEGAL_FORM
    bare = re.split(r"\s*[(\[]", first)[0].strip(" ,.")
    if is_place_s_council(bare) or council_of_letters(bare):
        return _with_safe_tail(whole, bare), NameEvidence.PUBLIC_BODY
    if _is_body(bare):
        return _with_safe_tail(whole, bare), NameEvidence.BODY_WORD
    return nothing


def _has_honorific(whole: str, first: str) -> bool:
    """Whether a name has an honorific; not "Dr Fenwick Ltd" or "Mrs Fenwick's Bakery Ltd", but "Mr K Fenwick Ltd"."""
    text, form = unpointed(whole), _before_form(first)
    for found in _HONORIFIC.finditer(text):
        behind = words_of(text[found.end() :])
        is_firm_s = form and found.end() < len(form) and not found[0].lower().endswith("of")
        if not is_firm_s or not behind or behind[0].is_initial or behind[0].is_given:
            return True
    return False


def _before_form(text: str) -> str:
    """A name up to its legal form; "" without one, or where what stands before it is no name of a firm."""
    found = known_forms().search(unpointed(text))
    if found is None or len(re.findall(r"\w", found["head"])) < 2:
        return ""
    head = found["head"]
    beside = re.search(r"[(\[]([^)\]]*)", head)
    # No firm's: the head of "Jane Doe (Acme Ltd)", and below of "Doe, J. Ltd" and "Jane Doe and Acme Ltd".
    if beside and (names_person(beside[1]) or not re.search(r"[)\]]", head)):
        return ""
    if re.search(r",\s*(\w\b\.?\s*)+$", head) or _follows_person(head):
        return ""
    return _cut(text, len(re.findall(r"\w", found[0])))


def _follows_person(head: str) -> bool:
    """Whether a firm's name stands behind a person's, joined by a word; not "James Fisher & Sons"."""
    pieces = _JOINED.split(head)
    for piece, joined, behind in zip(pieces[::2], pieces[1::2], pieces[2::2], strict=False):
        words = words_of(piece)
        is_name = len(words) in range(2, 6) and names_person(piece) and not _KIN.match(behind)
        # "Smith and Wexham Ltd" is a firm; of two strange words before "and" or "of" a firm is as likely.
        if is_name and (words[0].is_given or words[0].is_initial or joined.lower() not in ("&", "+", "and", "of")):
            return True
    return False


def _cut(text: str, letters: int) -> str:
    """The beginning of a text with so many letters and figures, its closing point too."""
    seen = 0
    for at, character in enumerate(text):
        seen += bool(re.match(r"\w", character))
        if seen == letters:
            return text[: at + 1] + ("." if text[at + 1 : at + 2] == "." else "")
    return text


def _with_safe_tail(whole: str, shown: str) -> str:
    """The whole name where what follows the part that may be shown is nothing but ordinary words and numbers."""
    tail = whole[len(shown) :]
    words = words_of(tail)
    is_safe = whole.startswith(shown) and all(word.is_ordinary and not word.is_given for word in words)
    return whole if is_safe and not means_people(tail) else shown


def _is_body(name: str) -> bool:
    """Whether a whole name is a public body's: its pattern, and no person's name in what the body is called."""
    text = _plain(name)
    found = next((match for pattern in _bodies() if (match := pattern.fullmatch(text))), None)
    if found is None or names_person(name):
        return False
    called = " ".join(part for part in found.groups() if part)
    words = words_of(called)
    if any(word.is_initial or (word.is_given and not _is_saint_s(called, word.text)) for word in words):
        return False
    return sum(not word.is_ordinary for word in words if not word.is_given) <= _MOST_STRANGE


def _is_saint_s(text: str, word: str) -> bool:
    return re.search(rf"\b(?:st|saint) {re.escape(word)}", text) is not None


def _plain(text: str) -> str:
    spelt = re.sub(r"['’`´.]", "", unpointed(text).lower().replace("&", " and "))
    return " ".join(re.sub(r"[\W_]+", " ", spelt).split())


@cache
def known_forms() -> re.Pattern[str]:
    """A name up to its legal form, by the table of words."""
    words = table("evidence_words")
    every = "|".join(words["pattern"][words["kind"] == "legal form"]).split("|")
    sure = "|".join(form for form in every if form in _SURE_FORMS) or "(?!)"
    forms = "|".join(every).replace(" ", r"[ .]")
    return re.compile(
        rf"^(?P<head>.*?[\w)&!+][\s,.-]+)\(?(?:(?:{sure})\b\.?|(?:{forms})\b\.?(?=\s*(?:$|[^\w\s&]|\d|uk\b|gb\b|t/?as?\b|trading\b|formerly\b)))",
        re.IGNORECASE,
    )


@cache
def _bodies() -> tuple[re.Pattern[str], ...]:
    words = table("evidence_words")
    patterns = words["pattern"][words["kind"] == "public body"]
    return tuple(
        re.compile(rf"(?:the )?(?:{text.replace('(', '(?:').replace('{name}', '([a-z0-9 ]+?)')})")
        for text in patterns
    )


@cache
def _purposes() -> re.Pattern[str]:
    return re.compile("|".join(table("people_purposes")["pattern"]))


@lru_cache(maxsize=200_000)
def means_people(text: str | None) -> bool:
    """True where a purpose, category, service or department means payments to or for persons: "Foster care", "CTax refund"."""
    return bool(text) and _purposes().search(_plain(text or "")) is not None


def shown_text(text: str | None, instead: str = TEXT_WITHHELD) -> str | None:
    """A text as a page may show it: itself, or `instead` where it may name a person."""
    return instead if text and names_person(text) else text


def shown_reference(text: str | None) -> str | None:
    """A reference or number as a page may show it; None where it names a person: "S/ABC/12" is a code, "Jane Doe 12" is not."""
    if not text or not names_person(text):
        return text
    spoken = [word for word in words_of(text) if len(word.text) > 3 and re.search("[aeiouy]", word.text)]
    return text if re.search(r"\d", text) and not spoken else None


def shown_name(name: str | None, has_number: bool = False) -> str:
    """The name of a payee of whom no more is known than this name, and whether a number stands beside it, as a page may show it."""
    if not name:
        return NOT_STATED
    shown, _ = evidenced_name(name)
    return shown or (name if has_number and not is_plainly_one(name) else WITHHELD)


def looks_individual(name: str | None) -> bool:
    """True where a name may be a person's: nothing on it shows an organisation, not even a word that only firms use.

    For matching, which takes more for a firm than a page does: a name that is not shown may be matched.
    """
    if not name or evidenced_name(name)[1] is not NameEvidence.NONE:
        return False
    if is_person(name):
        return True
    return 2 <= len(words_of(name)) <= 6 and not _has_firm_s_word(name)


def is_plainly_one(name: str) -> bool:
    """True where a name has an honorific, or says for whom, to whom or through whom: "J Smith t/a Smith Roofing"."""
    return bool(_HONORIFIC.search(unpointed(name)) or _APART.search(name))


def is_person(name: str | None) -> bool:
    """True where a name is plainly a person's: an honorific, a frequent given name or initials, no word of a firm, and not
    the beginning of what nobody is called.

    Such a name is never matched to a register. Others that are not shown ("Travis Perkins") may be matched, but a match by
    name does not show them.
    """
    if not name or evidenced_name(name)[1] is not NameEvidence.NONE:
        return False
    if _has_honorific(name, name):
        return True
    if _NO_PERSON_S.search(name):
        return False
    pieces = re.split(rf"{_APART.pattern}|\s*[,()\[\]]+\s*", name, flags=re.IGNORECASE)
    named = [piece for piece in (name, *pieces) if piece and names_person(piece, is_frequent=True)]
    beside = re.sub(r"\b(parish|town|community) council$", "", name, flags=re.IGNORECASE)
    is_beside = means_people(name) or any(word.text in _BESIDE for word in words_of(beside))
    return any(is_beside or not _has_firm_s_word(one) for one in named)


def is_plainly_person(name: str) -> bool:
    """True where a name is a person's and has no word of a firm, by all given names: no form asks whether it is a firm."""
    return is_person(name) or (names_person(name) and not _has_firm_s_word(name))


def _has_firm_s_word(name: str) -> bool:
    return any(word.text.replace("-", "") in organisation_words() for word in words_of(name))
