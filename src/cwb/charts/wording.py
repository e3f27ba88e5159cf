"""Columns and words that the exhibits of all packs share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from cwb.charts.tables import Column
from cwb.evidence.finding import Finding, number

POUNDS, SHARE, SUPPLIERS = (
    Column("pounds_gbp", "Pounds (£)", "gbp"),
    Column("share", "Share of spend", "share"),
    Column("suppliers", "Suppliers", "count"),
)
# Said of what a place has while some things have no known place.
AS_FAR_AS_KNOWN = ", as far as known"


def sentence_case(text: str) -> str:
    """The text as a sentence begins; only its first letter changes."""
    return text[:1].upper() + text[1:]


def mid_sentence(label: str) -> str:
    """A label as it stands within a sentence; an abbreviation keeps its capitals."""
    return label[:1].lower() + label[1:] if label[1:2].islower() else label


def industry(section: str) -> str:
    """A section's name without the letter before it in the code list."""
    return section[2:] if section[1:2] == " " else section


def listed(words: Sequence[str]) -> str:
    """ "one", "one and two", "one, two and three"."""
    return " and ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))


def counted(finding: Finding, one: str, many: str) -> str:
    """A count with its noun: "1 supplier", "at least 2 suppliers"."""
    return f"{finding} {one if finding.value == 1 else many}"


def plural(number: str, noun: str) -> str:
    """A number that is not a finding, with its noun: "1 contract", "3 contracts"."""
    return f"{number} {noun}" if number == "1" else f"{number} {noun}s"


def silent(number: int, one: str, many: str, what: str = "no value") -> tuple[str, ...]:
    """A caveat that so many things do not state something: "1 award states no value."; none for nought."""
    return (f"{number} {one if number == 1 else many} {what}.",) if number else ()


def as_reason(caveats: Iterable[str]) -> str:
    """Such caveats as the reason why something is not known, without the last stop."""
    return " ".join(caveats).rstrip(".")


def range_text(finding: Finding) -> str:
    """The range of a finding after a comma; empty where unknowns cannot move it."""
    return f", {finding.bounds}" if finding.bounds else ""


def range_sentence(what: str, finding: Finding) -> tuple[str, ...]:
    """The range of a finding as a sentence of its own: "How many went to local suppliers is between 3 and 5."; none where unknowns
    cannot move it."""
    return (f"{what} is {finding.bounds}.",) if finding.bounds else ()


def ends_text(finding: Finding) -> str:
    """The two ends of a range in brackets, for where the number stands before: " (+3.3 to +7.8)", or with their units where these differ from
    its own: " (70 kgCO2e to 1.1 tCO2e)"; empty where unknowns cannot move it."""
    if finding.ends is None:
        return ""
    parts = [text.partition(" ") for text in (*finding.ends, f"{finding:magnitude}")]
    is_same = finding.unit == "points" or len({unit for _, _, unit in parts}) == 1
    low, high = (end for end, _, _ in parts[:2]) if is_same else finding.ends
    return f" ({low} to {high})"


def part_text(finding: Finding) -> str:
    """Of what part of spend a modelled number is: "96% of spend"; what has no factor is in neither it nor its range. Empty where it is of
    all."""
    asked, known = finding.question, finding.coverage
    if finding.value is None or known is None or known >= 1 or asked is None or not asked.is_modelled:
        return ""
    return f"{number(known, 'share')} of spend{' of both periods' if asked.then is not None else ''}"


def emissions_text(finding: Finding) -> str:
    """The emissions that a finding is of: those that are known, where these are not all."""
    return f"{'known ' if part_text(finding) else ''}emissions"


def is_one_way(change: Finding) -> bool:
    """Whether a change or a distance goes one way for certain: what is not known cannot undo it."""
    return change.low is not None and change.high is not None and (change.low > 0 or change.high < 0)


def perhaps(change: Finding) -> str:
    """ "perhaps " before a direction that is not sure, else nothing."""
    return "" if is_one_way(change) else "perhaps "


def or_why(finding: Finding, sentence: str, subject: str) -> str:
    """The sentence where the finding is known, else that its subject is not known and why."""
    return sentence if finding.value is not None else not_known(finding, subject)


def not_known(finding: Finding, subject: str) -> str:
    """That the subject of a finding is not known, or not shown, why, and what would settle it."""
    settles = f" {finding.settles}" if finding.settles else ""
    return f"{subject} is {finding.missing}.{settles}"


def settled_by(*parts: str) -> str:
    """That these would settle it; "" where all of them are empty."""
    named = [part for part in parts if part]
    return f"{sentence_case(listed(named))} would settle it." if named else ""


def source_line(council: str, files: Iterable[str]) -> str:
    """The council's files behind an exhibit, few by name and many by number."""
    names = sorted(set(files))
    if not names:
        return f"{council}, own files"
    return f"{council}: {', '.join(names) if len(names) <= 3 else f'{len(names)} files listed in the annex'}"


def quantity(amount: Decimal) -> str:
    """A quantity, with decimals where it is small: 1,204, 7.45, 0.81."""
    is_whole = amount % 1 == 0 or abs(amount) >= 100
    return f"{amount:,.0f}" if is_whole else f"{float(amount):,.2f}".rstrip("0").rstrip(".")
