"""Which services came in-house, which of them sell to others by now, and what jobs and case studies there are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from cwb.base.days import months_after
from cwb.base.rows import Row
from cwb.council.periods import long_date, short_date
from cwb.evidence.headcounts import HIDDEN_TEXTS, MEANING, hidden, is_small
from cwb.packs.exhibits import counted, listed, or_why, quantity, range_sentence, range_text, silent
from cwb.packs.insourcing.queue import NO_REVIEWS, may_have_begun
from cwb.packs.measure import Column, Definition, Measured, PackData, Result, Shown, ask, measure
from cwb.packs.questions import PLACE, Fact, Relation, Thing, at_least, count, share_among, total
from cwb.sources.datasets.insourcing import IN_HOUSE
from cwb.sources.tabular import sql_text

SERVICE = Thing("service_number", "service", "services")
_STARTED = "coalesce(start_in_house_date, first_sold_date)"
_WHEN_KNOWN = "when services came in-house is known"
_DAYS = "The day on which each service came in-house, in the form of insourcing, would settle it."


def counted_from(data: PackData) -> date:
    """The first day from which services are counted: that of the settings, else of the baseline year."""
    return data.settings.reviews.counted_from or data.settings.baseline_period.start


def _decided(kinds: Sequence[str]) -> str:
    return f"decision IN ({', '.join(map(sql_text, kinds))})"


def _started(data: PackData, first: date) -> Fact:
    """Whether a service started in-house from a day on. One that was decided on, and states no start, may have."""
    return Fact(
        f"CASE WHEN start_in_house_date >= DATE '{first}' AND start_in_house_date <= DATE '{data.period.end}' THEN TRUE "
        f"WHEN {may_have_begun('start_in_house_date', data.period.end)} THEN NULL ELSE FALSE END",
        _WHEN_KNOWN,
        _DAYS,
    )


def _or_perhaps(services: Relation, fact: Fact) -> Relation:
    """Those of which a fact holds, or may hold."""
    return services.where(f"({fact.sql}) IS NOT FALSE")


def _old_enough(day: date) -> Fact:
    """Whether a service has been in-house, or has sold to others, since a day."""
    return Fact(
        f"CASE WHEN start_in_house_date <= DATE '{day}' OR first_sold_date <= DATE '{day}' THEN TRUE "
        f"WHEN {_decided(IN_HOUSE)} AND {may_have_begun('start_in_house_date', day)} THEN NULL ELSE FALSE END",
        _WHEN_KNOWN,
        _DAYS,
    )


@measure(
    Definition(
        "insourced_count", "Services brought in-house in the period", "count", "count",
        "Services that started in-house in the period, each counted once, by a decision that the council counts as insourcing. "
        "High: those decided on that state no start did too.",
        excluded="Shared services, co-operatives and companies of the council, unless the council says that they count.",
        version=2,
    ),
    Definition(
        "insourced_total", "Services brought in-house so far", "count", "count",
        "The same from the first day that the council counts from up to the period's last day.",
        excluded="As for those of the period.",
        version=2,
    ),
    Definition(
        "scaled_count", "Services in-house that now sell to others", "count", "count",
        "Those of them that were first sold to others on or after the day on which they started in-house, and have income from "
        "external trading by the year of the period. High: those whose start, sales or income are not known do too.",
        excluded="Services that were sold to others before they came in-house.",
        version=2,
    ),
    Definition(
        "jobs_in_house", "Jobs brought in-house", "fte_years", "total",
        "Full-time posts of the services brought in-house so far: years of full-time work in each year. The least, where a service "
        "states none, or may have come in-house.",
        is_headcount=True,
        version=3,
    ),
    Definition(
        "case_study_share", "Services in-house or trading with a case study", "share", "share",
        "Services that started in-house, or were first sold to others, longer ago than the months that the council has set and that "
        "have a case study by the period's last day, divided by all of them. Low and high: those decided on that state no start are "
        "of them or not.",
        version=2,
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
    """Services that are in-house, or trade, or may do so.

    One row per row of the form with a day in-house or of a first sale, and of a service decided on that states no start: `service`,
    `decision`, `started`, `sold`, `posts`, `study`, `counts` (as insourcing; None where it may have started). Posts are
    people: under 5 are "fewer than 5", and what would give that back "withheld".
    """
    today = f"DATE '{data.period.end}'"
    first_day, services = counted_from(data), data.relation(NO_REVIEWS)
    decided = services.where(_decided(data.settings.reviews.insourced_as))
    is_in, is_now = _started(data, first_day), _started(data, data.period.start)
    so_far, either = decided.where(is_in.sql), _or_perhaps(decided, is_in)
    perhaps = either.where(f"({is_in.sql}) IS NULL")
    too_early = f"the count begins on {long_date(first_day)}" if data.period.end < first_day else None
    without, unsure = data.count(so_far.where("posts_fte IS NULL")), data.count(perhaps)
    none = too_early or (
        None if data.count(either) else f"no service has come in-house since {long_date(first_day)}"
    )
    no_posts = none or ("no service brought in-house states its posts" if without == data.count(either) else None)
    has_study = f"CASE WHEN case_study_date > {today} THEN FALSE ELSE case_study_address IS NOT NULL OR case_study_date IS NOT NULL END"
    old = _old_enough(months_after(data.period.end, -data.settings.reviews.case_study_months))
    none_old = (
        None if data.count(_or_perhaps(services, old)) else "no service is in-house or trading for long enough"
    )
    answers = ask(
        data,
        count("insourced_count", _or_perhaps(decided, is_now), is_now, per=SERVICE, is_whole=True),
        count("insourced_total", either, is_in, per=SERVICE, is_whole=True).unless(too_early),
        count("scaled_count", either.with_sources(NO_REVIEWS, "income_lines"), _scaled(data), per=SERVICE).unless(
            none
        ),
        total(
            "jobs_in_house",
            so_far,
            by="coalesce(posts_fte, 0)",
            per=SERVICE,
            caveats=silent(without, "service in-house states", "services in-house state", "no posts"),
        ).unless(no_posts),
        share_among(
            "case_study_share", services, old, Fact(has_study, _WHEN_KNOWN, _DAYS), by=None, per=SERVICE
        ).unless(none_old),
    )
    if without or unsure:
        # What a service adds that may have come in-house is not in a range: that would give its few posts back.
        missing = [name for name, number in (("posts", without), ("first day in-house", unsure)) if number]
        answers.findings["jobs_in_house"] = at_least(
            answers["jobs_in_house"],
            f"The {listed(missing)} of each service in the form of insourcing would settle it.",
            f"some services decided on do not state their {listed(missing)}",
        )
    jobs = answers.findings["jobs_in_house"]
    if jobs.value is not None and is_small(jobs.value):
        answers.findings["jobs_in_house"] = jobs.withheld()
    sql = f"""SELECT service, decision, start_in_house_date, first_sold_date, posts_fte, {has_study} AS has_study,
        CASE WHEN {decided.condition} THEN {is_in.sql} ELSE FALSE END AS counts
        FROM {NO_REVIEWS} WHERE {_STARTED} <= {today} OR ({perhaps.condition})
        ORDER BY coalesce({_STARTED}, {today}) DESC, service, {PLACE}"""
    found = data.rows(sql)
    rows = [
        [row["service"], row["decision"].capitalize(), _start(row), short_date(row["first_sold_date"]),
         posts, row["has_study"], row["counts"]]
        for row, posts in zip(found, _posts_shown(found), strict=True)
    ]  # fmt: skip
    return Result.of(answers, rows, sql)


def _start(row: Row) -> str:
    """The first day in-house; of a service that the council decided on it may be missing."""
    return short_date(row["start_in_house_date"]) or ("not stated" if row["counts"] is None else "")


def _posts_shown(rows: Sequence[Row]) -> list[str]:
    """Each row's posts as they may be shown. The finding adds up those that count as in-house, and nothing the others."""
    shown: dict[int, object] = {}
    for is_added in (True, False):
        places = [at for at, row in enumerate(rows) if (row["counts"] is True) is is_added]
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
        f"WHEN {traded} THEN CASE WHEN start_in_house_date IS NOT NULL THEN TRUE END ELSE {no_income} END",
        "sales of services in-house to others are known",
        "The list of income, and the first day in-house and of sales in the form of insourcing, would settle it.",
    )


