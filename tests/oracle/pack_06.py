"""Pack 06: social value promised and delivered, returns of smaller contracts, and waste."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from functools import cache
from itertools import pairwise
from pathlib import Path

from oracle import pack_06_ethics, pack_06_jobs
from oracle.agreements import Contract, register
from oracle.answers import (
    NOTHING,
    UNDEFINED,
    Answer,
    between,
    counted,
    exactly,
    part,
)
from oracle.council import Council, Period
from oracle.forms import Row, day, in_period, number, rows, summed, sure_day, yes
from oracle.reading import day_of, table

THEMES = ("work", "economy", "community", "planet")
BEHIND_BELOW = Fraction(8, 10)


def figures(council: Council, period: Period) -> dict[str, Answer]:
    return {
        **_portal(council, period),
        **_returns(council, period),
        **pack_06_jobs.figures(council, period),
        **_waste(council, period),
        **pack_06_ethics.figures(council, period),
    }


# --- the portal's export -------------------------------------------------------------------------------------


class Measure:
    """What an export says by a day of one measure of one contract; a target is of the whole contract."""

    def __init__(self, told: list[Row]):
        told.sort(key=lambda row: sure_day(row, "Period to"))
        self.contract, self.theme = told[-1]["Contract reference"].upper(), told[-1]["Theme"]
        self.is_local = yes(told[-1]["Local economic value"])
        self.target, self.target_quantity = (_last(told, name) for name in ("Target £", "Target quantity"))
        spans = {(sure_day(row, "Period from"), sure_day(row, "Period to")) for row in told}
        # A quarter of which the year is told as well is not added to it.
        inner = {(a, b) for a, b in spans for c, d in spans if c <= a and b <= d and (a, b) != (c, d)}
        # No other periods of the illustrative export overlap: what of them is told twice would not be known.
        outer = sorted(spans - inner)
        assert all(before[1] < after[0] for before, after in pairwise(outer))
        self.rows = [
            row for row in told if (sure_day(row, "Period from"), sure_day(row, "Period to")) not in inner
        ]
        self.delivered, self.delivered_quantity = (
            summed(self.rows, name) for name in ("Delivered £", "Delivered quantity")
        )

    @property
    def has_target(self) -> bool:
        return bool(self.target or self.target_quantity)

    @property
    def has_delivery(self) -> bool:
        return self.delivered is not None or self.delivered_quantity is not None

    def is_behind(self, passed: Fraction) -> bool | None:
        """By pounds, else by quantity."""
        for target, done in ((self.target, self.delivered), (self.target_quantity, self.delivered_quantity)):
            if target is not None and done is not None:
                return done < BEHIND_BELOW * target * passed
        return None


def _last(told: list[Row], name: str) -> Fraction | None:
    return next((value for row in reversed(told) if (value := number(row[name])) is not None), None)


def export(raw: Path) -> list[Row]:
    """The export under our own column names and themes."""
    mapping = {
        ours: theirs for path in (raw / "social_value").glob("*_columns.csv") for ours, theirs in _pairs(path)
    }
    themes = {theirs.lower(): name for name in THEMES for theirs in (name, mapping.get(f"Theme {name}", name))}
    found = []
    for row in rows(raw, "social_value"):
        ours = {name: row.get(theirs, "") for name, theirs in mapping.items()}
        ours["Theme"] = themes.get(ours["Theme"].lower(), "")
        needed = ("Contract reference", "Measure reference", "Theme", "Unit", "Local economic value")
        if all(ours[name] for name in needed) and all(day_of(ours[n]) for n in ("Period from", "Period to")):
            found.append(ours)
    return found


def _pairs(path: Path) -> list[tuple[str, str]]:
    return [(row["our column"], row["export column"]) for row in table(path)]


def _portal(council: Council, period: Period) -> dict[str, Answer]:
    told = [row for row in export(council.raw) if sure_day(row, "Period to") <= period.end]
    if not told:
        return dict.fromkeys(
            (
                "sv_committed", "sv_delivered", *(f"sv_delivered_{theme}" for theme in THEMES), "sv_local_value",
                "sv_verified_share", "sv_proxy_versions", "sv_kept_share", "sv_pace", "sv_behind_count",
                "sv_contract_count", "sv_measure_count", "sv_measure_told_share",
            ),
            UNDEFINED,
        )  # fmt: skip
    by_measure: dict[tuple[str, ...], list[Row]] = defaultdict(list)
    for row in told:
        names = ("Contract reference", "Measure reference", "Local economic value")
        by_measure[tuple(row[name].upper() for name in names)].append(row)
    every = [Measure(own) for own in by_measure.values()]
    pounds = [one for one in every if not one.is_local]
    delivered = [row for one in pounds for row in one.rows]

    def done(of: Iterable[Measure]) -> Fraction:
        return sum((one.delivered or NOTHING for one in of), NOTHING)

    def of_theme(of: list[Measure]) -> Answer:
        """Nothing where the export has no measure of it; not known where it has some and states pounds of none."""
        is_told = not of or any(one.delivered is not None for one in of)
        return exactly(done(of)) if is_told else UNDEFINED

    evidence: dict[str, Fraction] = defaultdict(Fraction)
    for row in delivered:
        evidence[row["Evidence status"].lower()] += number(row["Delivered £"]) or 0
    verified, submitted, all_of_it = evidence["verified"], evidence["submitted"], sum(evidence.values())
    wanted = [one for one in every if one.has_target]
    return {
        "sv_committed": exactly(sum((one.target or NOTHING for one in pounds), NOTHING)),
        "sv_delivered": exactly(done(pounds)),
        **{f"sv_delivered_{theme}": of_theme([one for one in pounds if one.theme == theme]) for theme in THEMES},
        "sv_local_value": exactly(done(one for one in every if one.is_local)),
        "sv_verified_share": between(
            verified / all_of_it, verified / all_of_it, (verified + submitted) / all_of_it
        ),
        "sv_proxy_versions": exactly(len({row["Proxy version"] for row in told if row["Proxy version"]})),
        "sv_contract_count": exactly(len({one.contract for one in every})),
        "sv_measure_count": exactly(sum(one.has_target or one.has_delivery for one in every)),
        "sv_measure_told_share": part(one.has_delivery for one in wanted),
        **_kept(council, period, every),
    }


@cache
def _terms(raw: Path) -> dict[str, Contract]:
    return {one.reference: one for one in register(raw)}


def _passed(contract: Contract, today: date) -> Fraction:
    assert contract.end is not None
    days = (contract.end - contract.start).days + 1
    return Fraction(min(max((today - contract.start).days + 1, 0), days), days)


def _kept(council: Council, period: Period, every: list[Measure]) -> dict[str, Answer]:
    """Every contract of the illustrative export stands on the register with its last day."""
    terms = _terms(council.raw)
    ended = [
        one for one in every if one.target and not one.is_local and in_period(period)(terms[one.contract].end)
    ]
    live = [
        (one, _passed(term, period.end))
        for one in every
        for term in (terms[one.contract],)
        if term.end is not None and term.start <= period.end < term.end
    ]
    promised = sum((one.target or NOTHING for one in ended), NOTHING)
    kept = sum((one.delivered or NOTHING for one in ended), NOTHING)
    silent = sum((one.target or NOTHING for one in ended if one.delivered is None), NOTHING)
    running = [(one, passed) for one, passed in live if one.target and not one.is_local]
    due = sum(((one.target or NOTHING) * passed for one, passed in running), NOTHING)
    done = sum((one.delivered or NOTHING for one, _ in running), NOTHING)
    late = sum(((one.target or NOTHING) * passed for one, passed in running if one.delivered is None), NOTHING)
    return {
        "sv_kept_share": between(kept / promised, kept / promised, (kept + silent) / promised),
        "sv_pace": between(done / due, done / due, (done + late) / due),
        "sv_behind_count": counted(one.is_behind(passed) for one, passed in live if one.has_target),
    }


# --- returns of smaller contracts ------------------------------------------------------------------------------


def _return_rows(raw: Path) -> list[Row]:
    """A return of a contract that the register does not list is refused."""
    needed = (
        "Contract reference", "Supplier name", "Measure", "Unit", "Relates only to this contract and period",
        "Was a commitment in the contract",
    )  # fmt: skip
    told = rows(raw, "social_value_returns", *needed, days=("Period from", "Period to"))
    return [row for row in told if row["Contract reference"] in _terms(raw)]


def _returns(council: Council, period: Period) -> dict[str, Answer]:
    """All contracts of the illustrative returns are small beyond doubt."""
    told = [row for row in _return_rows(council.raw) if in_period(period)(day(row, "Period to"))]
    if not told:
        return dict.fromkeys(("sv_small_count", "sv_small_verified_share"), UNDEFINED)
    return {
        "sv_small_count": exactly(len({row["Contract reference"] for row in told})),
        "sv_small_verified_share": part(bool(row["Evidence"] and row["Checked by (role)"]) for row in told),
    }


def _waste(council: Council, period: Period) -> dict[str, Answer]:
    names = ("waste_tonnes", "waste_change", "waste_kept_from_landfill_share")
    told = [
        row
        for row in _return_rows(council.raw)
        if row["Unit"] == "tonnes" and yes(row["Relates only to this contract and period"])
    ]

    def tonnes(measure: str, of: Period) -> dict[str, Fraction]:
        found: dict[str, Fraction] = defaultdict(Fraction)
        for row in told:
            if (
                row["Measure"] == measure
                and of.start <= sure_day(row, "Period from")
                and sure_day(row, "Period to") <= of.end
            ):
                found[row["Contract reference"]] += number(row["Delivered quantity"]) or 0
        return found

    def on_the_portal(of: Period) -> dict[str, Fraction]:
        """What is reused or recycled; of a contract that tells no waste beside it, it is all that is told."""
        found: dict[str, Fraction] = defaultdict(Fraction)
        for row in export(council.raw):
            is_of_it = of.start <= sure_day(row, "Period from") and sure_day(row, "Period to") <= of.end
            amount = number(row["Delivered quantity"])
            if (
                row["Unit"] == "tonnes"
                and row["Measure title"] == "Waste reused or recycled"
                and is_of_it
                and amount is not None
            ):
                found[row["Contract reference"]] += amount
        return found

    earlier = Period(period.year - 1, period.quarter)
    now, then = (on_the_portal(of) | tonnes("Waste", of) for of in (period, earlier))
    kept = {
        one: amount for one, amount in tonnes("Waste recycled", period).items() if one in tonnes("Waste", period)
    }
    if not now:
        return dict.fromkeys(names, UNDEFINED)
    both = now.keys() & then.keys()
    return {
        "waste_tonnes": exactly(sum(now.values(), NOTHING)),
        "waste_change": exactly(sum((now[one] - then[one] for one in both), NOTHING)),
        "waste_kept_from_landfill_share": exactly(
            sum((kept[one] for one in now.keys() & kept.keys()), NOTHING)
            / sum((now[one] for one in now.keys() & kept.keys()), NOTHING)
        ),
    }
