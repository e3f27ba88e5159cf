"""The sections of cwb.toml that packs 06 to 09 need."""

from __future__ import annotations

from pydantic import Field

from cwb.council.sections import Section


class Ethics(Section):
    """What ethical procurement is measured against."""

    procurement_staff: int | None = Field(
        default=None, ge=1, description="people who work in procurement; none where it is not known"
    )


class Procurement(Section):
    """How procurement is organised, what counts as an order placed after a contract's end, and as buying that is regular by its
    nature."""

    departments: tuple[str, ...] = Field(
        default=(), description="departments that buy; empty for those that the contracts register names"
    )
    key_suppliers: int = Field(
        default=20, ge=1, le=200, description="how many of the suppliers paid most are key suppliers"
    )
    after_end_days: int = Field(
        default=30, ge=0, le=366, description="days after a contract's end from which a payment counts as after it"
    )
    recurrent_months: int = Field(
        default=9,
        ge=2,
        le=12,
        description="months of a year with a payment from which buying is regular by nature",
    )
