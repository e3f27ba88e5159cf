"""What leaves the area and could stay: influenceable spend by category, and the largest realistic shifts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

import pandas as pd
import pyarrow as pa

from cwb.charts.wording import mid_sentence
from cwb.entities.matching.supplier_kinds import INDIVIDUAL, NOT_STATED, ORGANISATION
from cwb.evidence.bounded import ZERO, Bounded, exactly, undefined
from cwb.packs.account.register_dates import old_registers
from cwb.packs.exhibits import bars, or_why, range_text
from cwb.packs.gap_analysis.held import is_held, with_contract_ends
from cwb.packs.market.grading import Grade, is_industry_known, market_of
from cwb.packs.market.industry import needs_of_what_leaves, typical_purchases
from cwb.packs.market.supply import supply_of
from cwb.packs.measure import Column, Definition, Measured, PackData, Result, Shown, Undefined, ask, measure
from cwb.packs.measure import undefined as not_asked
from cwb.packs.one_offs import base_of, without_one_offs
from cwb.packs.questions import IS_LOCAL, LEAVES, Fact, Relation, Row, coverage, derived, number

End = Callable[[Decimal, Decimal], Decimal]
_SHOWN = 12
_OPEN = (Grade.WORKABLE.value, Grade.STRONG.value)
# The market of what leaves and cannot be influenced.
_NONE_OF_OURS = "Cannot be influenced"
_KINDS = f"supplier_kind IS NULL OR supplier_kind IN ('{ORGANISATION}', '{INDIVIDUAL}', '{NOT_STATED}')"
_KIND = "is_kind_known", f"CASE WHEN supplier_kind IN ('{ORGANISATION}', '{INDIVIDUAL}') THEN 1 ELSE 0 END"
# The market of what may be under a contract that lasts for longer than we look ahead.
_END_UNKNOWN = "Not known whether a contract holds it"
# Who is not named may be a public body.
CAN_MOVE = Fact(
    f"CASE WHEN is_local THEN FALSE WHEN market = '{_END_UNKNOWN}' OR supplier_kind IS NULL OR supplier_kind = '{NOT_STATED}' THEN NULL "
    "ELSE NOT is_local END",
    LEAVES.known,
    LEAVES.settles,
)
_IS_OPEN = f"market NOT IN ('{Grade.NOT_MAPPED}', '{Grade.NOT_KNOWN}')"
COULD_STAY = Fact(
    f"CASE WHEN NOT ({CAN_MOVE.sql}) THEN FALSE WHEN {_IS_OPEN} THEN {CAN_MOVE.sql} END",
    "suppliers' places and the local market are known",
    f"{CAN_MOVE.settles} So would the public register of companies and a product code of each payment.",
    ("companies",),
    listed=f"{CAN_MOVE.settles} So would a product code of each payment.",
)
_EACH = "For each group (a category) take the weight of the rows that are in, for low with the negative weights of the unknown "
_ENDS = "rows, for high with their positive weights, and zero where that is less than zero; "
_RULES = {
    "influenceable_spend": f"{_EACH}{_ENDS}add up the groups.",
    "realistic_shift": (
        f"{_EACH}{_ENDS}the assumed share of the sum of the groups whose market is Workable or Strong; for low of those "
        "whose market is Strong alone, for high of all groups."
    ),
    "local_share_after_shift": (
        "The weight of the rows that are in, and the assumed share of what is out and of a known kind (is_kind_known is 1) in each "
        "group whose market is Workable or Strong (zero where a group's is less), divided by the weight of all rows. For low the "
        "share moves of groups whose market is Strong alone, the negative weights of rows of no known kind added to what is out, "
        "and the negative weights of the unknown rows are added; for high their positive weights are added, and the share moves "
        "of every group but those that cannot be influenced, rows of any kind, the negative weights of its unknown rows added to "
        "what is out."
    ),
}


def _of(rows: pd.DataFrame, part: str, end: End | None = None) -> Decimal:
    """The weight of a part, with that of the unknown below (`min`) or above (`max`) zero."""
    known, unknown = (rows.loc[rows["part"] == name, "weight"] for name in (part, "unknown"))
    return sum(known, ZERO) + (sum((end(weight, ZERO) for weight in unknown), ZERO) if end else ZERO)


def _by_group(rows: pd.DataFrame, part: str, end: End | None = None, markets: Sequence[str] = ()) -> Decimal:
    """The same of each group of some markets (none named: of all), zero where it is less, added up."""
    groups = [
        category_rows
        for _, category_rows in rows.groupby("group")
        if not markets or category_rows["market"].iloc[0] in markets
    ]
    return sum((max(_of(category_rows, part, end), ZERO) for category_rows in groups), ZERO)


@exactly
def influenceable(rows: pd.DataFrame) -> Bounded:
    """The value, low and high of `influenceable_spend`, whose rule is in `_RULES`."""
    value, low, high = (_by_group(rows, "in", end) for end in (None, min, max))
    return Bounded(value, low, high, coverage(rows))


@dataclass(frozen=True)
class Shift:
    """The share of what can be influenced that is taken to move (`gap.shift`), and what follows of it."""

    share: Decimal

    @exactly
    def realistic(self, rows: pd.DataFrame) -> Bounded:
        """The value, low and high of `realistic_shift`."""
        choices: tuple[tuple[End | None, Sequence[str]], ...] = ((None, _OPEN), (min, (Grade.STRONG,)), (max, ()))
        value, low, high = (self.share * _by_group(rows, "in", end, markets) for end, markets in choices)
        return Bounded(value, low, high, coverage(rows))

    @exactly
    def local_after(self, rows: pd.DataFrame) -> Bounded:
        """The value, low and high of `local_share_after_shift`."""
        all_pounds = sum(rows["weight"], ZERO)
        if all_pounds <= 0:
            return undefined(coverage(rows))
        # Who is of no known kind may be a public body, whose payments do not move: they are in no realistic shift either.
        is_sure = rows["is_kind_known"] == 1
        value = _of(rows, "in") + self.share * _by_group(rows[is_sure], "out", None, _OPEN)
        least = rows[is_sure | (rows["weight"] < 0)]
        low = _of(rows, "in", min) + self.share * _by_group(least, "out", None, (Grade.STRONG,))
        high = _of(rows, "in", max) + self.share * _by_group(rows, "out", min, (*Grade, _END_UNKNOWN))
        return Bounded(value / all_pounds, low / all_pounds, high / all_pounds, coverage(rows))


@measure(
    Definition(
        "influenceable_spend", "Spend that leaves and could be influenced", "gbp", "derived",
        "Spend without one-offs that leaves the local area, less payments to public bodies and under contracts "
        "that end after the months looked ahead; in no category less than zero. High: spend with suppliers whose place "
        "is not known too, and spend of which it is not known whether it is under such a contract.",
        excluded="One-offs; a year without an approved list of them, or without a contracts register, has no such number.",
        version=4,
    ),
    Definition(
        "realistic_shift", "Spend that could realistically stay", "gbp", "derived",
        "The share that the council assumes could move of the spend that could be influenced, in categories whose local market is workable or strong. "
        "Low: strong markets alone. High: all categories, and suppliers whose place is not known.",
        excluded="One-offs.",
        version=3,
    ),
    Definition(
        "local_share_after_shift", "Local share if that stayed", "share", "derived",
        "Local spend without one-offs plus what could realistically stay divided by spend without one-offs. Low: the share "
        "moves in strong markets alone. High: suppliers whose place is not known are local, and the share moves in all categories.",
        excluded="One-offs.",
        version=3,
    ),
    question="What leaves the area and could stay?",
    needs=("spend_lines", "contract_lines"),
    main=("influenceable_spend",),
    columns=(
        Column("category", "Category"),
        Column("leaving_gbp", "Leaves (£)", "gbp"),
        Column("public_gbp", "To public bodies (£)", "gbp"),
        Column("tied_gbp", "Under longer contracts (£)", "gbp"),
        Column("open_gbp", "Perhaps under longer contracts (£)", "gbp", on_paper=False),
        Column("influenceable_gbp", "Could be influenced (£)", "gbp"),
        Column("capable", "Local, large enough (about)", "count"),
        Column("grade", "Market"),
        Column("realistic_gbp", "Could realistically stay (£)", "gbp"),
    ),
)  # fmt: skip
def shifts(data: PackData) -> Result:
    """Spend without one-offs that leaves the local area, by category, and what of it could realistically stay.

    One row per category, largest realistic shift first, then largest leak: `category`, `pounds_gbp`, `leaving_gbp`, `public_gbp` (of it
    paid to public bodies), `tied_gbp` (under contracts that end after the horizon), `open_gbp` (of which that is not known: see `held`),
    `influenceable_gbp` (the rest), `capable` (local suppliers of its industries large enough for a typical purchase, `typical_purchases`;
    None without a register or an industry), `grade`, `realistic_gbp`: the share `gap.shift` of what is influenceable, where the local
    market is workable or strong, else nothing; None where the market is not known.

    £100 leaving, £20 of it to a county council and £30 under a long contract: £50 influenceable; with a strong local
    market and a quarter taken as realistic, £12.50. Pounds are those of the period, not of a year.
    """
    if missing := data.one_offs_missing():
        raise Undefined(missing)
    all_lines, (base, late) = without_one_offs(data), base_of(data)
    lines = with_contract_ends(all_lines)
    shift = Shift(Decimal(str(data.settings.gap.shift)))
    sql, markets = _by_category(lines, is_held(data)), _markets(data, all_lines)
    rows = [_row(row, shift, *markets[row["category"]]) for row in data.rows(sql)]
    rows.sort(key=lambda row: (-(row["realistic_gbp"] or 0), -row["leaving_gbp"], row["category"]))
    no_register = ("Without a whole register of companies only markets strong among known suppliers count.",)
    weak = old_registers(data) if supply_of(data).has_register else no_register
    every = _with_markets(data, lines, markets)
    of, group, columns = every.where(f"market <> '{_NONE_OF_OURS}'"), "stake", (("market", "market"),)
    can_move, could_stay = CAN_MOVE, COULD_STAY
    if data.count(of.where("held = 'open'")):
        can_move, could_stay = map(_with_contracts, (CAN_MOVE, COULD_STAY))
    answers = ask(
        data,
        derived(
            "influenceable_spend", of, _RULES["influenceable_spend"], influenceable, can_move, group=group, columns=columns,
            caveats=late,
        ),
        derived(
            "realistic_shift", of, _RULES["realistic_shift"], shift.realistic, could_stay, group=group, columns=columns,
            caveats=(*late, *weak),
        ),
        derived(
            "local_share_after_shift", every, _RULES["local_share_after_shift"], shift.local_after, IS_LOCAL, group=group,
            columns=(*columns, _KIND), caveats=(*late, *weak),
        ),
    )  # fmt: skip
    findings = dict(answers.findings)
    if (reason := findings["realistic_shift"].undefined) is not None:
        findings |= not_asked(data, ("local_share_after_shift",), reason)
    return Result(findings, pd.DataFrame(rows), {"base": base}, (*answers.sql, sql))


def _with_contracts(fact: Fact) -> Fact:
    """The fact, in whose words it is not known either what is under which contract, and until when."""
    known = f"{fact.known.removesuffix(' are known')}, and the contracts that payments are under, are known"
    more = "So would the end of each contract on the register, and its reference in the ledger."
    return replace(fact, known=known, settles=f"{fact.settles} {more}", listed=f"{fact.listed} {more}")


def _by_category(lines: Relation, is_tied: str) -> str:
    public = f"NOT is_local AND NOT ({_KINDS})"
    tied = f"NOT is_local AND ({_KINDS}) AND {is_tied}"
    return f"""SELECT category, sum(amount_gbp) AS pounds, sum(CASE WHEN NOT is_local THEN amount_gbp ELSE 0 END) AS leaving,
            sum(CASE WHEN {public} THEN amount_gbp ELSE 0 END) AS public,
            sum(CASE WHEN {tied} THEN amount_gbp ELSE 0 END) AS tied,
            sum(CASE WHEN NOT is_local AND ({_KINDS}) AND ({is_tied}) IS NULL THEN amount_gbp ELSE 0 END) AS open
        FROM {lines.source} WHERE {lines.condition} GROUP BY category ORDER BY category"""


def _markets(data: PackData, lines: Relation) -> dict[str, tuple[Grade, int | None]]:
    """For each category the local market for a typical purchase that leaves, and about how many local suppliers are large
    enough for it."""
    supply, sizes, markets = supply_of(data), typical_purchases(data, lines), {}
    for category, bought in needs_of_what_leaves(data, lines).items():
        need = replace(bought, annual_gbp=sizes.get(category))
        found = supply.capable(need)
        grade = market_of(supply, found, need.is_mapped, data.settings.gap)
        markets[category] = (grade, found.able if is_industry_known(supply, grade) else None)
    return markets


def _row(row: Row, shift: Shift, grade: Grade, capable: int | None) -> Row:
    free = max(row["leaving"] - row["public"] - row["tied"] - row["open"], ZERO)
    return {
        "category": row["category"],
        "pounds_gbp": float(row["pounds"]),
        "leaving_gbp": float(row["leaving"]),
        "public_gbp": float(row["public"]),
        "tied_gbp": float(row["tied"]),
        "open_gbp": float(row["open"]),
        "influenceable_gbp": float(free),
        "capable": capable,
        "grade": grade.value,
        "realistic_gbp": None if grade.is_served is None else float(shift.share * free * grade.is_served),
    }


def _with_markets(data: PackData, lines: Relation, markets: dict[str, tuple[Grade, int | None]]) -> Relation:
    """The lines with `stake` (the category, apart what cannot be influenced and what is not known to be free) and `market`."""
    rows = [(category, "free", category, grade.value) for category, (grade, _) in markets.items()]
    for held, market in (("held", _NONE_OF_OURS), ("open", _END_UNKNOWN)):
        rows += [(category, held, f"{category}: {mid_sentence(market)}", market) for category in markets]
    cells = zip(*rows, strict=True)
    table = pa.table(dict(zip(("category", "held", "stake", "market"), map(list, cells), strict=True)))
    market_table = data.add_table("category_markets", table, ())
    tied = is_held(data)
    held = f"CASE WHEN NOT ({_KINDS}) OR ({tied}) THEN 'held' WHEN ({tied}) IS NULL THEN 'open' ELSE 'free' END"
    source = f"""(SELECT l.*, m.stake, m.market FROM (SELECT *, {held} AS held FROM {lines.source}) l
        JOIN {market_table.source} m ON m.category = l.category AND m.held = l.held)"""
    tables = (*lines.tables, "contract_lines", "organisations")
    return Relation(source, tables, lines.conditions, lines.period, is_of_period=True)


@shifts.shown
def exhibit(m: Measured) -> Shown:
    free, realistic, after = (m[name] for name in _RULES)
    gap = m.data.settings.gap
    drawn = m.table[m.table["influenceable_gbp"] > 0]
    drawn = drawn.sort_values("influenceable_gbp", ascending=False, kind="stable").head(_SHOWN)
    realistically = (
        f", {realistic} realistically" if realistic.value is not None else "; how much would stay is not known"
    )
    unknown = " and what may be under a longer contract" if m.table["open_gbp"].any() else ""
    with_unknown = f" With suppliers whose place is not known{unknown} it is {free.bounds}." if free.bounds else ""
    return Shown(
        title=f"{free} of what leaves could be influenced{realistically}",
        subtitle=f"Spend known to leave the local area that could be influenced, by category, {m.facts['base']}. {m.where}",
        chart=bars(
            [category.split(":")[0] for category in drawn["category"]],
            drawn["influenceable_gbp"],
            "gbp",
            places={"": 1},
            texts=[f"{number(r.influenceable_gbp, 'gbp')}, market {r.grade.lower()}" for r in drawn.itertuples()],
        ),
        says=(
            f"What could be influenced is what leaves, less payments to public bodies and under contracts that end beyond "
            f"{gap.horizon_months} months.{with_unknown} Realistic is {number(gap.shift, 'share')} of it where the local "
            f"market is workable or strong{range_text(realistic)}: an assumption that the council sets.",
            or_why(
                after,
                f"If so much moved, the local share of this spend would be {after}{range_text(after)}.",
                "The local share of this spend, if so much moved,",
            ),
        ),
        caption="What leaves the local area and could stay, by category",
        most_rows=_SHOWN,
    )
