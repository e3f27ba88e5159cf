"""Two hundred forms in which files name a person, each with what to search for where nobody may be named."""

from __future__ import annotations

import re

# Given name and a surname that stands nowhere else.
_PEOPLE = (
    ("Chidi", "Okonkwo"), ("Siobhan", "O'Shaughnessy"), ("Ludwig", "van Heerdenberg"), ("Zofia", "Szczepanska"), ("Jane", "Thistlewaite"),
    ("Omar", "al-Rashidi"), ("Anne-Marie", "Featherstonhaugh"), ("José", "Núñezgarza"), ("Priya", "Mukherjeewala"), ("Ioan", "Iordachescu"),
    ("Mary", "MacGillivraigh"), ("Kofi", "Asante-Boatengsen"), ("Thandiwe", "Nkosibanda"), ("Björn", "Åkerlundh"), ("Nguyen", "Thivandoan"),
    ("Maria", "de la Cruzvega"),
)  # fmt: skip
# {g} given name, {s} surname, {i} initial; {G} and {S} in capitals.
_PATTERNS = (
    "{g} {s}", "{G} {S}", "{g} {S}", "{s}, {g}", "{S}, {G}", "{S} {G}", "{i} {s}", "{i}. {s}", "{i}.{i}. {s}", "{s} {i}", "{S} {i}", "{s}, {i}.",
    "{s} {i}.{i}.", "{g} {i} {s}", "{g} {i}. {s}", "{g} James {s}", "Mr {s}", "MR {S}", "Mrs {g} {s}", "Ms. {s}", "Miss {i} {s}", "Mx {s}",
    "Dr {s}", "Dr {g} {s}", "Prof. {g} {s}", "Rev {g} {s}", "Sir {g} {s}", "Dame {g} {s}", "Cllr {g} {s}", "Cllr {s}", "Mr & Mrs {s}",
    "Mr and Mrs {i} {s}", "{g} & John {s}", "{g} and Mary {s}", "{i} & J {s}", "{s} {i} Mr & Mrs", "{s} {g} (Mrs)", "Estate of {g} {s}",
    "Exec of {g} {s}", "Executors of {i} {s}", "Exors of {s} {i}", "The Estate of the late {g} {s}", "{g} {s} (deceased)", "Late {g} {s}",
    "{g} {s} t/a Fen Catering", "{g} {s} T/A Fen Catering Ltd", "{i} {s} trading as Fen Taxis", "{g} {s} c/o Leeds City Council",
    "{g} {s} c/o Fen Solicitors LLP", "Mr {i} {s} c/o Leeds City Council", "Fen Solicitors re {g} {s}", "{g} {s} via NHS", "{g} {s} - HMRC",
    "{g} {s}/HMRC", "{g} {s} NHS", "NHS {g} {s}", "{g} {s} Council", "{g} {s} Trust", "{g} {s} Academy", "{g} {s} University", "{g} {s} College",
    "{g} {s} Leeds City Council", "{g} {s} Police", "{g} {s} Primary School", "{g} {s} Foundation", "{g} {s} Housing Benefit", "{g} {s} Council Tax",
    "{g} {s} Foster Carer", "{g} {s} Direct Payment", "{g} {s} Personal Budget", "{g} {s} Refund", "{g} {s} Rent Account", "{g} {s} Client Account",
    "{g} {s} DFG", "{g} {s} 00123456", "12345 {g} {s}", "{g} {s} (Foster Care)", "({g} {s})", "[{g} {s}]", "\"{g} {s}\"", "{g}  {s}", "{g}_{s}", "{g}.{s}",
    "{g}\t{s}", "{g}-{s}", "Payment to {g} {s}", "Refund {g} {s}", "Paid to {s} {g}", "FAO {g} {s}", "Attn: {g} {s}", "{g} {s} & Family", "{g} {s} Jnr",
    "{g} {s} BSc", "{g} {s} MBE", "Master {g} {s}", "Lady {g} {s}", "Messrs {g} {s}", "Captain {g} {s}", "Sgt {g} {s}", "{g} {s} (Landlord)",
    "Landlord {g} {s}", "Tenant: {g} {s}", "Parent of {g} {s}", "Deputy for {g} {s}", "Appointee for {g} {s}", "{g} {s} Photography",
    "{g} {s} Consultancy", "{g} {s} & Sons", "{g} {s} Building Services", "{g} {s} Childminder", "{g} {s} Driving School", "{g} {s} Associates",
    "{g} {s} Partnership", "{g} {s} Charity", "{g} {s} Society", "{g} {s} and others", "{g} {s}, Carpenter", "{g} {s}; {g} {s}", "{g}.{s}@example.org",
    "{s} family", "{g} {s} Fire Service", "{g} {s} Parish Council",
    "{g} {s} c/o DWP", "{g} {s} obo Fen Homes Ltd", "{g} {s} on behalf of Fen Ltd", "Fen Homes Ltd on behalf of {g} {s}", "{g} {s} (Fen Homes Ltd)",
    "{g} {s} and Fen Homes Ltd", "{g} {s} for Fen Homes Ltd", "{i}{i} {s}", "{g} {s} T/as Fen", "{g} de {s}", "{S} {G} MISS", "{s}-Jones, {g}", "{g} Jones-{s}",
    "{g} '{s}'", "Invoice {g} {s} May 2026", "{g} {s} - Direct Payments Nov", "{g}, {s}",
    "care for {g} {s}", "Support package {g} {s}", "{g} {s}'s kinship allowance",
)  # fmt: skip
_WORDS = (
    "Rose Green", "Mark Place", "Robin Wood", "Grace Field", "Hazel Moor", "May Day", "Will Power", "Heather Hill", "Ivy Bridge", "Dean Court", "Jack Frost",
    "Faith Church", "Summer Rain", "Holly Bush", "Olive Stone", "Penny Lane", "Dawn Brook", "Hope Street", "Joy Banks", "Miles Long", "Grant Hall",
    "Jade Rivers", "Daisy Fields", "Lily Pond", "Victoria Cross", "Clay Potter", "Art Carpenter", "Ray Winter", "Max Power", "Chelsea London",
    "Kent Forrester", "Ruby Waters", "Pearl Fisher", "Amber Knight", "Jasmine Black", "Poppy Bell", "Crystal White", "Terry Walls",
    "GREEN, ROSE", "Wood, Robin", "Miss Green", "Mr Place", "rose green", "ROBIN WOOD", "R Green-Wood", "Rose and Robin Green", "Rose Green Trust",
    "Grace Field Academy", "Mark Place Council", "Dean Court (Foster Care)",
)  # fmt: skip
_SCRIPTS = (
    "王小明",
    "Мария Иванова",
    "محمد الراشدي",
    "Γιώργος Παπαδάκης",
    "प्रिया शर्मा",
    "김민수",
    "ישראל כהן",
    "สมชาย ใจดี",
    "山田太郎",
    "Олена Шевчук",
)


def _made() -> dict[str, str]:
    forms: dict[str, str] = {}
    for at, pattern in enumerate(_PATTERNS):
        given, surname = _PEOPLE[at % len(_PEOPLE)]
        form = pattern.format(g=given, s=surname, i=given[0], G=given.upper(), S=surname.upper())
        forms[form] = re.escape(surname.split()[-1])
    for form in (*_WORDS, *_SCRIPTS):
        first, *rest = re.findall(r"\w+", re.sub(r"\b(Mr|Miss|Trust|Academy|Council|and|R)\b|\(.*", " ", form))
        forms[form] = r"\W{1,3}(?:and\W{1,3})?".join([first, *rest]) if rest else re.escape(form)
    # One word is searched for as the file has it: "green" alone names nobody.
    forms |= {form: re.escape(form) for form in ("Miss Green", "Mr Place")}
    return forms


FORMS = _made()
"""Form → the pattern of what must be found nowhere."""


def named_in(text: str) -> list[str]:
    """The forms whose name stands in a text, however it is written."""
    return sorted(form for form, pattern in _COMPILED.items() if pattern.search(text))


_COMPILED = {form: re.compile(pattern, re.IGNORECASE) for form, pattern in FORMS.items()}
