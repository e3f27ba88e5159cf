"""What could be bought together: which groups of contracts can still be started, with what market, by when."""

from __future__ import annotations

from dataclasses import replace

from cwb.evidence.questions import count, product, total
from cwb.packs.account.listed import none_listed
from cwb.packs.account.register_dates import old_registers
from cwb.packs.anchor_collaboration.contracts import ANNUAL, GROUP, ask_pounds, may_move, shift
from cwb.packs.anchor_collaboration.doubtful import of_contracts_known
from cwb.packs.anchor_collaboration.option_groups import Option, open_contracts, option_lines, options_of
from cwb.packs.exhibits import bars, counted, or_why, range_text
from cwb.packs.market.grading import Grade
from cwb.packs.market.horizon import ahead
from cwb.packs.measure import Column, Definition, Measured, PackData, Result, Shown, ask, measure
from cwb.packs.questions import CONTRACT, always, as_float, number

OPEN, LATE = "Open", "Too late to start together: extend, or align the next term"
_RANKS = {Grade.STRONG: 0, Grade.WORKABLE: 0, Grade.NONE: 2}
_COLUMNS = [
    "category", "ends", "bodies", "annual_gbp", "lead", "partner_gbp", "start_by", "start", "status", "capable", "social",
    "grade", "band", "shift_gbp", "start_day", "contracts", "silent", "is_least",
]  # fmt: skip


@measure(
    Definition(
        "option_count", "Options still open", "count", "count",
        "Groups of aligned contracts whose joint procurement need not have started by the end of the period.",
        excluded="Groups that are too late; contracts without a product code or a last day.",
        version=2,
    ),
    Definition(
        "option_late_count", "Groups too late to start together", "count", "count",
        "Groups of aligned contracts whose first end less the lead time lies in the period or before it.",
    ),
    Definition(
        "option_annual_value", "Open options a year", "gbp", "total",
        "Sum of the values a year of all open options.",
        excluded="Contracts without a value or a term; groups that are too late.",
        version=2,
    ),
    Definition(
        "option_partner_value", "What the smaller buyers would add", "gbp", "total",
        "Sum of the values a year of all bodies but the largest buyer of each open option.",
        excluded="Contracts without a value or a term; groups that are too late.",
    ),
    Definition(
        "option_shift", "What open options could move", "gbp", "product",
        "The share that the council assumes could move of the value a year of contracts in open options with a workable or strong local "
        "market whose supplier is known not to be local.",
        excluded="Contracts whose supplier's place or market is not known, but in the high; groups that are too late.",
        version=3,
    ),
    question="What could be done together?",
    needs=(),
    main=("option_count", "option_late_count"),
    columns=(
        Column("category", "Category"),
        Column("ends", "Contracts end"),
        Column("bodies", "Bodies"),
        Column("annual_gbp", "A year, together (£)", "gbp"),
        Column("silent", "Without a value", "count"),
        Column("partner_gbp", "Smaller buyers add (£)", "gbp"),
        Column("start", "Start by"),
        Column("capable", "Local, large enough (about)", "count"),
        Column("social", "Social enterprises", "count"),
        Column("grade", "Market"),
        Column("shift_gbp", "Could move, as far as known (£)", "gbp"),
        Column("lead", "Could lead", csv_only=True),
        Column("band", "Band, combined", csv_only=True),
        Column("status", "Status", csv_only=True),
        "start_by", "start_day", "contracts", "is_least",
    ),
)  # fmt: skip
def options(data: PackData) -> Result:
    """What could be bought together, ranked: what can still be started, with a local market, by what the partners bring.

    One row per group of `aligned`: `category`, `ends` ("May 2027 to Sep 2027"), `bodies` (names), `annual_gbp` (combined; of those that
    state it), `lead` (the body that buys most of it), `partner_gbp` (what the others bring: a group in which one body buys nearly all is no
    joint purchase; None where fewer than two state it), `start_by` (the first end less the settings' lead time), `start` (the same, or that
    it is too late), `status` (open, or too late: the start lies within the period or before it), `capable` (local suppliers large enough,
    about) and `social` (social enterprises in the industry, None where none is listed and a register that may list some is not at hand in
    full; both None without a register or an industry), `grade`, `band` (combined value against the strictest of the bodies' thresholds),
    `shift_gbp` (what would stay local each year if the share `gap.shift` of what is not local now moved, where the local market is workable
    or strong; None where that is not known), `start_day` and `contracts` (their number), for recommendations, `silent` (how many of these
    state no value or no term) and `is_least` (because of them the others may bring more). The findings are of the open ones; those too late
    are counted apart.
    """
    found = sorted(options_of(data), key=_rank)
    lines = option_lines(data)
    still = lines.where("is_open")
    answers = ask(
        data,
        count("option_count", of=lines, where=always("is_open"), per=GROUP, is_whole=True),
        count("option_late_count", of=lines, where=always("NOT is_open"), per=GROUP, is_whole=True),
    )
    questions = (
        total("option_annual_value", of=still, by=ANNUAL, per=CONTRACT),
        total("option_partner_value", still, always("NOT is_lead"), ANNUAL, CONTRACT, is_whole=True),
        replace(product("option_shift", may_move(still), shift(data)), caveats=old_registers(data)),
    )
    answers.findings = of_contracts_known(
        data, answers.findings | ask_pounds(data, open_contracts(data), *questions)
    )
    return Result.of(answers, [dict(zip(_COLUMNS, _row(data, option), strict=True)) for option in found])


