"""No person is named: whose name a pack may show, and what it shows instead.

A council pays sole traders, foster carers and landlords. A name that reads like a person's is withheld from
rankings and tables unless a register shows it to be an organisation; the pounds stay in every total.
"""

from __future__ import annotations

import re

from cwb.base.councils import council_of_letters, is_known_name, is_place_s_council
from cwb.base.no_name import unpointed
from cwb.reference import given_names, organisation_words

WITHHELD = "Name withheld (may be an individual)"
TITLE_WITHHELD = "Title withheld (a supplier may be an individual)"
NOT_STATED = "Supplier not stated or redacted"
_HONORIFIC = re.compile(
    r"\b(mr|mrs|ms|miss|mx|dr|prof|rev|revd|sir|dame|cllr|estate of)\b\W*([^\W\d_]*)", re.IGNORECASE
)
_COMPANY = r"(?:ltd|limited|plc|llp|lp|cic|cio|inc|c i [co]|p l c|l l p)"
_LEGAL_FORM = re.compile(rf"\b({_COMPANY}|council|hmrc)\b|(&|\band) co\b", re.IGNORECASE)
_ENDS_AS_COMPANY = re.compile(rf"\b{_COMPANY}\.?$", re.IGNORECASE)
_TRADING_AS = re.compile(r"\b(t/a|t/as|trading as)\b", re.IGNORECASE)
# What parts a person's name from what it is paid for or through; a bracket also stands within a company's name.
_APART = re.compile(
    r"\W+(?:t/as?|trading as|c/o|care of|re|ref|obo|on behalf of)\b[\s:]+|\s+[-–—:/|]+\s*|\s*[;:|\r\n]+\s*"
    r"|\s+(?:to|via)\s+|(?<=\w{3})\s*/\s*(?=\w{3})|\s*-\s*(?=(?:hmrc|dwp|council|nhs)\b)",
    re.IGNORECASE,
)
_BRACKET = re.compile(r"\s*[()\[\]]\s*")
# What a person is paid for, as it follows a name: none of it is a trade.
_PAID_FOR = re.compile(
    r"(council (tax|member|tenant|house)|housing benefit|benefits?\b|(private )?(landlord|tenant)|trust (account|fund)"
    r"|((client|savings|bank|current|personal|deposit|joint) )?(account|a/?c)\b|foster|kinship|adopt|carer|service user"
    r"|client\b|student|pupil|refund|rent\b|rebate|pension|personal (budget|health)|direct payment|disabled facilit"
    r"|grant\b|deposit|expenses|reimburse|compensation|claim\b|deceased|decd\b|deputy|appointee|allowance|bursary"
    r"|special guardian|shared lives|care (fees|payment)|school (fees|transport)|hmrc|dwp|tax\b|payroll|salary|wages|(business )?rates\b|nhs$)"
)
_NO_SURNAME = frozenset(
    re.findall(
        r"\w+",
        "and of the for in at on st saint upon by with to under road street lane court gardens avenue park house cottage "
        "lodge manor farm terrace crescent town parish city village church chapel cathedral "
        "care food foods bros brothers sons",
    )
)
_PERSON_WORDS = range(2, 7)
# "The Rose and Crown", "Judy's Attic": nobody is called so. "The executors of Jane Doe" are somebody's.
_NO_PERSON_S = re.compile(r"^the (?!.*\b(?:of|for|late)\b)|^\w+['’]s \w", re.IGNORECASE)


def looks_individual(name: str | None) -> bool:
    """True where a name may be a person's: it names one plainly, or is two to six plain words none of which only firms use.

    A legal form shows an organisation, but not beside a person's name: "Mr J Smith c/o Leeds City Council", "Jane Doe
    Housing Benefit". Of "J Smith t/a Smith Roofing Ltd" the part before counts. Errs towards withholding: a firm with
    an unusual name may be withheld, which a company number in the vendor list puts right; a person's name must not be
    shown.
    """
    if not name or is_known_name(name) or council_of_letters(name):
        return False
    text = unpointed(name)
    if _names_person(text):
        return True
    if _LEGAL_FORM.search(text):
        return False
    person = _TRADING_AS.split(name)[0].strip() or name
    words = re.findall(r"[^\W\d_][^\W\d_'’.-]*", person.lower())
    if words and not any(re.search("[a-z]", word) for word in words):
        return True  # a name in another script tells us nothing
    if len(words) not in _PERSON_WORDS:
        return False
    # "N.H.S." is a word only without its points.
    words += re.findall(r"[^\W\d_]+", unpointed(person).lower())
    return not any(word in organisation_words() for word in words)


