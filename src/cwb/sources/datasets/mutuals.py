"""FCA Mutuals Public Register: societies registered and deregistered, about 32,000.

One row per society. Columns: `mutual_number` (the FCA's full registration number without leading zeros: "30045R",
"7654"), `society_name`, `postcode` (the end of the one-line address), `registered_as` ("Community Benefit Society",
…), `act`, `registration_date`, `deregistration_date`, `is_registered_now`, `classification`, and the source columns.
Source: formats.md 4.1.
"""

from __future__ import annotations

from cwb.sources.constraints import given, matches
from cwb.sources.register import RegisterRule
from cwb.sources.register_sql import day, last_postcode, text
from cwb.sources.registers import RegisterSource

SOURCE = RegisterSource(
    name="mutuals",
    absent="no Mutuals Register was supplied",
    by_folder=True,
    fields={
        "society_number": ("society number",),
        # "Registation" is how the register itself spells it.
        "registration_number": ("full registation number", "full registration number"),
        "society_name": ("society name",),
        "address": ("society address",),
        "registered_as": ("registered as",),
        "registration_act": ("registration act",),
        "registration_date": ("registration date",),
        "deregistration_date": ("deregistration date",),
        "status": ("society status",),
        "classification": ("reporting classification",),
    },
    required=("registration_number", "society_name", "status"),
    marks=frozenset({"registered_as", "registration_number"}),
    key="mutual_number",
    registered="registration_date",
    columns={
        "mutual_number": "cwb_mutual_number($registration_number)",
        "society_name": text("$society_name"),
        "postcode": last_postcode("$address"),
        "registered_as": text("$registered_as"),
        "act": text("$registration_act"),
        "registration_date": day("$registration_date"),
        "deregistration_date": day("$deregistration_date"),
        "is_registered_now": "lower($status) = 'registered'",
        "classification": text("$classification"),
    },
    rules=(
        RegisterRule(
            "mutual_number IS NULL", "no registration number", "Fetch the file again.", "registration_number"
        ),
        RegisterRule("society_name IS NULL", "no society name", "Fetch the file again.", "registration_number"),
    ),
    checks=(*given("mutual_number", "society_name"), matches("mutual_number", "[A-Z]{0,2}[0-9]+[A-Z]*")),
)
