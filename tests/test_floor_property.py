"""The coverage floor: whatever source a council does not give, no number stands where too little is known for it.

Each source is withheld alone, and with what gives places, from a small council (a part of the illustrative one's suppliers, three
quarters). What would have been printed without a floor is looked for in every text of the exhibit: title,
sentences, tiles, chart labels, text for those who do not see the chart.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from conftest import SHARED, copy_places
from cwb.charts.charts import Areas, Bars, Chart, Lines, Matrix, Pairs, Ranges, Stack, describe
from cwb.charts.figure import Figure
from cwb.charts.tiles import Tile
from cwb.council.config import Settings
from cwb.council.periods import Period
from cwb.council.sections import Evidence
from cwb.evidence.data import PackData, open_data
from cwb.evidence.finding import Finding, State, number
from cwb.evidence.record import record
from cwb.packs.compare import asked_at, period_before
from cwb.packs.local_supplier_base import PACK as pack
from cwb.packs.pack import Pack
from cwb.packs.registry import all_packs, pack_of
from cwb.publish.brief.gather import gather

PERIOD = "2026-27-Q2"
SOURCES = (
    "spend", "vendors", "contracts", "awards", "notices", "one_offs", "companies", "mutuals", "charities", "coops",
    "pipeline", "business_counts", "anchor_spend", "anchor_contracts", "initiatives",
)  # fmt: skip
# What matters to pack 01; awards and notices are withheld together, as are the registers.
NOTICES, REGISTERS = ("awards", "notices"), ("companies", "mutuals", "charities", "coops")
WITHHELD: list[tuple[str, ...]] = [
    ("spend",),
    ("vendors",),
    ("contracts", *NOTICES),
    REGISTERS,
    ("one_offs", "pipeline", "business_counts", "anchor_spend", "anchor_contracts", "initiatives"),
    ("vendors", *REGISTERS, "contracts", *NOTICES, "one_offs"),
    # Awards and contracts are published, and not where their suppliers are.
    ("vendors", *REGISTERS, "spend", "addresses"),
]


# --- what is told ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Told:
    """One exhibit, or one page: the findings that it carries and every text in which it may state one.

    `drawn` are the texts of a chart and its description: a row of it may be 0, where enough is known of the whole.
    """

    name: str
    findings: tuple[Finding, ...]
    texts: tuple[str, ...]
    drawn: tuple[str, ...] = ()


def labels(chart: Chart) -> Iterator[str]:
    """Every text that a chart prints."""
    match chart:
        case Bars():
            yield from (text for bar in chart.bars for text in (bar.label, bar.text))
        case Stack():
            for label, pieces in chart.bars:
                yield label
                yield from (text for part, _, text in pieces for text in (part, text))
        case Lines():
            for name, points in chart.series:
                yield name
                yield from (text for point in points for text in (point.x, point.text))
        case Ranges():
            yield from (text for label, _, _, _, text in chart.rows for text in (label, text))
        case Areas():
            yield from (text for _, name, _, text in chart.rows for text in (name, text))
        case Pairs():
            yield from chart.names
            yield from (text for label, (_, one), (_, two) in chart.rows for text in (label, one, two))
        case Matrix():
            yield from chart.columns
            yield from (text for label, cells in chart.rows for text in (label, *(c[1] for c in cells if c)))


def tile_texts(tile: Tile) -> Iterator[str]:
    """Every text of a tile, those of its comparisons with earlier periods and of its trend too."""
    yield from (tile.label, tile.value, tile.note, tile.direction)
    yield from (text for compared in tile.then for text in compared)
    yield from (text for when, _, value in tile.trend for text in (when, value))


def told(figure: Figure) -> Told:
    """An exhibit. What is known in spite of the floor, and what would settle it, says its own numbers."""
    texts = [figure.title, figure.subtitle, *figure.says, figure.undefined or "", figure.settles or ""]
    texts += [text for tile in figure.tiles for text in tile_texts(tile)]
    texts += figure.table["how"].tolist() if figure.id == "how-sure" else []
    drawn = [] if figure.chart is None else [*labels(figure.chart), describe(figure.chart)]
    reasons = sorted((f.undefined for f in figure.findings if f.undefined), key=len, reverse=True)
    return Told(
        figure.id,
        figure.findings,
        tuple(without(text, reasons) for text in texts if text),
        tuple(without(text, reasons) for text in drawn if text),
    )


def without(text: str, reasons: Iterable[str]) -> str:
    for reason in reasons:
        text = text.replace(reason, "…")
    return text


def exhibits(data: PackData) -> list[Told]:
    """The exhibits of one pack. The first page stands beside them once the kernel makes it."""
    own = pack_of(data.pack)
    first = [own.scorecard(data), own.how_sure(data), own.recommendations(data)] if own.first else []
    figures = [*first, *(measure(data).figure() for measure in own.measures)]
    return [told(figure) for figure in figures]


def without_floor(data: PackData) -> PackData:
    """The same tables, were there no floor."""
    none = data.settings.model_copy(update={"evidence": Evidence(floor_pounds=0, floor_things=0)})
    return PackData(none, data.period, data.pack, data.lineage, data.engine)


def findings_without_floor(opened: PackData) -> dict[str, dict[str, Finding]]:
    """By pack, every finding that its exhibits may carry as it would be stated were there no floor: its own, the changes that its
    first exhibit tells, and those of other packs and the annex."""
    own = {one: without_floor(as_of(opened, one)) for one in all_packs()}
    found = {one: findings_of(bare) for one, bare in own.items()}
    changes = {one: {f.id: f for f in one.scorecard(bare).findings} for one, bare in own.items() if one.first}
    others = {name: f for of_pack in found.values() for name, f in of_pack.items()}
    return {one.id: others | changes.get(one, {}) | found[one] for one in own}


def as_of(opened: PackData, one: Pack) -> PackData:
    return PackData(opened.settings, opened.period, one.id, opened.lineage, opened.engine)


def findings_of(data: PackData) -> dict[str, Finding]:
    own = pack_of(data.pack)
    return {name: f for measure in own.measures for name, f in measure(data).findings.items()}


# --- the properties -------------------------------------------------------------------------------------------

STATED = (State.STATED, State.AT_LEAST)
# Sums and counts beside which there may be more, of which no row says how much.
NO_ROW_SAYS = {
    "over_value_gbp", "review_value_in_window", "jobs_in_house", "waiver_gbp", "breach_gbp", "training_sessions", "trained_people",
    "supplier_meetings", "se_births",
}  # fmt: skip
# What a source of planned purchases that was not supplied would add is in no row either.
OF_PURCHASES = {
    "demand_count", "demand_value", "lines_served_least", "lines_served_most", "lines_none", "lines_thin", "lines_workable",
    "lines_strong", "lines_not_mapped", "reservable_count", "social_line_count", "opportunity_count", "se_target_count", "se_target_value",
}  # fmt: skip
# What may end and begin a number, so that 5 is not found in 15, 5.2%, £5 or 2025/26.
_NOT_WITHIN = r"(?<![\w.,/£−+-]){}(?![\w%]|[.,/]\d)"
_ZERO = re.compile(
    r"(?<![\w.,/])(£0(?:\.0m?)?|0(?:\.0)?%|0 of|0 suppliers|0 contracts|0\.0 percentage points)(?![\w.,]*\d)"
)


def printed(finding: Finding) -> set[str]:
    """Every way in which an exhibit may print a finding's own number."""
    if finding.value is None:
        return set()
    return {number(finding.value, finding.unit), number(abs(finding.value), finding.unit)}


