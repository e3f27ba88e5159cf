"""Is it a social enterprise? Graded evidence, never one number: A certain by legal form, B likely, C possible.

There is no register of social enterprises. The rules, with the words of names that they look for, are in
`reference/social_enterprise_rules.csv`; here is the SQL of each, in the order in which they are tried. A body has either a
grade and the rule that gives it, or a rule that keeps it out, or neither.
"""

from __future__ import annotations

from functools import cache

from cwb.reference import table
from cwb.sources.tabular import sql_text

LEAST_INCOME_GBP = 25_000
_LOCKED = "legal_form IN ('Community interest company', 'Co-operative society', 'Community benefit society', 'Registered society')"
_REGISTERED = "legal_form = 'Registered society'"
_SOCIETY = "legal_form IN ('Co-operative society', 'Community benefit society', 'Registered society')"
_GUARANTEE = "legal_form = 'Company limited by guarantee'"
_NAME = "lower(name)"


def _has_sic(*beginnings: str) -> str:
    """Whether any of a body's codes begins so; codes are separated by blanks."""
    return f"regexp_matches(coalesce(sic_codes, ''), '\\b({'|'.join(beginnings)})')"


@cache
def names_of(rule: str) -> tuple[str, ...]:
    """The words of a name that a rule looks for, as the table publishes them."""
    rows = table("social_enterprise_rules")
    return tuple(rows.loc[rows["id"] == rule, "names"].item().split("; "))


def _named(rule: str) -> str:
    """SQL: whether a name holds one of the rule's words; "(s)" and an apostrophe may be missing, a hyphen may be a blank."""
    words = (word.replace("(s)", "s?").replace("-", "[- ]?").replace("'", "'?") for word in names_of(rule))
    pattern = rf"\b({'|'.join(words)})\b"
    return f"regexp_matches({_NAME}, {sql_text(pattern)})"


KEPT_OUT: tuple[tuple[str, str], ...] = (
    ("ended", "NOT is_active"),
    ("twice", "is_double"),
    ("dormant", f"coalesce(accounts_category, '') = 'DORMANT' OR {_has_sic('99999')}"),
    (
        "property",
        f"NOT ({_LOCKED}) AND ({_has_sic('98000')} OR ({_GUARANTEE} AND {_has_sic('68320')}) OR "
        + _named("property")
        + ")",
    ),
    (
        "schools",
        f"NOT ({_LOCKED}) AND (({_has_sic('851', '852', '853')} AND regexp_matches({_NAME}, 'academ|school|college')) OR "
        + _named("schools")
        + ")",
    ),
    (
        "clubs",
        "legal_form = 'Members'' club' OR (("
        f"{_SOCIETY} OR {_GUARANTEE}) AND "
        + _named("clubs")
        + ")",
    ),
    ("bodies", f"{_GUARANTEE} AND charity_number IS NULL AND {_has_sic('94110', '94120')}"),
    (
        "churches",
        f"NOT ({_LOCKED}) AND ({_has_sic('94910')} OR "
        + _named("churches")
        + ")",
    ),
)  # fmt: skip
_TRADES = (
    "charity_number IS NOT NULL AND coalesce(income_gbp, 0) >= "
    f"{LEAST_INCOME_GBP} AND (company_number IS NOT NULL OR mutual_number IS NOT NULL "
    "OR legal_form = 'Charitable incorporated organisation')"
)
GRADES: tuple[tuple[str, str, str], ...] = (
    ("cic", "A", "legal_form = 'Community interest company'"),
    # Credit unions are on the register of companies as societies too: which form one has the Mutuals Register alone says.
    ("society", "A", f"{_SOCIETY} AND (NOT {_REGISTERED} OR contains(registers, 'Mutuals Register'))"),
    ("charity", "B", _TRADES),
    ("mutual", "B", f"legal_form IN ('Credit union', 'Friendly society') OR {_REGISTERED} OR is_coop"),
)
# Tried after the grades that a charity can earn: what is left of the charities has no sign of trading.
_DONORS = ("donors", "charity_number IS NOT NULL")
POSSIBLE: tuple[tuple[str, str, str], ...] = (
    ("guarantee", "C", _GUARANTEE),
    (
        "name",
        "C",
        _named("name"),
    ),
)  # fmt: skip


def rule_sql() -> str:
    """SQL: the id of the rule that decides about a body; NULL where none applies."""
    tried = [
        *KEPT_OUT,
        *((rule, sql) for rule, _, sql in GRADES),
        _DONORS,
        *((rule, sql) for rule, _, sql in POSSIBLE),
    ]
    return "CASE " + " ".join(f"WHEN {sql} THEN {sql_text(rule)}" for rule, sql in tried) + " END"


def grade_sql() -> str:
    """SQL: the grade that a rule gives; NULL for rules that keep out."""
    graded = (*GRADES, *POSSIBLE)
    return (
        "CASE rule "
        + " ".join(f"WHEN {sql_text(name)} THEN {sql_text(grade)}" for name, grade, _ in graded)
        + " END"
    )
