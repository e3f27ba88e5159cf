"""Anyone recomputes: value, low, high and coverage of every finding of pack 01 from the CSV of its rows alone.

Each kind's published rule (`cwb.evidence.bounds_rules`) is written here once more, in fractions, over the plain
text of the CSV: no arithmetic is shared with `cwb.evidence`. The illustrative council shows real sizes, made
councils the corners: ties, credits, withheld names, facts that are not known, floors, periods without spend.
"""

from __future__ import annotations

import csv
import io
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from operator import itemgetter
from typing import Any

import duckdb
import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from cwb.base.privacy import WITHHELD, looks_individual
from cwb.council.config import Settings
from cwb.council.periods import Period
from cwb.council.sections import Evidence
from cwb.evidence.bounds_rules import RULES
from cwb.evidence.data import PackData, open_data
from cwb.evidence.finding import Finding, State
from cwb.lines.engine import Engine
from cwb.lines.schema import TABLES, PlaceEvidence
from cwb.packs import local_supplier_base as pack
from cwb.sources.report import FileReport
from cwb.sources.store import Lineage

PERIODS = ("2026-27-Q2", "2023-24")
NOTHING = Fraction(0)
PENNY = Fraction(1, 200)


# --- the published rules, once more ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Row:
    """A row of the CSV. `then` is nought but for a change."""

    part: str
    group: str
    now: Fraction
    then: Fraction


@dataclass(frozen=True)
class Ends:
    """Value, low and high, None where there is nothing to divide by, and coverage, None without any weight."""

    value: Fraction | None
    low: Fraction | None
    high: Fraction | None
    coverage: Fraction | None


def read(text: str) -> list[Row]:
    rows = []
    for row in csv.DictReader(io.StringIO(text)):
        now, then = row.get("weight_now", row.get("weight")), row.get("weight_then", "0")
        assert now is not None
        assert then is not None
        assert row["part"] in ("in", "out", "unknown")
        assert int(row["lines"]) > 0
        assert row["source_file"]
        assert int(row["source_row"]) > 0
        rows.append(Row(row["part"], row.get("group", ""), Fraction(now), Fraction(then)))
    return rows


def csv_of(frame: pd.DataFrame) -> str:
    """A frame as a CSV of plain text, as `cwb rows -o x.csv` writes it."""
    told = io.StringIO()
    writer = csv.writer(told)
    writer.writerow(frame.columns)
    for row in frame.itertuples(index=False, name=None):
        writer.writerow("" if pd.isna(value) else str(value) for value in row)
    return told.getvalue()


def coverage(rows: Sequence[Row]) -> Fraction | None:
    size = sum((abs(r.now) + abs(r.then) for r in rows), NOTHING)
    unknown = sum((abs(r.now) + abs(r.then) for r in rows if r.part == "unknown"), NOTHING)
    return None if size == 0 else 1 - unknown / size


def added(rows: Iterable[Row], weight: Callable[[Row], Fraction]) -> tuple[Fraction, Fraction, Fraction]:
    """What is in, with the unknown's negative weights, with their positive ones."""
    rows = list(rows)
    value = sum((weight(r) for r in rows if r.part == "in"), NOTHING)
    unknown = [weight(r) for r in rows if r.part == "unknown"]
    return value, value + sum(w for w in unknown if w < 0), value + sum(w for w in unknown if w > 0)


def now(row: Row) -> Fraction:
    return row.now


def divided(ends: tuple[Fraction, Fraction, Fraction], by: Fraction) -> tuple[Fraction | None, ...]:
    return (None, None, None) if by <= 0 else tuple(end / by for end in ends)


