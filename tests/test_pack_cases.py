"""Every number of every pack on councils small enough to add up by hand: the folders of tests/cases/pack_*."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from decimal import Decimal
from difflib import unified_diff
from fractions import Fraction
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from cwb.charts.figure import Figure
from cwb.council.periods import Period
from cwb.evidence.data import PackData, open_data
from cwb.evidence.definitions import family_of
from cwb.evidence.finding import Finding
from cwb.packs import registry
from cwb.packs.advice import advise
from cwb.packs.measure import Measure, Measured
from cwb.publish.explorer import has_rows
from shown import shown_of

CASES = Path(__file__).parent / "cases"
# One folder of cases a pack, by the number of its notebook, each with the settings of its councils.
PACKS = {f"pack_{pack.notebook[:2]}": pack.id for pack in registry.all_packs() if pack.notebook[:2].isdigit()}
FOLDERS = sorted(path.parent for pack in PACKS for path in (CASES / pack).glob("*/expected.csv"))
SHOWN = "shown.txt"
ANSWERS = ("expected.csv", "tables.csv", "sentences.csv", "rows.csv", SHOWN)
# Payees of the cases whose names nobody may read.
PERSONS = ("Pat Person", "Ann Other")
NUMBERS = ("value", "low", "high", "coverage")


def answers(folder: Path, name: str) -> list[dict[str, str]]:
    path = folder / name
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def exact(text: str) -> Fraction | None:
    """A number as a case states it: 100, -12.50, 35/100; nothing for an empty cell."""
    return Fraction(text.replace(" ", "")) if text else None


def is_same(found: Any, wanted: Fraction | None) -> bool:
    """Findings and tables hold the float that is nearest to the exact number."""
    if found is None or pd.isna(found):
        return wanted is None
    if isinstance(found, Decimal):
        return wanted is not None and Fraction(found) == wanted
    return wanted is not None and float(found) == float(wanted)


def pack_of(folder: Path) -> str:
    return PACKS[folder.parent.name]


def measures_of(pack: str) -> tuple[Measure, ...]:
    """The measures of a pack, and those that stand once for all in the annex."""
    return (*registry.pack_of(pack).measures, *registry.pack_of("annex").measures)


def files_of(folder: Path) -> dict[str, list[Path]]:
    """The raw files of a case by their source."""
    files: dict[str, list[Path]] = {}
    for path in sorted(folder.iterdir()):
        if path.suffix != ".toml" and path.name not in ANSWERS:
            files.setdefault(path.name.split(".")[0], []).append(path)
    return files


def settings_of(folder: Path) -> str:
    """A case's own settings, or those of its pack's cases."""
    own = folder / "cwb.toml"
    return (own if own.is_file() else folder.parent / "cwb.toml").read_text(encoding="utf-8")


@pytest.fixture
def opened(council: Callable[..., Path], tmp_path: Path) -> Callable[[Path], PackData]:
    """A case's council, opened once; every other period is a report of its own."""

    def make(folder: Path) -> PackData:
        made = council(settings_of(folder), **files_of(folder))
        return open_data(pack_of(folder), answers(folder, "expected.csv")[0]["period"], str(made / "cwb.toml"))

    return make


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: f"{folder.parent.name}-{folder.name}")
def test_a_case(folder: Path, opened: Callable[[Path], PackData], pytestconfig: pytest.Config) -> None:
    data = opened(folder)
    seen: dict[str, PackData] = {str(data.period): data}

    def at(period: str) -> PackData:
        if period not in seen:
            seen[period] = PackData(data.settings, Period.parse(period), data.pack, data.lineage, data.engine)
        return seen[period]

    faults = [
        *_numbers(at, answers(folder, "expected.csv")),
        *_tables(at, answers(folder, "tables.csv")),
        *_sentences(at, answers(folder, "sentences.csv")),
        *_rows(at, answers(folder, "rows.csv")),
        *_always(data, with_rows=bool(answers(folder, "rows.csv"))),
        *(_opened(data) if answers(folder, "rows.csv") else ()),
        *_shown(data, folder / SHOWN, is_written=pytestconfig.getoption("--write-shown")),
    ]
    assert not faults, "\n".join(faults)


