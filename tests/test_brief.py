"""The brief: what it tells first, in which order, and that nothing bad is left out because it is bad."""

from __future__ import annotations

import html
import re
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as of_hypothesis
from hypothesis import strategies as st
from pypdf import PdfReader

from conftest import Opened
from cwb.base.errors import ConfigError
from cwb.council.config import Settings
from cwb.council.periods import Period
from cwb.council.report_sections import Brief as Weights
from cwb.evidence.data import open_data
from cwb.evidence.finding import Finding, State
from cwb.evidence.record import FindingRecord, record
from cwb.packs.advice import Recommendation
from cwb.packs.headline import Headline
from cwb.packs.registry import all_packs, pack_of
from cwb.packs.targets import check_named_findings
from cwb.packs.track import Direction
from cwb.publish.brief.assemble import assemble
from cwb.publish.brief.committee import _row
from cwb.publish.brief.gather import _advised, gather, sureness_of
from cwb.publish.brief.model import PackPart, Place, Sureness
from cwb.publish.brief.page import render_brief
from cwb.publish.brief.ranking import points, rank
from readability import readability

COUNCIL = Path(__file__).parent / "cases" / "pack_01" / "cwb.toml"
DAY = date(2026, 9, 30)
PERIOD = Period(2026, 2)


def finding(name: str, value: float | None = 0.4) -> FindingRecord:
    return record(Finding(name, "p", "2026-27-Q2", "share", value, undefined=None if value else "nobody knows"))


def place(name: str = "local_share", **given: object) -> Place:
    plain = Place(
        finding=finding(name), pack="p", label=name, sentence=f"{name} is so.", now="40%", then=(),
        direction=Direction.NOT_KNOWN, moved="", is_better=None, trend=(), sureness=Sureness.SURE, how_sure="sure",
        stake_gbp=None, distance=0.0, day=None, clause="", href="x.html#fig-x", rows_href="",
    )  # fmt: skip
    return replace(plain, **given)  # type: ignore[arg-type]


WORSE = {"direction": Direction.DOWN, "is_better": False, "moved": "▼ down 8"}


# A year's spend is £1,000; weights: sure 1, fairly 0.8, not sure 0.5, not known 0.1, soon 0.3, worse 0.5.
@pytest.mark.parametrize(
    ("given_place", "expected"),
    [
        pytest.param({}, 0.0, id="nothing at stake"),
        pytest.param({"stake_gbp": 500.0}, 0.5, id="half of a year's spend"),
        pytest.param({"stake_gbp": 5000.0}, 1.0, id="no more than all"),
        pytest.param({"distance": 0.3, "stake_gbp": 200.0}, 0.3, id="the larger of the two"),
        pytest.param({"stake_gbp": 500.0, "sureness": Sureness.FAIRLY_SURE}, 0.4, id="0.5 × 0.8"),
        pytest.param({"stake_gbp": 500.0, "sureness": Sureness.NOT_SURE}, 0.25, id="0.5 × 0.5"),
        pytest.param({"sureness": Sureness.NOT_KNOWN, "now": ""}, 0.1, id="all at stake × 0.1"),
        pytest.param({"day": DAY}, 0.3, id="today"),
        pytest.param({"day": date(2025, 1, 1)}, 0.3, id="overdue is no more than today"),
        pytest.param({"day": date(2027, 9, 30)}, 0.0, id="in a year"),
        pytest.param({"day": date(2026, 12, 12)}, 0.24, id="in 73 days: 0.3 × (1 − 73 ÷ 365)"),
        pytest.param(WORSE, 0.5, id="certainly worse"),
        pytest.param({"direction": Direction.PERHAPS, "is_better": None}, 0.0, id="perhaps worse"),
        pytest.param({"stake_gbp": 100.0, "day": DAY, **WORSE}, 0.9, id="0.1 + 0.3 + 0.5"),
    ],
)
def test_points(given_place: dict[str, object], expected: float) -> None:
    assert points(place(**given_place), Weights(), DAY, 1000.0) == pytest.approx(expected)


