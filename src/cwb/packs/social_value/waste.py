"""Waste that contracts report in tonnes, and how much of it is not sent to landfill; compared over contracts that report in both years."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

from cwb.base.references import same_reference
from cwb.base.rows import Row, place_of
from cwb.council.periods import Period
from cwb.evidence.typed_rows import QUANTITY
from cwb.packs.exhibits import or_why, plural, range_text
from cwb.packs.measure import Column, Definition, Measured, PackData, Paper, Result, Shown, Undefined, ask, measure
from cwb.packs.questions import PLACE, ZERO, Fact, Relation, Thing, change, exactly, number, share, total
from cwb.packs.social_value.spans import add_up_once, apart
from cwb.reference import table

_CONTRACT = Thing("contract", "contract", "contracts")
_IS_SURE = Fact("is_sure", "what was reported once is known", "Reports that tell each tonne once would settle it.")
_IS_KEPT = Fact("is_kept", _IS_SURE.known, _IS_SURE.settles)
_MEANINGS = ("all", "kept", "landfill")


def meaning_of(measure: str | None, unit: str | None) -> str | None:
    """What a measure counted in tonnes is of: all waste, what is not sent to landfill, what is not; None for anything else."""
    if (unit or "").strip().lower() not in ("tonnes", "tonne", "t"):
        return None
    words = (measure or "").lower()
    found = next((row.meaning for row in table("waste_words").itertuples() if row.words in words), "none")
    return str(found) if found in _MEANINGS else None


@exactly
def waste_of(data: PackData, period: Period) -> dict[str, Row]:
    """Contract → tonnes of a period: `all` (stated, else what is kept and what is not), `kept` and `rest` (None where not both known),
    `maybe`, which is of one of these two, and `more`, which may be in `all` already: rows of overlapping periods, or of two measures
    that may be of the same waste.

    Rows of a longer period are none of it, nor returns of more than the contract. The portal's row stands before a return's.
    """
    within = f"period_from >= DATE '{period.start}' AND period_to <= DATE '{period.end}' AND delivered_quantity IS NOT NULL"
    columns = (
        f"contract_reference, measure, unit, delivered_quantity AS delivered, period_from, period_to, {PLACE}"
    )
    sql = f"""SELECT {columns}, 0 AS place FROM social_value WHERE {within}
        UNION ALL SELECT {columns}, 1 AS place FROM social_value_returns WHERE {within} AND is_only_this
        ORDER BY place, {PLACE}"""
    by_thing: dict[tuple[str, str, str], list[Row]] = defaultdict(list)
    for row in data.rows(sql):
        if (meaning := meaning_of(row["measure"], row["unit"])) and row["contract_reference"]:
            by_thing[same_reference(row["contract_reference"]), meaning, row["measure"]].append(row)
    by_contract: dict[str, dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
    for (contract, meaning, _), rows in by_thing.items():
        place = min(row["place"] for row in rows)
        by_contract[contract][meaning] += add_up_once(row for row in rows if row["place"] == place)[0]
    return {contract: _tonnes(contract, of) for contract, of in by_contract.items()}


def _tonnes(contract: str, by_meaning: dict[str, list[Row]]) -> Row:
    """What a contract's rows, by meaning, come to."""
    sums: dict[str, Decimal] = {}
    more: dict[str, Decimal] = defaultdict(Decimal)
    for meaning, rows in by_meaning.items():
        sums[meaning], more[meaning] = (
            sum((row["delivered"] for row in part), ZERO) for part in apart(rows, "delivered", "measure")
        )
    kept, landfill = sums.get("kept", ZERO), sums.get("landfill", ZERO)
    every = sums.get("all", kept + landfill)
    has_both = "kept" in sums and not (
        more["all"] if "all" in sums else "landfill" not in sums or any(more.values())
    )
    # Parts that come to more than all contradict it, or tell some waste twice.
    has_share = has_both and every >= kept + landfill
    maybe = min(more["kept"], every - kept - landfill)
    return {
        **place_of(next(iter(by_meaning.values()))[0]),
        "contract": contract,
        "all": every,
        "kept": kept if has_share else None,
        "maybe": maybe if has_share else None,
        "rest": every - kept - maybe if has_share else None,
        "more": more["all"] if "all" in sums else more["kept"] + more["landfill"],
    }


