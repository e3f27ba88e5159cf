"""Answer all questions of a measure: one pass over the lines of each relation and thing, then bounds by kind."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from cwb.evidence import bounds
from cwb.evidence.bounded import NOTHING, Bounded, Sums
from cwb.evidence.coverage import Floors, finding_of
from cwb.evidence.finding import Finding
from cwb.evidence.questions import Question
from cwb.evidence.relation import Thing
from cwb.evidence.rows import Evidence
from cwb.evidence.sums import Group, Leg, add_up, sums_sql
from cwb.lines.engine import Engine

_BY_ROWS = ("top", "half", "derived")


class Answers:
    """The findings of some questions, the sums they were made of, and for a ranking which groups may lead it."""

    def __init__(self) -> None:
        self.findings: dict[str, Finding] = {}
        self.sums: dict[str, Sums] = {}
        self.groups: dict[str, dict[Group, Sums]] = {}
        self.leaders: dict[str, bounds.Largest] = {}
        self.sql: list[str] = []

    def __getitem__(self, finding_id: str) -> Finding:
        return self.findings[finding_id]


def answer(
    engine: Engine,
    questions: Sequence[Question],
    pack: str,
    period: str,
    floors: Floors,
    sources: dict[tuple[str, ...], tuple[str, ...]] | None = None,
) -> Answers:
    """Answer the questions. `sources` tells the raw files behind some tables, for source lines."""
    made = Answers()
    for (source, per, group), own in _passes(questions).items():
        _add_up(engine, made, source, per, group, own)
    for question in questions:
        evidence = Evidence(engine, question)
        bounded, parts = _bounded(made, question, evidence)
        made.findings[question.id] = finding_of(
            question, bounded, parts, evidence, pack, period, floors, (sources or {}).get(question.sources, ())
        )
    return made


def _passes(questions: Sequence[Question]) -> dict[tuple[str, Thing, str | None], list[Question]]:
    """Questions that one pass over the lines can answer."""
    found: dict[tuple[str, Thing, str | None], list[Question]] = {}
    for question in questions:
        group = question.group if question.kind == "largest" else None
        found.setdefault((question.of.source, question.per, group), []).append(question)
    return found


def _legs(question: Question) -> list[Leg]:
    now = Leg(question.of.condition, question.by, question.fact)
    if question.then is None:
        return [now]
    then = Leg(question.then.condition, question.by, question.fact)
    return [now, then, Leg(now.condition, question.by, question.fact, then.condition)]


def _add_up(
    engine: Engine, made: Answers, source: str, per: Thing, group: str | None, questions: list[Question]
) -> None:
    legs = [leg for question in questions for leg in _legs(question)]
    made.sql.append(sums_sql(source, per, legs, group))
    found = add_up(engine, source, per, legs, group)
    at = 0
    for question in questions:
        count = len(_legs(question))
        if group:
            made.groups[question.id] = {name: sums[at] for name, sums in found.items()}
            made.sums[question.id] = sum(made.groups[question.id].values(), NOTHING)
        else:
            for name, leg in zip(("", ":then", ":change"), range(at, at + count), strict=False):
                made.sums[question.id + name] = found[None][leg] if found else NOTHING
        at += count


def _bounded(made: Answers, question: Question, evidence: Evidence) -> tuple[Bounded, Sums]:
    """The value with its bounds by the kind's rule, and the sums of the relation."""
    sums = made.sums[question.id]
    match question.kind:
        case "total" | "count":
            return bounds.total(sums), sums
        case "share":
            return bounds.share(sums), sums
        case "change":
            then = made.sums[question.id + ":then"]
            if not question.is_share:
                return bounds.change(sums, then, made.sums[question.id + ":change"]), sums
            return bounds.change_of_share(sums, then, _unknown_pairs(evidence)), sums
        case "largest":
            known = {str(name): own for name, own in made.groups[question.id].items() if name is not None}
            groups = dict.fromkeys(question.among, NOTHING) | known
            outside = made.groups[question.id].get(None, NOTHING)
            leader = bounds.largest(groups, sums.all if question.is_share else None, outside)
            made.leaders[question.id] = leader
            return leader.bounded, sums
        case _:
            return _from_rows(question, evidence), sums


def _unknown_pairs(evidence: Evidence) -> list[tuple[Decimal, Decimal]]:
    """The weights now and then of every thing of which the fact is not known in either period."""
    rows = evidence.things()
    own = rows[rows["part"] == "unknown"]
    return [(Decimal(now), Decimal(then)) for now, then in zip(own["weight_now"], own["weight_then"], strict=True)]


def _from_rows(question: Question, evidence: Evidence) -> Bounded:
    """Kinds that rank things, and derived ones, are computed from their rows."""
    rows = evidence.things()
    if question.kind == "derived":
        assert question.compute is not None
        return question.compute(rows)
    named, unnamed = rows[rows["part"] != "unknown"], rows[rows["part"] == "unknown"]
    nets = [Decimal(weight) for weight in named["weight"]]
    lines = [Decimal(weight) for weight in unnamed["weight"]]
    if question.kind == "half":
        return bounds.half(nets, lines)
    # Names of possible individuals are one text: the order of the rows tells them apart.
    known = [(f"{n:09d}", net) for n, net in enumerate(nets)]
    everything = sum((*nets, *lines), Decimal(0))
    return bounds.top(question.largest, known, sum((abs(line) for line in lines), Decimal(0)), everything).bounded