def recompute(kind: str, unit: str, rows: Sequence[Row], finding_id: str) -> Ends:
    known, everything = coverage(rows), sum((r.now for r in rows), NOTHING)
    match kind:
        case "total":
            return Ends(*added(rows, now), known)
        case "count":
            assert all(r.now == 1 for r in rows)
            sure = sum(r.part == "in" for r in rows)
            return Ends(
                Fraction(sure), Fraction(sure), Fraction(sure + sum(r.part == "unknown" for r in rows)), known
            )
        case "share":
            return Ends(*divided(added(rows, now), everything), known)
        case "change":
            before = sum((r.then for r in rows), NOTHING)
            if unit != "points":
                return Ends(*added(rows, lambda r: r.now - r.then), known)
            if everything <= 0 or before <= 0:
                return Ends(None, None, None, known)
            return Ends(*added(rows, lambda r: r.now / everything - r.then / before), known)
        case "largest":
            # There are more districts than any of these councils pays suppliers in.
            empty = ("none",) if finding_id == "top_district_share" else ()
            return Ends(*largest(rows, everything if unit == "share" else None, empty), known)
        case "top":
            return Ends(*top(rows, TOP[finding_id], everything), known)
        case "half":
            return Ends(*half(rows, everything), known)
        case "derived":
            return Ends(*DERIVED[finding_id][1](rows), known)
    raise AssertionError(f"no rule is published for {kind}")


def largest(rows: Sequence[Row], of: Fraction | None, empty: Sequence[str]) -> tuple[Fraction | None, ...]:
    """A row without a group may, where it is unknown, belong to any one group, also to one that is `empty`."""
    groups: dict[str, list[Row]] = defaultdict(list, {name: [] for name in empty})
    for row in rows:
        groups[row.group].append(row)
    _, least, most = added([r for r in groups.pop("", []) if r.part == "unknown"], now)
    if not groups:
        return (None, None, None)
    sums = [added(own, now) for own in groups.values()]
    ends = (max(s[0] for s in sums), max(s[1] for s in sums) + least, max(s[2] for s in sums) + most)
    return ends if of is None else divided(ends, of)


def top(rows: Sequence[Row], n: int, everything: Fraction) -> tuple[Fraction | None, ...]:
    named = [r for r in rows if r.part != "unknown"]
    marked = [r.now for r in named if r.part == "in"]
    most = sorted((r.now for r in named), reverse=True)[:n]
    assert sorted(marked, reverse=True) == most
    if not named:
        return (None, None, None)
    return divided(added(rows, now), everything)


def half(rows: Sequence[Row], everything: Fraction) -> tuple[Fraction | None, ...]:
    if everything <= 0:
        return (None, None, None)
    named = sorted((r.now for r in rows if r.part != "unknown"), reverse=True)
    lines = [r.now for r in rows if r.part == "unknown"]

    def reaching(weights: Iterable[Fraction]) -> Fraction:
        running, ordered = NOTHING, sorted(weights, reverse=True)
        for place, weight in enumerate(ordered, start=1):
            running += weight
            if running >= everything / 2:
                return Fraction(place)
        raise AssertionError("half is never reached")

    apart = reaching([*named, *lines])
    first = (named[0] if named else NOTHING) + sum((line for line in lines if line > 0), NOTHING)
    return apart, reaching([first, *named[1:]]), apart


def mean_of_shares(rows: Sequence[Row]) -> tuple[Fraction | None, ...]:
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        groups[row.group].append(row)
    shares = [divided(added(own, now), sum((r.now for r in own), NOTHING)) for own in groups.values()]
    if any(value is None for share in shares for value in share):
        return (None, None, None)
    return tuple(sum(ends, NOTHING) / len(shares) for ends in zip(*shares, strict=True))


def share_of_known(rows: Sequence[Row]) -> tuple[Fraction | None, ...]:
    known = sum((r.now for r in rows if r.part != "unknown"), NOTHING)
    value = sum((r.now for r in rows if r.part == "in"), NOTHING)
    return divided((value, value, value), known)


TOP = {"top_ten_share": 10}
# The rule that each derived finding states of itself, so that a rule which changes is read again here.
DERIVED: dict[str, tuple[str, Callable[[Sequence[Row]], tuple[Fraction | None, ...]]]] = {
    "mean_of_quarter_shares": (
        "For each group (financial year and quarter) the weight that is in divided by the weight of all; the "
        "value is the mean of these shares. For low add to what is in the negative weights of the unknown rows, "
        "for high their positive weights.",
        mean_of_shares,
    ),
    "local_share_known": (
        "The weight of the rows that are in divided by the weight of those that are in or out: the unknown are "
        "left out.",
        share_of_known,
    ),
}


def same(told: float | None, made: Fraction | None, unit: str) -> bool:
    if told is None or made is None:
        return told is None and made is None
    apart = abs(Fraction(told) - made)
    return apart < PENNY if unit == "gbp" else apart == 0 if unit == "count" else apart < Fraction(1, 10**9)


