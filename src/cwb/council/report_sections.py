"""The sections of cwb.toml that are about what a report tells: its day, targets, the brief's ranking, who owns recommendations."""

from __future__ import annotations

from datetime import date

from pydantic import Field, field_validator

from cwb.base.privacy import shown_text
from cwb.council.raw_files import leaves_its_folder
from cwb.council.sections import Section


class Report(Section):
    """The day that a report speaks of: what was approved later is not taken out of Chart B, what was decided later to be money passed
    on is none, and a purchase that was withdrawn later was open. And whether it has the page of all rows, explore.html."""

    as_of: date | None = Field(default=None, description="the report's day; none for the last day of its period")
    explorer: bool = Field(default=True, description="make explore.html, with the rows behind every number")


class Target(Section):
    """A number that the council has set itself, for one finding."""

    finding: str = Field(description="the id in findings.json, such as local_share_without_one_offs")
    value: float = Field(description="a share as 0.45, pounds, a count, or kgCO2e: the unit of the finding")
    by: date | None = Field(default=None, description="the day by which it is to be reached")


class Brief(Section):
    """How the brief ranks what it tells: points for what is at stake (1 for a year's spend or for the whole way to the target),
    times how sure it is, and further points for what must begin soon and for what is certainly worse."""

    first: tuple[str, ...] = Field(
        default=("local_share_without_one_offs", "local_share"),
        description="findings that stand first whatever their points: the strategy's own measure",
    )
    places: int = Field(default=7, ge=3, le=7, description="how many findings the first page tells")
    unknown: int = Field(
        default=3, ge=0, le=7, description="how many of them may be not known, where others are known"
    )
    sure: float = Field(default=1.0, ge=0, description="the part of the points that counts where a number is sure")
    fairly_sure: float = Field(
        default=0.8, ge=0, description="the same where some of it is not known or estimated"
    )
    not_sure: float = Field(default=0.5, ge=0, description="the same where much of it is not known")
    not_known: float = Field(default=0.1, ge=0, description="the same where there is no number")
    soon: float = Field(
        default=0.3, ge=0, description="points for what must begin today; none for what can wait a year"
    )
    worse: float = Field(default=0.5, ge=0, description="points for what is certainly worse than before")


class Recommendations(Section):
    """Who owns recommendations, and rules of the council's own. A rule of an id that cwb has too stands in its place."""

    roles: dict[str, str] = Field(
        default_factory=dict,
        description='role of our table → what the council calls it: "Head of procurement" = …',
    )
    table: str = Field(default="", description="a CSV beside cwb.toml with rules of the council's own")

    @field_validator("roles")
    @classmethod
    def _no_persons(cls, value: dict[str, str]) -> dict[str, str]:
        if named := [role for role in value.values() if shown_text(role) != role or not role.strip()]:
            raise ValueError(
                f"a recommendation is owned by a role, and {named[0]!r} may be a person's name or is empty"
            )
        return value

    @field_validator("table")
    @classmethod
    def _beside(cls, value: str) -> str:
        if leaves_its_folder(value):
            raise ValueError(f"the table lies beside cwb.toml or in a folder there, and {value!r} does not")
        return value


class Procurement(Section):
    """What counts as an order placed after a contract's end, and as buying that is regular by its nature."""

    after_end_days: int = Field(
        default=30, ge=0, le=366, description="days after a contract's end from which a payment counts as after it"
    )
    recurrent_months: int = Field(
        default=9,
        ge=2,
        le=12,
        description="months of a year with a payment from which buying is regular by nature",
    )