def _names_person(text: str) -> bool:
    """True where a name has an honorific, or a part of it is a person's: "Jane Doe - HMRC", "A Jones T/A Venus Hire Ltd".

    "Dr Martens Ltd" and "James Smith Ltd" are companies, as a legal form ends them.
    """
    parts = [part for part in _APART.split(_TRADING_AS.sub(" t/a ", text).strip()) if part.strip()]
    before = _TRADING_AS.split(text)[0].strip()
    if any(_has_honorific(part) for part in (_APART.split(before) if before else parts)):
        return True
    for at, part in enumerate(parts):
        is_company = _ENDS_AS_COMPANY.search(part)
        pieces = [part] if is_company else [piece for piece in _BRACKET.split(part) if piece]
        # A whole name without such marks is read by its words alone.
        is_beside = len(parts) > 1 or len(pieces) > 1
        if not is_company and any(
            _is_person_s(piece, is_beside, not at and not n) for n, piece in enumerate(pieces)
        ):
            return True
        if before and _TRADING_AS.search(text):
            return False  # what follows t/a is a trade's name
    return False


def _has_honorific(part: str) -> bool:
    pieces = [part] if _ENDS_AS_COMPANY.search(part) else _BRACKET.split(part)
    for piece in pieces:
        for found in _HONORIFIC.finditer(piece):
            word = found[2].lower()
            if not re.search(rf"\b{_COMPANY}\b", piece, re.IGNORECASE) or len(word) == 1 or word in given_names():
                return True
    return False


def _is_person_s(part: str, is_beside: bool, is_first: bool) -> bool:
    """True for a given name or initials with a surname, and nothing after it but what a person is paid for."""
    last, comma, first = part.partition(",")
    if comma and len(last.split()) > 1:
        return _is_person_s(last, True, is_first)  # no "Smith, Jane": what follows is beside the name
    words = re.findall(r"[^\W\d_][\w'’/-]*", (f"{first} {last}" if comma else part).lower())
    at = 0
    while at < len(words) and (
        len(words[at]) == 1 or words[at] in given_names() or (at and words[at] in ("and", "&"))
    ):
        at += 1
    if at and at == len(words) and len(words) > 1:
        at -= 1  # "Craig James": a surname that is a given name too
    if at == 0:
        # "Smith J": the initials behind; in a later part they may be a place's.
        behind = len(words) > 1 and all(len(word) == 1 for word in words[1:])
        return is_beside and is_first and behind and _is_surname(words[0])
    if at < len(words) and _PAID_FOR.match(" ".join(words[at:])):
        return at > 1
    end = at
    while end < len(words) and _is_surname(words[end]):
        end += 1
        beside = " ".join(words[end:])
        if _PAID_FOR.match(beside) or is_place_s_council(beside):
            return True
    return is_beside and end == len(words) and end - at in range(1, 4)


def _is_surname(word: str) -> bool:
    is_plain = len(word) > 1 and not re.search(r"['’]s$|[\d/]", word)
    return is_plain and word not in _NO_SURNAME and word not in organisation_words()


def display_name(name: str | None, is_registered: bool) -> str:
    """The name as a pack may show it; `is_registered` is True when a register lists it as an organisation."""
    if not name:
        return NOT_STATED
    return WITHHELD if not is_registered and looks_individual(name) else name


def is_person(name: str | None) -> bool:
    """True where a name is plainly a person's: it may be one, and has an honorific, a given name or initials, and does
    not begin as no person's name does.

    Such a name is never matched to a register. Other names that `looks_individual` withholds ("Travis Perkins") may be
    matched, but a match by name does not bring them back into a pack.
    """
    if not looks_individual(name):
        return False
    if _names_person(unpointed(name or "")):
        return True
    person = _TRADING_AS.split(name or "")[0].strip() or name or ""
    if _NO_PERSON_S.search(person):
        return False
    # The s of "Men's" is no initial.
    words = re.findall(r"[^\W\d_]+", re.sub(r"['’]s\b", "", person.lower()))
    initials = len(words) > 1 and any(len(word) == 1 for word in words)
    return initials or any(word in given_names() for word in words)
