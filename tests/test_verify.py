"""`cwb verify` says by name what does not hold of a report, and nothing else: a report of one made-up pack, in milliseconds.

That whole reports are recomputed from raw is tested in test_pack.py; here the pack's measures are stand-ins.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest

from cwb.base.errors import CwbError, Fault
from cwb.charts.tables import Column, to_csv
from cwb.council.config import Settings, load_config
from cwb.council.periods import Period
from cwb.evidence.finding import State
from cwb.evidence.record import FindingRecord
from cwb.publish import verify as module
from cwb.publish.manifest import NAME, encode, origin_of, write_manifest
from cwb.sources.store import Lineage

CASES = Path(__file__).parent / "cases"
LINEAGE = Lineage("", (), {"postcodes": "a package"})
AGAIN = "Build the report again with cwb run, or restore the file."
RAW = "Build the report again with cwb run, or restore the raw file."
TABLE = pd.DataFrame({"part": ["Local", "Not local"], "pounds": [60.0, 40.0]})
COLUMNS = (Column("part", "Part"), Column("pounds", "Pounds (£)", "gbp"))


def found(name: str, value: float) -> FindingRecord:
    return FindingRecord(name, "made", "2023-24", name, "total", State.STATED, "gbp", value)


@dataclass
class MadeMeasure:
    """A measure whose findings are records already."""

    id: str
    findings: dict[str, FindingRecord]
    undefined: str | None = None

    def __call__(self, data: object) -> MadeMeasure:
        return self

    def figure(self) -> SimpleNamespace:
        return SimpleNamespace(
            undefined=self.undefined, csv_name=f"made/{self.id}.csv", table=TABLE, columns=COLUMNS
        )


@dataclass
class MadePack:
    """A pack of two measures: one with two findings and a table, one that is undefined and has none."""

    id: str = "made"
    notebook: str = "09_made.ipynb"
    opened: list[tuple[Path, str]] = field(default_factory=list)

    def open(self, settings: Settings, period: Period, pack: str, lineage: Lineage) -> SimpleNamespace:
        self.opened.append((settings.processed, str(period)))
        return SimpleNamespace(period=period)

    measures = (
        MadeMeasure("local", {"a": found("a", 60), "b": found("b", 40)}),
        MadeMeasure("nothing", {"c": found("c", 0)}, "nothing was supplied"),
    )


@dataclass
class Made:
    """A report with its settings, and what verify says of it."""

    folder: Path
    pack: MadePack

    @property
    def report(self) -> Path:
        return self.folder / "reports" / "2023-24"

    @property
    def config(self) -> Path:
        return self.folder / "cwb.toml"

    def path(self, name: str) -> Path:
        return self.report / name

    def sign(self, packs: tuple[MadePack, ...] | None = None, failed: tuple[MadePack, ...] = ()) -> None:
        """Write the manifest of what the report holds now."""
        self.path(NAME).unlink(missing_ok=True)
        settings, packs = load_config(self.config), (self.pack,) if packs is None else packs
        period, origin = Period.parse("2023-24"), origin_of(settings, (*packs, *failed), "cwb.toml")  # type: ignore[arg-type]
        write_manifest(self.report, settings, period, packs, failed, LINEAGE, origin, True)  # type: ignore[arg-type]

    def faults(self) -> list[tuple[str | None, str | None, str]]:
        return [(fault.file, fault.column, fault.rule) for fault in module.verify(self.report, self.config)]

    def remedies(self) -> list[str]:
        return [fault.remedy for fault in module.verify(self.report, self.config)]


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Made:
    pack = MadePack()
    first = [found("first", 7)]
    monkeypatch.setattr(module, "all_packs", lambda: (pack, MadePack("other", "10_other.ipynb")))
    monkeypatch.setattr(module, "data_of", pack.open)
    monkeypatch.setattr(module, "record", lambda finding: finding)
    monkeypatch.setattr(module, "prepare_lines", lambda settings, progress: LINEAGE)
    monkeypatch.setattr(module, "first_numbers", lambda *_: SimpleNamespace(findings=first))
    toml = (CASES / "pack_01" / "cwb.toml").read_text(encoding="utf-8")
    (tmp_path / "cwb.toml").write_text(toml, encoding="utf-8")
    for name, text in (
        ("data/raw/spend/april.csv", "Supplier,Date,Amount\nA,01/04/2023,100\n"),
        ("data/raw/vendors/list.csv", "Supplier\nA\n"),
        ("notebooks/09_made.ipynb", "{}"),
        ("notebooks/10_other.ipynb", "{}"),
        ("reports/2023-24/made.html", "<p>60 of 100</p>"),
        ("reports/2023-24/findings.json", json.dumps([found(*one).as_json() for one in (("a", 60), ("b", 40), ("c", 0), ("first", 7))])),
    ):  # fmt: skip
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    table = tmp_path / "reports" / "2023-24" / "tables" / "made" / "local.csv"
    table.parent.mkdir(parents=True)
    table.write_bytes(("\ufeff" + to_csv(TABLE, COLUMNS)).encode())
    report = Made(tmp_path, pack)
    report.sign()
    return report


def test_a_report_that_holds_has_no_fault(made: Made) -> None:
    assert made.faults() == []
    # Recomputed in a folder of its own, which is gone afterwards, for the report's own period.
    (processed, period) = made.pack.opened[0]
    assert period == "2023-24"
    assert made.folder not in processed.parents
    assert not processed.exists()


def test_progress_is_told_measure_by_measure(made: Made) -> None:
    told: list[tuple[str, int, int]] = []
    module.verify(made.report, made.config, lambda *step: told.append(step))  # type: ignore[arg-type]
    assert told == [("local", 0, 2), ("nothing", 1, 2)]


# --- the manifest -----------------------------------------------------------------------------------------------


def test_without_a_manifest_there_is_nothing_to_check_by(made: Made) -> None:
    made.path(NAME).unlink()
    assert made.faults() == [(NAME, None, "no manifest in 2023-24")]
    assert made.remedies() == [AGAIN]


@pytest.mark.parametrize("text", ["", "[]", "{", "{}", '{"council": "A"}', "\u00ff"])
def test_a_manifest_that_cannot_be_read(text: str, made: Made) -> None:
    made.path(NAME).write_bytes(text.encode("latin-1"))
    assert made.faults() == [(NAME, None, "the manifest cannot be read")]
    assert made.remedies() == [AGAIN]


def test_one_word_of_the_manifest_changed(made: Made) -> None:
    path = made.path(NAME)
    path.write_text(path.read_text(encoding="utf-8").replace("Small Council", "Large Council"), encoding="utf-8")
    assert made.faults() == [(NAME, None, "the manifest has been changed")]


def test_a_manifest_with_more_than_it_needs_is_read(made: Made) -> None:
    body = json.loads(made.path(NAME).read_text(encoding="utf-8"))
    made.path(NAME).write_bytes(encode({**body, "more": 1}))
    assert made.faults() == []


def test_settings_that_cannot_be_read_are_told(made: Made) -> None:
    made.config.write_text("nonsense =", encoding="utf-8")
    (fault,) = module.verify(made.report, made.config)
    assert "TOML" in fault.rule


# --- what the report is made up of --------------------------------------------------------------------------------


def test_files_changed_missing_and_added(made: Made) -> None:
    made.path("made.html").write_text("<p>61 of 100</p>", encoding="utf-8")
    made.path("tables/made/local.csv").unlink()
    made.path("tables/extra.csv").write_text("x", encoding="utf-8")
    made.path("another.txt").write_text("x", encoding="utf-8")
    assert made.faults() == [
        ("made.html", None, "the file has been changed since it was built"),
        ("tables/made/local.csv", None, "the file is missing"),
        ("another.txt", None, "the file is not part of the report"),
        ("tables/extra.csv", None, "the file is not part of the report"),
        ("tables/made/local.csv", None, "the raw files give another table"),
    ]
    assert made.remedies() == [AGAIN, AGAIN, "Remove it.", "Remove it.", AGAIN]


# --- what it was made of ------------------------------------------------------------------------------------------


def test_raw_files_changed_missing_and_added(made: Made) -> None:
    raw = made.folder / "data" / "raw"
    (raw / "spend" / "april.csv").write_text("Supplier,Date,Amount\nA,01/04/2023,101\n", encoding="utf-8")
    (raw / "vendors" / "list.csv").unlink()
    (raw / "spend" / "may.csv").write_text("Supplier,Date,Amount\nA,01/05/2023,1\n", encoding="utf-8")
    assert made.faults() == [
        ("vendors/list.csv", None, "the raw file is missing"),
        ("spend/april.csv", None, "the raw file has been changed since the report was built"),
        ("spend/may.csv", None, "the raw file was not there when the report was built"),
    ]
    assert made.remedies() == [RAW, RAW, RAW]


def test_settings_and_notebook_changed(made: Made) -> None:
    with made.config.open("a", encoding="utf-8") as settings:
        settings.write("\n# A comment.\n")
    (made.folder / "notebooks" / made.pack.notebook).write_text("{ }", encoding="utf-8")
    assert made.faults() == [
        ("cwb.toml", None, "the settings have been changed since the report was built"),
        ("09_made.ipynb", None, "the notebook has been changed since the report was built"),
    ]


def test_a_table_of_the_settings_changed(made: Made) -> None:
    text = 'anchor_table = "anchors.csv"\n' + made.config.read_text(encoding="utf-8")
    made.config.write_text(text, encoding="utf-8")
    table = made.folder / "anchors.csv"
    table.write_text("Body,Kind,Spelling\nThe Trust,NHS,The Trust\n", encoding="utf-8")
    made.sign()
    assert made.faults() == []
    table.write_text("Body,Kind,Spelling\nThe Trust,NHS,A Trust\n", encoding="utf-8")
    rule = "this table of the settings has been changed since the report was built"
    assert made.faults() == [("anchors.csv", None, rule)]


def test_a_pack_that_was_not_built_is_told(made: Made) -> None:
    made.sign(failed=(MadePack("other", "10_other.ipynb"),))
    assert made.faults() == [("10_other.ipynb", None, "this pack could not be built")]
    assert made.remedies() == ["Mend what the index says, and run again."]


def test_a_notebook_that_is_gone(made: Made) -> None:
    (made.folder / "notebooks" / "11_gone.ipynb").write_text("{}", encoding="utf-8")
    made.sign(packs=(made.pack, MadePack("gone", "11_gone.ipynb")))
    # What no pack is made of any more is told by what the report still holds of it.
    assert made.faults() == []
    (made.folder / "notebooks" / "11_gone.ipynb").unlink()
    assert made.faults() == [(None, None, "no notebook 11_gone.ipynb")]


# --- what the raw files give --------------------------------------------------------------------------------------


def change_finding(made: Made, finding_id: str, value: int | None) -> None:
    """Another value in the findings, or without one no such finding; with its hash put right."""
    path = made.path("findings.json")
    told = json.loads(path.read_text(encoding="utf-8"))
    kept = [f for f in told if value is not None or f["id"] != finding_id]
    changed = [{**f, "value": value} if f["id"] == finding_id else f for f in kept]
    path.write_text(json.dumps(changed), encoding="utf-8")
    made.sign()


@pytest.mark.parametrize("finding_id", ["a", "b", "c", "first"])
@pytest.mark.parametrize("value", [99, None])
def test_a_finding_that_is_another(finding_id: str, value: int | None, made: Made) -> None:
    change_finding(made, finding_id, value)
    assert made.faults() == [("findings.json", finding_id, "the raw files give another value for this finding")]
    assert made.remedies() == [AGAIN]


def test_findings_that_no_measure_makes_are_told_in_order(made: Made) -> None:
    path = made.path("findings.json")
    told = json.loads(path.read_text(encoding="utf-8"))
    more = [found(name, 1).as_json() for name in ("z", "y")]
    path.write_text(json.dumps([*more, *told]), encoding="utf-8")
    made.sign()
    rule = "no measure makes this finding"
    assert made.faults() == [("findings.json", "y", rule), ("findings.json", "z", rule)]
    assert made.remedies() == [AGAIN, AGAIN]


def test_no_part_of_a_finding_is_free(made: Made) -> None:
    path = made.path("findings.json")
    findings = json.loads(path.read_text(encoding="utf-8"))
    findings[0] |= {"known_share": 0.99}
    path.write_text(json.dumps(findings), encoding="utf-8")
    made.sign()
    assert made.faults() == [("findings.json", "a", "the raw files give another value for this finding")]
    for part in ({"note": "x"}, {"value": "60"}):
        path.write_text(json.dumps([findings[0] | part, *findings[1:]]), encoding="utf-8")
        made.sign()
        assert made.faults() == [("findings.json", None, "the findings cannot be read")]


@pytest.mark.parametrize("text", [None, "{", "[1]", '[{"id": "a"}]'])
def test_findings_that_cannot_be_read(text: str | None, made: Made) -> None:
    path = made.path("findings.json")
    path.unlink()
    if text is not None:
        path.write_text(text, encoding="utf-8")
    made.sign()
    assert made.faults() == [("findings.json", None, "the findings cannot be read")]


def test_a_table_that_is_another(made: Made) -> None:
    path = made.path("tables/made/local.csv")
    path.write_bytes(path.read_bytes().replace(b"60", b"61"))
    made.sign()
    assert made.faults() == [("tables/made/local.csv", None, "the raw files give another table")]
    assert made.remedies() == [AGAIN]


def test_only_packs_of_the_report_are_recomputed(made: Made) -> None:
    made.sign(packs=())
    rule = "no measure makes this finding"
    assert made.faults() == [("findings.json", name, rule) for name in ("a", "b", "c", "first")]


def test_raw_files_that_cannot_be_read_are_told_beside_the_rest(
    made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(settings: Settings, progress: object) -> Lineage:
        raise CwbError(Fault(file="april.csv", rule="no header was found", remedy="Add one."))

    monkeypatch.setattr(module, "prepare_lines", fail)
    made.path("made.html").unlink()
    assert made.faults() == [
        ("made.html", None, "the file is missing"),
        ("april.csv", None, "no header was found"),
    ]
