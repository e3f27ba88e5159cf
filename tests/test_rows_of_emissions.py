"""Anyone recomputes: every finding of pack 05 from the CSV of its rows alone, by the rule that it states.

As `test_rows_property`, of which the helpers are used; here rows are multiplied by factors that are off together. The ends
of a ratio are not searched for but tested: t is the least ratio exactly where Σ factor × (amount − t × base), with every
factor at its better end, is nought.
"""

from __future__ import annotations

import csv
import io
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from conftest import Opened
from cwb.base.privacy import NOT_STATED, WITHHELD
from cwb.council.config import Settings
from cwb.council.periods import Period
from cwb.council.sections import Evidence
from cwb.evidence.data import PackData
from cwb.evidence.definitions import family_of
from cwb.evidence.finding import Finding, State
from cwb.evidence.record import record
from cwb.packs.contract_emissions import PACK as pack
from cwb.packs.contract_emissions.commitments import SHARE
from cwb.sources.store import Lineage
from test_rows_property import PERIODS, MadeEngine, check_lines, csv_of, same, with_rows
from test_rows_property import check as check_by_kind

Row = dict[str, Any]
Three = tuple[Fraction, Fraction, Fraction]
NUMBERS = (
    "weight", "weight_now", "weight_then", "pounds", "factor", "low_factor", "high_factor", "low_weight", "high_weight",
    "spend_factor", "first_factor", "factor_before", "score",
)  # fmt: skip
NOTHING = Fraction(0)
OWN_IDS = {name for one in pack.measures for name in one.finding_ids}


def read(text: str) -> list[Row]:
    rows: list[Row] = list(csv.DictReader(io.StringIO(text)))
    for row in rows:
        assert row["part"] in ("in", "out", "unknown")
        assert int(row["lines"]) > 0
        for name in NUMBERS:
            if name in row:
                row[name] = Fraction(row[name] or 0)
    return rows


def known(rows: Iterable[Row]) -> list[Row]:
    return [row for row in rows if row["part"] == "in"]


def ends_of(rows: Iterable[Row], amount: Callable[[Row], Fraction]) -> dict[str, Three]:
    """By the text in `shared`: amount × factor, × low_factor, × high_factor."""
    found: dict[str, list[Fraction]] = defaultdict(lambda: [NOTHING] * 3)
    for row in rows:
        for n, name in enumerate(("factor", "low_factor", "high_factor")):
            found[row["shared"]][n] += amount(row) * row[name]
    return {key: (a, b, c) for key, (a, b, c) in found.items()}


def summed(ends: dict[str, Three]) -> Three:
    return (
        sum((value for value, _, _ in ends.values()), NOTHING),
        sum((min(low, high) for _, low, high in ends.values()), NOTHING),
        sum((max(low, high) for _, low, high in ends.values()), NOTHING),
    )


def is_ratio(
    finding: Finding, rows: list[Row], amount: Callable[[Row], Fraction], base: Callable[[Row], Fraction]
) -> bool:
    tops, bases = ends_of(rows, amount), ends_of(rows, base)
    if sum((min(low, high) for _, low, high in bases.values()), NOTHING) <= 0:
        return finding.low is None
    value, size = sum(t[0] for t in tops.values()), sum(b[0] for b in bases.values())

    def is_end(told: float | None, best: Callable[..., Fraction]) -> bool:
        assert told is not None
        t = Fraction(told)
        left = sum(best(tops[k][1] - t * bases[k][1], tops[k][2] - t * bases[k][2]) for k in tops)
        return abs(left) < size * Fraction(1, 10**9)

    is_value = finding.value is None or same(finding.value, value / size, "share")
    return is_value and is_end(finding.low, min) and is_end(finding.high, max)


