"""What notices tell of contracts beside their award: details, changes, ends, results of indicators, and bids by lot.

Three tables, one row for each such statement, each with the notice's buyer and the source columns. `notice_contracts`: one contract as one
notice tells of it (UK7, UK10, UK11), one award that has no contract yet (UK6), or one purchase that ended without one (UK12).
`notice_results`: one result of one indicator (UK9). `notice_lots`: the bids for one lot. A contract is known by `ocid` and `contract_id`:
UK9 and UK11 state neither title nor buyer's value. Field paths: formats-strategy.md section 1; a notice's own kind is read of its own
document.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from cwb.base.progress import written
from cwb.sources.datasets.contract_performance import RATINGS
from cwb.sources.doubtful import is_doubtful
from cwb.sources.ocds import Json, day_of, gross_of, items_of, number_of, part_of, text_of, value_of, words_of
from cwb.sources.ocds_status import contract_ended, ended
from cwb.sources.source import Job
from cwb.sources.tables import arrow_of

_TEXT, _DAY, _FLAG, _NUMBER = pa.string(), pa.date32(), pa.bool_(), pa.float64()
_NOTICE = {
    **dict.fromkeys(("ocid", "notice_id", "notice_type", "buyer_name", "buyer_id", "other_buyers"), _TEXT),
    "notice_date": _DAY,
}
_ROW = {"source_file": _TEXT, "source_sheet": _TEXT, "source_row": pa.int64()}
CONTRACTS: dict[str, pa.DataType] = {
    **_NOTICE,
    **dict.fromkeys(("reference", "title", "contract_id", "award_id", "kind", "no_kpi_reason", "change_reason", "end_reason", "said"), _TEXT),
    **dict.fromkeys(("signed_date", "start_date", "end_date", "last_date", "change_date", "ended_date"), _DAY),
    **dict.fromkeys(
        ("is_update", "is_above_threshold", "is_light_touch", "is_framework", "is_concession", "is_change_made", "is_value_doubtful"),
        _FLAG,
    ),
    **dict.fromkeys(("value_gbp", "value_gross_gbp", "final_gbp", "final_gross_gbp"), _NUMBER),
    "kpi_count": pa.int64(),
    **_ROW,
}  # fmt: skip
RESULTS: dict[str, pa.DataType] = {
    **_NOTICE, **dict.fromkeys(("contract_id", "indicator", "result", "rating"), _TEXT),
    **dict.fromkeys(("period_from", "period_to"), _DAY), **_ROW,
}  # fmt: skip
_BIDS = {
    "bids": "bids",
    "finalStageBids": "final_bids",
    "smeFinalStageBids": "sme_final_bids",
    "vcseFinalStageBids": "vcse_final_bids",
}
LOTS: dict[str, pa.DataType] = {
    **_NOTICE, **dict.fromkeys(("title", "lot", "route", "procedure"), _TEXT),
    **dict.fromkeys(_BIDS.values(), pa.int64()), "is_update": _FLAG, **_ROW,
}  # fmt: skip
TABLES = {"notice_contracts": CONTRACTS, "notice_results": RESULTS, "notice_lots": LOTS}


class NoticeTables:
    """The rows of the three tables that the releases of one file give."""

    def __init__(self) -> None:
        self.rows: dict[str, list[Json]] = {name: [] for name in TABLES}

    def add(self, release: Json, common: Json) -> None:
        """Take a release; `common` are the columns of its notice: its kind, buyer and place in the file."""
        kind = common["notice_type"]
        found = {
            "notice_contracts": _contracts(release, kind),
            "notice_results": _results(release) if kind == "UK9" else [],
            "notice_lots": _lots(release),
        }
        for name, rows in found.items():
            columns = {column: common[column] for column in (*_NOTICE, *_ROW)}
            self.rows[name] += [{**dict.fromkeys(TABLES[name]), **columns, **row} for row in rows]


def write_tables_of(job: Job, read: Sequence[NoticeTables]) -> None:
    """Write the tables of all files of notices; one without a row is not there."""
    for name, types in TABLES.items():
        target = job.table(name)
        target.unlink(missing_ok=True)
        if rows := [row for one in read for row in one.rows[name]]:
            with written(target) as part:
                pq.write_table(arrow_of(pd.DataFrame(rows, columns=list(types), dtype=object), types), part)


def _contracts(release: Json, kind: str | None) -> list[Json]:
    """The contracts, awards or ended purchases of a notice of one of the kinds that tell of them."""
    of_tender, tags = _of_tender(release), words_of(release, "tag")
    contracts = items_of(release, "contracts")
    match kind:
        case "UK6":
            return [{**of_tender, **_award(one)} for one in items_of(release, "awards") if ended(one) is None]
        case "UK7":
            running = [one for one in contracts if contract_ended(one, release) is None]
            return [of_tender | _signed(release, one) | {"is_update": "contractupdate" in tags} for one in running]
        case "UK10":
            return [{**of_tender, **_details(one), **_change(one)} for one in contracts]
        case "UK11":
            return [{**of_tender, **_details(one), **_end(one)} for one in contracts]
        case "UK12":
            gone = [one for one in (*contracts, *items_of(release, "awards")) if ended(one)]
            return [{**of_tender, **_no_award(one)} for one in gone[:1] or [part_of(release, "tender")]]
        case _:
            return []


def _of_tender(release: Json) -> Json:
    tender = part_of(release, "tender")
    regimes = words_of(tender, "specialRegime")
    return {
        "reference": text_of(tender.get("id")),
        "title": text_of(tender.get("title")),
        "is_light_touch": "lighttouch" in regimes,
        "is_concession": "concession" in regimes,
        "is_framework": part_of(tender, "techniques").get("hasFrameworkAgreement") is True,
    }


def _signed(release: Json, contract: Json) -> Json:
    """A contract with its award, which says whether it is goods, services or works, and may be what states the term."""
    award_id = text_of(contract.get("awardID"))
    award = next((one for one in items_of(release, "awards") if text_of(one.get("id")) == award_id), {})
    details = _details({**contract, "period": part_of(contract, "period") or award.get("contractPeriod")})
    return {**details, "kind": text_of(award.get("mainProcurementCategory"))}


def _details(contract: Json) -> Json:
    period, value = part_of(contract, "period"), part_of(contract, "value")
    above, last = contract.get("aboveThreshold"), day_of(period.get("maxExtentDate"))
    signed, gross = day_of(contract.get("dateSigned")), gross_of(value)
    is_above = above if isinstance(above, bool) else None
    found: Json = {
        "contract_id": text_of(contract.get("id")),
        "award_id": text_of(contract.get("awardID")),
        "signed_date": signed,
        "start_date": day_of(period.get("startDate")),
        "end_date": day_of(period.get("endDate")),
        "last_date": last or day_of(period.get("endDate")),
        "value_gbp": value_of(value)[0],
        "value_gross_gbp": gross,
        "is_above_threshold": is_above,
        "is_value_doubtful": is_doubtful(is_above, gross, signed),
        "kpi_count": len(items_of(contract, "agreedMetrics")),
        "no_kpi_reason": text_of(contract.get("noAgreedMetricsRationale")),
        "said": text_of(contract.get("statusDetails")),
    }
    title = text_of(contract.get("title"))
    return {**found, **({"title": title} if title else {})}


def _award(award: Json) -> Json:
    """An award before its contract is signed: known by its own id, which its contract states as `awardID`."""
    details = _details({**award, "period": award.get("contractPeriod"), "awardID": award.get("id")})
    return {**details, "kind": text_of(award.get("mainProcurementCategory")), "kpi_count": None}


def _change(contract: Json) -> Json:
    """A change: intended (`proposedAmendments`, with the terms that it leads to) or already made (`amendments`)."""
    planned, amended = items_of(contract, "proposedAmendments"), items_of(contract, "amendments")
    change = (planned or amended or [{}])[0]
    reasons = [text_of(one.get("id")) or "" for one in items_of(change, "rationaleClassifications")]
    found: Json = {
        "change_date": day_of(change.get("date")),
        "is_change_made": None if not (planned or amended) else not planned,
        "change_reason": "; ".join(filter(None, reasons)) or None,
        "kpi_count": None,
    }
    terms = _details(change) if planned else {}
    new = ("start_date", "end_date", "last_date", "value_gbp", "value_gross_gbp", "is_above_threshold")
    return found | {name: terms[name] for name in new if terms.get(name) is not None}


def _end(contract: Json) -> Json:
    over = part_of(contract, "implementation")
    final = part_of(over, "finalValue")
    reasons = [text_of(one.get("id")) or "" for one in items_of(contract, "terminationRationaleClassifications")]
    return {
        "ended_date": day_of(over.get("endDate")),
        "final_gbp": value_of(final)[0],
        "final_gross_gbp": gross_of(final),
        "end_reason": "; ".join(filter(None, reasons)) or None,
        "kpi_count": None,
    }


def _no_award(section: Json) -> Json:
    return {
        "ended_date": day_of(section.get("finalStatusDate")),
        "said": text_of(section.get("statusDetails")),
    }


def _results(release: Json) -> list[Json]:
    found = []
    for contract in items_of(release, "contracts"):
        for metric in items_of(part_of(contract, "implementation"), "metrics"):
            for one in items_of(metric, "observations"):
                period, rated = part_of(one, "period"), part_of(one, "measureClassification")
                rating = (text_of(rated.get("description")) or "").casefold()
                found.append(
                    {
                        "contract_id": text_of(contract.get("id")),
                        "indicator": text_of(metric.get("title")),
                        "result": text_of(one.get("measure")),
                        "rating": next((name for name in RATINGS if rating.startswith(name)), "other"),
                        "period_from": day_of(period.get("startDate")),
                        "period_to": day_of(period.get("endDate")),
                    }
                )
    return found


def _lots(release: Json) -> list[Json]:
    """The bids for each lot, as statistics state them; of a measure stated twice for a lot the last counts."""
    tender, by_lot = part_of(release, "tender"), dict[str | None, Json]()
    for one in items_of(part_of(release, "bids"), "statistics"):
        measure, value = _BIDS.get(text_of(one.get("measure")) or ""), number_of(one.get("value"))
        if measure and value is not None and value >= 0:
            by_lot.setdefault(text_of(one.get("relatedLot")), {})[measure] = int(value)
    shared = {
        "title": text_of(tender.get("title")),
        "route": text_of(tender.get("procurementMethod")),
        "procedure": text_of(tender.get("procurementMethodDetails")),
        "is_update": bool({"awardupdate", "contractupdate"} & set(words_of(release, "tag"))),
    }
    return [{**shared, "lot": lot, **counts} for lot, counts in by_lot.items()]
