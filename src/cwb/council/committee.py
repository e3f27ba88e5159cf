"""The section `[committee]` of cwb.toml: how the council's reports to committees are divided."""

from __future__ import annotations

from typing import Literal, get_args

from pydantic import Field, field_validator

from cwb.council.sections import Section

Part = Literal[
    "purpose", "recommendations", "background", "reasons", "financial", "legal", "risk", "climate", "equalities",
    "papers", "appendices",
]  # fmt: skip
# Implications, which stand together under one heading.
IMPLICATIONS: tuple[Part, ...] = ("financial", "legal", "risk", "climate", "equalities")
_HEADINGS: dict[Part, str] = {
    "purpose": "Purpose of the report",
    "recommendations": "Recommendations",
    "background": "Background",
    "reasons": "Reasons for the recommendations, and other options",
    "financial": "Financial implications",
    "legal": "Legal implications",
    "risk": "Risk implications",
    "climate": "Climate implications",
    "equalities": "Equalities implications",
    "papers": "Background papers",
    "appendices": "Appendices",
}


class Committee(Section):
    """The sections of the report to the committee, brief.docx, in their order, and what they are called."""

    sections: tuple[Part, ...] = Field(default=get_args(Part), min_length=1, description="which, in which order")
    headings: dict[Part, str] = Field(
        default_factory=dict, description='other names than the usual: legal = "Legal advice"'
    )
    implications: str = Field(default="Implications", min_length=1, description="the heading above them all")

    @field_validator("sections")
    @classmethod
    def _each_once(cls, value: tuple[Part, ...]) -> tuple[Part, ...]:
        if len(value) != len(set(value)):
            raise ValueError("each section of the report stands once")
        return value

    def heading(self, part: Part) -> str:
        return self.headings.get(part) or _HEADINGS[part]