At = Callable[[str], PackData]


def scorecard(data: PackData) -> Figure:
    return registry.pack_of(data.pack).scorecard(data)


def measured_of(data: PackData, name: str) -> Measured:
    return next(measure(data) for measure in measures_of(data.pack) if measure.id == name)


def finding_of(data: PackData, finding_id: str) -> Finding:
    return next(
        measure(data)[finding_id]
        for measure in measures_of(data.pack)
        if family_of(finding_id) in measure.finding_ids
    )


def _numbers(at: At, rows: list[dict[str, str]]) -> Iterator[str]:
    for row in rows:
        found = finding_of(at(row["period"]), row["id"])
        where = f"{row['period']} {row['id']} ({row['arithmetic']})"
        for name in NUMBERS:
            if not is_same(getattr(found, name), exact(row[name])):
                yield f"{where}: {name} is {getattr(found, name)}, not {row[name] or 'none'}"
        if found.state.value != row["state"]:
            yield f"{where}: state is {found.state.value}, not {row['state']} ({found.undefined})"


def _tables(at: At, rows: list[dict[str, str]]) -> Iterator[str]:
    for row in rows:
        table = measured_of(at(row["period"]), row["measure"]).table
        cells = row["row"].split(" | ")
        keys = [" | ".join(str(cell) for cell in own[: len(cells)]) for own in table.itertuples(index=False)]
        where = f"{row['period']} {row['measure']}, {row['row']}, {row['column']}"
        if row["column"] == "absent":
            if row["row"] in keys:
                yield f"{where}: there is such a row"
            continue
        if row["row"] not in keys:
            yield f"{where}: no such row, only {keys}"
            continue
        found = table.iloc[keys.index(row["row"])][row["column"]]
        is_text = isinstance(found, str)
        if found != row["value"] if is_text else not is_same(found, exact(row["value"])):
            yield f"{where}: {found!r}, not {row['value']!r}"


def _sentences(at: At, rows: list[dict[str, str]]) -> Iterator[str]:
    for row in rows:
        data, part, text = at(row["period"]), row["part"], row["text"]
        where = f"{row['period']} {row['measure']}, {part}"
        if part not in ("title", "says", "never"):
            if (reason := finding_of(data, part).undefined) != text:
                yield f"{where}: the reason is {reason!r}, not {text!r}"
            continue
        is_first = row["measure"] == "scorecard"
        figure = scorecard(data) if is_first else measured_of(data, row["measure"]).figure()
        said = " ".join((figure.title, *figure.says, figure.undefined or "", figure.settles or ""))
        if part == "title" and figure.title != text:
            yield f"{where}: {figure.title!r}, not {text!r}"
        if part == "says" and text not in said:
            yield f"{where}: {text!r} is not in {said!r}"
        if part == "never" and text in said:
            yield f"{where}: {text!r} is in {said!r}"


def _rows(at: At, rows: list[dict[str, str]]) -> Iterator[str]:
    wanted: dict[tuple[str, str], list[dict[str, str]]] = {}
    for row in rows:
        wanted.setdefault((row["period"], row["id"]), []).append(row)
    for (period, finding_id), own in wanted.items():
        found = finding_of(at(period), finding_id).rows()
        columns = [name for name, cell in own[0].items() if cell and name not in ("period", "id")]
        if (told := _texts(found, columns)) != (stated := [[row[name] for name in columns] for row in own]):
            yield f"{period} {finding_id}: rows are {told}, not {stated}"


def _texts(frame: pd.DataFrame, columns: list[str]) -> list[list[str]]:
    return [[str(cell) for cell in row] for row in frame[columns].itertuples(index=False)]


