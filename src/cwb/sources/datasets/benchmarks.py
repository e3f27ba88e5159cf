"""Comparisons of the council's own services with others': cost or quality, like for like or not.

One row per comparison.
"""

from __future__ import annotations

from dataclasses import replace

from cwb.base.values import parse_number
from cwb.sources.constraints import within
from cwb.sources.fields import FLAG, NUMBER, START_YEAR, TEXT, Field
from cwb.sources.tables import TableSource

# A number as people write it, with or without its pound sign: the unit has a column of its own.
_PLAIN = replace(NUMBER, parse=lambda text: parse_number((text or "").strip().removeprefix("£").strip()))
_PLAINLY = "Give a plain number; its unit has a column."

SOURCE = TableSource(
    name="benchmarks",
    row="one comparison of a service of the council with another's",
    absent="no comparison of services with others' was supplied",
    has_form=True,
    roles_only=True,
    fields={
        "service": Field(("service",), TEXT, "service").needed("no service", "Name the service that is compared."),
        "measure": Field(("measure",), TEXT, "what is compared").needed("no measure", "Say what is compared."),
        "unit": Field(("unit",), TEXT, "unit of the numbers"),
        "ours": Field(("ours",), _PLAIN, "the council's number").needed("our number cannot be read", _PLAINLY),
        "theirs": Field(("theirs",), _PLAIN, "the other's number").needed("their number cannot be read", _PLAINLY),
        "group_name": Field(("their name or group", "compared with"), TEXT, "body or group that is compared with"),
        "of_year": Field(
            ("year", "financial year"), START_YEAR, "calendar year in which its financial year begins", "year"
        ).needed("not a year", "Write it as 2026-27, or as the year in which it begins."),
        "is_like_for_like": Field(("like for like",), FLAG, "like for like").needed(
            "whether it is like for like is not stated", "Write yes or no."
        ),
        "told_by": Field(("source",), TEXT, "who published it"),
    },
    marks=frozenset({"ours", "theirs", "is_like_for_like"}),
    key=("service", "measure", "group_name", "year"),
    checks=(within("year", "2000", "2099"),),
)