def test_the_strategy_s_own_measure_stands_first_and_ties_keep_their_order() -> None:
    own = place("local_share")
    others = [place(name, distance=0.2) for name in ("sme_share", "vcse_share", "home_share")]
    assert [p.label for p in rank([*others, own], Weights(), DAY, 0.0).first] == [
        "local_share", "sme_share", "vcse_share", "home_share",
    ]  # fmt: skip
    only = rank([*others, own], Weights(first=(), places=3), DAY, 0.0)
    assert [p.label for p in only.first] == ["sme_share", "vcse_share", "home_share"]
    assert only.others == (own,)


def test_what_is_not_known_is_not_answered_by_what_follows_from_another_number() -> None:
    """The clause settles nothing of pledges of which nobody knows whether they have evidence."""
    pack = pack_of("social_value")
    headline = next(one for one in pack.headlines if one.finding == "pledge_evidenced_count")
    clause = Recommendation(
        "use-the-slavery-clause", "termination_clause_share", pack.id, "Put the clause in.", "", "Head", DAY, None, (), is_find_out=False
    )  # fmt: skip
    asked = replace(clause, rule="ask", finding="pledge_evidenced_count", is_find_out=True)
    assert _advised(pack, headline, (clause,), Sureness.NOT_SURE) == clause
    assert _advised(pack, headline, (clause,), Sureness.NOT_KNOWN) is None
    assert _advised(pack, headline, (clause, asked), Sureness.NOT_KNOWN) == asked


def test_what_is_not_known_leaves_room_for_what_is() -> None:
    unknown = [place("sme_share", label=f"u{n}", sureness=Sureness.NOT_KNOWN, now="") for n in range(6)]
    known = [place("vcse_share", label=f"k{n}") for n in range(5)]
    assert [p.label for p in rank([*unknown, *known], Weights(), DAY, 0.0).first] == [
        "u0", "u1", "u2", "k0", "k1", "k2", "k3",
    ]  # fmt: skip
    few = rank([*unknown, *known[:2]], Weights(), DAY, 0.0)
    assert [p.label for p in few.first] == ["u0", "u1", "u2", "u3", "u4", "k0", "k1"]
    assert few.others == (unknown[5],)


@pytest.mark.parametrize(
    ("given_finding", "expected"),
    [
        ({"value": None, "undefined": "x"}, Sureness.NOT_KNOWN),
        ({"value": 0.4, "state": State.AT_LEAST}, Sureness.NOT_SURE),
        ({"value": 0.4, "low": 0.39, "high": 0.41}, Sureness.SURE),
        ({"value": 0.4, "low": 0.4, "high": 0.5}, Sureness.FAIRLY_SURE),
        ({"value": 0.4, "low": 0.4, "high": 0.6}, Sureness.NOT_SURE),
        # A small share: one and a half points are more than a third of it.
        ({"value": 0.043, "low": 0.043, "high": 0.059}, Sureness.FAIRLY_SURE),
    ],
)
def test_sureness(given_finding: dict[str, object], expected: Sureness) -> None:
    plain = Finding("local_share", "p", "2026-27", "share", undefined="x")
    assert sureness_of(replace(plain, **given_finding)) is expected  # type: ignore[arg-type]


def test_the_committee_reads_not_known_where_something_would_settle_a_number() -> None:
    """Under "How sure" stood what would settle it, and nowhere that it is not known."""
    unknown = {"sureness": Sureness.NOT_KNOWN, "now": ""}
    assert _row(place(**unknown, how_sure="product codes would settle it."))[-1] == (
        "Not known. Product codes would settle it."
    )
    assert _row(place(**unknown, how_sure=""))[-1] == "Not known"
    assert _row(place())[-1] == "Sure"


