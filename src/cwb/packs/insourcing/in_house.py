"""Which services came in-house, which of them sell to others by now, and what jobs and case studies there are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from cwb.base.days import months_after
from cwb.base.rows import Row
from cwb.council.periods import long_date, short_date
from cwb.evidence.headcounts import HIDDEN_TEXTS, MEANING, hidden, is_small
from cwb.packs.exhibits import counted, or_why, quantity, silent
from cwb.packs.insourcing.queue import NO_REVIEWS
from cwb.packs.measure import Column, Definition, Measured, PackData, Result, Shown, ask, measure
from cwb.packs.questions import PLACE, Fact, Relation, Thing, always, bound_below, count, share, total
from cwb.sources.tabular import sql_text

SERVICE = Thing("service_number", "service", "services")
_STARTED = "coalesce(start_in_house_date, first_sold_date)"


def counted_from(data: PackData) -> date:
    """The first day from which services are counted: that of the settings, else of the baseline year."""
    return data.settings.reviews.counted_from or data.settings.baseline_period.start


def _in_house(data: PackData, first: date) -> Relation:
    """Rows of services that started in-house from a day on, by decisions that the council counts as insourcing."""
    kinds = ", ".join(map(sql_text, data.settings.reviews.insourced_as))
    return Relation(NO_REVIEWS, (NO_REVIEWS,)).where(
        f"decision IN ({kinds}) AND start_in_house_date >= DATE '{first}' "
        f"AND start_in_house_date <= DATE '{data.period.end}'"
    )


@measure(
    Definition(
        "insourced_count", "Services brought in-house in the period", "count", "count",
        "Services that started in-house in the period, each counted once, by a decision that the council counts as insourcing.",
        excluded="Shared services, co-operatives and companies of the council, unless the council says that they count.",
    ),
    Definition(
        "insourced_total", "Services brought in-house so far", "count", "count",
        "The same from the first day that the council counts from up to the period's last day.",
        excluded="As for those of the period.",
    ),
    Definition(
        "scaled_count", "Services in-house that now sell to others", "count", "count",
        "Those of them that were first sold to others on or after the day on which they started in-house, and have income from "
        "external trading by the year of the period. High: those whose sales or income are not known do too.",
        excluded="Services that were sold to others before they came in-house.",
    ),
    Definition(
        "jobs_in_house", "Jobs brought in-house", "fte_years", "total",
        "Full-time posts of the services brought in-house so far: years of full-time work in each year. The least, where a service "
        "states none.",
        is_headcount=True,
        version=2,
    ),
    Definition(
        "case_study_share", "Services in-house or trading with a case study", "share", "share",
        "Services that started in-house, or were first sold to others, longer ago than the months that the council has set and that "
        "have a case study by the period's last day, divided by all of them.",
    ),
    question="Which services came in-house, and do any sell to others now?",
    needs=(NO_REVIEWS,),
    main=("insourced_total",),
    columns=(
        Column("service", "Service"),
        Column("decision", "Decision"),
        Column("started", "Started in-house"),
        Column("sold", "First sold to others"),
        Column("posts", "Full-time posts"),
        Column("study", "Case study", "flag"),
        Column("counts", "Counts as in-house", "flag"),
    ),
)  # fmt: skip
def in_house(data: PackData) -> Result:
    """Services that are in-house or were decided to be.

    One row per row of the form with a day in-house or of a first sale: `service`, `decision`, `started`, `sold`, `posts`, `study`,
    `counts` (whether the council counts it as insourcing). Posts are people: under 5 are "fewer than 5", and what would give that
    back "withheld".
    """
    today = f"DATE '{data.period.end}'"
    so_far, now = _in_house(data, counted_from(data)), _in_house(data, data.period.start)
    old = Relation(NO_REVIEWS, (NO_REVIEWS,)).where(
        f"{_STARTED} <= DATE '{months_after(data.period.end, -data.settings.reviews.case_study_months)}'"
    )
    first_day = counted_from(data)
    too_early = f"the count begins on {long_date(first_day)}" if data.period.end < first_day else None
    without, all_rows = data.count(so_far.where("posts_fte IS NULL")), data.count(so_far)
    none = too_early or (None if all_rows else f"no service has come in-house since {long_date(first_day)}")
    no_posts = none or ("no service brought in-house states its posts" if without == all_rows else None)
    has_study = f"CASE WHEN case_study_date > {today} THEN FALSE ELSE case_study_address IS NOT NULL OR case_study_date IS NOT NULL END"
    answers = ask(
        data,
        count("insourced_count", now, per=SERVICE),
        count("insourced_total", so_far, per=SERVICE).unless(too_early),
        count("scaled_count", so_far.with_sources(NO_REVIEWS, "income_lines"), _scaled(data), per=SERVICE).unless(
            none
        ),
        total(
            "jobs_in_house",
            so_far,
            by="coalesce(posts_fte, 0)",
            per=SERVICE,
            caveats=silent(without, "service in-house states", "services in-house state", "no posts"),
        ).unless(no_posts),
        share(
            "case_study_share",
            old,
            always(has_study),
            by=None,
            per=SERVICE,
        ).if_empty("no service is in-house or trading for long enough"),
    )
    if without:
        why = "some services brought in-house do not state their posts"
        bound_below(
            answers, "The posts of each service in the form of insourcing would settle it.", why, "jobs_in_house"
        )
    jobs = answers.findings["jobs_in_house"]
    if jobs.value is not None and is_small(jobs.value):
        answers.findings["jobs_in_house"] = jobs.withheld()
    sql = f"""SELECT service, decision, start_in_house_date, first_sold_date, posts_fte, {has_study} AS has_study,
        CASE WHEN {so_far.condition} THEN TRUE ELSE FALSE END AS counts
        FROM {NO_REVIEWS} WHERE {_STARTED} <= {today} ORDER BY {_STARTED} DESC, service, {PLACE}"""
    listed = data.rows(sql)
    rows = [
        [row["service"], row["decision"].capitalize(), short_date(row["start_in_house_date"]), short_date(row["first_sold_date"]),
         posts, row["has_study"], row["counts"]]
        for row, posts in zip(listed, _posts_shown(listed), strict=True)
    ]  # fmt: skip
    return Result.of(answers, rows, sql)


def _posts_shown(rows: Sequence[Row]) -> list[str]:
    """Each row's posts as they may be shown. The finding adds up those that count as in-house, and nothing the others."""
    shown: dict[int, object] = {}
    for is_added in (True, False):
        places = [at for at, row in enumerate(rows) if row["counts"] is is_added]
        shown |= zip(places, hidden([rows[at]["posts_fte"] for at in places], is_added), strict=True)
    cells = (shown[at] for at in range(len(rows)))
    return [
        quantity(cell) if isinstance(cell, Decimal) else "not stated" if cell is None else str(cell)
        for cell in cells
    ]