def check(finding: Finding, text: str) -> None:
    """The finding is what its rows give by the rule of its kind."""
    assert finding.evidence is not None
    stated = finding.as_dict()
    kind, question = stated["kind"], finding.evidence.question
    assert kind == question.kind, f"{finding.id} is published as {kind} and made as {question.kind}"
    assert kind in RULES
    if kind == "derived":
        assert question.rule == DERIVED[finding.id][0]
    rows = read(text)
    made = recompute(kind, finding.unit, rows, finding.id)
    ends = (finding.value, finding.low, finding.high, finding.coverage)
    told = f"{finding.id} {finding.period}: {ends} is not {made}"
    assert same(finding.coverage, made.coverage, "share"), told
    assert same(finding.low, made.low, finding.unit), told
    assert same(finding.high, made.high, finding.unit), told
    match finding.state:
        case State.STATED:
            assert made.value is not None, told
            assert same(finding.value, made.value, finding.unit), told
            assert made.low is not None, told
            assert made.high is not None, told
            assert made.low <= made.value <= made.high, told
        case State.AT_LEAST:
            assert same(finding.value, made.low, finding.unit), told
        case State.UNDEFINED:
            assert made.value is None, told
            assert finding.value is None
        case State.NOT_KNOWN:
            assert finding.value is None
    if finding.of is not None:
        assert abs(Fraction(finding.of) - sum((r.now for r in rows), NOTHING)) < PENNY, told


def check_lines(finding: Finding) -> None:
    """The lines add up, part by part, to the rows."""
    assert finding.evidence is not None
    question, things, lines = finding.evidence.question, finding.rows(), finding.evidence.lines()
    assert finding.evidence.count() == len(things)
    assert finding.evidence.count(lines=True) == len(lines) == things["lines"].sum()
    assert_parts(finding.id, things.groupby("part")["lines"].sum(), lines.groupby("part").size())
    if question.by is None:
        return
    own = [name for name in POUNDS_COLUMNS if name in lines.columns]
    weights = [POUNDS[question.by](line) for line in lines[own].to_dict("records")]
    made = pd.Series(weights, dtype=object).groupby(lines["part"]).sum()
    if question.then is None:
        told = things.groupby("part")["weight"].sum()
    else:
        both = things["weight_now"] + things["weight_then"]
        # A period compared with itself has each of its lines once.
        told = (
            (both if question.of.condition != question.then.condition else things["weight_now"])
            .groupby(things["part"])
            .sum()
        )
    assert_parts(finding.id, told, made)


def assert_parts(finding_id: str, told: pd.Series, made: pd.Series) -> None:
    things, lines = ({part: w for part, w in own.to_dict().items() if w} for own in (told, made))
    assert things == lines, finding_id


FILES = ("rows", "kept", "refused", "duplicates", "gbp_in", "gbp_kept", "gbp_refused", "gbp_duplicates")
# What each weight of pack 01 is of a line.
POUNDS: dict[str, Callable[[dict[Any, Any]], Any]] = {
    "amount_gbp": lambda line: line["amount_gbp"],
    "coalesce(gross_gbp, amount_gbp)": lambda line: (
        line["amount_gbp"] if line["gross_gbp"] is None else line["gross_gbp"]
    ),
    "coalesce(value_part_gbp, 0)": lambda line: line["value_part_gbp"] or Decimal(0),
    **{name: itemgetter(name) for name in FILES},
}
POUNDS_COLUMNS = ("amount_gbp", "gross_gbp", "value_part_gbp", *FILES)


# --- the illustrative council -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def findings(settings: Settings) -> list[Finding]:
    """Every finding of pack 01 in a quarter and in the baseline year."""
    found = []
    for period in PERIODS:
        data = open_data(pack.PACK, period, str(settings.folder / "cwb.toml"))
        found += [finding for measure in pack.MEASURES for finding in measure(data).findings.values()]
    return found


def with_rows(findings: Iterable[Finding]) -> Iterator[Finding]:
    return (finding for finding in findings if finding.evidence is not None)


