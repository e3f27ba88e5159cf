"""Where suppliers are whose place no other file tells: the form that `cwb template places` writes, filled in by a person.

One row per supplier. Columns: `supplier_key` (as the form gives it), `supplier_name`, `postcode` (of the address that the
money goes to, or from which the supplier works), `is_abroad` (outside the United Kingdom), `told_by` (a role),
`told_on`, and the source columns. Rows without a place are passed over. Refused: a supplier placed twice, a row without its
key, without who told it or when, and one with a postcode of the United Kingdom that says that it is outside.
"""

from __future__ import annotations

from cwb.base.values import find_postcode
from cwb.sources.constraints import unique
from cwb.sources.fields import DAY, FLAG, TEXT, Field, Rule, coded, given_twice
from cwb.sources.places import NO_DISTRICT
from cwb.sources.tables import TableSource

SOURCE = TableSource(
    name="places",
    absent="no form of places was supplied",
    roles_only=True,
    fields={
        "supplier_key": Field(("supplier key",)).needed("no supplier key", "Keep the key that the form gives."),
        "supplier_name": Field(("supplier name",), TEXT),
        "postcode": Field(("postcode",), coded(find_postcode)),
        "is_abroad": Field(("outside the uk (yes)", "outside the uk"), FLAG),
        "told_by": Field(("told by (role)", "told by"), TEXT).needed(
            "not said who told the place", "Write the role of who told it."
        ),
        "told_on": Field(("told on",), DAY).needed(
            "not said on which day the place was told", "Write the day, as 31/03/2026."
        ),
    },
    required=("postcode",),
    marks=frozenset({"supplier_key", "is_abroad"}),
    key=("supplier_key",),
    rules=(
        Rule(
            lambda _, values: (
                ~values["postcode"].fillna("JE1").str.match(NO_DISTRICT) & values["is_abroad"].eq(True)
            ),
            "a postcode of the United Kingdom, and outside the UK",
            "Keep the one that is right.",
            "postcode",
        ),
        given_twice(
            ("supplier_key",),
            "placed again in a later row",
            "Nothing to do: the later row stands.",
            keep="last",
        ),
    ),
    checks=(unique("supplier_key"),),
    awaits=("postcode", "is_abroad"),
    awaiting="rows of the form have no place yet",
    unescaped=("supplier_key",),
)
