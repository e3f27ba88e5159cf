"""brief.docx: the brief as a report for the committee's system, in the council's usual sections.

Where the files say nothing, as on the law and on equalities, the section says that the officer fills it in, and what the packs
can offer for it. Same brief, same bytes.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from cwb.charts.wording import sentence_case
from cwb.council.committee import IMPLICATIONS
from cwb.council.config import Settings
from cwb.council.periods import Period, long_date
from cwb.evidence.finding import number
from cwb.packs.advice import Recommendation
from cwb.publish.brief.model import Brief, Place, Sureness
from cwb.publish.brief.word import Block, Heading, Table, Text, word_file

NAME = "brief.docx"
# Further recommendations than those of the findings that stand first.
_MOST = 5
_OFFICER = "To be completed by the officer:"


def committee_report(brief: Brief, settings: Settings, period: Period) -> bytes:
    """The report as a Word file, its sections as the settings name and order them."""
    blocks: list[Block] = [*_front(brief)]
    committee = settings.committee
    for is_implication, parts in groupby(committee.sections, lambda part: part in IMPLICATIONS):
        if is_implication:
            blocks.append(Heading(committee.implications, 1))
        for part in parts:
            blocks += [Heading(committee.heading(part), 2 if is_implication else 1), *_SECTIONS[part](brief)]
    return word_file(f"Community wealth building, {brief.period}", brief.council, period.end, blocks)


def _front(brief: Brief) -> Iterator[Block]:
    yield Text(brief.council)
    if brief.is_illustrative:
        yield Text("Illustrative data: the suppliers and payments are made up.")
    yield Text(f"{_OFFICER} committee, date of the meeting, report author, wards, whether this is a key decision.")


def _purpose(brief: Brief) -> Iterator[Block]:
    yield Text(
        f"This report tells members what the council's purchases of {brief.period} did for the local economy, and what is "
        f"asked of them. {brief.heading}"
    )


def _chosen(brief: Brief) -> list[Recommendation]:
    """What members are asked for, as on the first page: what goes with its findings, then the next by their days."""
    first = [place.recommendation for place in brief.places if place.recommendation in brief.asked]
    return [one for one in first if one] + [one for one in brief.asked if one not in first][:_MOST]


def _recommendations(brief: Brief) -> Iterator[Block]:
    chosen = _chosen(brief)
    if not chosen:
        yield Text("No decision follows from what is known.")
        yield Text(f"{_OFFICER} what members are asked to note or to agree.")
        return
    yield Text("That members agree:")
    yield from (Text(f"{one.text} {_who(one)}", "List Number") for one in chosen)
    if len(chosen) < len(brief.asked):
        yield Text("What else follows for officers stands at the end of each pack.")


def _who(one: Recommendation) -> str:
    return f"{sentence_case(one.role)}, by {long_date(one.start_by)}."


def _background(brief: Brief) -> Iterator[Block]:
    yield from (Text(line) for _, line in brief.lines)
    if brief.places:
        yield Text(f"What matters most in {brief.period}:")
        yield from (Text(place.sentence, "List Bullet") for place in brief.places)
        yield Table(
            "What matters most: each number now, before, at the baseline and its target, where it went, and how sure it is",
            ("Measure", "Now", "Compared with", "Where it went", "How sure"),
            tuple(map(_row, brief.places)),
        )
    if brief.also_worse:
        yield Text("Also worse:")
        yield from (
            Text(f"{place.label}: {place.now}, {place.moved}.", "List Bullet") for place in brief.also_worse
        )
    yield from (Text(text) for text in (*brief.remarks, *brief.restated))
    if brief.none_taken:
        yield Text(brief.none_taken)
    if brief.taken:
        yield Text("What was decided before, and what came of it:")
        yield Table(
            "Decisions taken before: what was decided, who owns it, how far it is, what came of it",
            ("Decision", "Who", "How far", "What came of it"),
            tuple((one.decision, one.role, one.state, one.outcome) for one in brief.taken),
        )


def _row(place: Place) -> tuple[str, ...]:
    judged = {True: " (better)", False: " (worse)", None: ""}[place.is_better]
    compared = "\n".join(f"{sentence_case(what)}: {value}" for what, value in place.then)
    sure = sentence_case(place.how_sure or place.sureness)
    if place.sureness is Sureness.NOT_KNOWN and place.how_sure:
        sure = f"Not known. {sure}"
    return (
        place.label,
        place.now or "not known",
        compared or "not compared",
        place.moved + judged or "not compared",
        sure,
    )


def _reasons(brief: Brief) -> Iterator[Block]:
    for one in _chosen(brief):
        yield Text(f"{one.text} {one.because}", "List Bullet")
    if not brief.asked:
        yield Text("No recommendation follows from what is known.")
    yield Text(f"{_OFFICER} the options considered, among them to do nothing, and why they are not recommended.")


def _financial(brief: Brief) -> Iterator[Block]:
    stakes = [(one.text, number(one.pounds, "gbp")) for one in _chosen(brief) if one.pounds is not None]
    if stakes:
        yield Text(
            "Pounds a year that the recommendations are about; no saving or cost follows from them by themselves:"
        )
        yield Table("Pounds a year, by recommendation", ("Recommendation", "Pounds a year"), tuple(stakes))
    yield Text(f"{_OFFICER} what the recommendations cost, and from which budget.")


def _legal(brief: Brief) -> Iterator[Block]:
    yield Text(f"{_OFFICER} the advice of the monitoring officer. The packs give no legal advice.")
    yield Text(
        "They offer, for each planned purchase, its threshold and the routes that may be open (a reserved competition, lots, "
        "a joint procurement). Each needs legal confirmation."
    )


def _risk(brief: Brief) -> Iterator[Block]:
    doubts = [
        _unsure(place) for place in brief.places if place.sureness in (Sureness.NOT_SURE, Sureness.NOT_KNOWN)
    ]
    doubts += [
        f"{one.what}: not known, because {one.why}. {one.settles}" if one.what else f"{one.why} {one.settles}"
        for one in brief.unknown
    ]
    doubts += [*brief.skipped, *(f"Not built: {question} {reason}" for question, reason in brief.failed)]
    if doubts:
        yield Text("Not all that this report rests on is sure or known:")
        yield from (Text(text.strip(), "List Bullet") for text in doubts)
    yield Text(f"{_OFFICER} the risks of agreeing, and of not agreeing, to what is recommended.")


def _unsure(place: Place) -> str:
    return (
        f"{place.label}, {place.how_sure or place.sureness}."
        if place.now
        else f"{place.sentence} {place.how_sure}"
    )


def _climate(brief: Brief) -> Iterator[Block]:
    sentences = [
        place.sentence
        for part in brief.packs
        for place in part.places
        if place.finding.unit in ("kgco2e", "intensity")
    ]
    yield from (Text(text) for text in sentences)
    if not sentences:
        yield Text("What the council's purchases emit is not known from the files that were supplied.")
    yield Text(f"{_OFFICER} what the recommendations themselves would change.")


def _equalities(brief: Brief) -> Iterator[Block]:
    yield Text(f"{_OFFICER} the equality impact assessment, or why none is needed.")
    yield Text(
        "The packs hold nothing about people and their protected characteristics. They offer what goes to social enterprises, "
        "charities and small businesses, and where suppliers are."
    )


def _papers(brief: Brief) -> Iterator[Block]:
    yield from (Text(f"{part.question} ({part.page})", "List Bullet") for part in brief.packs)
    yield Text(
        "Every table and every number: evidence.xlsx. What they were made from: manifest.json.", "List Bullet"
    )


def _appendices(brief: Brief) -> Iterator[Block]:
    yield Text(f"Appendix A: the brief of {brief.period} (index.html).", "List Bullet")


_SECTIONS = {
    "purpose": _purpose, "recommendations": _recommendations, "background": _background, "reasons": _reasons,
    "financial": _financial, "legal": _legal, "risk": _risk, "climate": _climate, "equalities": _equalities,
    "papers": _papers, "appendices": _appendices,
}  # fmt: skip
