"""Contract awards from Contracts Finder, in the flat CSV of the OCDS extracts, and those of Find a Tender notices.

One row per award and supplier. Columns: `award_key`, `ocid`, `notice_type`, `notice_source`, `notice_id`,
`buyer_name`, `buyer_id`, `title`, `award_date`, `start_date`, `end_date`, `value_gbp` (the whole award's value,
repeated on each of its suppliers), `value_basis` ("excluding VAT", "including VAT" or "not stated"),
`supplier_name`, `supplier_count`, `company_number`, `postcode`, `country`, `is_sme`, `is_vcse`, `cpv_code`,
`procedure`, and the source columns. A zero value is not stated, never nothing. Duplicated rows (same award, same
supplier) are counted once.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import pandas as pd
import pyarrow as pa

from cwb.base.values import company_number, find_postcode
from cwb.sources.constraints import at_least, dated, given, unique
from cwb.sources.fields import DAY, FLAG, STATED_POUNDS, TEXT, Field, Rule, missing, negative
from cwb.sources.report import FileReport, RawFile
from cwb.sources.source import Job
from cwb.sources.tables import TableSource, once

# An award cannot be made long after its notice was published; dates as far off as 2044 have been published.
LATEST_AFTER_PUBLICATION = timedelta(days=366)
NOT_AWARDED = "NOT AWARDED TO SUPPLIER"
IMPLAUSIBLE = "award dated over a year after its notice, or before 2000"
_TEXTS = (
    "award_key",
    "ocid",
    "notice_type",
    "notice_source",
    "notice_id",
    "buyer_id",
    "value_basis",
    "cpv_code",
    "procedure",
)


def is_implausible(award_date: date | None, published: date | None) -> bool:
    """True for an award dated over a year after its own notice, or before 2000."""
    if award_date is None:
        return False
    too_late = published is not None and award_date > published + LATEST_AFTER_PUBLICATION
    return too_late or award_date.year < 2000


def _implausible(_: pd.DataFrame, values: pd.DataFrame) -> pd.Series:
    days = zip(values["award_date"], values["published_date"], strict=True)
    return pd.Series([is_implausible(day, published) for day, published in days], index=values.index)


def _last(rows: pd.DataFrame, _: pd.DataFrame) -> pd.DataFrame:
    schemes = zip(rows["identifier_scheme"], rows["identifier_id"], strict=True)
    places = zip(rows["postcode"], rows["street"], strict=True)
    return rows.assign(
        award_key=rows["award_id"],
        notice_id=rows["award_id"],
        notice_source="Contracts Finder",
        notice_type="award",
        value_basis="not stated",
        supplier_count=rows.groupby("award_id")["supplier_name"].transform("size"),
        company_number=[company_number(number) if scheme == "GB-COH" else None for scheme, number in schemes],
        postcode=[find_postcode(code) or find_postcode(street) for code, street in places],
    )


class _Awards(TableSource):
    def store(self, job: Job, files: Sequence[RawFile]) -> list[FileReport]:
        read = [self.read_or_report(job, file) for file in files]
        listed, reports = once(
            [table for table, _ in read if len(table)], [report for _, report in read], self.key, self.money
        )
        tables = [table.astype(object) for table in (listed, *job.awards) if len(table)]
        table = latest_notice_only(pd.concat(tables, ignore_index=True)) if tables else listed
        self.check_columns(job.con, table)
        self.write(job, table)
        return reports


SOURCE = _Awards(
    name="awards",
    absent="no award notices were supplied",
    fields={
        "award_id": Field(("award id",), stored=None),
        "buyer_name": Field(("buyer name", "organisation name"), TEXT),
        "title": Field(("title",)),
        "description": Field(("description",), stored=None),
        "award_date": Field(("date", "awarded date", "award date"), DAY),
        "value": Field(("value amount", "awarded value", "award value"), STATED_POUNDS, stored="value_gbp"),
        "currency": Field(("value currency",), stored=None),
        "start_date": Field(
            (
                "contractperiod startdate",
                "contract start date",
                "start date",
            ),
            DAY,
        ),
        "end_date": Field(("contractperiod enddate", "contract end date", "end date"), DAY),
        "published_date": Field(("datepublished", "published date"), DAY, stored=None),
        "supplier_name": Field(("supplier name",), TEXT),
        "identifier_scheme": Field(("identifier scheme",), stored=None),
        "identifier_id": Field(("identifier id",), stored=None),
        "street": Field(("address streetaddress",), stored=None),
        "locality": Field(("address locality",), stored=None),
        "postcode": Field(("address postalcode",)),
        "country": Field(("address countryname",)),
        "is_sme": Field(("sme",), FLAG),
        "is_vcse": Field(("vco", "vcse"), FLAG),
    },
    required=("award_id", "buyer_name", "award_date", "supplier_name"),
    marks=frozenset({"award_id", "published_date"}),
    key=("award_key", "supplier_name"),
    money="value_gbp",
    rules=(
        missing("award_id", "no award id", "Fetch the file again.", "supplier_name"),
        missing("buyer_name", "no buyer", "Fetch the file again.", "award_id"),
        Rule(
            lambda _, values: values["supplier_name"].fillna(NOT_AWARDED).str.upper() == NOT_AWARDED,
            "no supplier was awarded",
            "Nothing to do: the notice closes a procurement without an award.",
            "supplier_name",
        ),
        missing("award_date", "award date cannot be read", "Correct the date, or leave it refused.", "award_date"),
        Rule(_implausible, IMPLAUSIBLE, "Correct the date in the notice, or leave it refused.", "award_date"),
        negative("value", "value is negative", "Correct the value in the notice."),
    ),
    doubled=("award_id", "supplier_name"),
    checks=(
        *given("award_key", "supplier_name", "buyer_name", "award_date", "supplier_count"),
        dated("award_date"),
        at_least("value_gbp", 0),
        at_least("supplier_count", 1),
        unique("award_key", "supplier_name"),
    ),
    added={**dict.fromkeys((*_TEXTS, "company_number"), pa.string()), "supplier_count": pa.int64()},
    last=_last,
)


def latest_notice_only(awards: pd.DataFrame) -> pd.DataFrame:
    """Count each award once: of the notices that tell it, the last kind (UK7 over UK6 over UK5), then the newest.

    Rows of Contracts Finder pass unchanged.
    """
    rank = awards["notice_type"].map({"UK7": 3, "UK6": 2, "UK5": 1}).fillna(0)
    # NNNNNN-YYYY: newest is by year, then by number.
    number = awards["notice_id"].astype(str).map(lambda notice: notice[-4:] + notice)
    ordered = awards.assign(rank=rank, number=number).sort_values(
        ["award_key", "rank", "number", "supplier_name"], ascending=[True, False, False, True], kind="stable"
    )
    best = ordered.groupby("award_key")["notice_id"].transform("first")
    chosen = ordered[ordered["notice_id"] == best].drop(columns=["rank", "number"])
    return chosen.drop_duplicates(["award_key", "supplier_name"]).reset_index(drop=True)
