"""The data of explore.html: every line of a report once, in columns, and every finding as positions in them.

Texts and days are numbers into a sorted list of values, pounds are whole pence, positions are runs (first, how many).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np

from cwb.council.config import Settings
from cwb.council.periods import Period
from cwb.evidence.definitions import definition
from cwb.evidence.finding import Finding, tidy
from cwb.evidence.headcounts import is_headcount
from cwb.packs.pack import Pack
from cwb.publish.explorer.columns import COLUMNS, Kind, key_of, wordings
from cwb.publish.explorer.pools import Pool, hidden_names, is_any_of, names_of, pools_of
from cwb.publish.explorer.store import PackRows, Rows, Store

_OF_PEOPLE = "rows of a number of people are not told"
_OF_NAME = {column.name: column for column in COLUMNS}
Json = dict[str, object]


class Arrays:
    """Lists of numbers that findings share, each once."""

    def __init__(self) -> None:
        self._places: dict[str, int] = {}

    def add(self, values: Sequence[int | float]) -> int:
        return self._places.setdefault(json.dumps(values, separators=(",", ":")), len(self._places))

    @property
    def text(self) -> str:
        return f"[{','.join(self._places)}]"


def payload(settings: Settings, built: Mapping[Pack, PackRows]) -> str:
    """The data as JSON that may stand inside a script element: it has no "<"."""
    words, arrays = wordings(settings), Arrays()
    shapes = sorted({shape for of_pack in built.values() for shape in of_pack.stores})
    hidden = hidden_names(built.values())
    merged = {shape: _merged(shape, list(built.values()), hidden) for shape in shapes}
    tables = [_table(store, words) for store, _ in merged.values()]
    seen: set[str] = set()
    packs = []
    for number, (pack, of_pack) in enumerate(built.items()):
        findings = []
        for finding, rows in of_pack.findings:
            if finding.id not in seen:
                entry = _facts(finding)
                if plural := of_pack.too_many.get(finding.id):
                    entry["too_many"] = plural
                if rows is not None:
                    store, places = merged[rows.shape]
                    entry["table"] = shapes.index(rows.shape)
                    names = names_of(rows, of_pack.stores[rows.shape])
                    is_hidden = is_any_of(names, hidden) if names is not None else np.zeros(len(rows.lines), bool)
                    amounts = _amounts(rows, of_pack.stores[rows.shape])
                    pools = pools_of(rows, is_hidden, names, amounts)
                    entry |= _rows(rows, ~is_hidden, store, places[number][rows.lines], pools, arrays, words)
                findings.append(entry)
            seen.add(finding.id)
        packs.append({"question": pack.question, "href": pack.html_name, "findings": findings})
    body = f'{{"tables":{_text(tables)},"packs":{_text(packs)},"arrays":{arrays.text}}}'
    return body.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def _amounts(rows: Rows, store: Store) -> np.ndarray | None:
    """The amount of each row; None where things are counted."""
    if not rows.amount:
        return rows.amounts
    at = store.columns.index(rows.amount)
    return np.array([float(str(store.lines[place][at] or 0)) for place in rows.lines])


def _merged(
    shape: tuple[str, ...], packs: Sequence[PackRows], hidden: frozenset[object]
) -> tuple[Store, list[np.ndarray]]:
    """The lines of one shape of all packs, each once and in the order of their files, without suppliers that are hidden; and
    for each pack where each of its lines is now, −1 for those."""
    given = [of_pack.stores.get(shape) for of_pack in packs]
    found = {
        identity: one for store in given if store for identity, one in zip(store.places, store.lines, strict=True)
    }
    merged = Store(*next((store.columns, store.keys) for store in given if store))
    named = merged.columns.index("display_name") if "display_name" in merged.columns else None
    if named is not None:
        found = {identity: line for identity, line in found.items() if line[named] not in hidden}
    for identity in sorted(found, key=lambda line: ["" if part is None else part for part in line]):
        merged.add(identity, found[identity])
    return merged, [
        np.array([merged.places.get(identity, -1) for identity in store.places] if store else [], dtype=np.int64)
        for store in given
    ]


def _facts(finding: Finding) -> Json:
    """What is said of a finding: nothing where there is nothing to say."""
    defined = definition(finding.id)
    entry: Json = {
        "id": finding.id,
        "label": defined.label,
        "shown": finding.signed,
        "value": tidy(finding.value),
        "unit": finding.unit,
        "state": finding.state.value,
        "bounds": finding.bounds,
        "why": finding.undefined or (_OF_PEOPLE if is_headcount(finding.id) else None),
        "settles": finding.settles,
        "period": Period.parse(finding.period).label,
        "text": defined.text,
        "excluded": defined.excluded,
        "caveats": list(finding.caveats),
    }
    return {name: value for name, value in entry.items() if value not in (None, "", [])}


def _table(store: Store, words: Mapping[str, Callable[[object], str]]) -> Json:
    columns = []
    values_of = {name: [line[at] for line in store.lines] for at, name in enumerate(store.shape)}
    for name in store.columns:
        column = _OF_NAME[name]
        values, keys = values_of[name], values_of[key_of(name, store.shape)]
        if column.where_filled and not any(values):
            continue
        entry: Json = {"name": name, "label": column.label, "kind": column.kind.value}
        if column.is_group:
            entry["group"] = True
        if column.kind in (Kind.TEXT, Kind.DAY):
            entry["values"], entry["codes"] = _coded(values, keys, words.get(name, str))
        elif column.kind is Kind.POUNDS:
            entry["numbers"] = [None if value is None else round(float(str(value)) * 100) for value in values]
        else:
            entry["numbers"] = values
        columns.append(entry)
    return {"columns": columns}


def _coded(
    values: Sequence[object], keys: Sequence[object], word: Callable[[object], str]
) -> tuple[list[str], list[int]]:
    """The different things that a column names, in the order of their names, worded, and the place of each row's among
    them; −1 where none is stated."""
    names: dict[object, object] = {}
    for key, value in zip(keys, values, strict=True):
        if key is not None and names.get(key) is None:
            names[key] = value
    ordered = sorted(names, key=lambda key: (_sortable(names[key]), str(key)))
    places = {key: at for at, key in enumerate(ordered)}
    labels = [word(names[key]) if names[key] is not None else "Not stated" for key in ordered]
    return labels, [places[key] if key is not None else -1 for key in keys]


def _sortable(value: object) -> str:
    return f"{value:012d}" if isinstance(value, int) else str(value).casefold()


def _rows(
    rows: Rows,
    is_shown: np.ndarray,
    store: Store,
    places: np.ndarray,
    pools: list[Pool],
    arrays: Arrays,
    words: Mapping[str, Callable[[object], str]],
) -> Json:
    """A finding's rows. `parts` has one digit for each of its things, in the order in which its rows first name them."""
    order = [at for at in np.argsort(places, kind="stable").tolist() if is_shown[at]]
    entry: Json = {"kind": rows.kind, "rule": rows.rule, "plural": rows.plural}
    entry["rows"] = arrays.add(_runs(places[order].tolist()))
    if rows.is_share:
        entry["share"] = True
    if rows.is_by_thing:
        entry["by_thing"] = True
    if rows.things is not None:
        labels = _labels(rows.things[at] for at in order)
        numbers = {code: at for at, code in enumerate(labels)}
        codes = [numbers[rows.things[at][0]] for at in order]
        entry["things"], entry["labels"] = arrays.add(codes), list(labels.values())
    elif rows.thing:
        entry["thing"] = rows.thing
    if rows.groups is not None:
        kinds = sorted({group for group in rows.groups if group is not None})
        of_row = [kinds.index(group) if (group := rows.groups[at]) is not None else -1 for at in order]
        word = words.get(rows.group, str)
        entry["groups"], entry["group_labels"] = arrays.add(of_row), [word(one) for one in kinds]
    parts: dict[int, int] = {}
    for one, part in zip(rows.codes[order].tolist(), rows.parts[order].tolist(), strict=True):
        parts.setdefault(one, part)
    entry["parts"] = "".join(map(str, parts.values()))
    if rows.amount:
        entry["amount"] = rows.amount
    elif rows.amounts is not None:
        entry["amounts"] = arrays.add(np.round(rows.amounts[order], 4).tolist())
    if rows.legs is not None:
        entry["legs"] = arrays.add(rows.legs[order].tolist())
    if pools:
        entry["pools"] = [_pool(pool, words.get(rows.group, str)) for pool in pools]
    return entry


def _pool(pool: Pool, word: Callable[[object], str]) -> Json:
    group = {} if pool.group is None else {"group": word(pool.group)}
    counts = {"things": pool.things, "then": pool.things_then}
    return {"part": pool.part, **group, **counts, "amount": pool.amount, "amount_then": pool.amount_then}


def _labels(things: Iterable[tuple[int, str]]) -> dict[int, str]:
    """The name of each thing by its code, in the order of names. Of one that is written in two ways it is always the same one: the
    order of a set, which is another in every process, decides nothing."""
    return dict(sorted(set(things), key=lambda thing: (thing[1].casefold(), thing[0], thing[1])))


def _runs(positions: list[int]) -> list[int]:
    """Ascending positions as runs: the first of each, and how many follow one another."""
    runs: list[int] = []
    for at in positions:
        if runs and at == runs[-2] + runs[-1]:
            runs[-1] += 1
        else:
            runs += [at, 1]
    return runs
