"""The rows behind the findings of one pack, each line once, collected where the pack was built.

A finding keeps which lines it rests on, which thing (supplier, award, contract) each is of, what part that thing is, and the
amount.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import groupby

import numpy as np
import pandas as pd
import pyarrow as pa

from cwb.base.rows import SOURCE_LINE
from cwb.evidence.bounds_rules import RULES
from cwb.evidence.finding import Finding
from cwb.evidence.questions import Question
from cwb.evidence.rows import Evidence
from cwb.publish.explorer import has_rows
from cwb.publish.explorer.columns import Kind, key_of, shown_columns
from cwb.publish.explorer.store import Line, PackRows, Rows, Store

# Of a finding with more lines the page has one row a thing, and of one with more things none: it must open on a tablet.
MOST_LINES = 30_000
# What a thing is, by number: see `cwb.evidence.rows`.
OUT, IN, UNKNOWN, MAYBE = 0, 1, 2, 3
PARTS = ("out", "in", "unknown", "maybe out", "maybe in", "maybe unknown")


def rows_of_pack(pack_id: str, findings: Iterable[Finding]) -> PackRows:
    """Collect the rows of a pack's findings; a relation that several findings ask is read once."""
    given = list(findings)
    stores: dict[tuple[str, ...], Store] = {}
    rows: dict[str, Rows | None] = {}
    asked = [(one, one.evidence) for one in given if one.evidence is not None and has_rows(one)]
    asked.sort(key=lambda pair: _relation(pair[1].question))
    for _, same in groupby(asked, lambda pair: _relation(pair[1].question)):
        rows |= _of_relation(list(same), stores)
    # The engine behind a finding's rows stays in its process.
    plain = [replace(one, evidence=None) for one in given]
    too_many = {one.id: evidence.question.per.plural for one, evidence in asked if rows[one.id] is None}
    return PackRows(pack_id, stores, tuple((one, rows.get(one.id)) for one in plain), too_many)


def _relation(question: Question) -> tuple[str, str, str]:
    return question.of.source, question.of.condition, question.then.condition if question.then else "FALSE"


def _of_relation(
    asked: list[tuple[Finding, Evidence]], stores: dict[tuple[str, ...], Store]
) -> dict[str, Rows | None]:
    """The rows of all findings of one relation, whose lines are added to the stores."""
    evidence = asked[0][1]
    names = evidence.columns()
    columns = tuple(column.name for column in shown_columns(names))
    keys = tuple(dict.fromkeys(key for name in columns if (key := key_of(name, names)) != name))
    read, asks = _read(evidence, [one.question for _, one in asked], (*columns, *keys))
    # Without a key every line is a thing, and lines of one place have no order among themselves.
    has_key = all(one.question.per.key for _, one in asked)
    if read.num_rows > MOST_LINES:
        return {finding.id: _by_thing(one, stores) for finding, one in asked}
    identities: list[Line] = list(zip(*(read[name].to_pylist() for name in (*SOURCE_LINE, *keys)), strict=True))
    # A line that is there more than once stands for several things: one session of the log, for each department that took part.
    if has_key and len(set(identities)) < len(identities):
        return {finding.id: _by_thing(one, stores) for finding, one in asked}
    store = stores.setdefault((*columns, *keys), Store(columns, keys))
    places = _places(read, identities, store)
    return {finding.id: _rows(one.question, read, asks, store, places) for finding, one in asked}


def _places(lines: pa.Table, identities: list[Line], store: Store) -> np.ndarray:
    """The places of lines in a store, into which those that are new are put."""
    is_new = [identity not in store.places for identity in identities]
    new = lines.filter(pa.array(is_new, pa.bool_()))
    values = iter(list(zip(*(new[name].to_pylist() for name in store.shape), strict=True)))
    found = [
        store.add(one, next(values)) if new else store.places[one]
        for one, new in zip(identities, is_new, strict=True)
    ]
    return np.array(found, dtype=np.int64)


def _read(
    evidence: Evidence, questions: Sequence[Question], columns: Sequence[str]
) -> tuple[pa.Table, dict[str, str]]:
    """The lines of a relation by one query, and what the questions ask of a line: SQL → name of its column.

    Of more than `MOST_LINES` lines only one more is read.
    """
    asks: dict[str, str] = {}
    for question in questions:
        texts = (question.per.key, question.per.label, question.group, question.by, _fact(question))
        for text in (*texts, *(sql for _, sql in question.columns)):
            if text:
                asks.setdefault(text, f"asked_{len(asks)}")
    source, now, then = _relation(evidence.question)
    # One line may be of several groups: the order must be the same each time.
    distinct = {asks[text] for one in questions for text in (one.per.key, one.group) if text}
    order = [*SOURCE_LINE, *sorted(distinct)]
    selected = [*dict.fromkeys((*columns, *SOURCE_LINE)), *(f"{text} AS {name}" for text, name in asks.items())]
    sql = f"""SELECT {", ".join(selected)}, CASE WHEN {now} THEN 1 ELSE 0 END + CASE WHEN {then} THEN 2 ELSE 0 END AS leg
        FROM {source} WHERE ({now}) OR ({then}) ORDER BY {", ".join(order)} LIMIT {MOST_LINES + 1}"""
    return evidence.engine.arrow(sql), asks


def _fact(question: Question) -> str:
    fact = question.fact.sql
    return f"CASE WHEN ({fact}) IS NULL THEN {UNKNOWN} WHEN {fact} THEN {IN} ELSE {OUT} END"


def _numbers(column: pa.ChunkedArray) -> np.ndarray:
    """A column of numbers; missing ones are not a number."""
    return np.asarray(column.cast(pa.float64()).to_numpy(zero_copy_only=False))