@measure(
    Definition(
        "waste_tonnes", "Waste that contracts report", "tonnes", "total",
        "Tonnes of waste that contracts report for the period, on the portal or in returns. Of those whose periods overlap, or of two "
        "measures that may be of the same waste, what adds up for certain; high: the others too.",
        excluded="Contracts that report none; returns of more than the contract and period.",
        version=3,
    ),
    Definition(
        "waste_change", "Change of waste, contracts that report in both years", "tonnes", "change",
        "Tonnes of the period less those of the same months a year before, of contracts that report both.",
        excluded="Contracts that report in one of the two alone, or may tell a tonne twice.",
        version=3,
    ),
    Definition(
        "waste_kept_from_landfill_share", "Waste not sent to landfill", "share", "share",
        "Tonnes reused, recycled or recovered divided by all tonnes, of contracts that report both numbers for the period. Low and "
        "high: what two measures may both be of counts once or twice.",
        excluded="Contracts whose parts, what went to landfill too, come to more than all.",
        version=3,
    ),
    question="How much waste do contracts report, and is it less?",
    needs=(),
    main=("waste_tonnes",),
    columns=(
        Column("contract", "Contract"),
        Column("all_tonnes", "Waste (tonnes)", "decimal"),
        Column("kept_tonnes", "Not sent to landfill (tonnes)", "decimal"),
        Column("kept_share", "Share not sent to landfill", "share"),
        Column("before_tonnes", "Waste a year before (tonnes)", "decimal"),
    ),
)  # fmt: skip
def waste(data: PackData) -> Result:
    """Waste of contracts that report it.

    One row per contract, most first: `contract`, `all_tonnes`, `kept_tonnes`, `kept_share` (None where a contract does not report both), `before_tonnes`
    (the same months a year before; None where it did not report then). Of a contract that may tell a tonne twice they are the least.
    """
    if not data.has("social_value") and not data.has("social_value_returns"):
        raise Undefined(data.why_not("social_value_returns") or "")
    before = Period(data.period.start_year - 1, data.period.quarter)
    now, then = waste_of(data, data.period), waste_of(data, before)
    if not now:
        raise Undefined(f"no contract reports tonnes of waste for {data.period.label}")
    both = sorted(one for one in now.keys() & then.keys() if not now[one]["more"] and not then[one]["more"])
    overlapping = [one for one in now.values() if one["more"]]
    sure = [{**one, "weight": one["all"], "is_sure": True} for one in now.values()]
    rows = _relation(
        data, "now", [*sure, *({**one, "weight": one["more"], "is_sure": None} for one in overlapping)]
    )
    parts = [
        {**one, "weight": one[part], "is_kept": is_kept}
        for one in now.values()
        for part, is_kept in (("kept", True), ("maybe", None), ("rest", False))
        if one[part] is not None and (one[part] or part != "maybe")
    ]
    legs = [
        {**year[contract], "weight": year[contract]["all"], "is_now": is_now}
        for contract in both
        for year, is_now in ((now, True), (then, False))
    ]
    of_both = _relation(data, "both", legs)
    answers = ask(
        data,
        total("waste_tonnes", rows, _IS_SURE, "weight", _LINE),
        change(
            "waste_change", of_both.where("is_now"), of_both.where("NOT is_now"), by="weight", per=_CONTRACT
        ).unless(
            None if both else f"no contract reports waste for {before.label} too, each tonne told once for certain"
        ),
        share(
            "waste_kept_from_landfill_share",
            _relation(data, "parts", parts),
            _IS_KEPT,
            "weight",
            _LINE,
        ).unless(
            None
            if parts
            else "no contract reports, without contradiction, both all its waste and what of it was reused or recycled"
        ),
    )
    table_rows = [
        (
            one["contract"], float(one["all"]), None if one["kept"] is None else float(one["kept"]),
            float(one["kept"] / one["all"]) if one["kept"] is not None and one["all"] else None,
            float(then[one["contract"]]["all"]) if one["contract"] in then else None,
        )
        for one in sorted(now.values(), key=lambda one: (-one["all"], one["contract"]))
    ]  # fmt: skip
    facts = {"both": f"{len(both):,}", "before": before.label}
    if overlapping:
        facts["overlapping"] = f"{len(overlapping):,}"
    return Result.of(answers, table_rows, facts=facts)


_LINE = Thing("", "contract", "contracts")


def _relation(data: PackData, name: str, rows: list[Row]) -> Relation:
    columns = {"contract": str, "weight": QUANTITY, "is_kept": bool, "is_now": bool, "is_sure": bool}
    return data.add_rows(f"waste_{name}", columns, rows, ("social_value", "social_value_returns"))


@waste.shown
def exhibit(m: Measured) -> Shown:
    tonnes, moved, kept = m["waste_tonnes"], m["waste_change"], m["waste_kept_from_landfill_share"]
    side = "less" if (moved.value or 0) < 0 else "more"
    both, before = m.facts["both"], m.facts["before"]
    of = plural(m.facts.get("overlapping", ""), "contract")
    twice = f"Reports of {of} may overlap, and how much is told twice is not known: {tonnes}{range_text(tonnes)}."
    base = number(kept.of or 0.0, "tonnes")
    is_of_all = base == str(tonnes) and not tonnes.bounds
    share_of = ""
    if kept.value is not None and tonnes.is_stated:
        share_of = (
            f", {kept} of it not sent to landfill" if is_of_all else f"; of what is known {kept} avoids landfill"
        )
    rest = "" if is_of_all else " For the rest it is not known."
    return Shown(
        title=f"Contracts report {tonnes} of waste{share_of}",
        subtitle=f"Waste by contract, as contracts report it. {m.where}",
        says=(
            or_why(
                moved,
                f"Of {plural(both, 'contract')} with waste reported for {before} too: {moved:magnitude} {side} than then.",
                "Whether it is less than a year before",
            ),
            or_why(
                kept,
                f"Reused, recycled or recovered: {kept} of the {base} of contracts that report both numbers without "
                f"contradiction{range_text(kept)}.{rest}",
                "How much is not sent to landfill",
            ),
            *([twice] if "overlapping" in m.facts else []),
            "Contracts that report differ from year to year: only those that report in both are compared.",
        ),
        caption="Waste of contracts that report it",
        paper=Paper.SENTENCES,
    )
