"""The strategy tracker as a whole: its table's faults, its sums, and that it says what the other packs found."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from conftest import Opened
from cwb.base.errors import SourceError
from cwb.charts.wording import mid_sentence
from cwb.cli import app
from cwb.evidence.data import PackData, open_data
from cwb.evidence.record import record
from cwb.packs.others import found_by_others, given_findings, shared_findings
from cwb.packs.registry import all_packs, pack_of
from cwb.packs.strategy_tracker import PACK
from cwb.packs.strategy_tracker.items import check_strategy
from cwb.packs.strategy_tracker.statuses import WHOLE, lines_of
from cwb.publish.run import run
from cwb.sources.datasets.strategy import KINDS

CASES = Path(__file__).parent / "cases" / "pack_09"
HEADINGS = (
    "Item",
    "Part of",
    "Foundation",
    "Kind",
    "Words",
    "Rule",
    "Evidence",
    "Also shown",
    "Interval months",
    "Since",
)
Make = Callable[[list[tuple[str, ...]]], PackData]


def _write(path: Path, rows: list[tuple[str, ...]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines)
        writer.writerow(HEADINGS)
        writer.writerows([*row, *[""] * (len(HEADINGS) - len(row))] for row in rows)
    return path


@pytest.fixture
def of(council: Callable[..., Path], tmp_path_factory: pytest.TempPathFactory) -> Make:
    """A council of the first case with another strategy."""

    def make(rows: list[tuple[str, ...]]) -> PackData:
        table = _write(tmp_path_factory.mktemp("table") / "strategy.csv", rows)
        first = CASES / "every_rule_and_every_status"
        files = {name: [first / f"{name}.csv"] for name in ("spend", "activity")}
        made = council((CASES / "cwb.toml").read_text(encoding="utf-8"), strategy=[table], **files)
        return open_data(PACK.id, "2026-27-Q2", str(made / "cwb.toml"))

    return make


@pytest.fixture(scope="module")
def tracker(illustrative: Opened) -> PackData:
    """The illustrative council's tracker."""
    return illustrative(PACK.id, "2026-27-Q2")


def test_the_year_end_of_another_council_adds_up(of: Make) -> None:
    """Bracknell Forest, end of 2024/25: 114 actions = 64 done + 49 under way + 1 not begun; 64 of 114 is 56.1%."""
    done = [(f"A{n}", "", "", "commitment", "done", "K4", "total_spend") for n in range(64)]
    under_way = [(f"B{n}", "", "", "commitment", "under way", "K5", "log") for n in range(49)]
    rest = [("C1", "", "", "commitment", "not begun", "K5", "log", "", "", "01/04/2027")]
    found = {one.id: one.value for one in PACK.findings(of([*done, *under_way, *rest]))}
    parts = [found[f"tracker_{name}"] for name in ("on_track", "behind", "not_due", "no_data", "items")]
    assert parts == [64, 49, 1, 0, 114]
    assert round(64 / 114, 3) == 0.561


def test_all_faults_of_the_table_are_told_at_once(of: Make) -> None:
    data = of(
        [
            ("B1", "", "", "commitment", "an id that nobody has", "K4", "total_spent"),
            ("B2", "", "", "commitment", "shown, and nobody has it", "K4", "total_spend", "sv_no_such_share"),
            ("B3", "", "", "commitment", "a kind that the log has not", "K5", "log: party"),
            ("B4", "", "", "commitment", "what cannot be read", "K4", "total_spend is high"),
            ("B5", "", "", "commitment", "a rule of its own", "K9", "total_spend"),
            ("B6", "", "", "promise", "a kind of its own", "K4", "total_spend"),
            ("P1", "", "", "progress claim", "not tested", "K7", "total_spend"),
            ("O1", "", "", "outcome", "no better way", "K1", "total_spend"),
            ("A1", "", "", "action", "without parts", "", ""),
            ("A2a", "A2", "", "sub-action", "of no action", "K4", "total_spend"),
            ("X1", "B99", "", "remark", "on nothing", "", ""),
            ("B7", "", "", "commitment", "asks the tracker itself", "K4", "tracker_items"),
            ("B8", "", "", "commitment", "every quarter", "K2", "log", "", "quarterly"),
            ("P1", "", "", "progress claim", "twice", "K7", "total_spend > 0"),
        ]
    )
    with pytest.raises(SourceError) as told:
        check_strategy(data)
    found = {(fault.row, fault.column) for fault in told.value.faults}
    assert found == {
        (2, "Evidence"), (3, "Also shown"), (4, "Evidence"), (5, "Evidence"), (6, "Rule"), (7, "Kind"), (8, "Evidence"),
        (9, "better"), (10, "Item"), (11, "Part of"), (12, "Part of"), (13, "Evidence"), (14, "Interval months"), (15, "Item"),
    }  # fmt: skip
    assert all(fault.file == "strategy/strategy.csv" and fault.remedy for fault in told.value.faults)
    # What is told is the part of a cell that is wrong, else the cell.
    stated = {fault.row: fault.value for fault in told.value.faults}
    assert (stated[4], stated[7], stated[12]) == ("party", "promise", "B99")
    (near,) = (fault.remedy for fault in told.value.faults if fault.row == 2)
    assert "total_spend" in near