def test_every_finding_follows_from_its_rows(findings: list[Finding]) -> None:
    checked = Counter()
    for finding in with_rows(findings):
        check(finding, csv_of(finding.rows()))
        checked[finding.as_dict()["kind"]] += 1
    ids = {finding.id for finding in findings}
    without = {f.id for f in findings} - {f.id for f in with_rows(findings)}
    # All ids of the pack but one, which no file of the illustrative council can give.
    assert ids == {name for measure in pack.MEASURES for name in measure.finding_ids}
    assert without == {"local_share_gross"}
    assert len(ids) >= 55
    assert checked.total() >= 105
    assert set(checked) == {"total", "count", "share", "change", "largest", "top", "half", "derived"}


def test_what_has_no_rows_says_why(findings: list[Finding]) -> None:
    for finding in findings:
        if finding.evidence is None:
            assert finding.state is State.UNDEFINED
            assert finding.undefined


def test_lines_add_up_to_the_rows(findings: list[Finding]) -> None:
    # Of the year, whose lines are many, only what a quarter cannot show.
    of_the_year = {"one_off_difference", "mean_of_quarter_shares"}
    for finding in with_rows(findings):
        if finding.period == PERIODS[0] or finding.id in of_the_year:
            check_lines(finding)


def test_no_person_is_named_in_rows(settings: Settings, findings: list[Finding]) -> None:
    """Names that may be individuals' stand in the raw files and in no row, by thing or by line."""
    lines = pd.read_parquet(settings.processed / "lines.parquet", columns=["supplier_name", "is_registered"])
    unregistered = lines.loc[~lines["is_registered"].fillna(False).astype(bool), "supplier_name"].dropna()
    names = {name for name in unregistered.unique() if looks_individual(name)}
    assert len(names) >= 15
    seen = set()
    withheld = 0
    for finding in with_rows(findings):
        assert finding.evidence is not None
        texts = [csv_of(finding.rows())]
        source = (finding.evidence.question.of.source, finding.period)
        if source not in seen and finding.evidence.question.per.key != "source_file":
            # The lines of one table and period have one set of columns: once is enough.
            seen.add(source)
            texts.append(csv_of(finding.evidence.lines()))
        for text in texts:
            withheld += text.count(WITHHELD)
            assert not [name for name in names if name in text], finding.id
    assert withheld > 500
    assert len(seen) >= 8


# --- made councils -----------------------------------------------------------------------------------------------

DISTRICTS = ("E07000243", "E07000099", "E07000098")  # the first is the council's own
RING_OF = {"home": DISTRICTS[0], "local": DISTRICTS[1], "local too": DISTRICTS[2]}
PLACES = ("home", "local", "local too", "region", "elsewhere", "unknown", "unknown")
TRI = st.sampled_from((True, False, None))
# Few amounts, so that ties and credits that undo a payment are common.
AMOUNTS = st.sampled_from(
    [Decimal(n) for n in ("0.01", "33.33", "50.00", "100.00", "100.00", "-50.00", "-100.00", "0.00")]
)
CATEGORIES = ("Care", "Works", "Energy")
PROJECTS = (None, None, "Town hall", "Depot")


class MadeEngine(Engine):
    """An engine over tables that are filled by hand instead of read from files."""

    def __init__(self) -> None:
        self._con = duckdb.connect()
        self._con.execute("SET threads = 1")
        self._counts: dict[str, int] = {}
        for table in TABLES:
            columns = ", ".join(f"{column.name} {column.type}" for column in table.columns)
            self._con.execute(f"CREATE TABLE {table.name} ({columns})")

    def fill(self, tables: dict[str, list[dict[str, Any]]]) -> None:
        self._counts.clear()
        for table in TABLES:
            self._con.execute(f"DELETE FROM {table.name}")
            rows = tables.get(table.name, [])
            names = [c.name for c in table.columns if rows and c.name in rows[0]]
            values = ", ".join(f"({', '.join(literal(row[name]) for name in names)})" for row in rows)
            if rows:
                self._con.execute(f"INSERT INTO {table.name} ({', '.join(names)}) VALUES {values}")


def literal(value: object) -> str:
    if value is None:
        return "NULL"
    return f"'{value}'" if isinstance(value, str) else str(value)


