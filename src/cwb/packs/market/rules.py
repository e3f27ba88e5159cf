"""The dated rules of procurement: thresholds, what a stated value means against them, and routes. Not legal advice.

Figures are in `reference/thresholds.csv`, `vat_rates.csv` and `routes.csv`, each with its source and its dates. The
table in force when a procurement begins decides.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache

from cwb.reference import table

UNKNOWN_VALUE = "Value not known"
SMALL, BELOW, DEPENDS, ABOVE = (
    "Below the notifiable amount",
    "Below the threshold",
    "Near the threshold: depends on VAT or on light touch",
    "Above the threshold",
)
BANDS = (SMALL, BELOW, DEPENDS, ABOVE, UNKNOWN_VALUE)
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

    `kind` is "goods and services", "works", "light touch" or "notifiable"; `body` is a council's, an NHS body's … kind.
    """
    groups = ("central" if body in _CENTRAL else "sub-central", "any")
    found = (r for r in in_force("thresholds", day) if r["kind"] == kind and r["body"] in groups)
    return next((Decimal(row["amount_gbp"]) for row in found), None)


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


def band(
    value: Decimal | float | None, basis: str, kind: str | None, is_light_touch: bool | None, body: str, day: date
) -> Band:
    """The threshold band of a value on the day on which its procurement begins.

    Thresholds include VAT. A value excluding VAT is raised by the standard rate; one that does not say is compared
    both ways, and so is a service of which it is not known whether it is light touch; when they differ the band says so.
    £180,000 excluding VAT is £216,000: above £207,720. £284,400 of a service that may be light touch, whose threshold is
    £663,540, depends.
    """
    rule = "light touch" if is_light_touch else "works" if kind == "works" else "goods and services"
    limit = threshold(rule, body, day)
    if value is None or limit is None:
        return Band(UNKNOWN_VALUE, limit)
    amount = Decimal(str(value))
    if is_light_touch is None and rule == "goods and services":
        sides = {band(value, basis, kind, flag, body, day).name for flag in (False, True)}
        return Band(sides.pop() if len(sides) == 1 else DEPENDS, limit)
    rate = vat_rate(day)
    low = amount * (1 + rate) if basis == "excluding VAT" else amount
    high = amount * (1 + rate) if basis != "including VAT" else amount
    if low >= limit:
        return Band(ABOVE, limit)
    if high >= limit:
        return Band(DEPENDS, limit)
    notifiable = threshold("notifiable", body, day)
    return Band(SMALL if notifiable and high < notifiable else BELOW, limit)


@dataclass(frozen=True)
class Route:
    """One lawful way to buy. `if_light_touch`: only where the service is a light touch one, which is not known."""

    route: str
    label: str
    band: str
    needs: str
    what: str
    if_light_touch: bool

    @property
    def name(self) -> str:
        """The label, with its condition."""
        return self.label + (", if light touch" if self.if_light_touch else "")


_SIDES = {ABOVE: {"above"}, SMALL: {"below"}, BELOW: {"below"}, DEPENDS: {"above", "below"}}


@lru_cache(maxsize=4096)
def routes(
    band_name: str,
    is_light_touch: bool | None,
    body: str,
    day: date,
    is_health: bool = False,
    together: bool = False,
) -> tuple[Route, ...]:
    """The routes of the dated table that a contract of this band could take on that day, in the table's order.

    A route for light touch services is left out where the contract is known not to be one, and where that is not
    known is marked with `if_light_touch`; one for health services is there where `is_health`, one for several buyers where
    they act `together`. All are for legal confirmation.
    """
    found = []
    for row in in_force("routes", day):
        needs_light = "light touch" in row["needs"]
        fits_body = row["body"] in (body, "any")
        fits_band = row["band"] == "any" or row["band"] in _SIDES.get(band_name, ())
        is_met = {"health services": is_health, "several buyers": together}.get(row["needs"], True)
        if not fits_body or not fits_band or not is_met or (needs_light and is_light_touch is False):
            continue
        if_light_touch = needs_light and not is_light_touch
        found.append(Route(row["route"], row["label"], row["band"], row["needs"], row["what"], if_light_touch))
    return tuple(found)