def test_what_part_of_the_months_shows_is_not_sure(council: Callable[..., Path], tmp_path: Path) -> None:
    """Three months of a year: 'We paid 12 suppliers' was told as sure, and nothing on the page said that nine months are missing."""
    rows = "".join(
        f"Firm {n} Ltd,{day:02}/{month:02}/2024,{n + 1}00.00\n"
        for month in (1, 2, 3)
        for day in (2, 28)
        for n in range(12)
    )
    ledger = tmp_path / "ledger.csv"
    ledger.write_text(f"Supplier Name,Payment Date,Net Amount\n{rows}", encoding="utf-8")
    folder = council(COUNCIL.read_text(encoding="utf-8"), spend=[ledger])
    pack = pack_of("local_supplier_base")
    of_year, of_quarter = (
        gather(pack, open_data(pack.id, period, str(folder / "cwb.toml"))) for period in ("2023-24", "2023-24-Q4")
    )
    (year, quarter) = (
        next(one for one in part.places if one.finding.id == "top_ten_share") for part in (of_year, of_quarter)
    )
    assert (year.sureness, year.how_sure) == (Sureness.NOT_SURE, "not sure, of 3 of 12 months")
    assert (quarter.sureness, quarter.how_sure) == (Sureness.SURE, "sure")
    sentence = "The ledger holds 3 of 12 months of 2023/24: what is computed from payments is of these."
    assert sentence in of_year.remarks
    assert of_quarter.remarks == ()


@pytest.fixture(scope="module")
def parts(illustrative: Opened) -> list[PackPart]:
    return [gather(pack, illustrative(pack.id, str(PERIOD))) for pack in all_packs() if pack.first]


def test_every_headline_is_a_finding_of_its_pack_and_shown_in_it() -> None:
    for pack in (own for own in all_packs() if own.first):
        measures = {measure.id: measure for measure in pack.measures}
        assert pack.headlines
        for headline in pack.headlines:
            assert headline.finding in measures[headline.exhibit].finding_ids
            own = {name for measure in pack.measures for name in measure.finding_ids}
            assert {headline.baseline, headline.change, headline.stake, headline.instead_of} - {""} <= own


def test_a_target_of_no_finding_is_refused() -> None:
    """A misspelt id would otherwise go unseen: no page would bear the target."""
    named = {"targets": [{"finding": "local_shar", "value": 0.4}], "brief": {"first": ["nothing_like_it"]}}
    plain = {
        "council": {"name": "X", "home_district": "E07000243"},
        "local": {"name": "X", "districts": ["E07000243"]},
    }
    check_named_findings(Settings.model_validate(plain), all_packs())
    with pytest.raises(ConfigError) as error:
        check_named_findings(Settings.model_validate(plain | named), all_packs())
    assert [(fault.column, fault.value) for fault in error.value.faults] == [
        ("[[targets]]", "local_shar"), ("[brief] first", "nothing_like_it"),
    ]  # fmt: skip
    assert "Did you mean local_share" in error.value.faults[0].remedy


@pytest.mark.parametrize(
    ("finding", "value", "column", "remedy"),
    [
        ("local_shre", 0.18, "[[published]]", "Did you mean local_share"),
        ("income_gbp", 5.0, "[[published]]", "Name one of pack 01, or take it out."),
        ("local_share", 18.0, "[[published]] value", "Write 30% as 0.30."),
        ("total_spend", 18.0, "", ""),
    ],
)
def test_a_figure_published_before_is_one_that_pack_01_has(
    finding: str, value: float, column: str, remedy: str
) -> None:
    """Else a report is built whole, and fails at its annex."""
    figure = {"finding": finding, "period": "2021-22", "value": value, "rounding": 0.01, "source": "x"}
    settings = Settings.model_validate(
        {
            "council": {"name": "X", "home_district": "E07000243"},
            "local": {"name": "X", "districts": ["E07000243"]},
            "published": [figure],
            "file": "other.toml",
        }
    )
    assert settings.names_findings
    faults = []
    try:
        check_named_findings(settings, all_packs())
    except ConfigError as error:
        faults = error.faults
    assert [fault.column for fault in faults] == ([column] if column else [])
    assert all(fault.file == "other.toml" and fault.remedy.startswith(remedy) for fault in faults)


@pytest.mark.parametrize(
    ("value", "is_refused"), [(30, True), (-0.1, True), (1.01, True), (0.3, False), (1, False)]
)
def test_a_target_of_a_share_is_from_nought_to_one(value: float, is_refused: bool) -> None:
    settings = Settings.model_validate(
        {
            "council": {"name": "X", "home_district": "E07000243"},
            "local": {"name": "X", "districts": ["E07000243"]},
            "targets": [
                {"finding": "local_share", "value": value},
                {"finding": "total_spend", "value": 70_000_000},
            ],
        }
    )
    faults = []
    try:
        check_named_findings(settings, all_packs())
    except ConfigError as error:
        faults = [(fault.column, fault.value, fault.remedy) for fault in error.faults]
    assert faults == ([("[[targets]] value", f"{value:g}", "Write 30% as 0.30.")] if is_refused else [])