def _rank(option: Option) -> tuple[object, ...]:
    brought, rank = option.group.partner_gbp, _RANKS.get(option.grade, 1)
    return (not option.is_open, rank, brought is None, -(brought or 0), option.group.name, option.ends)


def _row(data: PackData, option: Option) -> list[object]:
    group, found, moves = option.group, option.found, option.may_move_gbp
    strictest = min(option.bands.values(), key=lambda band_of_kind: band_of_kind.threshold_gbp or float("inf"))
    start_by = f"{option.start_by:%b %Y}"
    return [
        group.name,
        option.ends,
        "; ".join(group.bodies),
        as_float(group.annual_gbp),
        group.lead or "Not known",
        as_float(group.partner_gbp),
        start_by,
        start_by if option.is_open else "too late",
        OPEN if option.is_open else LATE,
        found.able if found else None,
        (found.social_ab or none_listed(data)) if found else None,
        option.grade.value,
        strictest.name,
        None if moves is None else as_float(moves * shift(data).value),
        option.start_by,
        len(group.contracts),
        len(group.silent),
        group.is_partner_least,
    ]


def _label(brought: float, is_least: bool, together: float, silent: int) -> str:
    """ "£90 of £430": what the smaller buyers add, and of how much; a sum of which a part is not known is "at least" that."""
    least = "at least "
    return f"{least * is_least}{number(brought, 'gbp')} of {least * bool(silent)}{number(together, 'gbp')}"


@options.shown
def exhibit(m: Measured) -> Shown:
    names = ("count", "late_count", "annual_value", "partner_value", "shift")
    many, late, value, brought, moved = (m[f"option_{name}"] for name in names)
    drawn = m.table[(m.table["status"] == OPEN) & (m.table["partner_gbp"] > 0)]
    drawn = drawn.sort_values("partner_gbp", ascending=False, kind="stable").head(12)
    title = f"{counted(many, 'option is', 'options are')} open, {value} a year"
    title += f"; smaller buyers add {brought}" if brought.value is not None else ""
    if many.value is None:
        title = "Which groups of contracts can still be started together is not known"
    elif not many.value:
        title = "No group of contracts can still be started together"
    elif value.value is None:
        title = f"{counted(many, 'option is', 'options are')} open; what that is worth is not known"
    if_moved = (
        f"If {number(m.data.settings.gap.shift, 'share')} of what is known not to be local now moved, where there is a local market, "
        f"{moved} a year would stay{range_text(moved)}: an assumption that the council sets."
    )
    too_late = (
        f"{late} more {'is' if late.value == 1 else 'are'} too late: a joint procurement must start "
        f"{m.data.settings.collaboration.lead_months} months before the first contract ends. Extend those, or align the next term."
    )
    return Shown(
        title=title,
        subtitle=f"What all buyers but the largest add to each open group, out of its whole value a year. {ahead(m.data)}",
        chart=bars(
            [f"{r.ends}: {r.category}" for r in drawn.itertuples()],
            drawn["partner_gbp"],
            "gbp",
            [_label(r.partner_gbp, r.is_least, r.annual_gbp, r.silent) for r in drawn.itertuples()],
        ),
        says=(
            or_why(
                late, too_late if late.value else "None is too late to start.", "How many are too late to start"
            ),
            *((or_why(moved, if_moved, "What could move"),) if many.value else ()),
            "Who leads is a suggestion: the body that buys most of it.",
            *(old_registers(m.data) if many.value else ()),
            *many.caveats,
        ),
        caption="Options for buying together, ranked; those too late last",
        most_rows=40,
    )