@in_house.shown
def exhibit(m: Measured) -> Shown:
    now, so_far, scaled, jobs, study = (
        m[name]
        for name in ("insourced_count", "insourced_total", "scaled_count", "jobs_in_house", "case_study_share")
    )
    months = m.data.settings.reviews.case_study_months
    started = or_why(now, f"Started in the period: {now}{range_text(now)}.", "How many started in the period")
    selling = f"Selling to others now, and to nobody before: {scaled}{range_text(scaled)}."
    sentence = f"Of services in-house or trading for more than {months} months {study} have a case study{range_text(study)}."
    posts = f"They are {jobs} of work in each year."
    more = range_sentence("How many came in-house", so_far)
    return Shown(
        title=f"{counted(so_far, 'service has', 'services have')} come in-house since {long_date(counted_from(m.data))}",
        subtitle=f"Services by the day on which they started. {m.where}",
        says=(
            f"{' '.join((*more, started))} {or_why(scaled, selling, 'How many services now sell to others')} {or_why(jobs, posts, 'How many jobs came in-house')} "
            f"{or_why(study, sentence, 'How many have a case study')}",
            "A shared service, a co-operative or a company of the council's own counts only where the council says so.",
            *((MEANING,) if m.table["posts"].isin(HIDDEN_TEXTS).any() else ()),
        ),
        caption="Services in-house, or trading",
    )