HEADLINES = [headline for pack in all_packs() for headline in pack.headlines if not headline.instead_of]


@of_hypothesis(max_examples=40, deadline=None)
@given(data=st.data())
def test_a_fall_of_any_headline_is_found_on_the_page(
    data: st.DataObject, parts: list[PackPart], settings: Settings
) -> None:
    """Whatever the others do: stakes, dates and sureness of all are drawn, and one or more become certainly worse."""
    fallen = set(data.draw(st.lists(st.sampled_from([h.finding for h in HEADLINES]), min_size=1, unique=True)))

    def drawn(place: Place) -> Place:
        place = replace(
            place,
            stake_gbp=data.draw(st.one_of(st.none(), st.floats(0, 1e9))),
            distance=data.draw(st.floats(0, 3)),
            day=data.draw(st.one_of(st.none(), st.dates(date(2020, 1, 1), date(2030, 1, 1)))),
            sureness=data.draw(st.sampled_from(Sureness)),
        )
        if place.finding.id in fallen:
            return replace(
                place, direction=Direction.DOWN, is_better=False, moved="▼ down by the planted fall", now="7"
            )
        return replace(place, direction=Direction.UP, is_better=True)

    planted = [replace(part, places=tuple(map(drawn, part.places))) for part in parts]
    brief = assemble(settings, PERIOD, planted, {}, [])
    page = render_brief(brief, settings, PERIOD)
    told = page[page.index('id="places"') : page.index('id="asked"')]
    assert told.count("▼ down by the planted fall") == len(fallen)
    shown = {p.finding.id for p in (*brief.places, *brief.also_worse)}
    assert fallen <= shown
    assert len(brief.places) <= 7


def test_a_council_alone_is_told_its_local_share_once(settings: Settings) -> None:
    """Without other bodies the share of pack 04 is that of pack 01."""
    alone = settings.model_copy(update={"anchors": ()})
    told = []
    # Other packs have no headline of these.
    shares = {"anchor_local_share", "local_share_without_one_offs", "local_share"}
    for pack in (pack for pack in all_packs() if shares & {one.finding for one in pack.headlines}):
        data = pack.open(str(PERIOD), str(settings.folder / "cwb.toml"))
        data.settings = alone
        told += [place.finding.id for place in gather(pack, data).places]
    assert "anchor_local_share" not in told
    assert "local_share_without_one_offs" in told
    # It stands in for what is known here.
    assert "local_share" not in told


def test_the_heading_has_both_sides() -> None:
    better = place("local_share", direction=Direction.UP, is_better=True, clause="more stays local")
    worse = place("sme_share", clause="small firms have less", **WORSE)  # type: ignore[arg-type]
    unknown = place("vcse_share", now="")
    for places, heading in (
        ([better, worse], "More stays local, but small firms have less."),
        ([worse], "Small firms have less."),
        ([better], "More stays local."),
        ([unknown], "What matters most is not known yet."),
        ([place("home_share")], "Of what matters most, nothing is sure to have moved."),
    ):
        part = PackPart("p", "q", "p.html", "h", tuple(places), (), (), (), ())
        config = Settings.model_validate(
            {
                "council": {"name": "X", "home_district": "E07000243"},
                "local": {"name": "X", "districts": ["E07000243"]},
            }
        )
        assert assemble(config, PERIOD, [part], {}, []).heading == heading


def test_the_illustrative_council_s_first_page(project: Path) -> None:
    page = (project / "reports" / "2026-27-Q2" / "index.html").read_text(encoding="utf-8")
    assert page.count('id="check-value"') == 1
    assert "42% of what we buy again and again stays local." in page
    # A council without a target says so, and a baseline year is not compared with itself.
    assert "target not set" in page
    year = (project / "reports" / "2023-24" / "index.html").read_text(encoding="utf-8")
    assert "baseline 2023/24" not in year