def _texts(column: pa.ChunkedArray) -> list[str | None]:
    return [None if one is None else str(one) for one in column.to_pylist()]


def _rows(question: Question, read: pa.Table, asks: dict[str, str], store: Store, places: np.ndarray) -> Rows:
    key = question.per.key
    groups = _texts(read[asks[question.group]]) if question.group else None
    ids: list[object] = [*(_texts(read[asks[key]]) if key else range(len(places)))]
    codes, _ = pd.factorize(
        pd.Series(list(zip(ids, groups, strict=True)) if groups else ids, dtype=object), use_na_sentinel=False
    )
    weights = _weights(question, read, asks)
    parts, legs = _parts(question, read, asks, codes, weights), read["leg"].to_numpy()
    kept = np.flatnonzero(parts >= 0)
    kinds = {column.name: column.kind for column in shown_columns(store.shape)}
    thing = next(
        (
            name
            for name in store.columns
            if key
            and kinds[name] is not Kind.POUNDS
            and kinds[name] is not Kind.NUMBER
            and key_of(name, store.shape) == key
        ),
        "",
    )
    amount = next(
        (c for c in store.columns if kinds[c] is Kind.POUNDS and question.by in (c, f"coalesce({c}, 0)")), ""
    )
    if question.kind == "modelled":
        amount = ""
    things = None
    if key and not thing:
        labels = read[asks[question.per.label]].to_pylist()
        things = [(int(codes[at]), str(labels[at])) for at in kept]
    return Rows(
        kind=question.kind,
        is_share=question.is_share,
        rule=_rule(question),
        plural=question.per.plural,
        shape=store.shape,
        lines=places[kept],
        parts=parts[kept].astype(np.int8),
        codes=codes[kept].astype(np.int32),
        thing=thing,
        things=things,
        amount=amount,
        amounts=weights[kept] if weights is not None and not amount else None,
        group=question.group or "",
        groups=[groups[at] for at in kept] if groups else None,
        legs=legs[kept].astype(np.int8) if question.then else None,
    )


def _rule(question: Question) -> str:
    return question.rule or RULES[question.kind]


def _weights(question: Question, read: pa.Table, asks: dict[str, str]) -> np.ndarray | None:
    """The amount of each line; None where things are counted."""
    if question.by is None:
        return None
    amounts: np.ndarray = np.nan_to_num(_numbers(read[asks[question.by]]))
    if question.kind != "modelled":
        return amounts
    # One factor for a payment and its credit: the sum over the lines of a thing is its net pounds times the factor.
    factors: np.ndarray = np.nan_to_num(_numbers(read[asks[dict(question.columns)["factor"]]]))
    kilograms: np.ndarray = amounts * factors
    return kilograms


def _parts(
    question: Question, read: pa.Table, asks: dict[str, str], codes: np.ndarray, weights: np.ndarray | None
) -> np.ndarray:
    """The part of each line's thing by the rule of `cwb.evidence.rows`; −1 for what is surely not of the base."""
    facts, size = read[asks[_fact(question)]].to_numpy(), int(codes.max(initial=-1)) + 1
    has = {part: np.bincount(codes[facts == part], minlength=size) > 0 for part in (IN, UNKNOWN)}
    parts = np.where(has[IN], IN, np.where(has[UNKNOWN], UNKNOWN, OUT))
    if question.largest and weights is not None:
        nets = np.where(parts == IN, np.bincount(codes, weights, minlength=size), -np.inf)
        largest = np.argsort(-nets, kind="stable")[: min(question.largest, int(has[IN].sum()))]
        parts[parts == IN] = OUT
        parts[largest] = IN
    if "is_base" in (columns := dict(question.columns)):
        base = np.full(size, np.inf)
        np.fmin.at(base, codes, _numbers(read[asks[columns["is_base"]]]))
        parts = np.where(base == 0, -1, np.where(base == np.inf, parts + MAYBE, parts))
    of_line: np.ndarray = parts[codes]
    return of_line


def _by_thing(evidence: Evidence, stores: dict[tuple[str, ...], Store]) -> Rows | None:
    """A finding of very many lines: one row a thing and period, with how many lines the thing has; None where things are as many."""
    question, things = evidence.question, evidence.things()
    if len(things) > MOST_LINES:
        return None
    name = "display_name" if question.per.label == "display_name" else "title"
    store = Store((name, "lines", "source_file"), ("number",))
    store = stores.setdefault(store.shape, store)
    legs = ("weight_now", "weight_then") if question.then else ("weight",)
    frame = pd.concat(
        things.assign(amount=things[leg].astype(float), leg=number, code=range(len(things)))[things[leg] != 0]
        for number, leg in enumerate(legs, start=1)
    )
    parts = frame["part"].map({part: number for number, part in enumerate(PARTS)}).to_numpy()
    groups = [None if pd.isna(one) else str(one) for one in frame["group"]] if "group" in frame else None
    values = zip(*(frame[column].tolist() for column in ("code", "thing", "lines", "source_file")), strict=True)
    places = [store.add((question.id, code), (*line, f"{question.id} {code}")) for code, *line in values]
    return Rows(
        kind=question.kind,
        is_share=question.is_share,
        rule=_rule(question),
        plural=question.per.plural,
        shape=store.shape,
        lines=np.array(places, dtype=np.int64),
        parts=parts.astype(np.int8),
        codes=frame["code"].to_numpy(),
        thing=name,
        amounts=frame["amount"].to_numpy() if question.by else None,
        group=question.group or "",
        groups=groups,
        legs=frame["leg"].to_numpy() if question.then else None,
        is_by_thing=True,
    )