def _scaled(data: PackData) -> Fact:
    """Sold to others no earlier than it was in-house, with income from it. Without a list of income that part is not known."""
    no_income = "FALSE" if data.has("income_lines") else "NULL"
    traded = f"first_traded_year <= {data.period.start_year}"
    return Fact(
        f"CASE WHEN first_sold_date < start_in_house_date OR first_sold_date > DATE '{data.period.end}' THEN FALSE "
        f"WHEN first_sold_date IS NULL AND {traded} THEN NULL WHEN first_sold_date IS NULL THEN FALSE "
        f"WHEN {traded} THEN TRUE ELSE {no_income} END",
        "sales of services in-house to others are known",
        "The list of income, and the day of each first sale in the form of insourcing, would settle it.",
    )


@in_house.shown
def exhibit(m: Measured) -> Shown:
    now, so_far, scaled, jobs, study = (
        m[name]
        for name in ("insourced_count", "insourced_total", "scaled_count", "jobs_in_house", "case_study_share")
    )
    months = m.data.settings.reviews.case_study_months
    started = f"Started in the period: {now}. Selling to others now, and to nobody before: {scaled}."
    sentence = f"Of services in-house or trading for more than {months} months {study} have a case study."
    posts = f"They are {jobs} of work in each year."
    return Shown(
        title=f"{counted(so_far, 'service has', 'services have')} come in-house since {long_date(counted_from(m.data))}",
        subtitle=f"Services by the day on which they started. {m.where}",
        says=(
            f"{or_why(scaled, started, 'How many services now sell to others')} {or_why(jobs, posts, 'How many jobs came in-house')} "
            f"{or_why(study, sentence, 'How many have a case study')}",
            "A shared service, a co-operative or a company of the council's own counts only where the council says so.",
            *((MEANING,) if m.table["posts"].isin(HIDDEN_TEXTS).any() else ()),
        ),
        caption="Services in-house, or trading",
    )
