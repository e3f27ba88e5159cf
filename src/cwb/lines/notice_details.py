"""Tables of what notices tell of contracts, of their indicators and of bids, and their SQL."""

from __future__ import annotations

from pathlib import Path

from cwb.entities.matched import table_sql
from cwb.lines.bodies import with_buyers
from cwb.lines.columns import SOURCE, compared_reference, day, flag, number, pounds, text, written
from cwb.lines.table import Table
from cwb.sources.datasets.contract_performance import RATINGS
from cwb.sources.fields import ShownBy

_NOTICE = (
    *SOURCE,
    text("ocid", "process", needed=True),
    text("notice_id", "notice", needed=True),
    text("notice_type", "type of notice"),
    day("notice_date", "day of publication"),
    written("buyer_name", "buyer as the notice has it"),
    flag("is_own", "the council is the buyer", needed=True),
)
CONTRACTS = Table(
    "notice_contracts",
    "one contract as one notice tells of it (UK7, UK10, UK11), an award before its contract (UK6), or a purchase that ended without "
    "award (UK12)",
    (
        *_NOTICE,
        compared_reference("reference", "the council's reference of the purchase"),
        written("title", "title", shown_by=ShownBy.TITLE),
        text("contract_id", "the contract within its process"),
        text("award_id", "its award within the process"),
        text("kind", "goods, services or works, as stated"),
        flag("is_update", "it republishes an earlier notice"),
        day("signed_date", "day on which the contract was signed"),
        day("start_date", "first day of the contract"),
        day("end_date", "last day, without further extension"),
        day("last_date", "last day, with all extensions"),
        pounds("value_gbp", "stated value, without VAT where stated so"),
        pounds("value_gross_gbp", "stated value including VAT, where stated so"),
        flag("is_above_threshold", "stated to be at or above the threshold"),
        flag("is_value_doubtful", "said to be below the threshold, and worth more than the highest: perhaps pence"),
        flag("is_light_touch", "stated to be a light touch service"),
        flag("is_framework", "a framework"),
        flag("is_concession", "a concession"),
        number("kpi_count", "key performance indicators agreed", "indicators"),
        written("no_kpi_reason", "why none were agreed"),
        day("change_date", "day of the change (UK10)"),
        flag("is_change_made", "the change was already made"),
        text("change_reason", "kind of reason for the change, as coded"),
        day("ended_date", "day on which the contract or the purchase ended"),
        pounds("final_gbp", "final value, without VAT where stated so"),
        pounds("final_gross_gbp", "final value including VAT, where stated so"),
        text("end_reason", "kind of reason for the end, as coded"),
        written("said", "what the notice says of its status"),
    ),
)  # fmt: skip
RESULTS = Table(
    "notice_results",
    "one result of one performance indicator, of a contract performance notice (UK9)",
    (
        *_NOTICE,
        text("contract_id", "the contract within its process"),
        written("indicator", "indicator"),
        written("result", "result, as stated"),
        text("rating", "rating", RATINGS, needed=True),
        day("period_from", "first day of the period"),
        day("period_to", "last day of the period"),
    ),
)
LOTS = Table(
    "notice_lots",
    "the bids for one lot, as one notice tells them",
    (
        *_NOTICE,
        written("title", "title", shown_by=ShownBy.TITLE),
        text("lot", "lot"),
        text("route", "open, selective or limited, as stated"),
        text("procedure", "procedure, as stated"),
        flag("is_update", "it republishes an earlier notice", needed=True),
        flag("is_newest", "no later notice republishes it", needed=True),
        number("bids", "bids", "bids"),
        number("final_bids", "bids at the final stage", "bids"),
        number("sme_final_bids", "of them from small and medium businesses", "bids"),
        number("vcse_final_bids", "of them from voluntary, community and social enterprises", "bids"),
    ),
)
NOTICE_DETAILS = (CONTRACTS, RESULTS, LOTS)


def detail_selects(folder: Path) -> dict[str, str]:
    """The SQL of each of the tables that is there; table `buyers` says who the council is."""
    found = {
        table.name: f"({with_buyers(kept)})" for table in NOTICE_DETAILS if (kept := table_sql(folder, table.name))
    }
    return {name: f"SELECT *{_IS_NEWEST if name == LOTS.name else ''} FROM {rows}" for name, rows in found.items()}


# Only what says that it republishes takes the place of what was told before: call-offs of one older process bear the same lot.
_IS_NEWEST = """, NOT coalesce(bool_or(is_update) OVER (PARTITION BY ocid, lot ORDER BY notice_date, notice_id
    ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING), FALSE) AS is_newest"""
