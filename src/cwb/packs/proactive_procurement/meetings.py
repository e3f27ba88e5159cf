"""A year of the log and of the contracts' results, up to the period's end: quarters with a meeting of the group, departments
that were trained, meetings with suppliers, and which of the suppliers paid most were met."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from cwb.base.days import in_year_to, months_after
from cwb.base.privacy import NOT_STATED, WITHHELD
from cwb.base.references import same_reference
from cwb.base.rows import place_of
from cwb.charts.wording import listed
from cwb.council.periods import Period, long_date
from cwb.evidence.data import PackData
from cwb.packs.compare import period_before
from cwb.packs.questions import FIRST_LINE, PLACE, Fact, Relation, Row, Thing, as_table, numbered
from cwb.sources.tabular import sql_text

QUARTER = Thing("name", "name", "quarters")
DEPARTMENT = Thing("name", "name", "departments")
MEETING = Thing("name", "name", "meetings")
KEY_SUPPLIER = Thing("name", "display_name", "suppliers")
IS_MET = Fact("is_so", "the log reaches back to them", "The log of the whole year would settle it.")
WAS_MET = Fact(
    "is_so",
    "whether they were met is known",
    "The log of the whole year, with the contract of each meeting, would settle it.",
)
IS_TRAINED = Fact(
    "is_so",
    "the departments at training sessions are known",
    "The departments of each training session, in the log of activity, would settle it.",
)


@dataclass(frozen=True)
class Check:
    """One thing and whether something holds of it, with the row that says so; NULL where it is not known."""

    source_file: str
    source_sheet: str | None
    source_row: int
    name: str
    display_name: str
    is_so: bool | None


def log(data: PackData, kind: str) -> Relation:
    """What was done of a kind in the twelve months."""
    return Relation("activity", ("activity",)).where(
        f"kind = {sql_text(kind)}", in_year_to(data.period.end, "activity_date")
    )


def first_of_log(data: PackData) -> Row:
    return data.rows(f"SELECT * FROM activity ORDER BY activity_date, {PLACE} LIMIT 1")[0]


def log_begins_late(data: PackData) -> bool:
    """Whether the log begins within the twelve months: of what was done before, nothing is known."""
    begins: date = first_of_log(data)["activity_date"]
    return begins > months_after(data.period.end, -12) + timedelta(days=1)


def no_log(data: PackData) -> str | None:
    """Why the log says nothing about the twelve months; None where it does."""
    if reason := data.why_not("activity"):
        return reason
    begins: date = first_of_log(data)["activity_date"]
    return f"the log of activity begins on {long_date(begins)}" if begins > data.period.end else None


def short_log(data: PackData) -> str | None:
    """Why the log does not tell of all the twelve months; None where it does."""
    if (reason := no_log(data)) or not log_begins_late(data):
        return reason
    begins = long_date(first_of_log(data)["activity_date"])
    return f"the log of activity begins on {begins}, within the twelve months"


def no_meetings(data: PackData) -> str | None:
    """Why neither the log nor the contracts' results have meetings; None where one has."""
    meetings = Relation("contract_performance", ("contract_performance",)).where("meeting_date IS NOT NULL")
    return None if data.count(meetings) else no_log(data)


def _table(data: PackData, name: str, rows: list[Check], *tables: str) -> Relation:
    return data.add_table(name, as_table(Check, rows), tables)


def _of_log(data: PackData, kind: str) -> list[Row]:
    lines = log(data, kind)
    return data.rows(f"SELECT * FROM {lines.source} WHERE {lines.condition} ORDER BY activity_date, {PLACE}")


def quarters(data: PackData) -> Relation:
    """The four quarters up to the period's end, each with whether the group met; not known of one that began before the log."""
    met = {str(Period.of(row["activity_date"])): row for row in _of_log(data, "group meeting")}
    first = first_of_log(data)
    quarter, rows = Period.of(data.period.end), list[Check]()
    for _ in range(4):
        row = met.get(str(quarter), first)
        so = True if str(quarter) in met else None if quarter.start < first["activity_date"] else False
        rows.append(_check(row, quarter.short_label, so))
        quarter = period_before(quarter)
    return _table(data, "group_quarters", rows, "activity")


def _check(row: Row, name: str, is_so: bool | None, shown: str = "") -> Check:
    return Check(**place_of(row), name=name, display_name=shown or name, is_so=is_so)


def departments(data: PackData) -> tuple[Relation | None, list[str]]:
    """Departments that buy, each with whether somebody of it was at a training session; not known where a session does not say
    whose it was, or the log begins within the year. None where no department is known. Then the departments of the log that are
    not among them."""
    trained: dict[str, Row] = {}
    sessions = _of_log(data, "training")
    for row in sessions:
        trained |= {name.casefold(): row for name in _names(row["departments"])}
    is_silent = log_begins_late(data) or any(not _names(row["departments"]) for row in sessions)
    listed = _listed(data)
    rows = [
        _check(
            trained.get(name.casefold(), own),
            name,
            True if name.casefold() in trained else None if is_silent else False,
        )
        for name, own in listed.items()
    ]
    known = {name.casefold() for name in listed}
    others = [name for row in sessions for name in _names(row["departments"]) if name.casefold() not in known]
    tables = ("activity",) if data.settings.procurement.departments else ("activity", "contract_lines")
    return (_table(data, "training_departments", rows, *tables) if rows else None), list(dict.fromkeys(others))