def stated_numbers(findings: Iterable[Finding]) -> set[str]:
    """The numbers that findings which are known may state: value, range, base."""
    numbers: set[str] = set()
    for finding in findings:
        if finding.state in STATED:
            numbers |= printed(finding)
            numbers |= {number(end, finding.unit) for end in (finding.low, finding.high) if end is not None}
            numbers |= {number(end, "gbp") for end in (finding.of, finding.n) if end is not None}
    return numbers


def states(text: str, value: str) -> bool:
    return re.search(_NOT_WITHIN.format(re.escape(value)), text) is not None


def numbers_under_the_floor(page: Told, bare: dict[str, Finding]) -> list[str]:
    known = stated_numbers(page.findings)
    return [
        f"{page.name}: {finding.id} is {finding.state}, and {value!r} stands in {text!r}"
        for finding in page.findings
        if finding.state not in STATED
        for value in sorted(printed(bare[finding.id]) - known)
        for text in (*page.texts, *page.drawn)
        if states(text, value)
    ]


def earlier_under_the_floor(own: Pack, data: PackData) -> list[str]:
    """A tile's comparisons and its trend: of an earlier period whose own number is under the floor, none is told."""
    bare = without_floor(data)
    findings, of_bare = ([own.find(of, name) for name in own.first] for of in (data, bare))
    tiles = {f.id: tile for f, tile in zip(findings, own.scorecard(data).tiles, strict=True)}
    return [
        f"{own.id}: {name} of {then} is {state_of(known, name)}, and {value!r} stands in {text!r}"
        for then in {data.baseline, *earlier(data.period)} - {data.period}
        for known in (asked_at(data, findings, then),)
        for name, was in asked_at(bare, of_bare, then).items()
        if state_of(known, name) not in STATED
        for text in texts_of_period(tiles[name], then)
        for value in printed(was)
        if states(text, value)
    ] + [
        f"{own.id}: {f.id} of {when} is drawn as {value}, and told as {text!r}"
        for f in findings
        for when, value, text in tiles[f.id].trend
        if value is not None and not re.search(r"\d", text)
    ]


