"""How many bids tenders draw, from whom, and how long bidders have: the council's own list, else the lots in notices."""

from __future__ import annotations

from decimal import Decimal
from statistics import median as middle

from cwb.base.days import in_year_to
from cwb.base.rows import Row
from cwb.council.periods import long_date
from cwb.packs.exhibits import or_why, range_text
from cwb.packs.measure import Column, Definition, Measured, PackData, Result, Shown, Undefined, ask, measure
from cwb.packs.questions import IS_SME, PLACE, Fact, Relation, Thing, median, share

LOT = Thing("lot_key", "title", "lots")
_LEAST_LOTS = 10
# An advertisement of fewer days is a prompt to ask why: Open Contracting's R003.
_SHORT_DAYS = 15
# Routes by which anyone, or anyone who was chosen for it, may bid: a single bid says something there.
COMPETED = ("open", "selective")
IS_SINGLE = Fact(
    "bids = 1", "the number of bids is known", "The number of bids for each procurement would settle it."
)
IS_OF_SME = Fact("is_sme", "the size of bidders is known", "The number of bids from small firms would settle it.")
IS_IN_LOTS = Fact(
    "is_lots_considered", "whether lots were considered is known", "The list of procurements would settle it."
)
_COLUMNS = {
    **dict.fromkeys(("lot_key", "title", "route"), str),
    **dict.fromkeys(("is_lots_considered", "is_sme"), bool),
    **dict.fromkeys(("bids", "all_bids", "sme_bids", "days", "weight"), Decimal),
}


@measure(
    Definition(
        "bids_median", "Bids for a lot, in the middle", "rate", "median",
        "The middle number of bids for lots of open and selective procedures, in the twelve months to the report's day.",
        excluded="Lots whose number of bids is not known, and procedures to which nobody or few are invited.",
    ),
    Definition(
        "single_bid_share", "Lots that drew a single bid", "share", "share",
        "Lots of open and selective procedures with one bid divided by all of them; at least ten are needed.",
        excluded="Procedures to which nobody or few are invited.",
    ),
    Definition(
        "sme_bid_share", "Bids from small and medium firms", "share", "share",
        "Bids of small and medium firms divided by all bids; of notices those of the final stage.",
        excluded="Lots without a known number of bids.",
    ),
    Definition(
        "sme_award_share", "Awards to small and medium firms", "share", "share",
        "Awards published in the twelve months to small and medium firms divided by all awards, each supplier of an award once.",
    ),
    Definition(
        "lots_share", "Procurements for which lots were considered", "share", "share",
        "Open and selective procurements in lots, or with a record that lots were considered, divided by all of them.",
    ),
    Definition(
        "tender_days_median", "Days that bidders had, in the middle", "days", "median",
        "The middle number of days from advertisement to deadline of open and selective procurements.",
        excluded="Procurements without both days.",
    ),
    question="Do our tenders draw bids?",
    needs=(),
    main=("bids_median", "single_bid_share"),
    columns=(
        Column("route", "Procedure"),
        Column("lots", "Lots", "count"),
        Column("bids_known", "Bids known", "count"),
        Column("bids_median", "Bids, in the middle", "decimal"),
        Column("single", "One bid", "count"),
        Column("single_share", "Share with one bid", "share"),
        Column("days_median", "Days for bids, in the middle", "decimal", missing=""),
        Column("short", "Under 15 days for bids", "count"),
    ),
)  # fmt: skip
def bids(data: PackData) -> Result:
    """Bids for the lots of the twelve months to the report's day, by procedure.

    One row per procedure: `route`, `lots`, `bids_known`, `bids_median`, `single` (lots with one bid), `single_share`, `days_median`, `short` (how many
    gave bidders fewer days than the prompt R003 of Open Contracting asks about). The council's list of procurements is used where it
    was supplied; else each lot of a notice once, by its newest notice. A single bid of a limited procedure or a direct award is no sign.
    """
    rows, table = _lots(data)
    if not rows:
        raise Undefined(
            f"no bid of the year to {long_date(data.report_day)} was supplied, by a list of procurements or by notices"
        )
    lines = data.add_rows("lots_bid_for", _COLUMNS, rows, (table,))
    competed = lines.where(f"route IN ({', '.join(repr(route) for route in COMPETED)})")
    known, timed = competed.where("bids IS NOT NULL"), competed.where("days IS NOT NULL")
    by_size = data.add_rows("bids_by_size", _COLUMNS, _by_size(rows), (table,))
    lots = data.count(competed)
    few = (
        f"only {lots} {'lot was' if lots == 1 else 'lots were'} open to bids in the year to {long_date(data.report_day)}"
        if lots < _LEAST_LOTS
        else None
    )
    no_bids = None if data.count(known) else "no number of bids for an open or selective procurement is known"
    of_list = None if table == "tenders" else "no list of procurements and their bids was supplied"
    awards, no_award = _awards(data)
    answers = ask(
        data,
        median("bids_median", known, "bids", LOT).unless(no_bids),
        share("single_bid_share", competed, IS_SINGLE, by=None, per=LOT).unless(few),
        share("sme_bid_share", by_size, IS_OF_SME, by="weight", per=Thing("lot_key", "title", "bids")).unless(
            no_bids
        ),
        share("sme_award_share", awards, IS_SME, by=None, per=Thing("won_key", "title", "awards")).unless(
            no_award
        ),
        share("lots_share", competed, IS_IN_LOTS, by=None, per=LOT).unless(of_list or few),
        median("tender_days_median", timed, "days", LOT).if_empty(
            "no procurement states both its advertisement and its deadline"
        ),
    )
    return Result.of(answers, _by_route(rows))