def ends_are(finding: Finding, made: Three | None) -> bool:
    if finding.low is None and finding.high is None:
        return made is None or finding.state in (State.NOT_KNOWN, State.UNDEFINED)
    assert made is not None
    told = (finding.value, finding.low, finding.high)
    size = max(1, *(abs(end) for end in made))
    return all(t is None or abs(Fraction(t) - m) < size / 10**9 for t, m in zip(told, made, strict=True))


# --- the rules that findings state, once more -------------------------------------------------------------------


def weight(row: Row) -> Fraction:
    found: Fraction = row["weight"]
    return found


def products(rows: list[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in known(rows):
        found[row["group"]].append(row)
    return found


def emitted(rows: list[Row]) -> Three:
    return summed(ends_of(rows, weight))


def score(finding: Finding, rows: list[Row]) -> bool:
    paid = [row for row in known(rows) if row["weight"] > 0]
    return is_ratio(finding, paid, lambda r: r["weight"] * r["score"], weight)


def per_pound(finding: Finding, rows: list[Row]) -> bool:
    pounds = sum((row["weight"] for row in known(rows)), NOTHING)
    value, low, high = emitted(known(rows))
    return ends_are(finding, (value / pounds, low / pounds, high / pounds) if pounds > 0 else None)


def largest_product(finding: Finding, rows: list[Row]) -> bool:
    sums = [emitted(own) for own in products(rows).values()]
    return ends_are(finding, tuple(max(s[n] for s in sums) for n in range(3)) if sums else None)  # type: ignore[arg-type]


def largest_product_share(finding: Finding, rows: list[Row]) -> bool:
    sums = {product: emitted(own)[0] for product, own in products(rows).items()}
    top = max(sorted(sums), key=lambda product: sums[product], default="")
    return is_ratio(finding, known(rows), lambda r: r["weight"] if r["group"] == top else NOTHING, weight)


def suppliers(rows: list[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in known(rows):
        if row["thing"] not in (WITHHELD, NOT_STATED):
            found[row["thing"]].append(row)
    return found


def largest_suppliers(finding: Finding, rows: list[Row]) -> bool:
    sums = {name: emitted(own)[0] for name, own in suppliers(rows).items()}
    top = sorted(sums, key=lambda name: (-sums[name], name))[:12]
    return is_ratio(finding, known(rows), lambda r: r["weight"] if r["thing"] in top else NOTHING, weight)


def asked(finding: Finding, rows: list[Row]) -> bool:
    """Ten times over the supplier whose own figure, off by a fifth, leaves least of the range."""
    wide: dict[str, Fraction] = defaultdict(Fraction)
    for row in known(rows):
        wide[row["shared"]] += row["weight"] * (row["high_factor"] - row["factor"])
    own: dict[str, dict[str, Fraction]] = {}
    fifth: dict[str, Fraction] = defaultdict(Fraction)
    for name, of_supplier in suppliers(rows).items():
        for row in of_supplier:
            if row["method"] == "spend-based":
                parts = own.setdefault(name, defaultdict(Fraction))
                parts[row["shared"]] += row["weight"] * (row["high_factor"] - row["factor"])
                fifth[name] += row["weight"] * row["factor"] / 5
    first = left = sum((abs(w) for w in wide.values()), NOTHING)
    for _ in range(10):
        gains = {
            name: sum((abs(wide[k]) - abs(wide[k] - w) for k, w in parts.items()), NOTHING) - abs(fifth[name])
            for name, parts in own.items()
        }
        name = min(gains, key=lambda n: (-gains[n], n), default="")
        if not name or gains[name] <= 0:
            break
        left -= gains[name]
        for key, w in own.pop(name).items():
            wide[key] -= w
    share = (first - left) / first if first else None
    return ends_are(finding, None if share is None else (share, share, share))


def difference(finding: Finding, rows: list[Row], share: Fraction = Fraction(1)) -> bool:
    return ends_are(finding, summed(ends_of(known(rows), lambda r: r["weight_now"] - share * r["weight_then"])))


def way(finding: Finding) -> Fraction:
    """What a straight way leaves of the baseline, from days."""
    period = Period.parse(finding.period)
    start, last = Period(2023, period.quarter).end.toordinal(), Period(2030, 3).end.toordinal()
    return Fraction(last - period.end.toordinal(), last - start)


def due(finding: Finding, rows: list[Row]) -> bool:
    value, low, high = (end * way(finding) for end in emitted(known(rows)))
    return ends_are(finding, (value, low, high))


def by_reports(finding: Finding, rows: list[Row], is_carried: bool) -> bool:
    units: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        units[row["unit"]].append(row)
    growths: dict[str, Fraction] = {}
    for unit, own in units.items():
        now, then = ([row for row in own if row[f"weight_{side}"]] for side in ("now", "then"))
        spend_now, spend_then = (
            sum((row[f"weight_{side}"] * row["spend_factor"] for row in own), NOTHING) for side in ("now", "then")
        )
        is_like = bool(now and then) and min(r["method"] for r in now) == min(r["method"] for r in then)
        if is_like and spend_then > 1 and any(row["is_carried"] == "True" for row in own) == is_carried:
            growths[unit] = spend_now / spend_then
    kept = [row for row in rows if row["unit"] in growths]
    made = ends_of(kept, lambda r: r["weight_now"] - growths[r["unit"]] * r["weight_then"])
    return ends_are(finding, summed(made))


def restated(finding: Finding, rows: list[Row]) -> bool:
    value = sum((row["weight"] * (row["factor"] - row["first_factor"]) for row in rows), NOTHING)
    return ends_are(finding, (value, value, value))


def trap(finding: Finding, rows: list[Row]) -> bool:
    now, before = (
        sum((r["weight"] * r[name] for r in known(rows)), NOTHING) for name in ("factor", "factor_before")
    )
    change = now / before - 1 if before > 0 else None
    return ends_are(finding, None if change is None else (change, change, change))


DERIVED: dict[str, Callable[[Finding, list[Row]], bool]] = {
    "emissions_score": score,
    "emissions_per_pound": per_pound,
    "hot_spot_emissions": largest_product,
    "hot_spot_share": largest_product_share,
    "supplier_hot_spot_share": largest_suppliers,
    "ask_next_share": asked,
    "emissions_change": difference,
    "emissions_supplier_change": lambda finding, rows: by_reports(finding, rows, is_carried=False),
    "emissions_carried_change": lambda finding, rows: by_reports(finding, rows, is_carried=True),
    "emissions_restatement": restated,
    "factor_trap_change": trap,
    "pathway_due": due,
    "pathway_distance": lambda finding, rows: difference(finding, rows, way(finding)),
}


def modelled(finding: Finding, rows: list[Row], is_share: bool) -> bool:
    for row in rows:
        if row["part"] != "unknown":
            worse, better = sorted((row["pounds"] * row["low_factor"], row["pounds"] * row["high_factor"]))
            assert (row["low_weight"], row["weight"], row["high_weight"]) == (
                worse,
                row["pounds"] * row["factor"],
                better,
            )
    sums = [
        [
            sum((r[name] for r in rows if r["part"] == part), NOTHING)
            for name in ("weight", "low_weight", "high_weight")
        ]
        for part in ("in", "out")
    ]
    (value, low, high), (value_out, low_out, high_out) = sums
    if not is_share:
        return ends_are(finding, (value, low, high))
    if min(low, low_out) < 0 or value + value_out <= 0:
        return True  # shares with credits have corners: tested in test_bounds
    made = (value / (value + value_out), low / (low + high_out), high / (high + low_out))
    return ends_are(finding, made)


def added(finding: Finding, rows: list[Row], kind: str) -> bool:
    value = sum((row["weight"] for row in rows if row["part"] == "in"), NOTHING)
    unknown = [row["weight"] for row in rows if row["part"] == "unknown"]
    made = (value, value + sum(w for w in unknown if w < 0), value + sum(w for w in unknown if w > 0))
    whole = sum((row["weight"] for row in rows), NOTHING)
    if kind == "share":
        return ends_are(finding, tuple(end / whole for end in made) if whole > 0 else None)  # type: ignore[arg-type]
    return ends_are(finding, made)


def median(finding: Finding, rows: list[Row]) -> bool:
    ordered = sorted(row["weight"] for row in rows)
    middle = (ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2]) / 2
    return ends_are(finding, (middle, middle, middle))


def check(finding: Finding) -> None:
    assert finding.evidence is not None
    if family_of(finding.id) == SHARE:
        # Its base may not be known either: a kind of its own.
        check_by_kind(finding, csv_of(finding.rows()))
        return
    question, rows = finding.evidence.question, read(csv_of(finding.rows()))
    kind = record(finding).kind
    assert kind == question.kind, finding.id
    columns = (
        ("pounds",) if kind == "modelled" else ("weight_now", "weight_then") if question.then else ("weight",)
    )
    sizes = [
        sum((abs(row[name]) for row in own for name in columns), NOTHING)
        for own in ([row for row in rows if row["part"] == "unknown"], rows)
    ]
    assert same(finding.coverage, 1 - sizes[0] / sizes[1] if sizes[1] else None, "share"), finding.id
    if finding.state is State.STATED:
        assert finding.value is not None
        assert finding.low is not None
        assert finding.high is not None
        assert finding.low <= finding.value <= finding.high, finding
    elif finding.low is None:
        return
    match kind:
        case "derived":
            assert DERIVED[finding.id](finding, rows), finding
        case "modelled":
            assert modelled(finding, rows, question.is_share), finding
        case "median":
            assert median(finding, rows), finding
        case _:
            assert added(finding, rows, kind), finding


# --- the illustrative council -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def findings(illustrative: Opened) -> list[Finding]:
    found = []
    for period in (PERIODS[0], "2024-25"):
        data = illustrative(pack.id, period)
        found += [finding for measure in pack.measures for finding in measure(data).findings.values()]
    return found


def test_every_finding_follows_from_its_rows(findings: list[Finding]) -> None:
    checked = Counter()
    for finding in with_rows(findings):
        check(finding)
        checked[record(finding).kind] += 1
    assert {family_of(finding.id) for finding in with_rows(findings)} == OWN_IDS
    assert set(checked) == {"modelled", "share", "derived", "count", "total", "median"}
    for finding in findings:
        assert finding.evidence is not None or finding.undefined


def test_lines_add_up_to_the_rows(findings: list[Finding]) -> None:
    for finding in with_rows(findings):
        question = finding.evidence.question if finding.evidence else None
        if (
            finding.period == PERIODS[0]
            and question is not None
            and question.kind in ("share", "count", "derived")
        ):
            check_lines(finding)


# --- made councils -----------------------------------------------------------------------------------------------

CODES = (("62", 5, "purchased goods and services"), ("81", 4, "waste"), ("35.1", 4, "energy"), (None, None, None))
AMOUNTS = st.sampled_from([1, 20, 100, 100, 250, -20, -100, -300])
YEARS = (2023, 2024)


def line(row: int, year: int, month: int, amount: int, drawn: tuple[Any, ...]) -> dict[str, Any]:
    (code, score_, category), supplier, contract, is_capital = drawn
    named = supplier != 3
    return {
        "source_file": f"spend/{year}.csv", "source_sheet": None, "source_row": row, "financial_year": year,
        "quarter_number": month // 3 + 1, "payment_date": f"{year}-04-01", "payment_month": year * 100 + month,
        "amount_gbp": amount, "payment_gbp": amount, "vat_basis": "net", "category": "x", "ring": "unknown",
        "supplier_key": f"id:{supplier}" if named else None, "payee_key": f"id:{supplier}" if named else f"line {row}",
        "display_name": (f"Supplier {supplier} Ltd", WITHHELD, f"Supplier {supplier} Ltd", NOT_STATED)[supplier],
        "contract_reference": contract, "contract_unit": contract if contract != "C9" else None,
        "supplier_unit": "supplier 1" if supplier == 2 else None, "product_code": code, "product_score": score_,
        "product_category": category, "is_capital": is_capital,
        "match_status": "no match", "match_evidence": "company number", "place_evidence": "none",
    }  # fmt: skip


FACTS = st.tuples(
    st.sampled_from(CODES), st.integers(0, 3), st.sampled_from((None, None, "C1", "C2", "C9")), st.sampled_from((None, None, True)),
)  # fmt: skip
REPORT = st.tuples(
    st.sampled_from(("C1", "C2", "supplier 1")), st.sampled_from(YEARS), st.sampled_from((0, 10, 90, None)),
    st.sampled_from(("supplier-specific", "hybrid", "average-data")), st.sampled_from((True, False, None)),
)  # fmt: skip


@st.composite
def councils(draw: st.DrawFn) -> dict[str, list[dict[str, Any]]]:
    """Two years of a council with up to four suppliers, factors of two releases, reports and prices."""
    months = [(year, month) for year in YEARS for month in range(12)]
    lines = [(year, month, draw(AMOUNTS), draw(FACTS)) for year, month in months]
    spend = [
        line(row, year, month, amount, facts) for row, (year, month, amount, facts) in enumerate(lines, start=2)
    ]
    place = {"source_file": "x.csv", "source_sheet": None}
    factors = [
        place | {"source_row": n, "release": release, "code": code, "product": f"Product {code}", "factor_year": year,
                 "kgco2e_per_gbp": draw(st.sampled_from((0, 0.25, 0.5, 2)))}
        for n, (release, year, code) in enumerate(
            ((r, y, c) for r in ("a", "b") for y in (2023, 2024) for c in ("62", "81", "35.1")), start=2)
    ]  # fmt: skip
    reports = [
        place | {"source_row": n, "financial_year": year, "unit": unit, "display_name": "Supplier 1 Ltd", "method": method,
                 "contract_reference": unit if unit.startswith("C") else None, "kgco2e": kg, "supplier_kgco2e": 500,
                 "turnover_gbp": 1000, "is_assured": flag, "is_baseline": flag, "has_upstream": flag, "planned_share": None}
        for n, (unit, year, kg, method, flag) in enumerate(draw(st.lists(REPORT, max_size=5)), start=2)
    ]  # fmt: skip
    deflators = [
        place | {"source_row": n, "kind": kind, "start_year": year, "index_value": value, "is_forecast": None, "release": "d"}
        for n, (kind, year, value) in enumerate(
            (("financial", 2023, 100), ("financial", 2024, 125), ("calendar", 2024, 110)), start=2)
    ]  # fmt: skip
    return {
        "spend_lines": spend,
        "emission_factors": factors,
        "report_lines": reports,
        "deflators": deflators if draw(st.booleans()) else [],
    }


def test_findings_of_made_councils_follow_from_their_rows(settings: Settings) -> None:
    engine = MadeEngine()
    seen: Counter[State] = Counter()

    @hypothesis_settings(
        max_examples=5, deadline=None, derandomize=True, phases=(Phase.generate,), suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(tables=councils(), floor=st.sampled_from((0.0, 0.9)))
    def every_council(tables: dict[str, list[dict[str, Any]]], floor: float) -> None:
        engine.fill(tables)
        own = settings.model_copy(update={"evidence": Evidence(floor_pounds=floor, floor_things=floor)})
        data = PackData(own, Period(2024), pack.id, Lineage("", (), {}), engine)
        for measure in pack.measures:
            for finding in with_rows(measure(data).findings.values()):
                check(finding)
                seen[finding.state] += 1

    every_council()
    assert {State.STATED, State.NOT_KNOWN, State.UNDEFINED} <= set(seen)
    assert seen.total() > 80