def earlier(period: Period, many: int = 4) -> list[Period]:
    before = period_before(period)
    return [before, *(earlier(before, many - 1) if many > 1 else ())]


def state_of(found: dict[str, Finding], name: str) -> State | None:
    return found[name].state if name in found else None


def texts_of_period(tile: Tile, period: Period) -> Iterator[str]:
    yield from (text for what, text in tile.then if what.endswith(period.short_label))
    yield from (text for when, _, text in tile.trend if when == period.short_label)


def noughts(page: Told) -> list[str]:
    """A 0 where nothing is known: only a finding that is stated, and is 0 as printed, may be one.

    In a chart a row may be 0 too, if all that the exhibit states is known, but for a rate whose base nobody supplied.
    """
    zero = {text for f in page.findings if f.is_stated for text in stated_numbers([f])}
    is_known = all(f.is_stated or (f.state is State.UNDEFINED and record(f).kind == "rate") for f in page.findings)
    return [
        f"{page.name}: {found.group()!r} stands in {text!r}"
        for text in (page.texts if is_known else (*page.texts, *page.drawn))
        for found in _ZERO.finditer(text)
        if found.group().split(" ")[0] not in zero
    ]


def state_faults(settings: Settings, findings: Iterable[Finding]) -> list[str]:
    faults = []
    for f in findings:
        stated = record(f).as_json()
        if {"kind", "state", "known_share", "settles"} - set(stated):
            faults.append(f"{f.id}: a field is missing in findings.json")
        if (stated["state"], stated["known_share"] is None) != (f.state.value, f.coverage is None):
            faults.append(f"{f.id}: findings.json tells another state")
        floor = None
        if f.evidence is not None:
            evidence = settings.evidence
            floor = evidence.floor_pounds if f.evidence.question.by else evidence.floor_things
        if floor is not None and f.coverage is not None:
            if f.coverage < floor and f.state is State.STATED:
                faults.append(f"{f.id}: stated, though known for {f.coverage:.1%}")
            # A change is known where enough is known of the worse of its two periods.
            is_change = f.evidence is not None and f.evidence.question.then is not None
            # What the ledger lacks of a year is in no row, and so in no coverage; nor are months that a body lacks, nor groups that a
            # contract without a code or an end would make.
            is_short = f.state is State.AT_LEAST and any(
                text in caveat
                for caveat in f.caveats
                for text in (
                    "months that count",
                    "no payment in some months",
                    "no product code or no last day",
                )
            )
            # Nor is what a row does not state, or what was done before a log begins.
            is_short |= f.state is State.AT_LEAST and f.id in NO_ROW_SAYS | OF_PURCHASES and bool(f.settles)
            if (
                f.coverage >= floor
                and not is_change
                and not is_short
                and f.state not in (State.STATED, State.UNDEFINED)
            ):
                faults.append(f"{f.id}: {f.state}, though known for {f.coverage:.1%}")
        match f.state:
            case State.STATED:
                # What nobody knows how much to take from has no low end, and says so.
                low = f.value if f.bounds.startswith("at most ") and f.settles else f.low
                if f.value is None or low is None or f.high is None or not low <= f.value <= f.high:
                    faults.append(f"{f.id}: {f.value} is not from {f.low} to {f.high}")
            case State.AT_LEAST:
                if not f"{f}".startswith("at least ") or not f.value or f.value < 0 or f.bounds:
                    faults.append(f"{f.id}: {f} says no least")
            case State.NOT_KNOWN:
                if f.value is not None or f"{f}" != "not known":
                    faults.append(f"{f.id}: prints {f}")
                if not f.settles or not re.search(
                    r" for (none|only [\d.]+%) of (£[\d,.]+m?|[\d,]+ [a-z ]+|the [a-z]+ of both periods)$",
                    f.undefined or "",
                ):
                    faults.append(f"{f.id}: does not say what is known, or what would settle it: {f.undefined!r}")
            case State.UNDEFINED:
                if f.value is not None or not f.undefined or f"{f}" != "not known":
                    faults.append(f"{f.id}: undefined without a reason")
                if f.coverage is not None and floor is not None and f.coverage < floor and (f.of or 0) > 0:
                    faults.append(
                        f"{f.id}: undefined, though what is missing is knowledge ({f.coverage:.1%} of {f.of})"
                    )
    return faults