def _shown(data: PackData, path: Path, is_written: bool) -> Iterator[str]:
    """Where a case has a `shown.txt`, every line of its pack is as it stands there. `--write-shown` writes it anew: whoever asks for
    that reads what has changed."""
    if not path.is_file():
        return
    wanted, found = path.read_text(encoding="utf-8"), shown_of(data, registry.pack_of(data.pack).measures)
    if is_written:
        path.write_text(found, encoding="utf-8", newline="\n")
    if wanted != found:
        yield from unified_diff(wanted.splitlines(), found.splitlines(), SHOWN, "found", lineterm="", n=1)


# --- what holds of every case -------------------------------------------------------------------------------


def _always(data: PackData, with_rows: bool) -> Iterator[str]:
    """What holds of every finding and exhibit, whatever the council; asked of a case's first period.

    All numbers are recomputed from their rows where the case is about rows; made councils of all kinds are elsewhere
    (test_rows_property).
    """
    assert scorecard(data).title
    # Rules pick columns of exhibits' tables, whether these have rows or not.
    advise(registry.pack_of(data.pack).measures, data)
    for measured in (measure(data) for measure in measures_of(data.pack)):
        figure = measured.figure()
        if not figure.title:
            yield f"{data.period} {measured.id}: no title"
        if not figure.undefined and figure.title == measured.measure.question:
            yield f"{data.period} {measured.id}: the heading is too long: {figure.says[0]}"
        if measured.id == "trend" and measured.table.duplicated().any():
            yield f"{data.period} trend: a quarter stands twice"
        for found in measured.findings.values():
            where = f"{data.period} {found.id}"
            if (found.value is None) != (found.undefined is not None):
                yield f"{where}: a number or a reason, and not both"
            if found.value is not None and found.low is not None and not found.low <= found.value <= found.high:
                yield f"{where}: {found.value} is not between {found.low} and {found.high}"
            if with_rows and has_rows(found):
                yield from _recomputed(where, found)


def _opened(data: PackData) -> Iterator[str]:
    """The lines behind every finding are as many as its rows say, and name no person."""
    for found in (finding for measure in measures_of(data.pack) for finding in measure(data).findings.values()):
        if not has_rows(found) or found.evidence is None:
            continue
        where, rows, lines = f"{data.period} {found.id}", found.rows(), found.evidence.lines()
        if rows["lines"].sum() != len(lines) or len(rows) != found.evidence.count():
            yield f"{where}: {rows['lines'].sum()} lines behind {len(rows)} rows are not the {len(lines)} of the finding"
        if found.evidence.count(lines=True) != len(lines):
            yield f"{where}: the lines are counted wrongly"
        texts = f"{rows.to_csv()} {lines.to_csv()}".lower()
        yield from (f"{where}: {name} is named" for name in PERSONS if name.lower() in texts)


def _recomputed(where: str, found: Finding) -> Iterator[str]:
    """From the rows alone, by the rule that officers read: what was found, and not only what is stated of it."""
    assert found.evidence is not None
    question, rows = found.evidence.question, found.rows()
    weights = ("weight_now", "weight_then") if question.then is not None else ("weight",)
    columns = ("pounds",) if question.kind == "modelled" else weights
    size = sum(abs(Fraction(w)) for name in columns for w in rows[name])
    unknown = sum(abs(Fraction(w)) for name in columns for w in rows.loc[~rows["part"].isin(["in", "out"]), name])
    among = any(name == "is_base" for name, _ in question.columns)
    # Where credits outweigh payments in a part, a share among what is not known has no bounds and tells no coverage.
    has_bounds = not among or min(rows.groupby("part")["weight"].sum(), default=0) >= 0
    if has_bounds and not is_same(found.coverage, 1 - unknown / size if size else None):
        yield f"{where}: coverage from the rows is {1 - unknown / size if size else None}, not {found.coverage}"
    ends = _ends_among(rows) if among else _ends(question.kind, question.is_share, rows)
    if ends is not None and found.low is not None:
        value, low, high = ends
        if not is_same(found.low, low) or not is_same(found.high, high):
            yield f"{where}: from the rows {low} to {high}, not {found.low} to {found.high}"
        if found.is_stated and not is_same(found.value, value):
            yield f"{where}: from the rows {value}, not {found.value}"


