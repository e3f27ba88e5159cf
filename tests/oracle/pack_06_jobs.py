"""Pack 06, jobs and training, and developers' plans for them."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from pathlib import Path

from oracle.answers import NOTHING, UNDEFINED, Answer, Maybe, among, counted, exactly, people
from oracle.council import Council, Period
from oracle.forms import Row, day, in_period, number, rows, summed, sure_day


def figures(council: Council, period: Period) -> dict[str, Answer]:
    return {**_jobs(council, period), **_plans(council, period)}


def _employment(raw: Path) -> list[Row]:
    return rows(
        raw,
        "employment",
        "Scheme",
        "Kind",
        "Measure",
        "Basis",
        "Delivered in period",
        days=("Period from", "Period to"),
    )


def _jobs(council: Council, period: Period) -> dict[str, Answer]:
    told = [
        row
        for row in _employment(council.raw)
        if period.start <= sure_day(row, "Period from") and sure_day(row, "Period to") <= period.end
    ]
    names = ("jobs_supported", "apprentice_starts", "placements", "training_attendances", "local_labour_share")
    if not told:
        return dict.fromkeys(names, UNDEFINED)

    def heads(first: str, *measures: str) -> Fraction:
        """People of each scheme and measure once: by the first basis, else by the other."""
        bases: dict[tuple[str, str], dict[str, Fraction]] = defaultdict(lambda: defaultdict(Fraction))
        for row in told:
            if row["Measure"] in measures and row["Basis"] in ("persons", "starts"):
                bases[row["Scheme"], row["Measure"]][row["Basis"]] += number(row["Delivered in period"]) or 0
        return sum((of[first] if first in of else sum(of.values(), NOTHING) for of in bases.values()), NOTHING)

    labour = [row for row in told if row["Measure"] == "Local labour share"]
    residents, workers = (
        sum((number(row[name]) or NOTHING for row in labour), NOTHING)
        for name in ("Of whom residents", "Delivered in period")
    )
    return {
        "jobs_supported": people(heads("persons", "2a", "2b", "2c")),
        "apprentice_starts": people(heads("starts", "2a")),
        "placements": people(heads("persons", "1a", "1b")),
        "training_attendances": people(heads("persons", "Training attendances")),
        "local_labour_share": exactly(residents / workers),
    }


def _plans(council: Council, period: Period) -> dict[str, Answer]:
    """Plans by scheme; one without its days may be live, and then counts in all three figures or in none."""
    plans: dict[str, list[Row]] = defaultdict(list)
    for row in _employment(council.raw):
        if row["Kind"] == "S106" and sure_day(row, "Period to") <= period.end:
            plans[row["Scheme"]].append(row)
    if not plans:
        return dict.fromkeys(("esp_count", "esp_reporting_share", "esp_on_target_share"), UNDEFINED)
    quarter = Period(period.year, period.quarter or 4)
    live: dict[str, bool | None] = {}
    measures: list[Maybe] = []
    for scheme, own in plans.items():
        first, last = day(own[-1], "Plan start"), day(own[-1], "Plan end")
        live[scheme] = first <= period.end <= last if first and last else None
        by_measure: dict[str, list[Row]] = defaultdict(list)
        for row in own:
            by_measure[row["Measure"]].append(row)
        for name, told in by_measure.items():
            target, done = number(told[-1]["Target"]), summed(told, "Delivered in period")
            if target is None or done is None or live[scheme] is False:
                continue
            cumulative = number(told[-1]["Cumulative"])
            is_on_target: bool | None
            if name == "Local labour share":
                residents, workers = number(told[-1]["Of whom residents"]), number(told[-1]["Delivered in period"])
                assert residents is not None
                assert workers
                is_on_target = residents / workers * 100 >= target
            elif first is None or last is None:
                is_on_target = None
            else:
                passed = Fraction((period.end - first).days + 1, (last - first).days + 1)
                is_on_target = (cumulative or done) >= target * passed
                if not is_on_target and sure_day(told[-1], "Period to") < min(period.end, last):
                    # Nobody has said yet what came after the newest return.
                    is_on_target = None
            measures.append(Maybe(live[scheme], is_on_target))
    reported = {
        row["Scheme"] for own in plans.values() for row in own if in_period(quarter)(day(row, "Period to"))
    }
    return {
        "esp_count": counted(live.values()),
        "esp_reporting_share": among(Maybe(live[scheme], scheme in reported) for scheme in plans),
        "esp_on_target_share": among(measures),
    }