def rows_of_unknown_place(data: PackData) -> list[str]:
    """A category none of whose places is known leaves "not known", and not £0."""
    measured = pack.leakage(data)
    chart = measured.figure().chart
    if not isinstance(chart, Bars):
        return []
    text = {bar.label: bar.text for bar in chart.bars}
    rows = measured.table[(measured.table["leaving_gbp"] == 0) & (measured.table["local_gbp"] == 0)]
    return [f"leakage: {name} {text[name]}" for name in rows["category"] if text[name] != "not known"]


def check(opened: PackData) -> tuple[list[Told], list[str]]:
    """Every exhibit of every pack, and every way in which it breaks a property."""
    every, faults = [], rows_of_unknown_place(opened)
    bare = findings_without_floor(opened)
    for one in all_packs():
        data = as_of(opened, one)
        pages = exhibits(data)
        faults += state_faults(data.settings, findings_of(data).values())
        for page in pages:
            faults += [*numbers_under_the_floor(page, bare[one.id]), *noughts(page)]
        faults += earlier_under_the_floor(one, data) if one.first else []
        every += pages
    return every, faults


def titles(pages: Iterable[Told]) -> str:
    return "\n".join(f"    {page.name}: {page.texts[0]}" for page in pages)


# --- the small council ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def small(sample: Path, place_tables: Path, settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A council with every source of pack 01 and one ledger file: a ninth of the suppliers, three quarters."""
    folder = tmp_path_factory.mktemp("small")
    toml = (sample / "cwb.toml").read_text(encoding="utf-8")
    (folder / "cwb.toml").write_text(toml, encoding="utf-8")
    raw = folder / settings.data.raw
    for source in SOURCES[1:]:
        shutil.copytree(settings.raw / source, raw / source)
    (raw / "spend").mkdir()
    ledger(settings).to_csv(raw / "spend" / "payments.csv", index=False)
    copy_places(place_tables, folder)
    open_data(pack.id, PERIOD, str(folder / "cwb.toml"))
    return folder


