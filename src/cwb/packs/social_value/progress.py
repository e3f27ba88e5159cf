"""Whether promises are met: contracts that have ended, and how live ones keep pace with a straight line."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal

import pandas as pd

from cwb.evidence.headcounts import KEPT_BACK, hidden, is_few
from cwb.packs.exhibits import counted, or_why, plural, quantity, range_text
from cwb.packs.measure import Column, Definition, Measured, PackData, Result, Shown, Undefined, ask, measure
from cwb.packs.questions import ZERO, Bounded, Fact, Finding, count, coverage, derived, exactly, number
from cwb.packs.social_value.portal import MEASURE, PORTAL_CONTRACT, SHARE_RULE, portal
from cwb.packs.social_value.returns import counts_people

_REGISTER = "A contracts register with the first and last day of each contract would settle it."
_ENDED = Fact("is_ended", "whether contracts have ended is known", _REGISTER)
_LIVE = Fact("is_live", "whether contracts still run is known", _REGISTER)
_BEHIND = Fact(
    "is_behind",
    "what is due by now and what was delivered are known",
    "The first and last day of each contract on the register, and an export that states what was delivered, would settle it.",
)


@exactly
def delivered_of(rows: pd.DataFrame) -> Bounded:
    """What was delivered divided by what it is measured against, with the ends that contracts of unknown term could give."""
    known = rows[rows["part"] == "in"]
    base, done = sum(known["weight"], ZERO), sum(known["done"], ZERO)
    if base <= 0:
        return Bounded(None, None, None, coverage(rows))
    unknown = rows[rows["part"] == "unknown"]
    low = _with(done, base, unknown["done"], unknown["weight"], down=True)
    high = _with(sum(known["at_most"], ZERO), base, unknown["at_most"], unknown["least"], down=False)
    return Bounded(done / base, low, high, coverage(rows))


def _with(done: Decimal, base: Decimal, more: Iterable[Decimal], bases: Iterable[Decimal], down: bool) -> Decimal:
    """The least (`down`) or the greatest that a quotient becomes when further ones are added to both sides."""
    pairs = [(Decimal(one), Decimal(of)) for one, of in zip(more, bases, strict=True)]
    for one, of in sorted(
        pairs, key=lambda pair: pair[0] / pair[1] if pair[1] else Decimal("Infinity"), reverse=not down
    ):
        changed = (done + one) / (base + of)
        if changed < done / base if down else changed > done / base:
            done, base = done + one, base + of
    return done / base


@measure(
    Definition(
        "sv_kept_share", "Promises met by contracts that ended", "share", "derived",
        "Pounds delivered divided by pounds promised, of contracts that ended in the period. What states no delivery, and what was delivered "
        "after the export's last row of a contract, counts as none; high: as delivered in full. More than promised in one makes up for less in another.",
        excluded="Contracts that still run, local economic value, measures without a target in pounds.",
    ),
    Definition(
        "sv_pace", "Pace of live contracts", "ratio", "derived",
        "Pounds delivered divided by those due by now, of contracts that run on after the period; 1 is on time. Due by now: promised times the days "
        "that have passed divided by the days of the term, a straight line.",
        excluded="Local economic value, measures without a target in pounds.",
        version=2,
    ),
    Definition(
        "sv_behind_count", "Measures behind pace", "count", "count",
        "Measures of live contracts whose delivery is below a part, which the council sets, of what is due by now, by pounds or else by quantity.",
        excluded="Measures without a target.",
        version=2,
    ),
    question="Are promises of social value met?",
    needs=("social_value",),
    main=("sv_kept_share", "sv_pace", "sv_behind_count"),
    columns=(
        Column("measure", "Measure"),
        Column("unit", "Unit"),
        Column("contracts", "Contracts", "count"),
        Column("target", "Promised"),
        Column("due", "Due by now"),
        Column("delivered", "Delivered"),
        Column("pace", "Delivered divided by due"),
        Column("behind", "Contracts behind", "count"),
    ),
)  # fmt: skip
def progress(data: PackData) -> Result:
    """Measures of live contracts by unit, with their pace.

    One row per measure of the export and unit, those with most behind first: `measure`, `unit`, `contracts`, `target`, `due`, `delivered`
    (quantities as texts: not known where a contract does not state one; fewer than 5 people are shown as that), `pace`
    (delivered ÷ due), `behind` (contracts behind). Units are never added to one another.
    """
    found = portal(data)
    if not data.count(found.measures):
        raise Undefined("the export reports nothing up to the end of the period")
    contracts, live = found.contracts, found.measures.where("is_live IS NOT FALSE", "has_target")
    none = None if data.count(contracts) else "the export states no target in pounds"
    not_ended = none or (
        None
        if data.count(contracts.where("is_ended IS NOT FALSE"))
        else "no contract of the export ended in the period"
    )
    not_live = none or (
        None if data.count(contracts.where("is_live IS NOT FALSE")) else "no contract of the export still runs"
    )
    answers = ask(
        data,
        derived(
            "sv_kept_share", contracts.where("is_ended IS NOT FALSE"), SHARE_RULE.format("promised"), delivered_of, _ENDED,
            "committed_gbp", PORTAL_CONTRACT, columns=(("done", "delivered_gbp"), ("at_most", "at_most_gbp"), ("least", "committed_gbp")),
        ).unless(not_ended),
        derived(
            "sv_pace", contracts.where("is_live IS NOT FALSE"), SHARE_RULE.format("due by now"), delivered_of, _LIVE, "due_gbp",
            PORTAL_CONTRACT, columns=(("done", "delivered_gbp"), ("at_most", "at_most_due_gbp"), ("least", "least_due_gbp")),
        ).unless(not_live),
        count("sv_behind_count", live, _BEHIND, per=MEASURE).if_empty("no measure of a live contract has a target"),
    )  # fmt: skip
    grouped: dict[tuple[str, str], list[dict[str, object]]] = defaultdict(list)
    for row in found.rows:
        if row["is_live"] and row["has_target"]:
            grouped[row["measure"], row["unit"] or "Not stated"].append(row)
    few = _of_few(data)
    rows = [_row(*key, of, few) for key, of in grouped.items()]
    table = pd.DataFrame(
        rows, columns=["measure", "unit", "contracts", "target", "due", "delivered", "pace", "behind"]
    )
    table = table.sort_values(["behind", "pace", "measure"], ascending=[False, True, True], ignore_index=True)
    facts = {"silent": f"{found.silent:,}"} if found.silent else {}
    return Result.of(answers, table, facts=facts)


def _of_few(data: PackData) -> set[tuple[str, str]]:
    """Measures and units by which a row of the export counts one to four people."""
    rows = data.rows(
        "SELECT measure, measure_reference, unit, delivered_quantity FROM social_value WHERE delivered_quantity IS NOT NULL"
    )
    return {
        (row["measure"] or row["measure_reference"] or "Not stated", row["unit"])
        for row in rows
        if counts_people(row["unit"]) and is_few(float(row["delivered_quantity"]))
    }


def _row(name: str, unit: str, rows: list[dict[str, object]], few: set[tuple[str, str]]) -> list[object]:
    def sum_of(column: str) -> Decimal | None:
        cells = [row[column] for row in rows]
        return None if any(cell is None for cell in cells) else sum((Decimal(str(cell)) for cell in cells), ZERO)

    target, due, done = (
        sum_of(column) for column in ("target_quantity", "due_target_quantity", "delivered_quantity")
    )
    texts = ["not known" if one is None else quantity(one) for one in (target, due, done)]
    texts.append(f"{float(done / due):,.2f}" if done is not None and due else "not known")
    is_least = bool(sum_of("more_delivered_quantity")) or any(
        row["lacks_quantity"] or not row["is_told_to_end"] for row in rows
    )
    if is_least:
        texts[2:] = [text if text == "not known" else f"at least {text}" for text in texts[2:]]
    if counts_people(unit) and done is not None:
        (shown,) = hidden([done])
        if isinstance(shown, str) or (name, unit) in few:
            # Pounds are shown contract by contract: with what is promised in both units they would give away how many people each has.
            texts = [
                KEPT_BACK,
                KEPT_BACK,
                shown if isinstance(shown, str) and not is_least else KEPT_BACK,
                KEPT_BACK,
            ]
    behind = sum(row["is_behind"] is True for row in rows)
    contracts = len({str(row["contract_key"]) for row in rows})
    return [name, unit, contracts, *texts, behind]


def _title(pace: Finding, kept: Finding, behind: Finding) -> str:
    if pace.value is not None:
        return f"Live contracts have delivered {pace} times what is due by now"
    if kept.value is not None:
        return f"Contracts that ended delivered {kept} of what they had promised"
    return f"{counted(behind, 'measure is', 'measures are')} behind what is due by now"


@progress.shown
def exhibit(m: Measured) -> Shown:
    kept, pace, behind = m["sv_kept_share"], m["sv_pace"], m["sv_behind_count"]
    says = [
        or_why(pace, f"Pace of live contracts: {pace}{range_text(pace)}; 1 is on time, if value came in evenly over the term. That is an assumption. Contracts that have ended are not in it; the pounds by theme include them.", "The pace"),
        or_why(kept, f"Contracts that ended in the period delivered {kept} of what they had promised{range_text(kept)}.", "How much was met by contracts that ended"),
        or_why(behind, f"Measures behind: {behind}{range_text(behind)}.", "How many measures are behind"),
    ]  # fmt: skip
    if n := m.facts.get("silent"):
        says.append(f"{plural(n, 'measure')} with a target and no delivery stated.")
    return Shown(
        title=_title(pace, kept, behind),
        subtitle=f"Measures of live contracts by unit, most behind first; behind is under {number(m.data.settings.social_value.behind_below, 'share')} of "
        f"what is due by now. Units are never added. {m.where}",
        says=tuple(says),
        caption="Measures of live contracts by unit with their pace",
    )