def _lots(data: PackData) -> tuple[list[Row], str]:
    """The lots of the year, and the table that has them."""
    if data.has("tenders"):
        day = "coalesce(deadline_date, advertised_date, awarded_date)"
        rows = data.rows(
            f"""SELECT * FROM tenders WHERE {in_year_to(data.report_day, day)}
                ORDER BY {PLACE}"""
        )
        keyed = [
            row
            | {"lot_key": f"{row['tender_reference']} {row['title']}", "all_bids": row["bids"], "days": _days(row)}
            for row in rows
        ]
        return [_row(row) for row in keyed], "tenders"
    return lots_in_notices(data), "notice_lots"


def lots_in_notices(data: PackData, where: str = "is_own AND is_newest") -> list[Row]:
    """The lots in notices of the year that state bids; `where` chooses others."""
    rows = data.rows(
        f"""SELECT * FROM notice_lots WHERE ({where}) AND {in_year_to(data.report_day, "notice_date")}
            ORDER BY notice_date, notice_id, lot, {PLACE}"""
    )
    return [
        _row(
            row
            | {
                "lot_key": f"{row['notice_id']} {row['lot']}",
                "all_bids": row["final_bids"],
                "sme_bids": row["sme_final_bids"],
            }
        )
        for row in rows
    ]


def _row(row: Row) -> Row:
    return dict.fromkeys(_COLUMNS) | row | {"title": row["title"] or row["lot_key"]}


def _days(row: Row) -> int | None:
    """Days from the advertisement to the deadline; None where one is not stated, or the deadline comes first."""
    first, last = row["advertised_date"], row["deadline_date"]
    return (last - first).days if first and last and last >= first else None


def _by_size(rows: list[Row]) -> list[Row]:
    """Bids of each lot by whether a small or medium firm made them; not known where the number is not stated, or is more than all."""
    found = []
    for row in rows:
        whole, small = row["all_bids"], row["sme_bids"]
        if not whole:
            continue
        if small is None or small > whole:
            found.append(row | {"weight": whole, "is_sme": None})
            continue
        parts = (("sme", small, True), ("other", whole - small, False))
        found += [
            row | {"lot_key": f"{row['lot_key']} {name}", "weight": number, "is_sme": is_sme}
            for name, number, is_sme in parts
            if number
        ]
    return found


def _awards(data: PackData) -> tuple[Relation, str | None]:
    """The council's awards of the year, each supplier of one once, and why there are none."""
    found = data.rows(
        f"""SELECT {PLACE}, award_key, payee_key, title, is_sme FROM award_lines
            WHERE is_own AND {in_year_to(data.report_day, "award_date")} ORDER BY {PLACE}, payee_key"""
    )
    rows = [{**row, "won_key": f"{row['award_key']} {row['payee_key']}"} for row in found]
    columns = {"won_key": str, "title": str, "is_sme": bool}
    lines = data.add_rows("awards_of_the_year", columns, rows, ("award_lines",))
    return lines, None if rows else f"no award of the year to {long_date(data.report_day)} is known"


def _by_route(rows: list[Row]) -> list[tuple[object, ...]]:
    found: list[tuple[object, ...]] = []
    for route in dict.fromkeys((*COMPETED, *sorted({str(row["route"] or "not stated") for row in rows}))):
        of_route = [row for row in rows if (row["route"] or "not stated") == route]
        numbers = [row["bids"] for row in of_route if row["bids"] is not None]
        days = [row["days"] for row in of_route if row["days"] is not None]
        if of_route:
            single = sum(number == 1 for number in numbers)
            found.append(
                (
                    route, len(of_route), len(numbers), middle(numbers) if numbers else None, single,
                    single / len(numbers) if numbers else None, middle(days) if days else None,
                    sum(number < _SHORT_DAYS for number in days),
                )
            )  # fmt: skip
    return found


@bids.shown
def exhibit(m: Measured) -> Shown:
    single, usual, small = m["single_bid_share"], m["bids_median"], m["sme_bid_share"]
    awards, lots, days = m["sme_award_share"], m["lots_share"], m["tender_days_median"]
    competed = m.table[m.table["route"].isin(COMPETED)]
    short = int(competed["short"].sum())
    return Shown(
        title=f"{single} of lots open to bids drew a single one"
        if single.value is not None
        else "Bids for what we put out to tender",
        subtitle=f"Bids by procedure, in the year to {long_date(m.data.report_day)}. {m.data.settings.council.name}",
        says=(
            or_why(single, f"{single} of open and selective lots drew one bid{range_text(single)}.", "How many drew a single bid"),
            or_why(usual, f"The lot in the middle drew {usual} bids{range_text(usual)}.", "How many bids a lot drew"),
            or_why(small, f"{small} of bids came from small and medium firms{range_text(small)}.", "How many bids came from small firms"),
            or_why(awards, f"{awards} of awards went to them{range_text(awards)}.", "How many awards went to them"),
            or_why(
                days, f"Bidders had {days} in the middle{range_text(days)}; {short:,} of these procurements gave them under {_SHORT_DAYS} days.",
                "How long bidders had",
            ),
            or_why(lots, f"Lots were considered for {lots} of open and selective procurements{range_text(lots)}.", "How often lots were considered"),
        ),
        caption="Bids by procedure",
    )  # fmt: skip
