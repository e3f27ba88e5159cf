"""Figures of pack 03: social enterprises of the local area by grade, what they do, how old they are, who is paid.

Left out are figures that rest on the bridge from codes to industries: what could have been bought of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from fractions import Fraction

from oracle.bounds import Figure, Thing, over, share, total
from oracle.council import Council, Period, count, named, things
from oracle.organisations import Organisation
from oracle.places import Supplier, district_of_postcode
from oracle.reading import pounds_of, table

_SURE = ("A", "B")
_SINCE_FOUNDED = 10
_YOUNG = 5


def figures(council: Council, period: Period) -> dict[str, Figure]:
    # Who registered after the period was not there in it.
    there = [body for body in council.directory.registers.all if body.began is None or body.began <= period.end]
    bodies = [body for body in there if _district(body) in {None, *council.local}]
    graded = [body for body in bodies if body.grade]
    return {
        **_counts(council, graded),
        **_profile(council, period, graded),
        **_begun(period, bodies),
        **_paid(council, period),
    }


def _district(body: Organisation) -> str | None:
    code = body.postcode
    return district_of_postcode(code[0]).get(code) if code else None


def _number(bodies: Iterable[Organisation], fact: Callable[[Organisation], bool | None]) -> Figure:
    return total(Thing(Fraction(1), fact(body)) for body in bodies)


def _is_in(districts: Iterable[str]) -> Callable[[Organisation], bool | None]:
    wanted = set(districts)

    def fact(body: Organisation) -> bool | None:
        place = _district(body)
        return None if place is None else place in wanted

    return fact


def _counts(council: Council, graded: list[Organisation]) -> dict[str, Figure]:
    """Bodies of unknown place may be local, or within the district. Low of A and B together is A alone, high has C too."""
    local, home = _is_in(council.local), _is_in([council.home])
    by_grade = {g: [body for body in graded if body.grade == g] for g in "ABC"}
    a, b, c = (_number(by_grade[g], local) for g in "ABC")
    # Of these nobody says whether they are certain or likely.
    either = _number([body for body in by_grade["B"] if body.may_be_certain], local)
    certain = Figure(a.value, a.low, a.high + either.high)
    likely = Figure(b.value - either.value, b.low - either.low, b.high)
    within = {g: _number(by_grade[g], home) for g in "ABC"}
    sure = [*by_grade["A"], *by_grade["B"]]
    reserved = [_number(sure, _is_in(area["districts"])) for area in council.settings["reservation"]["areas"]]

    def together(of: Iterable[Figure]) -> Figure:
        first, second, third = of
        return Figure(first.value + second.value, first.value, first.high + second.high + third.high)

    return {
        "se_certain_count": certain,
        "se_likely_count": likely,
        "se_possible_count": c,
        "se_count": together((a, b, c)),
        "se_home_count": together(within.values()),
        "se_reservation_count": max(reserved, key=lambda figure: figure.value or 0),
        "se_count_least": certain,
        "se_count_most": Figure(*(sum(ends) for ends in zip(a, b, c, strict=True))),
    }


def _profile(council: Council, period: Period, graded: list[Organisation]) -> dict[str, Figure]:
    sure = [body for body in graded if body.grade in _SURE]
    local = [body for body in sure if _district(body) in council.local]
    forms: dict[str, int] = {}
    for body in local:
        forms[body.form] = forms.get(body.form, 0) + 1
    there = [body for body in local if body.began is None or body.began <= period.end]
    first = date(period.end.year - _YOUNG, period.end.month, period.end.day)
    young = total(Thing(Fraction(1), None if b.began is None else b.began > first) for b in there)
    return {
        "se_largest_form_share": over(Figure(Fraction(max(forms.values()))), len(local)),
        "se_service_known_share": over(Figure(Fraction(sum(bool(body.sic) for body in local))), len(local)),
        "se_young_share": over(young, len(there)),
        "se_top_district_rate": _top_rate(council, sure),
    }


def _top_rate(council: Council, sure: list[Organisation]) -> Figure:
    """Per 1,000 businesses of the newest official count; districts of fewer than a hundred have no rate."""
    rows = [row for path in sorted((council.raw / "business_counts").glob("*.csv")) for row in table(path)]
    newest = max(row["DATE_NAME"] for row in rows)
    units: dict[str, Fraction] = {}
    for row in rows:
        is_whole = row["EMPLOYMENT_SIZEBAND_NAME"] == row["LEGAL_STATUS_NAME"] == "Total"
        if is_whole and row["DATE_NAME"] == newest:
            code = row["GEOGRAPHY_CODE"]
            units[code] = units.get(code, Fraction()) + (pounds_of(row["OBS_VALUE"]) or 0)
    rates = [
        over(Figure(*(1000 * end for end in _number(sure, _is_in([code])))), units[code])
        for code in council.local
        if units.get(code, 0) >= 100
    ]
    return max(rates, key=lambda figure: figure.value or 0)


def _begun(period: Period, bodies: list[Organisation]) -> dict[str, Figure]:
    """Bodies of grades A and B and such as have ended; how many last is asked of those beside Companies House alone."""
    last = period.end.year
    begun = [body for body in bodies if body.grade in _SURE or body.is_ended_enterprise]
    known = [
        body
        for body in begun
        if _district(body) and body.began and last - _SINCE_FOUNDED < body.began.year <= last
    ]
    followed = [body for body in known if body.is_followed]
    of_the_year = [body for body in begun if body.began is None or body.began.year == last]
    births = total(Thing(Fraction(1), True if _district(b) and b.began else None) for b in of_the_year)
    lasting = Fraction(sum(body.grade in _SURE for body in followed))
    return {"se_births": births, "se_survival_share": over(Figure(lasting), len(followed))}


def _paid(council: Council, period: Period) -> dict[str, Figure]:
    lines = council.in_period(period)
    return {
        "se_spend": total(things(lines, is_social)),
        "se_spend_share": share(things(lines, is_social)),
        "se_supplier_count": total(count(named(lines).values(), is_social)),
    }


def is_social(supplier: Supplier) -> bool | None:
    """Grades A and B. Of a body of grade C, and of one that is not found, it is not known."""
    if supplier.organisation is None or supplier.organisation.grade == "C":
        return None
    return supplier.organisation.grade in _SURE
