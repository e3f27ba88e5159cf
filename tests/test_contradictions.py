"""No contradiction survives the build: one planted of each kind is named, and the reports as they are have none."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest

from cwb.charts.figure import ExhibitRecord
from cwb.charts.tables import Column
from cwb.council.config import load_config
from cwb.council.periods import Period
from cwb.evidence.finding import Finding, State, number
from cwb.evidence.record import FindingRecord, record
from cwb.packs.choices import beyond
from cwb.packs.registry import all_packs
from cwb.publish import report as reports
from cwb.publish.contradictions import contradictions
from cwb.publish.stated import stated
from cwb.publish.work import BuildJob, BuiltPack

PERIOD = Period(2026, 2)
PACKS = all_packs()  # whose measures define the findings below


def found(
    name: str, value: float, unit: str, low: float | None = None, high: float | None = None
) -> FindingRecord:
    return record(Finding(name, "pack", str(PERIOD), unit, value, low=low, high=high, state=State.STATED))


def shown(title: str, *findings: FindingRecord, id: str = "one", **texts: object) -> ExhibitRecord:
    exhibit = ExhibitRecord(id, title, None, False, findings, f"{id}.csv", "Name,Pounds (£)\r\n")
    return replace(exhibit, **texts)  # type: ignore[arg-type]


SPENT = found("total_spend", 14_257_979.0, "gbp")
LIKELY, BOTH = found("se_likely_count", 220, "count"), found("se_count", 402, "count", 182, 438)
LESS = found("emissions_change", -853_000.0, "kgco2e", -1_650_000.0, -57_000.0)
LOCAL = found("local_share", 0.86, "share", 0.86, 0.87)
EMITTED = found("emissions_total", 3_474_000.0, "kgco2e")
SERVED = found("lines_none", 0, "count", 0, 4)
CHOICES = (
    "Choice,Local share\r\nAs reported,0.860000\r\nOnly what is sure,0.490000\r\nAll that may be,0.980000\r\n"
)
TIE = "District,Share of spend\r\nHere,0.204000\r\nThere,0.204000\r\n"
RUNNING = "Supplier,Running share\r\nFirst,0.501000\r\nSecond,0.502000\r\nThird,0.503000\r\n"
OPEN = "District,Share of spend\r\nHere,0.200000\r\nThere,0.150000\r\nNot known,0.100000\r\n"
PARTS = (("", 1_466_000.0, "1,466 tCO2e"), ("", 2_746_000.0, "2,746 tCO2e"))
WASTE = "Category,Emissions (tCO2e)\r\nWaste,1466.000000\r\nOther,2746.000000\r\n"

PLANTED = {
    "one measure, two values": (
        [
            shown("£14.3m was spent", SPENT),
            shown("£4.4m was spent", replace(SPENT, value=4_400_000.0), id="other"),
        ],
        "Spend with suppliers is £4.4m, and £14.3m in page.html",
    ),
    "a number of nothing": (
        [shown("£15.2m was spent", SPENT)],
        "the title says £15.2m, which is neither a finding of this exhibit nor in its table",
    ),
    "bars of another number": (
        [shown("£14.3m was spent", SPENT, bars=(("", 9e6, "£9.0m"), ("", 5_257_979.0, "£5.3m")))],
        "the chart says £9.0m, which is neither",
    ),
    "bars that sum to something else": (
        [shown("Purchases emit about 3,474 tCO2e", EMITTED, bars=PARTS, csv=WASTE)],
        "the bars sum to 4,212 tCO2e under a title of 3,474 tCO2e",
    ),
    "the words of another number": (
        [shown("402 likely social enterprises are local", BOTH, LIKELY)],
        "calls 402 what is “Social enterprises, likely (B)”, which is 220",
    ),
    "a change without its sign": (
        [shown("Emissions", LESS, says=("The change is 853 tCO2e.",))],
        "“The change is 853 tCO2e.” tells a change, 853 tCO2e, and not which way",
    ),
    "a baseline against itself, in words": (
        [shown("£14.3m was spent, the same as in before", SPENT, says=("Spend is level since Q2 2026/27.",))],
        "“Spend is level since Q2 2026/27.” compares the period with itself",
    ),
    "a baseline against itself, by its finding": (
        [shown("Level", found("local_share_since_2026-27-Q2", 0.0, "points"))],
        "Change in local share of all spend (Chart A) since Q2 2026/27 compares the period with itself",
    ),
    "a range narrower than its sensitivity": (
        [
            shown("86% is local", LOCAL, id="scorecard", tiles=("Local share 86% between 86% and 87%",)),
            shown("Choices", id="sensitivity", csv=CHOICES),
        ],
        "has a range narrower than its sensitivity, 49% to 98%",
    ),
    "a most that ties": ([shown("Here receives 20%, the most", csv=TIE)], "two rows have as much"),
    "a most that the unknown could break": (
        [shown("Here receives 20%, the most", csv=OPEN)],
        "what is not known could be more than the difference",
    ),
    "a none that the unknown could break": (
        [shown("No purchase lacks a local market", SERVED)],
        "the title says so of all or none, and Purchases without a local market is not wholly known",
    ),
}


@pytest.mark.parametrize("kind", PLANTED)
def test_a_planted_contradiction_is_named(kind: str) -> None:
    exhibits, said = PLANTED[kind]
    faults = contradictions({"page.html": tuple(exhibits)}, PERIOD)
    assert [fault for fault in faults if said in fault.rule], [fault.rule for fault in faults]
    assert {(fault.file, fault.column) for fault in faults} <= {("page.html", exhibit.id) for exhibit in exhibits}


HONEST = {
    "the sum of the bars": shown("Purchases emit about 4,212 tCO2e", bars=PARTS, csv=WASTE),
    "a bar among others": shown("1,466 tCO2e is of waste", bars=PARTS, csv=WASTE),
    "a change with its sign": shown("Emissions are down 853 tCO2e since Q2 2025/26", LESS),
    "both grades named": shown("402 certain or likely social enterprises are local", BOTH, LIKELY),
    "a tie told": shown("Here and There receive 20% each, the most", csv=TIE),
    "ten together": shown("The ten largest suppliers receive 50% of spend", csv=RUNNING),
    "a most told as open": shown("Here receives 20%; which receives most is not certain", csv=OPEN),
    "a none told as known": shown("No purchase is known to lack a local market", SERVED),
    "a rate and a length of time": shown("14 per 1,000 end within 6 months", csv="Name,Rate\r\nHere,14.0\r\n"),
    "months that a ledger holds": shown("Spend with suppliers: known for 3 of 12 months", SPENT),
    "a range told": shown("86% is local", LOCAL, id="scorecard", says=("Other choices give 49% to 98%.",)),
    "choices": shown("Choices", id="sensitivity", csv=CHOICES),
}


def test_what_is_told_rightly_is_no_contradiction() -> None:
    assert not [fault.rule for fault in contradictions({"page.html": tuple(HONEST.values())}, PERIOD)]
    # 100% is 1, and so is what is reported, against itself.
    card = shown("100% is local", found("local_share", 1.0, "share", 1.0, 1.0), id="scorecard")
    against = "Choice,Against what is reported\r\nAs reported,1.000000\r\nOther prices,1.260000\r\n"
    choices = shown("Choices", id="sensitivity", csv=against)
    assert not [fault.rule for fault in contradictions({"page.html": (card, choices)}, PERIOD)]


def test_what_a_table_rounds_is_no_other_value() -> None:
    """Half of the pounds are of unknown place, all others but a few local: the most is not quite all of them, and the table has 1."""
    local = found("local_share", 0.500000778, "share", 0.500000778, 0.999999983)
    table = (
        "Choice,Local share\r\nAs reported,0.500001\r\nOnly the district,{}\r\nAll of unknown place,1.000000\r\n"
    )
    told = "Other choices than ours would give local share between 50% and over 99%."
    for least, says in (("0.500001", ()), ("0.499999", (told,))):
        card = shown("50% is local", local, id="scorecard", says=says)
        choices = shown("Choices", id="sensitivity", csv=table.format(least))
        assert not contradictions({"page.html": (card, choices)}, PERIOD)
    assert contradictions({"page.html": (replace(card, says=()), choices)}, PERIOD)


def test_a_remark_on_the_ledger_is_of_a_finding_elsewhere_and_no_change() -> None:
    """By chance spend fell by as much as may only pass through: the first exhibit remarks on that, another exhibit has it."""
    remark = ("At least £2.1m of this spend may be money passed on to others.",)
    fell = found("total_spend_since_2024-25", -2_100_000.0, "gbp")
    card = shown("Spend", fell, id="scorecard", says=remark)
    passed = shown("Passed on", found("suggested_pass_through", 2_065_653.0, "gbp"))
    assert not contradictions({"page.html": (card, passed)}, PERIOD)
    assert [fault.rule for fault in contradictions({"page.html": (card,)}, PERIOD)]
    assert [fault.rule for fault in contradictions({"page.html": (replace(card, id="two"), passed)}, PERIOD)]


def test_a_report_with_a_contradiction_is_built_and_not_whole(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Told like an exhibit that could not be drawn; the pages of the project as they are have none."""
    settings = load_config(project / "cwb.toml")
    columns = (Column("name", "Name"), Column("pounds", "Pounds (£)", "gbp"))
    planted = (shown("402 likely social enterprises are local", BOTH, LIKELY, columns=columns),)

    def built(packs: object, job: BuildJob, *_: object) -> dict[str, BuiltPack]:
        return {pack.id: BuiltPack(pack.id, "<p>page</p>", planted) for pack in PACKS}

    manifest = SimpleNamespace(is_whole=True)
    monkeypatch.setattr(reports, "_build", built)
    monkeypatch.setattr(reports, "write_manifest", lambda *args: setattr(manifest, "is_whole", args[7]))
    outcome = reports.build_report(settings, Period.parse("2023-24"), tmp_path)
    assert len(outcome.exhibit_faults) == len(PACKS)
    assert "calls 402" in outcome.faults[0].rule
    assert not manifest.is_whole
    for period in ("2023-24", "2026-27-Q2"):
        assert '"is_whole": true' in (project / "reports" / period / "manifest.json").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("£14.3m of 1,234 in Q2 2026/27, by 31 January 2027", [("gbp", 14_300_000.0), ("count", 1234.0)]),
        ("up 6.3 percentage points to 42%, CON00039", [("share", 0.063), ("share", 0.42)]),
        ("3,545 tCO2e and 667 kgCO2e in 2030", [("kgco2e", 3_545_000.0), ("kgco2e", 667.0)]),
        ("over 99%, or under 0.1%", [("share", 0.995), ("share", 0.0005)]),
    ],
)
def test_numbers_are_read_as_written(text: str, values: list[tuple[str, float]]) -> None:
    read = list(stated(text))
    assert [said.kind for said in read] == [kind for kind, _ in values]
    assert all(said.is_of(value) for said, (_, value) in zip(read, values, strict=True))


def test_a_share_of_nearly_all_is_not_all() -> None:
    assert [number(value, "share") for value in (1.0, 0.998, 0.994, 0.0003)] == [
        "100%",
        "over 99%",
        "99%",
        "under 0.1%",
    ]


def test_what_other_choices_would_give_stands_with_the_number() -> None:
    local = Finding("local_share", "pack", str(PERIOD), "share", 0.86, low=0.86, high=0.87)
    table = pd.DataFrame({"choice": ["As reported", "Only what is sure"], "share": [0.86, 0.49]})
    assert beyond([local], table, {"local_share": "share"}) == (
        "Other choices than ours would give local share of all spend (Chart A) between 49% and 86%. The section on our choices "
        "shows each.",
    )
    assert beyond([local], table.head(1), {"local_share": "share"}) == ()