def ledger(settings: Settings) -> pd.DataFrame:
    """Lines of the illustrative council's ledger: three quarters, every ninth supplier, all that is one-off."""
    lines = pd.read_parquet(settings.processed / "lines.parquet")
    day = pd.to_datetime(lines["payment_date"])
    lines = lines[day.dt.month.isin((7, 8, 9)) & day.dt.year.isin((2023, 2025, 2026))]
    one_offs = pd.read_parquet(settings.processed / "one_offs.parquet")["match_value"]
    number_of = lines["supplier_id"].str[1:].fillna("0").astype(int)
    is_kept = (
        (number_of % 9 == 0)
        | lines["contract_reference"].isin(one_offs)
        | lines["transaction_number"].isin(one_offs)
    )
    kept = lines[is_kept & (lines["supplier_name"].notna())]
    return pd.DataFrame(
        {
            "Payment Date": pd.to_datetime(kept["payment_date"]).dt.strftime("%d/%m/%Y"),
            "Supplier Name": kept["supplier_name"],
            "Supplier ID": kept["supplier_id"],
            "Transaction Number": kept["transaction_number"],
            "Net Amount": kept["amount_gbp"],
            "CPV Code": kept["cpv_code"],
            "Contract Reference": kept["contract_reference"],
        }
    )


def open_without(small: Path, folder: Path, settings: Settings, sources: Iterable[str]) -> PackData:
    """The small council without some of its sources. Registers that stay are not read again."""
    shutil.copytree(small, folder, symlinks=True, dirs_exist_ok=True)
    raw = folder / settings.data.raw
    for source in sources:
        if source != "addresses":
            shutil.rmtree(raw / source)
            continue
        for path in (raw / "awards").glob("*.csv"):
            rows = pd.read_csv(path, dtype=str).assign(address_streetAddress="", address_postalCode="")
            rows.to_csv(path, index=False)
        for path in (raw / "notices").glob("*.json"):
            text = path.read_text(encoding="utf-8")
            path.write_text(
                re.sub(r'"(postalCode|streetAddress)":\s*"[^"]*"', r'"\1": ""', text), encoding="utf-8"
            )
    return open_data(pack.id, PERIOD, str(folder / "cwb.toml"))


Opened = Callable[[tuple[str, ...]], PackData]


