"""Which local suppliers could serve each planned purchase, and what could be done."""

from __future__ import annotations

from cwb.council.periods import long_date
from cwb.packs.account.register_dates import old_registers, registers_lacking
from cwb.packs.exhibits import bars, counted, or_why, palette, range_text, sentence_case
from cwb.packs.market.grading import (
    PURCHASE,
    graded,
    graded_relation,
    has_social,
    is_industry_known,
    surely_social,
)
from cwb.packs.market.horizon import ahead
from cwb.packs.market.missing import as_far_as_known, may_be_more
from cwb.packs.market.rules import reserving_since
from cwb.packs.market.supply import supply_of
from cwb.packs.measure import Column, Definition, Measured, PackData, Result, Shown, ask, measure
from cwb.packs.questions import Fact, Finding, as_float, count, number
from cwb.reference import table

_CANDIDATES = 3
# The side of an action that asks for no register, since the whole one of companies is at hand.
_WITH_REGISTER = "with a register"
_SHOWN, _BARS = 40, 12


@measure(
    Definition(
        "reservable_count", "Purchases that could be reserved for local suppliers", "count", "count",
        "Planned purchases below the threshold with a workable or strong local market whose procurement begins when the law "
        "lets a council reserve it to an area, if legal advice agrees. High: those too whose value is not stated, whose band depends on VAT or on light touch, or whose local"
        " market is not known.",
        version=4,
    ),
    Definition(
        "social_line_count", "Purchases in a social enterprise's industry", "count", "count",
        "Planned purchases that at least one local social enterprise of grade A or B is capable of serving. "
        "High: those too that only possible ones (grade C) could, whose local market is not known, or for which a register that might "
        "list one is missing.",
        version=4,
    ),
    question="Which local suppliers could serve each purchase?",
    needs=(),
    columns=(
        Column("title", "Purchase"),
        Column("tender_date", "Expected, or present contract ends"),
        Column("value_gbp", "Value (£)", "gbp"),
        Column("band", "Threshold band"),
        Column("is_reservable", "Could be reserved", "flag"),
        Column("able", "Local, large enough (about)", "count"),
        Column("known", "Known", "count", csv_only=True),
        Column("proven", "Paid as much in a year", "count", csv_only=True),
        Column("registered", "Registered", "count", csv_only=True),
        Column("social", "Social enterprises known", "count"),
        Column("grade", "Market"),
        Column("candidates", "Some candidates"),
        Column("action", "What could be done"),
        Column("via", "Industry found by", csv_only=True),
        Column("confidence", "Bridge", csv_only=True),
        "annual_gbp",
    ),
)  # fmt: skip
def gap(data: PackData) -> Result:
    """Every planned purchase: what, when, how big, who could serve it, what could be done.

    One row per line, largest first: `line`, `title`, `origin`, `tender_date`, `value_gbp`, `band`, `is_reservable` (could be reserved to an
    area; None where that is not known), `known` and `proven` (paid as much in one year; both None without a ledger, and where nobody is
    known of an industry of which not all are), `registered`, `able` (of both how many are large enough, about) and `social` (grades A and
    B; None: not known whether there are any), `grade`, `candidates`, `action`, `via` (how its industry was found), `confidence`,
    `annual_gbp` (of a year). Numbers of suppliers say who could be asked, not who would come.
    """
    lines, supply = graded_relation(data), supply_of(data)
    actions = {(row["grade"], row["side"]): str(row["action"]) for row in table("actions").to_dict("records")}
    has_ledger = data.has("spend_lines")
    rows = []
    for row in graded(data):
        purchase, found = row.purchase, row.found
        is_listed = is_industry_known(supply, row.grade)
        none = 0 if is_listed else None
        is_whole = supply.has_register and (row.grade, _WITH_REGISTER) in actions
        side = _WITH_REGISTER if is_whole else row.side
        is_proven_known = purchase.need.annual_gbp is not None or not found.known
        rows.append(
            {
                "line": purchase.number,
                "title": purchase.title,
                "origin": purchase.origin.value,
                "tender_date": f"{purchase.tender_date:%b %Y}",
                "value_gbp": as_float(purchase.value_gbp),
                "band": purchase.band.name,
                "is_reservable": _all_of(row.grade.is_served, purchase.band.is_below, purchase.may_reserve),
                "known": len(found.known) or none if has_ledger else None,
                "proven": found.proven or none if has_ledger and is_proven_known else None,
                "able": found.able if is_listed else None,
                "registered": len(found.registered) if is_listed else None,
                "social": surely_social(found) or (none if supply.lists_social and not found.social_ab else None),
                "grade": row.grade.value,
                "candidates": "; ".join(supply.names(found, _CANDIDATES)),
                "action": actions.get((row.grade, side)) or actions.get((row.grade, "any"), ""),
                "via": purchase.via or "nothing: no code",
                "confidence": purchase.confidence,
                "annual_gbp": as_float(purchase.need.annual_gbp),
            }
        )
    old = old_registers(data)
    answers = ask(
        data,
        count("reservable_count", of=lines, where=_is_reservable(data), per=PURCHASE, caveats=old),
        count("social_line_count", of=lines, where=has_social(data), per=PURCHASE, caveats=old),
    )
    return Result.of(as_far_as_known(data, answers, ("reservable_count", "social_line_count")), rows)


