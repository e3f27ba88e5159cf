"""Answer all questions of a measure: one pass over the lines of each relation and thing, then bounds by kind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from cwb.evidence import bounds
from cwb.evidence.bounded import NOTHING, ONE, ZERO, Bounded, Sums, coverage_of
from cwb.evidence.coverage import Floors, finding_of
from cwb.evidence.finding import Finding
from cwb.evidence.questions import Question
from cwb.evidence.relation import Thing
from cwb.evidence.rows import Evidence
from cwb.evidence.sums import Group, Leg, add_up, sums_sql
from cwb.lines.engine import Engine

if TYPE_CHECKING:
    import pandas as pd


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
        # A change is stated where enough is known of both periods: what is told is how little of the worse.
        least = min(_periods(made, question), key=lambda sums: sums.coverage if sums.coverage is not None else ONE)
        made.findings[question.id] = finding_of(
            question,
            bounded,
            parts,
            evidence,
            pack,
            period,
            floors,
            (sources or {}).get(question.sources, ()),
            least,
        )
    return made


def _periods(made: Answers, question: Question) -> list[Sums]:
    then = made.sums.get(question.id + ":then")
    return [made.sums[question.id], *([then] if then is not None else [])]


def _passes(questions: Sequence[Question]) -> dict[tuple[str, Thing, str | None], list[Question]]:
    """Questions that one pass over the lines can answer."""
    found: dict[tuple[str, Thing, str | None], list[Question]] = {}
    for question in questions:
        group = None if question.kind == "derived" else question.group
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
        case "share" | "survival" if not question.columns:
            return bounds.share(sums), sums
        case "rate" | "product":
            return _with_base(evidence, question, bounds.total(sums)), sums
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
            return from_rows(question, evidence.things()), sums


def _with_base(evidence: Evidence, question: Question, counted: Bounded) -> Bounded:
    """A total for each so many of a base, or times an assumption."""
    if question.assumption is not None:
        assumed = question.assumption
        return bounds.product(counted, assumed.value, assumed.low, assumed.high)
    assert question.base is not None
    base = Answers()
    _add_up(evidence.engine, base, question.base.of.source, question.base.per, None, [question.base])
    return bounds.rate(counted, base.sums[question.base.id].true, question.times)


def _unknown_pairs(evidence: Evidence) -> list[tuple[Decimal, Decimal]]:
    """The weights now and then of every thing of which the fact is not known in either period."""
    rows = evidence.things()
    own = rows[rows["part"] == "unknown"]
    return [(Decimal(now), Decimal(then)) for now, then in zip(own["weight_now"], own["weight_then"], strict=True)]


def from_rows(question: Question, rows: pd.DataFrame) -> Bounded:
    """Kinds that rank or multiply things, and derived ones, are computed from their rows."""
    if question.kind == "derived":
        assert question.compute is not None
        return question.compute(rows)
    of = {part: [Decimal(w) for w in own["weight"]] for part, own in rows.groupby("part")}
    known, unknown, others = of.get("in", []), of.get("unknown", []), of.get("out", [])
    match question.kind:
        case "mean" if question.columns:
            pairs = {
                part: [(Decimal(n), Decimal(w)) for n, w in zip(own["weight"], own["mean_weight"], strict=True)]
                for part, own in rows.groupby("part")
            }
            return bounds.weighted_mean(pairs.get("in", []), pairs.get("unknown", []), pairs.get("out", []))
        case "mean":
            return bounds.mean(known, unknown, others)
        case "median":
            return bounds.median(known, unknown, others)
        case "share":
            return _share_among(of)
        case "modelled":
            return _modelled(question, rows)
        case "half":
            return bounds.half([*known, *others], unknown)
        case _:
            # Names of possible individuals are one text: the order of the rows tells them apart.
            named = [(f"{n:09d}", net) for n, net in enumerate([*known, *others])]
            everything = sum((*known, *others, *unknown), ZERO)
            return bounds.top(question.largest, named, sum((abs(w) for w in unknown), ZERO), everything).bounded


def _share_among(of: dict[str, list[Decimal]]) -> Bounded:
    """Coverage is of sizes, as everywhere: a credit and a payment that are not known do not cancel out."""
    parts = ("in", "out", "unknown", "maybe in", "maybe out", "maybe unknown")
    made = bounds.share_among(bounds.Among(*(sum(of.get(part, []), ZERO) for part in parts)))
    if made.coverage is None:
        return made
    sizes = {part: sum((abs(weight) for weight in weights), ZERO) for part, weights in of.items()}
    known = sizes.get("in", ZERO) + sizes.get("out", ZERO)
    everything = sum(sizes.values(), ZERO)
    return replace(made, coverage=coverage_of(everything - known, everything))


def _modelled(question: Question, rows: pd.DataFrame) -> Bounded:
    size = {part: sum((abs(w) for w in own["pounds"]), ZERO) for part, own in rows.groupby("part")}
    coverage = coverage_of(size.get("unknown", ZERO), sum(size.values(), ZERO))
    if not question.is_share:
        factors = [
            (Decimal(row.pounds), Decimal(row.factor), Decimal(row.low_factor), Decimal(row.high_factor))
            for row in rows[rows["part"] == "in"].itertuples()
        ]
        return replace(bounds.modelled(factors), coverage=coverage)
    names = ("low_weight", "weight", "high_weight")
    ends = [sum(rows.loc[rows["part"] == part, name], ZERO) for part in ("in", "out") for name in names]
    low_in, value_in, high_in, low_out, value_out, high_out = ends
    return bounds.share_of_modelled(low_in, value_in, high_in, low_out, value_out, high_out, coverage)
