"""The sections of cwb.toml that are about what a report tells: its day, figures published before, targets, the brief's ranking,
who owns recommendations."""

from __future__ import annotations

from datetime import date

from pydantic import Field, field_validator

from cwb.base.errors import ConfigError
from cwb.base.privacy import shown_text
from cwb.council.periods import Period
from cwb.council.raw_files import leaves_its_folder
from cwb.council.sections import Section


class Report(Section):
    """The day that a report speaks of: what was approved later is not taken out of Chart B, what was decided later to be money passed
    on is none, and a purchase that was withdrawn later was open. And whether it has the page of all rows, explore.html."""

    as_of: date | None = Field(default=None, description="the report's day; none for the last day of its period")
    explorer: bool = Field(default=True, description="make explore.html, with the rows behind every number")


class SocialValue(Section):
    """How delivery of social value is judged."""

    behind_below: float = Field(
        default=0.8, gt=0, le=1, description="delivered divided by due by now, below which a measure is behind"
    )


class Published(Section):
    """A figure that the council has published before, to be checked against what the rows now say."""

    finding: str = Field(description="an id of a finding of pack 01, such as local_share")
    period: str
    value: float = Field(description="a share as 0.18, pounds or a count: the unit of the finding")
    rounding: float = Field(ge=0, description="the step to which it was rounded: 0.01 for whole per cents")
    source: str

    @field_validator("period")
    @classmethod
    def _a_period(cls, value: str) -> str:
        try:
            return str(Period.parse(value))
        except ConfigError:
            raise ValueError(
                f"a period is written as 2023-24, or 2023-24-Q2 for a quarter, and not {value!r}"
            ) from None


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