def _is_reservable(data: PackData) -> Fact:
    """Whether the competition for a purchase could be kept to local suppliers, as far as law and market go."""
    lacking = registers_lacking(data, ("companies",))
    register = (
        f", whether it includes VAT, and the whole register of {lacking}"
        if lacking
        else " and whether it includes VAT"
    )
    return Fact(
        "is_served AND is_below AND may_reserve",
        "the threshold band and the local market are known",
        f"The value of each purchase{register} would settle it.",
    )


def _all_of(*parts: bool | None) -> bool | None:
    """Whether all hold; one that does not is enough to know that they do not."""
    return False if False in parts else None if None in parts else True


def _because(finding: Finding, what: str) -> str:
    """The range of a count and what is not known of the rest."""
    return f"{range_text(finding)}: of some the {what} is not known" if finding.bounds else ""


@gap.shown
def exhibit(m: Measured) -> Shown:
    reservable, social = m["reservable_count"], m["social_line_count"]
    valued = m.table[m.table["value_gbp"].notna()]
    could_be = valued[valued["is_reservable"].eq(True)]
    # Where none could be reserved, all that is planned is drawn.
    drawn = (could_be if len(could_be) else valued).head(_BARS)
    could = "could be reserved for local suppliers, if legal advice agrees"
    below = counted(
        reservable,
        "purchase is below the threshold, finds a workable market and begins when a competition may be reserved to an area",
        "purchases are below the threshold, find a workable market and begin when a competition may be reserved to an area",
    )
    reservable_sentence = or_why(
        reservable,
        f"{sentence_case(below)}{_because(reservable, 'value, VAT or market')}.",
        "How many purchases could be reserved for local suppliers",
    )
    with_social = or_why(
        social,
        f"{sentence_case(counted(social, 'purchase is', 'purchases are'))} in the industry of a local social "
        f"enterprise{_because(social, 'market or social enterprise')}.",
        "For how many there is a local social enterprise",
    )
    title = "How many purchases could be reserved for local suppliers is not known"
    if reservable.value is not None:
        title = sentence_case(f"{counted(reservable, 'purchase', 'purchases')} {could}")
    if reservable.value == 0:
        title = "No purchase is known that could be reserved for local suppliers"
    return Shown(
        title=title,
        subtitle=f"The largest {'of them' if len(could_be) else 'purchases'} by their local market. {ahead(m.data)}",
        chart=bars(
            drawn["title"],
            drawn["value_gbp"],
            "gbp",
            groups=drawn["grade"],
            places=palette(*drawn["grade"].unique()),
            texts=[f"{number(r.value_gbp, 'gbp')}, {r.grade.lower()}" for r in drawn.itertuples()],
        ),
        says=(
            f"{reservable_sentence} {with_social}",
            *may_be_more(m.data),
            f"The law lets best value authorities and parish councils reserve by area in procurements begun from "
            f"{long_date(reserving_since())}; legal advice must confirm each.",
            "Candidates are organisations in the right industry, those we know first; nobody has been asked.",
            *old_registers(m.data),
        ),
        caption="Every planned purchase and its local market",
        most_rows=_SHOWN,
    )