def test_a_run_builds_nothing_of_a_table_with_faults(of: Make) -> None:
    settings = of([("B1", "", "", "commitment", "an id that nobody has", "K4", "total_spent")]).settings
    with pytest.raises(SourceError, match=r"strategy/strategy\.csv, row 2, column 'Evidence'.*'total_spent'"):
        run("2026-27-Q2", settings.folder / "cwb.toml")
    assert not (settings.reports / "2026-27-Q2").exists()


def test_a_table_with_a_column_of_persons_is_refused_whole(of: Make, tmp_path: Path) -> None:
    path = tmp_path / "strategy" / "strategy.csv"
    path.parent.mkdir()
    path.write_text("Item,Kind,Words,Rule,Owner name\nB1,commitment,a,K4,Pat Person\n", encoding="utf-8")
    result = CliRunner().invoke(app, ["check", str(path)])
    assert "Owner name" in result.output
    assert "Pat Person" not in result.output


def test_the_sums_hold_for_each_foundation(tracker: PackData) -> None:
    table = PACK.foundations(tracker).table
    assert (table["on_track"] + table["behind"] + table["not_due"] + table["no_data"] == table["items"]).all()
    assert (table["cannot_tell"] <= table["no_data"]).all()
    assert list(table["foundation"])[-1] == WHOLE
    found = {one.id: one.value for one in PACK.findings(tracker)}
    for name in ("items", "on_track", "behind", "not_due", "no_data"):
        assert found[f"tracker_{name}"] == table[name].sum()


def test_nothing_but_a_claim_is_due_before_the_strategy_began(project: Path) -> None:
    told = json.loads((project / "reports" / "2023-24" / "findings.json").read_text(encoding="utf-8"))
    found = {one["id"]: one.get("value") for one in told if one["pack"] == PACK.id}
    # 111 items less eight claims, and two of the foreword, two commitments and one statement that are claims too (K7).
    assert (found["tracker_items"], found["tracker_not_due"]) == (111, 98)


def test_the_shipped_strategy_is_whole(tracker: PackData) -> None:
    lines = lines_of(tracker)
    counted = {kind: sum(line.kind == kind for line in lines) for kind in KINDS}
    assert counted == {
        "progress claim": 8, "foreword": 8, "commitment": 57, "outcome": 5, "indicator": 14, "action": 15, "sub-action": 32,
        "priority": 3, "statement": 1, "remark": 0,
    }  # fmt: skip
    assert len({line.item for line in lines}) == len(lines)
    assert sum(line.is_item for line in lines) == 111


def test_what_was_told_is_what_is_computed_when_asked(project: Path, tracker: PackData) -> None:
    """A report's tracker takes the numbers of the packs built before it, a notebook computes them: both say the same."""
    records = json.loads((project / "reports" / "2026-27-Q2" / "findings.json").read_text(encoding="utf-8"))
    told = {one["id"]: one for one in records if one["pack"] == PACK.id}
    assert told == {one.id: json.loads(json.dumps(record(one).as_json())) for one in PACK.findings(tracker)}


def test_nothing_is_computed_that_another_pack_has_told(
    tracker: PackData, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = pack_of("local_supplier_base")
    other = PackData(tracker.settings, tracker.period, first.id, tracker.lineage, tracker.engine)
    told = shared_findings(first, other)
    monkeypatch.setattr("cwb.packs.others.pack_with", lambda _: pytest.fail("it was computed again"))
    with given_findings(told):
        assert found_by_others(tracker, "local_share").value == first.find(other, "local_share").value


def test_only_the_tracker_asks_others_and_no_pack_asks_itself() -> None:
    assert [pack.id for pack in all_packs() if pack.asks_others] == [PACK.id]


def test_the_first_page_counts_the_foundations_and_leads_into_the_tracker(
    project: Path, tracker: PackData
) -> None:
    page = (project / "reports" / "2026-27-Q2" / "index.html").read_text(encoding="utf-8")
    line = next(
        text for text in page.splitlines() if '<a href="09_strategy_tracker.html">Promises on track' in text
    )
    for row in PACK.foundations(tracker).table.itertuples():
        behind = f" ({row.behind} behind)" if row.behind else ""
        assert f"{mid_sentence(row.foundation)} {row.on_track} of {row.items - row.not_due}{behind}" in line
    assert page.index(line) < page.index('class="places"')


def test_the_form_is_filled_for_the_council_whose_strategy_is_shipped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    toml = (CASES / "cwb.toml").read_text(encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "cwb.toml").write_text(toml, encoding="utf-8")
    said = CliRunner().invoke(app, ["template", "strategy"])
    assert said.exit_code == 0, said.output
    with (tmp_path / "strategy.csv").open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert (len(rows), rows[0]["Item"], rows[0]["Owner (role)"]) == (152, "P1", "")
    (tmp_path / "strategy.csv").unlink()
    (tmp_path / "cwb.toml").write_text(toml.replace('home_district = "E07000243"', 'home_district = "E07000096"'), encoding="utf-8")  # fmt: skip
    assert "no strategy of this council is shipped" in " ".join(
        CliRunner().invoke(app, ["template", "strategy"]).output.split()
    )
    assert len((tmp_path / "strategy.csv").read_text(encoding="utf-8").splitlines()) == 1
