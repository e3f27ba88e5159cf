"""What there is for each of the charter's ten pledges: entries of the log, columns of the list of procurements, low prices."""

from __future__ import annotations

from dataclasses import dataclass

from cwb.base.days import months_after
from cwb.base.rows import place_of
from cwb.council.periods import long_date
from cwb.evidence.data import PackData
from cwb.packs.exhibits import plural
from cwb.packs.questions import PLACE, Relation
from cwb.packs.social_value.log import Entry, Pledge, entries, pledges_on
from cwb.packs.social_value.low_prices import Tender, prices_of

EVIDENCED, PARTLY, NOT_YET, OVERDUE, NO_DATA = "Evidenced", "Partly", "Not so far", "Overdue", "No data"
_FLAGS = {"slavery clause": "is_slavery_clause", "whistle-blowing policy": "is_whistle_blowing"}


@dataclass(frozen=True)
class Found:
    """A pledge with what there is for it, `last` and `due` days in words; `is_evidenced` is None where there are no data, and where
    what does not say could settle it. The row is that of its evidence."""

    source_file: str
    source_sheet: str | None
    source_row: int
    pledge: str
    text: str
    status: str
    is_evidenced: bool | None
    last: str
    due: str
    evidence: str


def found_of(data: PackData) -> list[Found]:
    """The ten pledges in the charter's order."""
    newest = {entry.pledge: entry for entry in entries(data)}
    found = []
    for place, pledge in enumerate(pledges_on(data.period.end).values(), start=1):
        if pledge.evidence == "log":
            found.append(_of_log(data, pledge, newest.get(pledge.id), place))
        elif not data.has("tenders"):
            found.append(_nothing(pledge, place, "No procurements were supplied"))
        elif pledge.evidence == "low prices":
            found.append(_of_prices(data, pledge, place))
        else:
            found.append(_of_flag(data, pledge, place))
    return found


def awarded_in(data: PackData, pledge: Pledge) -> Relation:
    """Procurements awarded in the time for which evidence of a pledge stands, to the end of the period."""
    first, last = pledge.since(data.period.end), data.period.end
    return data.relation("tenders").where(f"awarded_date > DATE '{first}' AND awarded_date <= DATE '{last}'")


def _found(
    pledge: Pledge,
    row: tuple[str, str | None, int],
    status: str,
    evidence: str,
    last: str = "",
    due: str = "",
    is_open: bool = False,
) -> Found:
    """`is_open`: what does not say could make it evidenced."""
    is_evidenced = None if status == NO_DATA or is_open else status == EVIDENCED
    return Found(*row, pledge.id, pledge.text, status, is_evidenced, last, due, evidence)


def _nothing(pledge: Pledge, place: int, why: str, last: str = "") -> Found:
    return _found(pledge, ("cwb: pledges.csv", None, place), NO_DATA, why, last)


def _of_log(data: PackData, pledge: Pledge, entry: Entry | None, place: int) -> Found:
    if entry is None:
        return _nothing(pledge, place, "Nothing is logged" if data.has("activity") else "The log was not supplied")
    due, day = months_after(entry.activity_date, pledge.months), long_date(entry.activity_date)
    is_late = due <= data.period.end
    if is_late and pledge.is_when_any:
        return _nothing(pledge, place, f"Nothing is logged in {pledge.months} months", day)
    row = entry.source_file, entry.source_sheet, entry.source_row
    again = "" if pledge.is_when_any else long_date(due)
    return _found(pledge, row, OVERDUE if is_late else EVIDENCED, entry.title, day, again)


def _of_flag(data: PackData, pledge: Pledge, place: int) -> Found:
    """Evidenced where every procurement of the time has it, partly where some have not or do not say."""
    awarded, column = awarded_in(data, pledge), _FLAGS[pledge.evidence]
    sql = f"""SELECT {PLACE}, awarded_date, {column} AS is_used FROM {awarded.source}
        WHERE {awarded.condition} AND {column} IS NOT NULL ORDER BY is_used, awarded_date, {PLACE}"""
    rows = data.rows(sql)
    if not rows:
        return _nothing(pledge, place, "No procurement says so")
    used, last = sum(row["is_used"] for row in rows), rows[-1]
    silent = data.count(awarded) - len(rows)
    evidence = f"{used:,} of {plural(f'{len(rows):,}', 'procurement')} that say"
    if silent:
        evidence += f"; {silent:,} {'does' if silent == 1 else 'do'} not"
    day = long_date(last["awarded_date"]) if used else ""
    return _found(
        pledge,
        tuple(place_of(last).values()),
        _part(used, len(rows) + silent),
        evidence,
        day,
        is_open=bool(silent) and used == len(rows),
    )


def _of_prices(data: PackData, pledge: Pledge, place: int) -> Found:
    """Evidenced where every low price was looked at, or where enough tenders show none."""
    prices = prices_of(data)
    seen = [tender for tender in prices.tenders if tender.is_flagged or tender.is_looked_at]
    if not seen and prices.limit is None:
        return _nothing(pledge, place, "Too few tenders with both prices")
    if not seen and not prices.tenders:
        return _nothing(pledge, place, "No tender was decided in twelve months")
    if not seen:
        return _found(pledge, _row(prices.tenders[-1]), EVIDENCED, "No low price was found")
    looked = [tender for tender in seen if tender.is_looked_at]
    is_refuted = any(tender.is_looked_at is False for tender in seen)
    is_known = looked or is_refuted
    evidence = f"{len(looked):,} of {plural(f'{len(seen):,}', 'low price')} looked at"
    status = _part(len(looked), len(seen)) if is_known else NO_DATA
    is_open = not is_refuted and len(looked) < len(seen)
    return _found(pledge, _row((looked or seen)[-1]), status, evidence, is_open=is_open)


def _row(tender: Tender) -> tuple[str, str | None, int]:
    return tender.source_file, tender.source_sheet, tender.source_row


def _part(done: int, of: int) -> str:
    return EVIDENCED if done == of else PARTLY if done else NOT_YET