def _names(text: str | None) -> list[str]:
    return [name for part in (text or "").split(";") if (name := part.strip())]


def _listed(data: PackData) -> dict[str, Row]:
    """Departments of the settings, else of the register, else of the ledger, in any spelling once."""
    if named := data.settings.procurement.departments:
        return dict.fromkeys(named, first_of_log(data))
    for table in ("contract_lines", "spend_lines"):
        lines = f"(SELECT department AS name, {PLACE} FROM {table} WHERE department IS NOT NULL)"
        sql = f"SELECT name, {PLACE} FROM {numbered(lines, 'name')} first_lines WHERE nth = 1 ORDER BY name"
        if found := data.rows(sql):
            return {row["name"]: row for row in {row["name"].casefold(): row for row in reversed(found)}.values()}
    return {}


def supplier_meetings(data: PackData) -> tuple[Relation, list[tuple[str | None, date]]]:
    """Meetings with suppliers: those of the log, and contract meetings of the results that the log does not have; then the contract
    and day of each."""
    rows: list[Check] = []
    seen: list[tuple[str | None, date]] = []
    lines = f"""(SELECT contract_reference AS reference, meeting_date AS activity_date, {PLACE} FROM contract_performance
        WHERE {in_year_to(data.period.end, "meeting_date")})"""
    results = f"""SELECT reference, activity_date, {PLACE} FROM {numbered(lines, "reference, activity_date")} first_lines
        WHERE nth = 1 ORDER BY reference, activity_date"""
    for row in (*_of_log(data, "supplier meeting"), *data.rows(results)):
        meeting = (same_reference(row["reference"]) or None, row["activity_date"])
        if meeting[0] is None or meeting not in seen:
            seen.append(meeting)
            rows.append(_check(row, f"{meeting[0] or 'No contract named'} {meeting[1]} {len(seen)}", True))
    return _table(data, "supplier_meetings_held", rows, "activity", "contract_performance"), seen


def key_suppliers(data: PackData, meetings: list[tuple[str | None, date]]) -> tuple[Relation, int]:
    """The suppliers paid most in the twelve months by their place, for a key may hold a name, each with whether one of its contracts
    had a meeting, which is not known of those not met where the log does not tell of all the months; then how many meetings name no
    contract of the register, so that they may be of any supplier."""
    contracts = data.rows(
        """SELECT contract_reference AS reference, organisation_key, display_name FROM contract_lines
        WHERE contract_reference IS NOT NULL ORDER BY contract_reference, organisation_key"""
    )
    held = {reference for reference, _ in meetings if reference}
    of_contract = [row for row in contracts if same_reference(row["reference"]) in held]
    met = {row["organisation_key"] for row in of_contract}
    met |= {row["display_name"] for row in of_contract if row["display_name"] not in (WITHHELD, NOT_STATED)}
    linked = {same_reference(row["reference"]) for row in of_contract}
    unlinked = sum(reference not in linked for reference, _ in meetings)
    lines = f"""(SELECT organisation_key, display_name, amount_gbp, {PLACE} FROM spend_lines
        WHERE supplier_key IS NOT NULL AND {in_year_to(data.period.end, "payment_date")})"""
    sql = f"""SELECT organisation_key, min(display_name) AS display_name, sum(amount_gbp) AS pounds, {FIRST_LINE}
        FROM {numbered(lines, "organisation_key")} paid_lines
        GROUP BY organisation_key ORDER BY pounds DESC, organisation_key"""
    unmet = None if short_log(data) else False
    paid = data.rows(sql)
    facts = [True if row["organisation_key"] in met or row["display_name"] in met else unmet for row in paid]
    found = _first_places(list(zip(paid, facts, strict=True)), data.settings.procurement.key_suppliers)
    rows = [_check(row, f"{place}", is_so, name) for place, (row, name, is_so) in enumerate(found, start=1)]
    return _table(
        data, "key_suppliers", rows, "spend_lines", "contract_lines", "activity", "contract_performance"
    ), unlinked


def _first_places(paid: list[tuple[Row, bool | None]], most: int) -> list[tuple[Row, str, bool | None]]:
    """So many of the suppliers, largest first, with their names and facts. Where more are paid the same than there are last places, any
    of them may hold one: such a place has all their names, and the fact that it has whoever holds it."""
    if len(paid) <= most:
        return [(row, row["display_name"], is_so) for row, is_so in paid]
    least = paid[most - 1][0]["pounds"]
    tied = [(row, is_so) for row, is_so in paid if row["pounds"] == least]
    first = [(row, row["display_name"], is_so) for row, is_so in paid if row["pounds"] > least]
    places = most - len(first)
    if places == len(tied):
        return [*first, *((row, row["display_name"], is_so) for row, is_so in tied)]
    surely, never = (max(0, places - sum(is_so is not fact for _, is_so in tied)) for fact in (True, False))
    name = f"One of {listed([row['display_name'] for row, _ in tied])}"
    facts = [*[True] * surely, *[None] * (places - surely - never), *[False] * never]
    return [*first, *((tied[0][0], name, is_so) for is_so in facts)]
