"""Pack 06: social value promised and delivered, jobs and plans, waste, the statement, pledges and low prices."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from functools import cache
from pathlib import Path

from oracle.agreements import Contract, register
from oracle.answers import (
    FEWER,
    NOTHING,
    UNDEFINED,
    Answer,
    among,
    between,
    counted,
    exactly,
    mean,
    part,
    part_of,
    people,
)
from oracle.answers import Maybe as M
from oracle.council import Council, Period, named, things
from oracle.forms import Row, day, in_period, is_in_year_to, months_before, number, rows, sure_day, yes
from oracle.places import Supplier, number_of
from oracle.reading import day_of, plain, pounds_of, table

THEMES = ("work", "economy", "community", "planet")
BEHIND_BELOW = Fraction(8, 10)
STAFF = 6


def figures(council: Council, period: Period) -> dict[str, Answer]:
    return {
        **_portal(council, period),
        **_returns(council, period),
        **_jobs(council, period),
        **_plans(council, period),
        **_waste(council, period),
        **_ethics(council, period),
        **_registry(council, period),
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
        self.rows = [
            row for row in told if (sure_day(row, "Period from"), sure_day(row, "Period to")) not in inner
        ]
        self.delivered, self.delivered_quantity = (
            _sum(self.rows, name) for name in ("Delivered £", "Delivered quantity")
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


def _sum(told: Iterable[Row], name: str) -> Fraction | None:
    stated = [value for row in told if (value := number(row[name])) is not None]
    return sum(stated, NOTHING) if stated else None


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

    evidence: dict[str, Fraction] = defaultdict(Fraction)
    for row in delivered:
        evidence[row["Evidence status"].lower()] += number(row["Delivered £"]) or 0
    verified, submitted, all_of_it = evidence["verified"], evidence["submitted"], sum(evidence.values())
    wanted = [one for one in every if one.has_target]
    return {
        "sv_committed": exactly(sum((one.target or NOTHING for one in pounds), NOTHING)),
        "sv_delivered": exactly(done(pounds)),
        **{
            f"sv_delivered_{theme}": exactly(done(one for one in pounds if one.theme == theme)) for theme in THEMES
        },
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
        if term.end is not None and term.start <= period.end <= term.end
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

    now, then, kept = (
        tonnes("Waste", period),
        tonnes("Waste", Period(period.year - 1, period.quarter)),
        tonnes("Waste recycled", period),
    )
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


# --- jobs, and plans of planning agreements ---------------------------------------------------------------------


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
    measures = []
    for scheme, own in plans.items():
        first, last = day(own[-1], "Plan start"), day(own[-1], "Plan end")
        live[scheme] = first <= period.end <= last if first and last else None
        by_measure: dict[str, list[Row]] = defaultdict(list)
        for row in own:
            by_measure[row["Measure"]].append(row)
        for name, told in by_measure.items():
            target, done = number(told[-1]["Target"]), _sum(told, "Delivered in period")
            if target is None or done is None or live[scheme] is False:
                continue
            cumulative = number(told[-1]["Cumulative"])
            if name == "Local labour share":
                residents, workers = number(told[-1]["Of whom residents"]), number(told[-1]["Delivered in period"])
                assert residents is not None
                assert workers
                measures.append(residents / workers * 100 >= target)
            elif first is None or last is None:
                measures.append(None)
            else:
                passed = Fraction((period.end - first).days + 1, (last - first).days + 1)
                measures.append((cumulative or done) >= target * passed)
    reported = {
        row["Scheme"] for own in plans.values() for row in own if in_period(quarter)(day(row, "Period to"))
    }
    return {
        "esp_count": counted(live.values()),
        "esp_reporting_share": among(M(live[scheme], scheme in reported) for scheme in plans),
        "esp_on_target_share": part(measures),
    }


# --- ethics ------------------------------------------------------------------------------------------------------


def log(raw: Path, *kinds: str) -> list[Row]:
    """Entries of the log of some kinds, oldest first."""
    told = rows(raw, "activity", "Kind", days=("Date",))
    return sorted(
        (row for row in told if not kinds or row["Kind"].lower() in kinds), key=lambda row: sure_day(row, "Date")
    )


def tenders(raw: Path) -> list[Row]:
    routes = (
        "open", "selective", "limited", "quotes", "direct award", "framework call-off", "reserved", "waiver", "breach",
    )  # fmt: skip
    return [row for row in rows(raw, "tenders", "Reference", "Title", "Route") if row["Route"].lower() in routes]


def _ethics(council: Council, period: Period) -> dict[str, Answer]:
    raw, end = council.raw, period.end
    statements = [sure_day(row, "Date") for row in log(raw, "statement") if sure_day(row, "Date") <= end]
    trained = [
        number(row["Of whom in procurement"]) or NOTHING
        for row in log(raw, "training")
        if "ethical" in row["Title"].lower() and months_before(end, 24) < sure_day(row, "Date") <= end
    ]
    awarded = [row for row in tenders(raw) if is_in_year_to(day(row, "Awarded on"), end)]
    referrals = [row for row in log(raw, "referral") if in_period(period)(day(row, "Date"))]
    age = (end - statements[-1]).days if statements else None
    due = (months_before(statements[-1], -12) - end).days if statements else None
    best = Fraction(max(trained)) / STAFF if trained else None
    return {
        "statement_age_days": exactly(age),
        "statement_due": exactly(due),
        "procurement_trained_share": UNDEFINED
        if best is None
        else between(best, best, min(sum(trained, NOTHING) / STAFF, Fraction(1))),
        "termination_clause_share": part(yes(row["Slavery clause used"]) for row in awarded),
        # Each of one contractor or more; too few to be told.
        "referral_count": FEWER if len(referrals) < 5 else exactly(len(referrals)),
        **_low_prices(raw, end, awarded),
    }


def _low_prices(raw: Path, end: date, awarded: list[Row]) -> dict[str, Answer]:
    """The gap of the second lowest price to the winning one against the upper fence of all gaps told of so far."""

    def gap(row: Row) -> Fraction | None:
        won, second = pounds_of(row["Winning price"]), pounds_of(row["Second lowest valid price"])
        return (second - won) / won if won and second else None

    def decided(row: Row) -> bool:
        last = day(row, "Awarded on") or day(row, "Deadline")
        return last is not None and last <= end

    gaps = sorted(found for row in tenders(raw) if decided(row) and (found := gap(row)) is not None)
    if len(gaps) < 10:
        return dict.fromkeys(("low_price_flagged", "low_price_challenged_share"), UNDEFINED)

    def quartile(quarters: int) -> Fraction:
        place = Fraction(quarters * (len(gaps) - 1), 4)
        whole = int(place)
        after = gaps[min(whole + 1, len(gaps) - 1)]
        return gaps[whole] + (place - whole) * (after - gaps[whole])

    fence = quartile(3) + Fraction(3, 2) * (quartile(3) - quartile(1))
    flagged = {row["Reference"] for row in awarded if (found := gap(row)) is not None and found >= fence}
    looked = {row["Reference"]: yes(row["Low price looked at"]) for row in awarded}
    return {
        "low_price_flagged": counted(row["Reference"] in flagged for row in awarded if gap(row) is not None),
        "low_price_challenged_share": part(
            looked[name] for name in looked if name in flagged or looked[name] is True
        ),
    }


# --- the public registry of statements ----------------------------------------------------------------------------

TOPICS = ("OrgStructure", "Policies", "RisksAssessment", "DueDiligence", "Training", "Goals")


def _statements(raw: Path, year: int) -> list[Row]:
    """The statements of a registry year; quotes within quotes are not doubled, and lines break within quotes."""
    return [row for path in sorted((raw / "modern_slavery").glob(f"*{year}.csv")) for row in _lenient(path)]


def _lenient(path: Path) -> list[Row]:
    """Fields of a file whose writer does not double the quotes inside a quoted field; a comma of prose has a blank after it."""
    text = path.read_bytes().decode("utf-8-sig")
    found, row, cell, is_quoted = list[list[str]](), list[str](), "", False
    for at, sign in enumerate(text):
        after = text[at + 1 : at + 3]
        if sign == '"' and not is_quoted and not cell:
            is_quoted = True
        elif sign == '"' and is_quoted and after[:1] in ("", ",", "\r", "\n") and after != ", ":
            is_quoted = False
        elif sign in ",\n" and not is_quoted:
            row.append(cell.strip())
            cell = ""
            if sign == "\n":
                found.append(row)
                row = []
        else:
            cell += sign
    names, *cells = found
    return [dict(zip(names, one, strict=True)) for one in cells]


def _registry(council: Council, period: Period) -> dict[str, Answer]:
    """Suppliers that stand for an organisation. By name alone, or as the parent of a group, a supplier may be found."""
    told = _statements(council.raw, period.end.year)
    by_number = {number_of(row["CompanyNumber"]): row for row in told if row["CompanyNumber"]}
    # A row with a number is of that company alone, whoever bears its name.
    names = {plain(row["OrganisationName"]) for row in told if not row["CompanyNumber"]}
    names |= {plain(row["ParentName"]) for row in told if row["ParentName"]}

    def is_found(one: Supplier) -> bool | None:
        assert one.organisation is not None
        if one.organisation.number in by_number:
            return True
        return None if plain(one.name) in names or plain(one.organisation.name) in names else False

    lines = [one for one in council.in_period(period) if one.supplier and one.supplier.organisation]
    # Two suppliers may be one organisation, which counts once.
    matched = {one.organisation.id: one for one in named(lines).values() if one.organisation}
    sure = {one.organisation.number for one in matched.values() if one.organisation and is_found(one)}
    covered = [
        sum(row[f"StatementIncludes{topic}"] == "Yes" for topic in TOPICS)
        for number, row in by_number.items()
        if number in sure
    ]
    return {
        "registry_found_count": counted(is_found(one) for one in matched.values()),
        "registry_spend_share": part_of(things(lines, is_found)),
        "registry_topics_mean": mean(covered),
    }
