"""Which suppliers are new, kept or lost against the same months of the year before."""

from __future__ import annotations

from cwb.packs.exhibits import PLACES, SUPPLIERS, bars, counted
from cwb.packs.measure import Column, Definition, Measured, PackData, Paper, Result, Shown, Undefined, ask, measure
from cwb.packs.questions import Relation, count

_GROUPS = (
    ("New", "suppliers_new", 1, 0),
    ("Continuing", "suppliers_kept", 1, 1),
    ("No longer paid", "suppliers_lost", 0, 1),
)


def presence(now: Relation, then: Relation) -> str:
    """Lines of two periods with, for each payee, whether it was paid in the one and in the other (1 or 0)."""
    either = f"({now.condition}) OR ({then.condition})"
    return f"""(SELECT l.*, p.is_paid_now, p.is_paid_then FROM {now.source} l JOIN (
            SELECT payee_key, max(CASE WHEN {now.condition} THEN 1 ELSE 0 END) AS is_paid_now,
                max(CASE WHEN {then.condition} THEN 1 ELSE 0 END) AS is_paid_then
            FROM {now.source} WHERE {either} GROUP BY payee_key) p ON p.payee_key = l.payee_key
        WHERE {either})"""


@measure(
    Definition(
        "suppliers_new", "New suppliers", "count", "count",
        "Suppliers paid in the period and not in the same months of the year before.",
        excluded="Withheld and missing names.",
    ),
    Definition(
        "suppliers_kept", "Continuing suppliers", "count", "count",
        "Suppliers paid in the period and in the same months of the year before.",
        excluded="Withheld and missing names.",
    ),
    Definition(
        "suppliers_lost", "Suppliers no longer paid", "count", "count",
        "Suppliers paid in the same months of the year before and not in the period.",
        excluded="Withheld and missing names.",
    ),
    question="Which suppliers are new, and which are no longer paid?",
    columns=(
        Column("group", "Group"),
        Column("place", "Place"),
        SUPPLIERS,
        Column("pounds_gbp", "Pounds in the period, or the year before if lost (£)", "gbp"),
    ),
)  # fmt: skip
def churn(data: PackData) -> Result:
    """New, kept and lost suppliers against the same months of the year before.

    One row per group and place: `group`, `place` (local, not local, not known), `suppliers`, `pounds_gbp` (this
    period's, or for lost suppliers the year before's). Undefined unless both periods are whole.
    """
    previous = data.period.previous()
    if missing := data.months_missing(previous):
        raise Undefined(missing)
    named = "supplier_key IS NOT NULL"
    now, then = data.spend().where(named), data.spend(previous).where(named)
    if not (data.count(now) and data.count(then)):
        raise Undefined(f"no line of {data.period.label} or none of {previous.label} names its supplier")
    lines = Relation(presence(now, then), now.tables)
    answers = ask(
        data,
        *(
            count(name, of=lines.where(f"is_paid_now = {is_now}", f"is_paid_then = {is_then}"))
            for _, name, is_now, is_then in _GROUPS
        ),
    )
    sql = f"""SELECT is_paid_now, is_paid_then, is_local, count(DISTINCT payee_key) AS suppliers,
        sum(CASE WHEN is_paid_now = 1 AND NOT ({now.condition}) THEN 0 ELSE amount_gbp END) AS pounds
        FROM {lines.source} GROUP BY is_paid_now, is_paid_then, is_local ORDER BY is_paid_now, is_paid_then, is_local"""
    found = {(row["is_paid_now"], row["is_paid_then"], row["is_local"]): row for row in data.rows(sql)}
    rows = []
    for group, _, is_now, is_then in _GROUPS:
        for place, is_local in zip(PLACES, (True, False, None), strict=True):
            row = found.get((is_now, is_then, is_local), {"suppliers": 0, "pounds": 0})
            rows.append([group, place, row["suppliers"], float(row["pounds"])])
    return Result.of(answers, rows, sql)


@churn.shown
def exhibit(m: Measured) -> Shown:
    new, kept, lost = (m[name] for _, name, _, _ in _GROUPS)
    drawn = m.table[m.table["suppliers"] > 0]
    labels = [f"{r.group}, {_place(r.place)}" for r in drawn.itertuples()]
    previous = m.data.period.previous().short_label
    return Shown(
        title=f"{counted(new, 'new supplier', 'new suppliers')} since {previous}, {kept} continuing, {lost} no longer paid",
        subtitle=f"Suppliers paid in the period against the same months a year before. {m.where}",
        chart=bars(labels, drawn["suppliers"], "count", groups=drawn["place"], places=PLACES),
        says=("A supplier that is paid once in two years counts as lost and then as new.",),
        caption="New, continuing and lost suppliers by place",
        paper=Paper.SENTENCES,
    )


def _place(place: str) -> str:
    return "place not known" if place == "Not known" else place.lower()
