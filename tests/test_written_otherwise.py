"""The same facts written in another way give the same findings: no order of rows or columns, and no way of writing an amount or a
day, may change a number or a sentence."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from cwb.base.values import parse_date, parse_money
from cwb.evidence.data import PackData, open_data
from cwb.packs.registry import pack_of

CASES = Path(__file__).parent / "cases"
# A pack, a case of it, and a period: small councils whose files have most kinds of columns.
COUNCILS = (
    ("contract_emissions", "pack_05/reports_carried_forward_added_up_and_shared_out", "2024-25"),
    ("strategy_tracker", "pack_09/every_rule_and_every_status", "2026-27-Q2"),
    ("proactive_procurement", "pack_08/a_quarter_of_invoices_savings_and_meetings", "2026-27-Q1"),
)
ANSWERS = frozenset({"expected.csv", "tables.csv", "sentences.csv", "rows.csv"})
# A table of its publisher, known by where its columns stand.
PUBLISHED = "factors"
POUNDS = re.compile(r"amount|value|cost|price|turnover|income", re.IGNORECASE)
PLAIN = re.compile(r"-?\d+(\.\d\d?)?")
DAY = re.compile(r"\d\d/\d\d/\d{4}")


@pytest.mark.parametrize(("pack", "case", "period"), COUNCILS, ids=[pack for pack, _, _ in COUNCILS])
def test_nothing_changes(
    pack: str,
    case: str,
    period: str,
    council: Callable[..., Path],
    tmp_path: Path,
) -> None:
    folder = CASES / case
    own = folder / "cwb.toml"
    settings = (own if own.is_file() else folder.parent / "cwb.toml").read_text(encoding="utf-8")
    paths = [path for path in sorted(folder.glob("*.csv")) if path.name not in ANSWERS]
    made = council(settings, **{path.name.split(".")[0]: [path] for path in paths})
    config = str(made / "cwb.toml")
    before = stated(open_data(pack, period, config))
    for path in (made / "data" / "raw").rglob("*.csv"):
        if path.parent.name != PUBLISHED:
            write_otherwise(path)
    assert stated(open_data(pack, period, config)) == before


def stated(data: PackData) -> dict[str, object]:
    """All that a pack states: each finding with its range and state, each exhibit's title and sentences, and its rows in any order."""
    found: dict[str, object] = {}
    for measure in pack_of(data.pack).measures:
        measured = measure(data)
        for name, one in measured.findings.items():
            found[name] = (one.value, one.low, one.high, one.coverage, one.state, one.undefined)
        figure = measured.figure()
        rows = sorted(tuple(map(str, row)) for row in measured.table.itertuples(index=False))
        found[f"exhibit {measure.id}"] = (figure.title, figure.says, rows)
    return found


def write_otherwise(path: Path) -> None:
    """Write a file's rows from the last to the first, its columns likewise, and amounts and days as others write them; in Windows."""
    heading, *rows = csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig")))
    pounds = {at for at, name in enumerate(heading) if POUNDS.search(name)}
    others = [[_cell(cell, at in pounds) for at, cell in enumerate(row)] for row in reversed(rows)]
    with path.open("w", encoding="utf-8-sig", newline="") as lines:
        csv.writer(lines, lineterminator="\r\n").writerows(row[::-1] for row in (heading, *others))


def _cell(text: str, is_pounds: bool) -> str:
    if is_pounds and PLAIN.fullmatch(text):
        amount = parse_money(text)
        assert amount is not None
        return f"£{amount:,}" if amount >= 0 else f"(£{-amount:,})"
    if DAY.fullmatch(text):
        day = parse_date(text)
        assert day is not None
        return f"{day.day} {day:%B %Y}"
    return text