@pytest.fixture(scope="module")
def opened(small: Path, settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Opened:
    """The small council without some of its sources, opened once for all tests that ask for the same."""
    return cache(lambda sources: open_without(small, tmp_path_factory.mktemp("without"), settings, sources))


@pytest.mark.parametrize("withheld", [(), *WITHHELD], ids=lambda sources: "+".join(sources) or "nothing")
def test_no_number_stands_under_the_floor(opened: Opened, withheld: tuple[str, ...]) -> None:
    data = opened(withheld)
    pages, faults = check(data)
    assert len(pages) == sum(len(one.exhibits) for one in all_packs())
    assert not faults, "\n".join([*faults, titles(pages)])


def test_what_was_printed_before_without_any_place(opened: Opened) -> None:
    """Without anything that gives a place or a list the old pack said these; now each is not known, and why."""
    data = opened(("vendors", *REGISTERS, "contracts", *NOTICES, "one_offs"))
    pages = {page.name: page for page in exhibits(data)}
    # The account of files tells true noughts: no row was refused.
    told_of_spend = [page for name, page in pages.items() if name != "how-sure"]
    everything = "\n".join(text for page in told_of_spend for text in (*page.texts, *page.drawn))
    for old in (
        "0% of £",
        "0% of all",
        "receives 0",
        "the most of any",
        "One-off projects",
        "£0",
        "0 of 0",
        "0 contracts",
    ):
        assert old not in everything
    found = {f.id: f for measure in pack.measures for f in measure(data).findings.values()}
    assert {
        found[name].state for name in ("local_share", "local_spend", "top_district_share", "home_supplier_count")
    } == {State.NOT_KNOWN}
    assert "how much of it is local is not known" in pages["scorecard"].texts[0]
    assert (found["local_share"].undefined or "").startswith("suppliers' places are known for none of £")
    assert "vendor list" in (found["local_share"].settles or "")
    assert pack.spend_by_district(data).figure().undefined == found["top_district_share"].undefined


# --- real files -------------------------------------------------------------------------------------------------

HYNDBURN = """
baseline = "2021-22"

[council]
name = "Hyndburn Borough Council"
home_district = "E07000120"
buyer_names = ["Hyndburn Borough Council"]

[local]
name = "East Lancashire"
districts = ["E06000008", "E07000117", "E07000120", "E07000122", "E07000124", "E07000125"]
"""


@pytest.mark.shared
def test_hyndburn_s_ledger_alone(council: Callable[..., Path]) -> None:
    """Real payments and nothing else: what is spent is known, and where it goes is not."""
    files = sorted((SHARED / "spend" / "hyndburn_bc").glob("*.csv"))
    folder = council(HYNDBURN, spend=files)
    data = open_data(pack.id, "2022-23", str(folder / "cwb.toml"))
    assert data.period == Period(2022)
    pages, faults = check(data)
    assert not faults, "\n".join([*faults, titles(pages)])
    found = {f.id: f for measure in pack.measures for f in measure(data).findings.values()}
    assert found["total_spend"].is_stated, titles(pages)
    assert found["local_share"].state is State.NOT_KNOWN, titles(pages)
    assert found["one_off_spend"].state is State.UNDEFINED, titles(pages)
    # 225 payments just below £5,000 against 304 just above it, over all years: no finding.
    near = data.sql(
        "SELECT count(*) FILTER (amount_gbp < 5000) AS below, count(*) AS both FROM spend_lines WHERE amount_gbp >= 4500 AND amount_gbp < 5500"
    )
    assert (near["below"][0], near["both"][0]) == (225, 529)
    if not_known := [page.name for page in pages if "0%" in page.texts[0] or "£0" in page.texts[0]]:
        pytest.fail(f"{not_known}\n{titles(pages)}")
    print(titles(pages))


@pytest.mark.parametrize(
    "withheld",
    [(), ("vendors", *REGISTERS, "contracts", *NOTICES, "one_offs")],
    ids=lambda sources: "+".join(sources) or "nothing",
)
def test_the_first_page_states_nothing_under_the_floor(opened: Opened, withheld: tuple[str, ...]) -> None:
    council = opened(withheld)
    for one in (own for own in all_packs() if own.first):
        data = as_of(council, one)
        part = gather(one, data)
        headline = one.find(data, one.headline)
        card = [one.find(data, name) for name in one.first]
        if headline.state not in STATED:
            assert part.headline == f"{headline.label}: not known"
        for place in part.places:
            found = one.find(data, place.finding.id)
            reasons = [reason for reason in (found.undefined, found.settles) if reason]
            page = Told(
                one.id, (found,), tuple(without(text, reasons) for text in (place.sentence, place.how_sure))
            )
            assert noughts(page) == []
            if found.state not in STATED:
                assert (place.now, place.moved, place.clause) == ("", "", "")
                assert place.sentence.endswith(f"is not known, because {found.undefined}.")
        reasons = sorted((f.undefined for f in card if f.undefined), key=len, reverse=True)
        texts = (part.headline, *(f"{one.what} {one.why}" for one in part.unknown))
        page = Told(one.id, tuple(card), tuple(without(text, reasons) for text in texts))
        assert noughts(page) == []
        for finding in part.findings:
            assert (finding.value is not None) == (finding.state in STATED)
