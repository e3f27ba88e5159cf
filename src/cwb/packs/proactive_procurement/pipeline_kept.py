"""Whether the published pipeline is fresh, covers what ends, and is kept."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pandas as pd

from cwb.base.days import in_year_to, months_after
from cwb.base.references import same_reference
from cwb.base.rows import Row, place_of
from cwb.council.periods import long_date, short_date
from cwb.entities.matching.names import normalise_name
from cwb.packs.exhibits import or_why, range_text
from cwb.packs.measure import Column, Definition, Measured, PackData, Paper, Result, Shown, ask, measure
from cwb.packs.questions import PLACE, Fact, Question, Thing, Unanswerable, share, total
from cwb.sources.tabular import sql_text

ENDING = Thing("line_key", "title", "contracts")
LINE_OF_PIPELINE = Thing("line_key", "title", "lines of the pipeline")
_AHEAD = 18
# A quarter to either side of the day that the pipeline states.
_NEAR = timedelta(days=92)
_YEAR = timedelta(days=365)
# Of what comes in-house or stops nothing is bought; what is decided otherwise needs a line.
_DECIDED = ("insource", "stop")
_STATES = {True: "in the pipeline", False: "not in the pipeline", None: "a line may be it"}
IS_COVERED = Fact(
    "is_kept",
    "which contract a line replaces is known",
    "The reference of the contract that each line of the pipeline replaces would settle it.",
)
IS_KEPT = Fact(
    "is_kept",
    "which procurement a line became is known",
    "The same reference or title in the pipeline and the notice would settle it.",
)
_COLUMNS = {"line_key": str, "title": str, "is_kept": bool}


@measure(
    Definition(
        "pipeline_age_days", "Age of the published pipeline", "days", "total",
        "Days from the newest publication of the pipeline to the report's day, by the log or by the council's own pipeline notice.",
    ),
    Definition(
        "pipeline_cover_share", "Ending contracts in the pipeline, or not bought again", "share", "share",
        "Contracts of the register that end within eighteen months of the report's day and that a line of the pipeline replaces, by "
        "reference, or that are decided to come in-house or to stop, divided by all that end then. High: those of which a line has "
        "the title or the category.",
        excluded="Contracts without a last day.",
    ),
    Definition(
        "pipeline_kept_share", "Pipeline lines that began when they should", "share", "share",
        "Lines of the pipeline expected in the twelve months to the report's day whose tender began within a quarter of a year of "
        "the day stated, divided by all expected then. Where several files tell of a purchase by its reference, the day is that of the "
        "oldest: what is put off did not begin in time.",
        excluded="Lines that are expected later.",
        version=2,
    ),
    question="Is our pipeline fresh and whole, and does what it says begin in time?",
    needs=(),
    main=("pipeline_cover_share", "pipeline_age_days", "pipeline_kept_share"),
    columns=(Column("title", "Contract"), Column("last_day", "Last day"), Column("state", "Pipeline or decision")),
)  # fmt: skip
def pipeline_kept(data: PackData) -> Result:
    """Contracts that end within eighteen months and whether the pipeline replaces them; those of which that is not sure first.

    One row per contract: `title`, `last_day`, `is_kept` (a line of the pipeline names it, or it is decided to come in-house or to stop;
    NULL: a line of its title or category does not name it), `state` (the same in words).
    """
    ending, due = _ending(data), _due(data)
    no_line = data.why_not("pipeline_lines")
    no_begin = (
        None if data.has("tenders") or data.has("notices") else "neither procurements nor notices were supplied"
    )
    of_register = data.add_rows(
        "contracts_ending", _COLUMNS, ending, ("contract_lines", "pipeline_lines", "insourcing_lines")
    )
    of_notices = data.add_rows("pipeline_due", _COLUMNS, due, ("pipeline_lines", "notices", "tenders"))
    none_ends = data.why_not("contract_lines") or (
        None if ending else "no contract of the register ends within eighteen months"
    )
    none_due = None if due else f"no line of the pipeline was expected in the year to {long_date(data.report_day)}"
    answers = ask(
        data,
        _age(data),
        share("pipeline_cover_share", of_register, IS_COVERED, by=None, per=ENDING).unless(no_line or none_ends),
        share("pipeline_kept_share", of_notices, IS_KEPT, by=None, per=LINE_OF_PIPELINE).unless(
            no_line or no_begin or none_due
        ),
    )
    rows = sorted(
        ending, key=lambda row: ({None: 0, False: 1, True: 2}[row["is_kept"]], row["last_day"], row["title"])
    )
    table = pd.DataFrame(rows, columns=["title", "last_day", "is_kept", "state"])
    table["last_day"] = table["last_day"].map(short_date)
    if no_line:
        # Without a pipeline nothing is known to be missing from it.
        table["state"] = table["state"].where(table["is_kept"].eq(True), "not known")
    return Result.of(answers, table)


def _age(data: PackData) -> Question | Unanswerable:
    published = data.rows(
        f"""SELECT {PLACE}, title, day FROM (
            SELECT {PLACE}, title, activity_date AS day FROM activity WHERE kind = 'pipeline published'
            UNION ALL SELECT {PLACE}, title, notice_date FROM notices
            WHERE is_own AND notice_type = 'UK1') p
            WHERE day <= DATE '{data.report_day}' ORDER BY day, {PLACE}"""
    )
    if not published:
        return Unanswerable(
            "pipeline_age_days", "neither the log nor a notice tells when a pipeline was published"
        )
    row = published[-1]
    newest = row | {"line_key": "newest", "days": (data.report_day - row["day"]).days}
    columns = _COLUMNS | {"days": Decimal}
    lines = data.add_rows("newest_pipeline", columns, [newest], ("activity", "notices"))
    return total("pipeline_age_days", lines, by="days", per=ENDING)


def _ending(data: PackData) -> list[Row]:
    """Contracts that end within eighteen months, and whether a line of the pipeline replaces them or nothing does."""
    lines = data.rows(f"SELECT title, own_category, contract_reference FROM pipeline_lines ORDER BY {PLACE}")
    replaced = {same_reference(row["contract_reference"]) for row in lines if row["contract_reference"]}
    titles = {normalise_name(row["title"]) for row in lines}
    categories = {row["own_category"].casefold() for row in lines if row["own_category"]}
    last = months_after(data.report_day, _AHEAD)
    decisions = ", ".join(map(sql_text, _DECIDED))
    decided = data.rows(
        f"""SELECT {PLACE}, decision, decided_date FROM review_lines
            WHERE decision IN ({decisions}) AND decided_date <= DATE '{data.report_day}' ORDER BY {PLACE}"""
    )
    ends = {_place(row): f"decided: {row['decision']}" for row in decided}
    found: dict[str, Row] = {}
    for row in data.rows(f"SELECT * FROM contract_lines ORDER BY contract_key, {PLACE}"):
        day = row["last_day"]
        if day is None or not data.report_day < day <= last:
            continue
        reference, category = (
            same_reference(row["contract_reference"]),
            (row["own_category"] or "").casefold(),
        )
        may_be = normalise_name(row["title"]) in titles or category in categories
        is_kept = True if reference in replaced or _place(row) in ends else None if may_be else False
        facts = {"is_kept": is_kept, "state": ends.get(_place(row), _STATES[is_kept])}
        found.setdefault(row["contract_key"], row | {"line_key": row["contract_key"]} | facts)
    return list(found.values())


def _place(row: Row) -> tuple[object, ...]:
    return tuple(place_of(row).values())


def _due(data: PackData) -> list[Row]:
    """Lines of the pipeline expected in the year to the report's day, and whether their tender began near it."""
    day = data.report_day
    rows = data.rows(
        f"""SELECT * FROM pipeline_lines WHERE {in_year_to(day, "first_tender_date")}
            ORDER BY {PLACE}"""
    )
    begun = data.rows(
        f"""SELECT title, reference, cpv_code, day FROM (
            SELECT title, tender_reference AS reference, cpv_code, advertised_date AS day FROM tenders
            UNION ALL SELECT title, notice_id, cpv_code, notice_date FROM notices WHERE is_own AND notice_type = 'UK4') b
            WHERE day <= DATE '{day}' ORDER BY day, title, reference"""
    )
    return [
        row
        | {
            "line_key": f"{row['pipeline_reference']} {row['title']} {row['first_tender_date']}",
            "is_kept": _is_kept(row, begun, day),
        }
        for row in rows
    ]