@pytest.mark.parametrize("period", ["2023-24", "2026-27-Q2"])
def test_what_matters_most_is_read_in_two_minutes(period: str, project: Path) -> None:
    """At 240 words a minute, and in plain words: ten years of school are enough. Names of organisations are one short word."""
    page = (project / "reports" / period / "index.html").read_text(encoding="utf-8")
    main = re.sub(r"<svg.*?</svg>", "", page[page.index("<main") : page.index("</main>")], flags=re.S)
    assert readability(texts_of(main)) <= 10
    assert sum(len(text.split()) for text in texts_of(main[: main.index('id="asked"')])) <= 480


def texts_of(markup: str) -> list[str]:
    """Headings, paragraphs and plain items of lists."""
    blocks = re.findall(r"<(h1|h3|p|li)\b[^>]*>((?:(?!<(?:h3|p|li)\b).)*?)</\1>", markup, re.S)
    return [" ".join(html.unescape(re.sub(r"<[^>]+>", "", text)).split()) for _, text in blocks]


@pytest.mark.parametrize("period", ["2023-24", "2026-27-Q2"])
def test_it_is_two_pages_on_paper(period: str, chromium: str, project: Path, tmp_path: Path) -> None:
    target = tmp_path / "brief.pdf"
    options = (
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--no-pdf-header-footer",
        f"--user-data-dir={tmp_path / 'profile'}",
    )
    page = (project / "reports" / period / "index.html").as_uri()
    subprocess.run(
        [chromium, *options, f"--print-to-pdf={target}", page], check=True, capture_output=True, timeout=120
    )
    assert len(PdfReader(str(target)).pages) <= 2


def test_a_headline_is_a_sentence_with_its_findings_and_a_clause_for_growth_and_decline(
    illustrative: Opened,
) -> None:
    data = illustrative("local_supplier_base", "2026-27-Q2")
    one = Headline("a", "x", "How much", "{a} of {b} stays.", moved="more/less of it stays/stay")
    values = {"a": 0.5, "b": 200.0}
    found = {
        name: Finding(name, "p", "2023-24", "share" if name == "a" else "gbp", value)
        for name, value in values.items()
    }
    assert one.sentence(data, found.__getitem__) == "50% of £200 stays."
    assert [one.clause(way) for way in (Direction.UP, Direction.DOWN, Direction.LEVEL)] == [
        "more of it stays", "less of it stay", "",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("pack", "finding", "sentence"),
    [
        ("local_supplier_base", "home_supplier_count", "1 supplier we paid is in Stevenage."),
        ("insourcing", "review_due_soon", "1 contract is open for review. 1 is due soon."),
        ("strategy_tracker", "tracker_behind", "1 of the strategy's 1 promises is behind."),
    ],
)
def test_headlines_of_one_thing_are_in_the_singular(
    illustrative: Opened, pack: str, finding: str, sentence: str
) -> None:
    data = illustrative(pack, "2026-27-Q2")
    (headline,) = (one for one in pack_of(pack).headlines if one.finding == finding)
    assert headline.sentence(data, lambda name: Finding(name, pack, "2026-27-Q2", "count", 1.0)) == sentence


@pytest.mark.parametrize(
    ("finding_id", "stake", "times"),
    [
        # What a quarter leaks is leaked four times in a year.
        ("largest_leak_spend", "largest_leak_spend", 4),
        ("lines_served_share", "realistic_shift", 4),
        # What a contract is worth in a year, and what was spent in twelve months, is of a year already.
        ("option_count", "option_annual_value", 1),
        ("review_due_soon", "review_value_in_window", 1),
        ("off_register_count", "off_register_spend", 1),
    ],
)
def test_what_is_at_stake_is_of_a_year(
    parts: list[PackPart], illustrative: Opened, finding_id: str, stake: str, times: int
) -> None:
    own = next(one for part in parts for one in part.places if one.finding.id == finding_id)
    pack = pack_of(own.pack)
    found = pack.find(illustrative(pack.id, str(PERIOD)), stake)
    assert found.value
    assert own.stake_gbp == pytest.approx(times * found.value)
