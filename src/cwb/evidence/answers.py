"""Answer all questions of a measure: one pass over the lines of each relation and thing, then bounds by kind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from cwb.evidence import bounds
from cwb.evidence.bounded import NOTHING, ZERO, Bounded, Sums, coverage_of
from cwb.evidence.coverage import Floors, finding_of
from cwb.evidence.finding import Finding
from cwb.evidence.line_facts import check
from cwb.evidence.questions import Question
from cwb.evidence.relation import Thing
from cwb.evidence.rows import Evidence
from cwb.evidence.sums import Group, Leg, add_up, sums_sql
from cwb.lines.engine import Engine

if TYPE_CHECKING:
    import pandas as pd


class Answers:
    """The findings of some questions, the sums behind them, and for a ranking which groups may lead it."""

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
    """Answer the questions. `sources` has the raw files behind some tables, for source lines. Raise `CwbError` for a fact of the payment
    that is asked of suppliers."""
    check(questions)
    answers = Answers()
    for (source, per, group), batch in _passes(questions).items():
        _add_up(engine, answers, source, per, group, batch)
    for question in questions:
        evidence = Evidence(engine, question)
        bounded = _bounded(answers, question, evidence)
        sums, then = answers.sums[question.id], answers.sums.get(question.id + ":then")
        files = (sources or {}).get(question.sources, ())
        answers.findings[question.id] = finding_of(
            question, bounded, sums, then, evidence, pack, period, floors, files
        )
    return answers


def _passes(questions: Sequence[Question]) -> dict[tuple[str, Thing, str | None], list[Question]]:
    """Questions that one pass over the lines can answer."""
    passes: dict[tuple[str, Thing, str | None], list[Question]] = {}
    for question in questions:
        group = None if question.kind == "derived" else question.group
        passes.setdefault((question.of.source, question.per, group), []).append(question)
    return passes


def _legs(question: Question) -> list[Leg]:
    now = Leg(question.of.condition, question.by, question.fact)
    if question.then is None:
        return [now]
    then = Leg(question.then.condition, question.by, question.fact)
    return [now, then, Leg(now.condition, question.by, question.fact, then.condition)]


def _add_up(
    engine: Engine, answers: Answers, source: str, per: Thing, group: str | None, questions: list[Question]
) -> None:
    legs = [leg for question in questions for leg in _legs(question)]
    answers.sql.append(sums_sql(source, per, legs, group))
    by_group = add_up(engine, source, per, legs, group)
    at = 0
    for question in questions:
        count = len(_legs(question))
        if group:
            answers.groups[question.id] = {name: sums[at] for name, sums in by_group.items()}
            answers.sums[question.id] = sum(answers.groups[question.id].values(), NOTHING)
        else:
            for name, leg in zip(("", ":then", ":change"), range(at, at + count), strict=False):
                answers.sums[question.id + name] = by_group[None][leg] if by_group else NOTHING
        at += count


def _bounded(answers: Answers, question: Question, evidence: Evidence) -> Bounded:
    """The value with its bounds by the kind's rule."""
    sums = answers.sums[question.id]
    match question.kind:
        case "total" | "count":
            return bounds.total(sums)
        case "share" | "survival" if not question.columns:
            return bounds.share(sums)
        case "rate" | "product":
            return _with_base(evidence, question, bounds.total(sums))
        case "change":
            then = answers.sums[question.id + ":then"]
            if not question.is_share:
                return bounds.change(sums, then, answers.sums[question.id + ":change"])
            has_unknown = any((sums.low, sums.high, then.low, then.high))
            return bounds.change_of_share(sums, then, evidence.unknown_pairs() if has_unknown else [])
        case "largest":
            by_group = answers.groups[question.id]
            known = {str(name): group for name, group in by_group.items() if name is not None}
            groups = dict.fromkeys(question.among, NOTHING) | known
            leader = bounds.largest(groups, sums.all if question.is_share else None, by_group.get(None, NOTHING))
            answers.leaders[question.id] = leader
            return leader.bounded
        case _:
            # What is derived may need to know what a thing is called.
            return from_rows(question, evidence.things() if question.kind == "derived" else evidence.weights())


def _with_base(evidence: Evidence, question: Question, counted: Bounded) -> Bounded:
    """A total for each so many of a base, or times an assumption."""
    if question.assumption is not None:
        assumed = question.assumption
        return bounds.product(counted, assumed.value, assumed.low, assumed.high)
    assert question.base is not None
    base = Answers()
    _add_up(evidence.engine, base, question.base.of.source, question.base.per, None, [question.base])
    return bounds.rate(counted, base.sums[question.base.id].true, question.times)


def from_rows(question: Question, rows: pd.DataFrame) -> Bounded:
    """Kinds that rank or multiply things, and derived ones, are computed from their rows."""
    if question.kind == "derived":
        assert question.compute is not None
        return question.compute(rows)
    by_part = {part: [Decimal(w) for w in group["weight"]] for part, group in rows.groupby("part")}
    known, unknown, others = (by_part.get(part, []) for part in ("in", "unknown", "out"))
    match question.kind:
        case "mean" if question.columns:
            pairs = {
                part: [
                    (Decimal(n), Decimal(w)) for n, w in zip(group["weight"], group["mean_weight"], strict=True)
                ]
                for part, group in rows.groupby("part")
            }
            return bounds.weighted_mean(pairs.get("in", []), pairs.get("unknown", []), pairs.get("out", []))
        case "mean":
            return bounds.mean(known, unknown, others)
        case "median":
            return bounds.median(known, unknown, others)
        case "share":
            return _share_among(by_part)
        case "modelled":
            return _modelled(question, rows)
        case "half":
            return bounds.half([*known, *others], unknown)
        case _:
            named, unnamed_size = [*known, *others], sum((abs(w) for w in unknown), ZERO)
            return bounds.top(question.largest, named, unnamed_size, sum((*named, *unknown), ZERO))


def _share_among(by_part: dict[str, list[Decimal]]) -> Bounded:
    """Coverage is of sizes, as everywhere: a credit and a payment that are not known do not cancel out."""
    parts = ("in", "out", "unknown", "maybe in", "maybe out", "maybe unknown")
    cells = [sum(by_part.get(part, []), ZERO) for part in parts]
    bounded = bounds.share_among(bounds.Among(*cells))
    if min(cells) < 0:
        return bounded
    sizes = {part: sum((abs(weight) for weight in weights), ZERO) for part, weights in by_part.items()}
    known = sizes.get("in", ZERO) + sizes.get("out", ZERO)
    everything = sum(sizes.values(), ZERO)
    return replace(bounded, coverage=coverage_of(everything - known, everything))


def _modelled(question: Question, rows: pd.DataFrame) -> Bounded:
    size = {part: sum((abs(w) for w in group["pounds"]), ZERO) for part, group in rows.groupby("part")}
    coverage = coverage_of(size.get("unknown", ZERO), sum(size.values(), ZERO))
    if not question.is_share:
        factors = [
            (Decimal(row.pounds), Decimal(row.factor), Decimal(row.low_factor), Decimal(row.high_factor))
            for row in rows[rows["part"] == "in"].itertuples()
        ]
        return bounds.modelled(factors, coverage)
    names = ("low_weight", "weight", "high_weight")
    ends = [sum(rows.loc[rows["part"] == part, name], ZERO) for part in ("in", "out") for name in names]
    low_in, value_in, high_in, low_out, value_out, high_out = ends
    return bounds.share_of_modelled(low_in, value_in, high_in, low_out, value_out, high_out, coverage)