def _ends(kind: str, is_share: bool, rows: pd.DataFrame) -> tuple[Fraction, Fraction, Fraction] | None:
    """Value, low and high of the kinds that add up; the others have rules of their own."""
    if kind == "change":
        now, then = ([Fraction(w) for w in rows[name]] for name in ("weight_now", "weight_then"))
        over = (sum(now), sum(then)) if is_share else (Fraction(1), Fraction(1))
        if min(over) <= 0:
            return None
        weights = [a / over[0] - b / over[1] for a, b in zip(now, then, strict=True)]
    elif kind == "modelled":
        return _modelled(is_share, rows)
    elif kind in ("total", "count", "share"):
        weights = [Fraction(w) for w in rows["weight"]]
        if is_share and sum(weights) <= 0:
            return None
        weights = [w / sum(weights) for w in weights] if is_share else weights
    else:
        return None
    parts = list(zip(weights, rows["part"], strict=True))
    value = sum((w for w, part in parts if part == "in"), Fraction(0))
    unknown = [w for w, part in parts if part == "unknown"]
    return (
        value,
        value + sum(min(w, Fraction(0)) for w in unknown),
        value + sum(max(w, Fraction(0)) for w in unknown),
    )


def _ends_among(rows: pd.DataFrame) -> tuple[Fraction, Fraction, Fraction] | None:
    """A share among a base of which something may not be known either: parts "maybe in" and so on."""
    of = {part: sum(map(Fraction, own["weight"]), Fraction(0)) for part, own in rows.groupby("part")}
    parts = ("in", "out", "unknown", "maybe in", "maybe out", "maybe unknown")
    sure, out, unknown, maybe_in, maybe_out, maybe = (of.get(part, Fraction(0)) for part in parts)
    if sure + out + unknown <= 0:
        return None
    most = sure + unknown + maybe_in + maybe
    return (
        sure / (sure + out + unknown),
        sure / (sure + out + unknown + maybe_out + maybe),
        most / (most + out),
    )


def _modelled(is_share: bool, rows: pd.DataFrame) -> tuple[Fraction, Fraction, Fraction] | None:
    """Sums of kilograms; a share divides what is in, low, by itself and what is out, high."""
    value, low, high = (
        {part: sum(map(Fraction, rows.loc[rows["part"] == part, name])) for part in ("in", "out")}
        for name in ("weight", "low_weight", "high_weight")
    )
    if not is_share:
        return tuple(Fraction(end["in"]) for end in (value, low, high))  # type: ignore[return-value]
    if min(low.values()) < 0 or not sum(value.values()):
        return None
    wholes = (sum(value.values()), low["in"] + high["out"], high["in"] + low["out"])
    return tuple(Fraction(end["in"]) / whole for end, whole in zip((value, low, high), wholes, strict=True))  # type: ignore[return-value]


@pytest.mark.parametrize("pack", PACKS)
def test_every_finding_has_a_case_with_a_value(pack: str) -> None:
    declared = {finding for measure in measures_of(PACKS[pack]) for finding in measure.finding_ids}
    counted = {
        row["id"]
        for folder in FOLDERS
        if folder.parent.name in ("pack_01", pack)
        for row in answers(folder, "expected.csv")
        if row["value"]
    }
    assert declared <= counted


def test_every_row_of_a_case_shows_its_sum() -> None:
    for folder in FOLDERS:
        for row in answers(folder, "expected.csv"):
            assert row["arithmetic"], (folder.name, row["id"])
            assert None not in row.values(), (folder.name, row["id"])