def _is_its_own(tender: Row, line: Row) -> bool:
    """By the reference; by the title too, where it is not of another year: what is bought again is called the same."""
    if line["pipeline_reference"] and tender["reference"] == line["pipeline_reference"]:
        return True
    is_called_so = tender["title"] and normalise_name(tender["title"]) == normalise_name(line["title"])
    return bool(is_called_so) and abs(tender["day"] - line["first_tender_date"]) <= _YEAR


def _is_kept(line: Row, begun: list[Row], day: date) -> bool | None:
    same = [one for one in begun if _is_its_own(one, line)]
    if same:
        return any(abs(one["day"] - line["first_tender_date"]) <= _NEAR for one in same)
    alike = [one for one in begun if one["cpv_code"] and one["cpv_code"] == line["cpv_code"]]
    may_be = any(abs(one["day"] - line["first_tender_date"]) <= _NEAR for one in alike)
    # Until a quarter has passed it may still begin.
    return None if may_be or day - line["first_tender_date"] < _NEAR else False


@pipeline_kept.shown
def exhibit(m: Measured) -> Shown:
    age, cover, kept = m["pipeline_age_days"], m["pipeline_cover_share"], m["pipeline_kept_share"]
    return Shown(
        title=f"Of contracts that end within eighteen months {cover} are in the pipeline or decided"
        if cover.value is not None
        else "Our pipeline of coming procurements",
        subtitle=f"Contracts that end within eighteen months of {long_date(m.data.report_day)}. {m.data.settings.council.name}",
        says=(
            or_why(cover, f"{cover} of contracts that end within eighteen months are in the pipeline, or are decided to come in-house or to stop{range_text(cover)}.", "How many of the contracts that end are in it"),
            or_why(kept, f"{kept} of its lines began within a quarter of the day stated{range_text(kept)}.", "How many of its lines began in time"),
            or_why(age, f"It was last published {age} before the day of this report.", "When it was last published"),
        ),
        caption="Contracts that end soon, those first of which it is not sure whether the pipeline holds them",
        most_rows=15,
        paper=Paper.SENTENCES,
    )  # fmt: skip
