"""Groups of contracts that might be bought together: by when a procurement must start, with what market, under which bands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from cwb.base.days import months_after
from cwb.packs.anchor_collaboration.contracts import Contract, Group, groups
from cwb.packs.anchor_collaboration.payments import bodies_of
from cwb.packs.market.grading import Grade, is_industry_known, market_of
from cwb.packs.market.industry import Need, crosswalk_of
from cwb.packs.market.rules import ABOVE, UNKNOWN_VALUE, Band, WithVat, band, kind_of, light_touch, with_vat
from cwb.packs.market.supply import Capable, supply_of
from cwb.packs.measure import PackData
from cwb.packs.questions import ZERO, Relation, as_table

_HEALTH = "851"


@dataclass(frozen=True)
class OptionContract(Contract):
    """A contract with its group: whether that is open, whether the contract's body is known to buy most of it, and whether it has
    a local market, None where that is not known."""

    group_key: str
    group_name: str
    is_open: bool
    is_lead: bool
    is_served: bool | None


@dataclass(frozen=True)
class Option:
    """A group of contracts that might be bought together. `start_by` is its first end less the lead time; `day` is when a
    procurement can begin, `bands` are those of the combined value on that day for each kind of body, and `found` is None
    without a register."""

    group: Group
    start_by: date
    day: date
    is_open: bool
    grade: Grade
    found: Capable | None
    is_light_touch: bool | None
    bands: dict[str, Band]

    @property
    def is_health(self) -> bool:
        return self.group.cpv_code.startswith(_HEALTH)

    @property
    def ends(self) -> str:
        """ "May 2027 to Sep 2027": the first and the last end."""
        days = (self.group.first_day, self.group.contracts[-1].last_day)
        return " to ".join(dict.fromkeys(f"{day:%b %Y}" for day in days))

    @property
    def may_move_gbp(self) -> Decimal | None:
        """Pounds a year with suppliers known not to be local, where a local market is known; None where neither is."""
        known = [c for c in self.group.contracts if c.annual_gbp is not None and c.is_local is not None]
        if self.grade.is_served is None or not known:
            return None
        return sum((c.annual_gbp or ZERO for c in known if self.grade.is_served and not c.is_local), ZERO)


def options_of(data: PackData) -> tuple[Option, ...]:
    """The options of the period, in the order of their categories and ends; raise `Undefined` where there are no contracts."""
    found = groups(data)
    return data.cached("options", lambda data: tuple(_option(data, group) for group in found))


def _option(data: PackData, group: Group) -> Option:
    code, supply = group.cpv_code, supply_of(data)
    # Who could serve contracts of which one states no value is not known: together they may be too large.
    size = None if group.silent else group.annual_gbp
    need = Need(crosswalk_of(data).find(code).codes, annual_gbp=size, cpv_code=code)
    found = supply.capable(need)
    start_by = months_after(group.first_day, -data.settings.collaboration.lead_months)
    # What should have begun already can begin on the day after the period at the soonest, under the rules of that day.
    day = max(start_by, data.period.end + timedelta(days=1))
    kinds = {body.name: body.kind for body in bodies_of(data)}
    is_light = light_touch(code) if kind_of(code) == "services" else False
    grade = market_of(supply, found, need.is_mapped, data.settings.gap)
    return Option(
        group,
        start_by,
        day,
        start_by > data.period.end,
        grade,
        found if is_industry_known(supply, grade) else None,
        is_light,
        {kind: _band(group, is_light, kind, day) for kind in sorted({kinds[body] for body in group.bodies})},
    )


def _band(group: Group, is_light: bool | None, body_kind: str, day: date) -> Band:
    """The band of the combined value. Where a contract states none, the sum is a lower bound: above is certain, below is not."""
    stated = (with_vat(c.value_gbp, c.value_gross_gbp, c.value_basis, day) for c in group.contracts)
    values = [value for value in stated if value is not None]
    together = sum(values, WithVat(ZERO, ZERO)) if values else None
    combined = band(together, kind_of(group.cpv_code), is_light, body_kind, day)
    is_whole = len(values) == len(group.contracts)
    return combined if is_whole or combined.name == ABOVE else Band(UNKNOWN_VALUE, combined.threshold_gbp)


def open_contracts(data: PackData) -> list[Contract]:
    """The contracts of the options that are still open."""
    return [contract for option in options_of(data) if option.is_open for contract in option.group.contracts]


def option_lines(data: PackData) -> Relation:
    """The contracts of all options, as lines of `OptionContract`."""
    return data.cached("option_lines", _lines)


def _lines(data: PackData) -> Relation:
    rows = [
        OptionContract(
            **vars(contract),
            group_key=option.group.key,
            group_name=option.group.name,
            is_open=option.is_open,
            is_lead=contract.body == option.group.largest,
            is_served=option.grade.is_served,
        )
        for option in options_of(data)
        for contract in option.group.contracts
    ]
    return data.add_table("option_contracts", as_table(OptionContract, rows), ("agreement_lines", "organisations"))
