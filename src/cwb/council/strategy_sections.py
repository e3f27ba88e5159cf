"""The sections of cwb.toml that packs 06 to 09 need."""

from __future__ import annotations

from pydantic import Field

from cwb.council.sections import Section


class Ethics(Section):
    """What ethical procurement is measured against."""

    procurement_staff: int | None = Field(
        default=None, ge=1, description="people who work in procurement; none where it is not known"
    )
