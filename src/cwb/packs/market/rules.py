"""The dated rules of procurement: thresholds, what a stated value means against them, and routes. Not legal advice.

Figures are in `reference/thresholds.csv`, `vat_rates.csv` and `routes.csv`, each with its source and its dates. What is in
force on the day on which a procurement begins decides. Where a file lacks that day: a line of the pipeline or a planning
notice begins when it says that bids will be invited, a tender notice when it was published, and a contract that ends is bought
anew the lead time of the settings (`collaboration.lead_months`) before its last day, but not before the period has ended.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache

from cwb.charts.wording import listed
from cwb.council.periods import long_date
from cwb.reference import table

UNKNOWN_VALUE = "Value not known"
SMALL, BELOW, DEPENDS, ABOVE = (
    "Below the notifiable amount",
    "Below the threshold",
    "Near the threshold: depends on VAT or on light touch",
    "Above the threshold",
)
BANDS = (SMALL, BELOW, DEPENDS, ABOVE, UNKNOWN_VALUE)
# No route, but the word that other regulations govern a procurement that began before the Act.
OLDER = "older-rules"
# NHS trusts are central government for thresholds (formats.md 2.6); councils, universities and colleges are not.
_CENTRAL = {"nhs"}


def in_force(name: str, day: date) -> list[dict[str, str]]:
    """The rows of a dated reference table that hold on a day, as text; none before its first `valid_from`."""
    text = day.isoformat()
    return [r for r in _dated(name) if r["valid_from"] <= text and (not r["valid_to"] or r["valid_to"] >= text)]


@cache
def _dated(name: str) -> list[dict[str, str]]:
    return [{str(k): str(v) for k, v in row.items()} for row in table(name).to_dict("records")]


@lru_cache(maxsize=4096)
def threshold(kind: str, body: str, day: date) -> Decimal | None:
    """The amount, including VAT, from which the full rules apply; None where the table has none for the day.

    `kind` is "goods and services", "works", "light touch", "notifiable" or "register"; `body` is a council's, an NHS body's … kind.
    """
    groups = ("central" if body in _CENTRAL else "sub-central", "any")
    found = (r for r in in_force("thresholds", day) if r["kind"] == kind and r["body"] in groups)
    return next((Decimal(row["amount_gbp"]) for row in found), None)


def thresholds_in_pounds(body: str, day: date) -> str:
    """What the thresholds of a body come to on a day, in a sentence; empty before the table begins."""
    kinds = {
        kind: threshold(kind, body, day) for kind in ("goods and services", "works", "light touch", "notifiable")
    }
    named = [f"£{amount:,.0f} for {kind}" for kind, amount in list(kinds.items())[:3] if amount is not None]
    if not named:
        return ""
    notice = kinds["notifiable"]
    also = (
        "" if notice is None else f" From £{notice:,.0f} (the notifiable amount) a contract details notice is due."
    )
    return f"The threshold on {long_date(day)} is {listed(named)}, VAT included.{also}"


@lru_cache(maxsize=4096)
def vat_rate(day: date) -> Decimal:
    """The standard rate in force on a day; raise `LookupError` before the table begins."""
    rows = in_force("vat_rates", day)
    if not rows:
        raise LookupError(f"no rate of VAT for {day}")
    return Decimal(rows[0]["rate"])


@dataclass(frozen=True)
class Band:
    """The band of a value: one of `BANDS`, and the threshold (£, including VAT) it was compared with."""

    name: str
    threshold_gbp: Decimal | None

    @property
    def is_below(self) -> bool | None:
        """Whether it is below the threshold, so that it can be reserved if legal advice agrees; None where it depends, and
        where the value is not known."""
        return None if self.name in (DEPENDS, UNKNOWN_VALUE) else self.name != ABOVE


def kind_of(cpv: str | None) -> str | None:
    """Goods, services or works, as the CPV division says (45 works; below it, and 48, goods)."""
    if not cpv:
        return None
    division = int(cpv[:2])
    return "works" if division == 45 else "goods" if division < 45 or division == 48 else "services"


def light_touch(cpv_code: str | None, flag: bool | None = None) -> bool | None:
    """Whether a service is a light touch one: as stated; else no where its CPV code is of no such subject; else not known.

    Works and goods are never; whether a subject is really on the list is for legal confirmation.
    """
    if flag is not None or not cpv_code:
        return flag
    return None if str(cpv_code).startswith(_light_touch_subjects()) else False


@cache
def _light_touch_subjects() -> tuple[str, ...]:
    return tuple(table("light_touch")["cpv_prefix"])


@dataclass(frozen=True)
class WithVat:
    """What an amount comes to with VAT: at least `low_gbp` and at most `high_gbp`; the same where it is stated so."""

    low_gbp: Decimal
    high_gbp: Decimal

    def __add__(self, other: WithVat) -> WithVat:
        return WithVat(self.low_gbp + other.low_gbp, self.high_gbp + other.high_gbp)


def with_vat(value: Decimal | None, gross: Decimal | None, basis: str, day: date) -> WithVat | None:
    """An amount with VAT; None where none is stated.

    What is stated with VAT is taken as it is. What is stated without VAT, or does not say, is at most raised by the standard
    rate; at least it is as stated, for no file says whether it is exempt or zero-rated.
    """
    amount = gross if gross is not None else value
    if amount is None:
        return None
    is_with = gross is not None or basis == "including VAT"
    return WithVat(amount, amount if is_with else amount * (1 + vat_rate(day)))


def band(amount: WithVat | None, kind: str | None, is_light_touch: bool | None, body: str, day: date) -> Band:
    """The threshold band of an amount on the day on which its procurement begins.

    Thresholds include VAT. Where the answer differs between the ends of the amount, or between a light touch service and one
    that is not and it is not known which, the band says so. £180,000 that does not say is £180,000 to £216,000, of which the
    one is below £207,720 and the other above: it depends. £284,400 of a service that may be light touch, whose threshold is
    £663,540, depends.
    """
    rule = "light touch" if is_light_touch else "works" if kind == "works" else "goods and services"
    limit = threshold(rule, body, day)
    if amount is None or limit is None:
        return Band(UNKNOWN_VALUE, limit)
    if is_light_touch is None and rule == "goods and services":
        sides = {band(amount, kind, flag, body, day).name for flag in (False, True)}
        return Band(sides.pop() if len(sides) == 1 else DEPENDS, limit)
    if amount.low_gbp >= limit:
        return Band(ABOVE, limit)
    if amount.high_gbp >= limit:
        return Band(DEPENDS, limit)
    notifiable = threshold("notifiable", body, day)
    return Band(SMALL if notifiable and amount.high_gbp < notifiable else BELOW, limit)


@dataclass(frozen=True)
class Route:
    """One way to buy that may be lawful. `condition` is what must hold of the contract and is not known, or nothing."""

    route: str
    label: str
    band: str
    needs: str
    what: str
    condition: str

    @property
    def name(self) -> str:
        """The label, with its condition."""
        return self.label + (f", if {self.condition}" if self.condition else "")


_SIDES = {ABOVE: {"above"}, SMALL: {"below"}, BELOW: {"below"}, DEPENDS: {"above", "below"}}
_LIGHT, _RESERVABLE = "light touch", "reservable light touch"


@lru_cache(maxsize=4096)
def routes(
    band_name: str,
    is_light_touch: bool | None,
    body: str,
    day: date,
    is_health: bool = False,
    together: bool = False,
) -> tuple[Route, ...]:
    """The routes of the dated table that a contract of this band could take if its procurement begins on that day, in the
    table's order.

    A route for light touch services is left out where the contract is known not to be one, and says "if" where that is not
    known; one for reservable services always says "if", for the list of them is not at hand. One for health services is there
    where `is_health`, one for several buyers where they act `together`, and one for supported employment never: no file says
    which suppliers provide it. All are for legal confirmation.
    """
    found = []
    for row in in_force("routes", day):
        needs = row["needs"]
        fits_body = row["body"] == "any" or body in row["body"].split()
        fits_band = row["band"] == "any" or row["band"] in _SIDES.get(band_name, ())
        is_met = {
            "health services": is_health,
            "several buyers": together,
            "supported employment": False,
            _LIGHT: is_light_touch is not False,
            _RESERVABLE: is_light_touch is not False,
        }.get(needs, True)
        if fits_body and fits_band and is_met:
            is_sure = needs not in (_LIGHT, _RESERVABLE) or (needs == _LIGHT and is_light_touch)
            condition = (
                "" if is_sure else "light touch" if needs == _LIGHT else "on the list of reservable services"
            )
            found.append(Route(row["route"], row["label"], row["band"], needs, row["what"], condition))
    return tuple(found)


def may_reserve_area(body: str, day: date) -> bool:
    """Whether a competition below the threshold that begins on a day may be reserved to an area, if legal advice agrees."""
    return any(route.route == "reserve-area" for route in routes(BELOW, None, body, day))


def reserving_since() -> date:
    """The first day on which a procurement may begin that is reserved to an area."""
    return _first_day("reserve-area")


def act_since() -> date:
    """The first day on which a procurement begins under the Procurement Act 2023."""
    return _first_day("quotes")


def _first_day(route: str) -> date:
    return min(date.fromisoformat(row["valid_from"]) for row in _dated("routes") if row["route"] == route)