@dataclass(frozen=True)
class Supplier:
    number: int
    is_named: bool
    place: str
    office: bool | None
    reviewed: bool | None
    numbered: bool | None
    is_sme: bool | None
    is_vcse: bool | None
    size: str | None
    status: str

    def columns(self, line: int) -> dict[str, Any]:
        is_known = self.is_named and self.place != "unknown"
        ring = self.place.split()[0] if is_known else "unknown"
        facts = ("office", "reviewed", "numbered", "is_sme", "is_vcse", "size")
        office, reviewed, numbered, is_sme, is_vcse, size = (
            getattr(self, name) if self.is_named else None for name in facts
        )
        return {
            "supplier_key": f"id:{self.number}" if self.is_named else None,
            "payee_key": f"id:{self.number}" if self.is_named else f"line {line}",
            # Three suppliers may be shown by one and the same text.
            "display_name": WITHHELD if self.number % 2 else f"Supplier {self.number} Ltd",
            "ring": ring,
            "lad_code": RING_OF.get(self.place) if is_known else None,
            "is_local": self.place in RING_OF if is_known else None,
            "is_home": self.place == "home" if is_known else None,
            "place_evidence": PlaceEvidence.VENDOR_LIST.value if is_known else PlaceEvidence.NONE.value,
            "is_local_by_office": office,
            "is_local_if_reviewed": reviewed,
            "is_local_by_number": numbered,
            "is_sme": is_sme,
            "is_vcse": is_vcse,
            "size": size,
            "match_status": self.status if self.is_named else "no match",
            "match_evidence": "company number",
            "organisation_key": f"id:{self.number}" if self.is_named else f"line {line}",
        }


SUPPLIERS = st.builds(
    Supplier,
    st.just(0),
    st.sampled_from((True, True, True, True, False)),
    st.sampled_from(PLACES),
    TRI,
    TRI,
    TRI,
    TRI,
    TRI,
    st.sampled_from((None, "micro", "large")),
    st.sampled_from(("matched", "review", "no match")),
)


def months(period: Period) -> list[tuple[int, int]]:
    """Year and number of the financial year's month, 0 for April."""
    quarters = (period.quarter,) if period.quarter else (1, 2, 3, 4)
    return [(period.start_year, (quarter - 1) * 3 + month) for quarter in quarters for month in range(3)]


