"""How many suppliers are within the council's own district, like for like with the baseline."""

from __future__ import annotations

from cwb.packs.compare import not_compared
from cwb.packs.exhibits import SUPPLIERS, bars, counted, range_text, sentence_case
from cwb.packs.local_supplier_base.churn import presence
from cwb.packs.measure import Column, Definition, Measured, PackData, Result, Shown, ask, measure
from cwb.packs.questions import IS_HOME, change, count

_COMPARED = ("home_supplier_count_baseline", "home_supplier_change")


@measure(
    Definition(
        "home_supplier_count", "Suppliers within the district", "count", "count",
        "Number of suppliers within the council's own district paid at least once in the period.",
        excluded="Suppliers whose place is not known; withheld and missing names.",
    ),
    Definition(
        "home_supplier_count_baseline", "Suppliers within the district, baseline", "count", "count",
        "The same for the same months of the baseline year, places taken from the same files.",
        excluded="Suppliers whose place is not known; withheld and missing names.",
    ),
    Definition(
        "home_supplier_change", "Change in suppliers within the district", "count", "change",
        "Suppliers within the district in the period less those of the same months of the baseline year.",
        excluded="Withheld and missing names.",
    ),
    question="How many suppliers are within our own district?",
    main=("home_supplier_count",),
    columns=(
        Column("group", "Group of suppliers"),
        SUPPLIERS,
        Column("pounds_now_gbp", "Paid in the period (£)", "gbp"),
        Column("pounds_baseline_gbp", "Paid in the baseline (£)", "gbp"),
    ),
)  # fmt: skip
def home_suppliers(data: PackData) -> Result:
    """Suppliers within the council's own district, this period and the same months of the baseline year.

    One row per group: `group` (paid in both, only in the baseline, only now), `suppliers`, `pounds_now_gbp`,
    `pounds_baseline_gbp`. The comparison is undefined unless every month of both periods holds payments: counts of a
    part-year are not comparable. A supplier of unknown place is within the district in both periods or in neither.
    """
    named = "supplier_key IS NOT NULL"
    now, then = data.spend().where(named), data.spend(data.baseline).where(named)
    missing = data.months_missing(data.baseline)
    at_baseline = count("home_supplier_count_baseline", of=then, where=IS_HOME, period=str(data.baseline))
    answers = ask(
        data,
        count("home_supplier_count", of=now, where=IS_HOME),
        at_baseline.unless(missing),
        change("home_supplier_change", now=now, then=then, where=IS_HOME, by=None).unless(not_compared(data)),
    )
    sql = f"""SELECT is_paid_now, is_paid_then, count(DISTINCT payee_key) AS suppliers,
        sum(CASE WHEN {now.condition} THEN amount_gbp ELSE 0 END) AS pounds_now,
        sum(CASE WHEN {then.condition} THEN amount_gbp ELSE 0 END) AS pounds_then
        FROM {presence(now, then)} WHERE is_home GROUP BY is_paid_now, is_paid_then ORDER BY is_paid_now, is_paid_then"""
    found = {(row["is_paid_now"], row["is_paid_then"]): row for row in data.rows(sql)}
    groups = [(f"Paid in {data.period.short_label}", (1, 1))]
    if data.period != data.baseline:
        groups = [
            ("Paid in both periods", (1, 1)),
            (f"Paid only in {data.baseline.short_label}", (0, 1)),
            (f"Paid only in {data.period.short_label}", (1, 0)),
        ]
    rows = []
    for group, key in groups:
        row = found.get(key, {"suppliers": 0, "pounds_now": 0, "pounds_then": 0})
        rows.append([group, row["suppliers"], float(row["pounds_now"]), float(row["pounds_then"])])
    return Result.of(answers, rows, sql)


@home_suppliers.shown
def exhibit(m: Measured) -> Shown:
    name, data = m.data.settings.home_name, m.data
    now, base, moved = (m[fid] for fid in ("home_supplier_count", *_COMPARED))
    paid = f"{sentence_case(counted(now, 'supplier', 'suppliers'))} within {name} {'was' if now.value == 1 else 'were'} paid"
    says = f"{paid} at least once{range_text(now)}."
    is_baseline = data.period == data.baseline
    if moved.value is not None and not is_baseline:
        word = "more" if moved.value > 0 else "fewer"
        says += (
            f" That is {f'{moved:magnitude} {word} than' if moved.value else 'no change from'} {f'the {base} of' if base.is_stated else 'in'} {data.baseline.label}: the "
            f"same months, and places taken from the same files for both.{certainty(m)}"
        )
    elif moved.value is None and not is_baseline:
        says += f" The comparison with {data.baseline.label} is not known, because {moved.undefined}."
    against = "" if is_baseline else f", like for like with {data.baseline.short_label}"
    return Shown(
        title=f"{paid} in {data.period.short_label}",
        subtitle=f"Suppliers known to be within {name}{against}. {m.where}",
        chart=bars(m.table["group"], m.table["suppliers"], "count")
        if now.is_stated and len(m.table) > 1
        else None,
        says=(says,),
        caption=f"Suppliers known to be within {name}, this period and the baseline",
    )


def certainty(m: Measured) -> str:
    """How far suppliers of unknown place could move the change, and whether its direction is certain."""
    moved = m["home_supplier_change"]
    if moved.low is None or moved.high is None or moved.low == moved.high:
        return ""
    ends = f"{_words(moved.low)} to {_words(moved.high)}"
    if moved.high < 0:
        return f" With suppliers of unknown place it is from {ends}: certainly fewer."
    if moved.low > 0:
        return f" With suppliers of unknown place it is from {ends}: certainly more."
    return f" With suppliers of unknown place it is from {ends}: the direction is not certain."


def _words(change: float) -> str:
    return "no change" if change == 0 else f"{abs(change):,.0f} {'more' if change > 0 else 'fewer'}"
