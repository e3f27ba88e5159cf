"""The section `[reviews]` of cwb.toml: when a contract must be reviewed for insourcing, and what counts as insourced."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field, model_validator

from cwb.council.sections import Section
from cwb.reference import duty_months

Kind = Literal["insource", "mixed", "shared service", "co-operative or mutual"]


class Reviews(Section):
    """The window in which a contract is reviewed before it ends (by default that of `reference/duties.csv`), and from which day services
    brought in-house are counted."""

    opens_months: int = Field(
        default_factory=lambda: -duty_months("Review opens"),
        ge=1,
        le=120,
        description="months before the end at which the window opens",
    )
    closes_months: int = Field(
        default_factory=lambda: -duty_months("Review closes"),
        ge=0,
        le=119,
        description="months before the end at which the window closes",
    )
    due_soon_days: int = Field(default=90, ge=1, description="days before it closes in which a review is due soon")
    small_gbp: float = Field(
        default=25_000, ge=0, description="pounds a year below which a contract is listed apart"
    )
    one_off_months: int = Field(
        default=12, ge=1, description="the longest term of goods or works that are bought once"
    )
    test_gbp: float = Field(
        default=1_000_000,
        gt=0,
        description="pounds with VAT above which both parts of the public interest test are asked for",
    )
    case_study_months: int = Field(default=12, ge=0, description="months after which a case study is expected")
    insourced_as: tuple[Kind, ...] = Field(
        default=("insource", "mixed"), min_length=1, description="decisions whose services count as insourced"
    )
    counted_from: date | None = Field(
        default=None, description="first day of the count of services; none for the baseline year's"
    )

    @model_validator(mode="after")
    def _opens_first(self) -> Reviews:
        if self.opens_months <= self.closes_months:
            raise ValueError("the window opens before it closes: opens_months is more than closes_months")
        return self