@st.composite
def councils(draw: st.DrawFn) -> tuple[str, dict[str, list[dict[str, Any]]], Evidence]:
    """A period, the tables of a council with up to seven suppliers, and a floor."""
    period = Period.parse(draw(st.sampled_from(("2026-27-Q2", "2026-27-Q2", "2023-24", "2026-27"))))
    suppliers = [
        Supplier(n, *(getattr(drawn, name) for name in list(Supplier.__dataclass_fields__)[1:]))
        for n, drawn in enumerate(draw(st.lists(SUPPLIERS, min_size=1, max_size=7)))
    ]
    who = st.sampled_from(suppliers)
    looked_at = [
        m for p in dict.fromkeys((period, period.previous(), period.like(Period(2023)))) for m in months(p)
    ]
    listed = {year: draw(st.booleans()) for year in (2023, 2025, 2026)}
    # Nearly always every month has a payment, else nothing could be compared; then some more lines.
    filled = looked_at if draw(st.integers(0, 5)) else looked_at[:-1]
    given_lines = [(month, draw(who), draw(AMOUNTS)) for month in filled]
    more = st.tuples(st.sampled_from(looked_at), who, AMOUNTS)
    given_lines += draw(st.lists(more, max_size=12))
    spend = []
    for row, ((year, month), supplier, amount) in enumerate(given_lines, start=2):
        project = draw(st.sampled_from(PROJECTS)) if listed.get(year) else None
        spend.append(
            {
                "source_file": f"spend/{year}.csv",
                "source_sheet": None,
                "source_row": row,
                "financial_year": year,
                "quarter_number": month // 3 + 1,
                "payment_date": "2026-04-01",
                "payment_month": month_number(year, month),
                "amount_gbp": amount,
                "gross_gbp": draw(st.sampled_from((None, None, amount * Decimal("1.2")))),
                "payment_gbp": amount,
                "vat_basis": "net",
                "category": draw(st.sampled_from(CATEGORIES)),
                "project": project,
                "is_one_off": project is not None if listed.get(year) else None,
            }
            | supplier.columns(row)
        )
    awards, contracts = [], []
    for row in range(draw(st.integers(0, 6))):
        common = {
            "source_file": "awards/cf.csv",
            "source_sheet": None,
            "source_row": row + 2,
            "financial_year": period.start_year,
            "quarter_number": period.quarter or 1,
        }
        supplier, value = draw(who), draw(st.one_of(st.none(), AMOUNTS))
        key = f"award {draw(st.integers(0, 2))}"
        awards.append(
            common
            | {
                "award_date": "2026-04-01",
                "award_key": key,
                "notice_source": "Contracts Finder",
                "title": key,
                "buyer_name": "We",
                "body": draw(st.sampled_from(("We", "They", None))),
                "is_own": draw(st.booleans()),
                "value_gbp": value,
                "value_part_gbp": value,
                "supplier_count": 1,
            }
            | supplier.columns(row)
        )
        contracts.append(
            common
            | {"contract_key": key, "title": key, "start_date": "2026-04-01", "value_gbp": value}
            | supplier.columns(row)
        )
    one_offs = [
        {
            "source_file": "one_offs/list.csv",
            "source_sheet": None,
            "source_row": row,
            "financial_year": year,
            "project": project,
            "kind": "capital",
            "reason": "large",
            "approving_role": "Director",
            "match_on": "supplier_id",
            "match_value": "1",
            "approved_gbp": Decimal(80),
        }
        for row, (year, project) in enumerate(
            ((year, project) for year in listed if listed[year] for project in PROJECTS[2:]), start=2
        )
    ]
    files = [
        {
            "source_file": f"spend/{year}.csv",
            "source": "spend",
            "rows": 9,
            "kept": 7,
            "refused": 1,
            "duplicates": 1,
            "gbp_in": Decimal("90.10"),
            "gbp_kept": Decimal("-5.05"),
            "gbp_refused": Decimal(95),
            "gbp_duplicates": Decimal(0),
        }
        for year in listed
    ]
    organisations = [{"org_id": "1", "name": "One Ltd", "is_double": False}] if draw(st.booleans()) else []
    tables = {
        "spend_lines": spend,
        "award_lines": awards,
        "contract_lines": contracts,
        "one_offs": one_offs,
        "files": files,
        "organisations": organisations,
    }
    floor = draw(st.sampled_from((0.0, 0.5, 0.9)))
    return str(period), tables, Evidence(floor_pounds=floor, floor_things=floor)


def month_number(year: int, month: int) -> int:
    return (year + (month + 3) // 12) * 100 + (month + 3) % 12 + 1


def measured(settings: Settings, engine: Engine, period: str, evidence: Evidence) -> list[Finding]:
    """Every finding of pack 01 over the tables of an engine."""
    reports = (FileReport("spend/2026.csv", "spend", "", kept=7),)
    own = settings.model_copy(update={"evidence": evidence, "published": settings.published[:2]})
    data = PackData(own, Period.parse(period), pack.PACK, Lineage("", reports, {}), engine)
    skipped = {"coverage"}  # its table shows each file's report; its findings rest on the table of files alone
    return [finding for one in pack.MEASURES if one.id not in skipped for finding in one(data).findings.values()]


@pytest.fixture(scope="module")
def made_engine() -> MadeEngine:
    return MadeEngine()


def test_findings_of_made_councils_follow_from_their_rows(settings: Settings, made_engine: MadeEngine) -> None:
    seen: Counter[tuple[str, str]] = Counter()
    seen_councils: list[str] = []

    # A failure is told as found: making it smaller would take minutes, and a council is small already.
    @hypothesis_settings(
        max_examples=15,
        deadline=None,
        derandomize=True,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    @given(council=councils())
    def every_council(council: tuple[str, dict[str, list[dict[str, Any]]], Evidence]) -> None:
        period, tables, evidence = council
        made_engine.fill(tables)
        turn = len(seen_councils) % 5
        seen_councils.append(period)
        for place, finding in enumerate(with_rows(measured(settings, made_engine, period, evidence))):
            check(finding, csv_of(finding.rows()))
            if place % 5 == turn:
                check_lines(finding)
            seen[finding.as_dict()["kind"], finding.state] += 1

    every_council()
    assert {kind for kind, _ in seen} == {"total", "count", "share", "change", "largest", "top", "half", "derived"}
    assert {state for _, state in seen} == set(State)
    assert seen.total() > 500
