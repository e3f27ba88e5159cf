"""Of which day the registers of organisations are: who has registered since is not on them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from cwb.base.days import months_after
from cwb.charts.wording import listed
from cwb.evidence.data import PackData
from cwb.packs.registers_at_hand import companies_at_hand, sources_lacking
from cwb.sources.report import BY_ENTRY

REGISTERS = {"companies": "companies", "mutuals": "societies", "charities": "charities", "coops": "co-operatives"}


@dataclass(frozen=True)
class RegisterDate:
    """The newest file of a register: its day, and whether that is only the day of its newest entry."""

    name: str
    day: date
    is_of_entry: bool

    @property
    def month(self) -> str:
        """The month, for texts."""
        return f"{'newest entry of ' if self.is_of_entry else ''}{self.day:%B %Y}"


def register_dates(data: PackData) -> Iterator[RegisterDate]:
    """Each register that was supplied and of which it is known of which day it is."""
    for source, name in REGISTERS.items():
        dated = [
            (one.as_of, one.as_of_by == BY_ENTRY) for one in data.lineage.of(source) if one.as_of and one.rows
        ]
        if dated:
            day, is_of_entry = max(dated)
            yield RegisterDate(name, date.fromisoformat(day), is_of_entry)


def registers_end(data: PackData) -> date | None:
    """The day after which no register that was supplied lists anybody; None where one of them does not say of which day it is: its
    newest entry may be old because nobody has registered since."""
    dates = list(register_dates(data))
    supplied = [source for source in REGISTERS if data.source_files((source,))]
    states_days = dates and len(dates) == len(supplied) and not any(one.is_of_entry for one in dates)
    return max(one.day for one in dates) if states_days else None


def ending_before(data: PackData, day: date) -> list[RegisterDate]:
    """The registers that say they are of an earlier day: who registered between the two is not on them."""
    return [one for one in register_dates(data) if not one.is_of_entry and one.day < day]


def registers_missing(data: PackData, of: Collection[str] = tuple(REGISTERS)) -> str:
    """The registers, or those of these, of which no file was supplied, in words; "" for none."""
    return listed([REGISTERS[source] for source in of if not data.source_files((source,))])


def registers_lacking(data: PackData, of: Collection[str] = tuple(REGISTERS)) -> str:
    """The same, and that of companies too where only a part of it was supplied."""
    return listed([REGISTERS[source] for source in sources_lacking(data, of)])


def registers_shown(data: PackData) -> str:
    """The registers with their days, for subtitles."""
    by_month: dict[str, list[str]] = {}
    for one in register_dates(data):
        by_month.setdefault(one.month, []).append(one.name)
    dated = [f"{listed(names)} ({month})" for month, names in by_month.items()]
    return f"registers of {listed(dated)}" if dated else "registers as supplied"


def old_registers(data: PackData) -> tuple[str, ...]:
    """A caveat for each register that is older, seen from the period's end, than the settings allow, and for a part of the companies."""
    months = data.settings.evidence.register_months
    oldest = months_after(data.period.end, -months)
    companies, whole = companies_at_hand(data), data.settings.matching.whole_register
    part = (
        f"The registers at hand list {companies:,} of about {whole:,} companies: of firms that they lack nothing is known.",
    )
    return (part if 0 < companies < whole else ()) + tuple(
        (
            f"The register of {one.name} has no entry after {one.day:%B %Y}"
            if one.is_of_entry
            else f"The register of {one.name} is of {one.day:%B %Y}"
        )
        + f", over {months} months before the period ends: who has registered or ended since is not known from it."
        for one in register_dates(data)
        if one.day < oldest
    )


def registered_by_then(data: PackData) -> str:
    """SQL: an organisation was registered by the end of the period, or it is not known when."""
    return f"registered_date IS NULL OR registered_date <= DATE '{data.period.end}'"
