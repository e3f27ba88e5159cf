"""Which suppliers more than one body pays."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from cwb.base.privacy import WITHHELD
from cwb.packs.anchor_collaboration.payments import bodies_of, payments_of
from cwb.packs.exhibits import Matrix, counted, or_why, range_sentence, range_text, sentence_case
from cwb.packs.measure import Column, Definition, Measured, PackData, Result, Shown, ask, measure
from cwb.packs.questions import IS_MATCHED, Relation, Thing, count, number, share, total
from cwb.sources.places import ring_labels
from cwb.sources.tabular import sql_text

PAYEE = Thing("organisation_key", "display_name", "suppliers")
# A supplier that is not matched may have another name in another body's file.
IS_SHARED = replace(
    IS_MATCHED,
    sql="CASE WHEN bodies > 1 THEN TRUE WHEN supplier_key IS NOT NULL AND match_status = 'matched' THEN FALSE END",
)
_SHOWN = 15


@measure(
    Definition(
        "shared_supplier_count", "Shared suppliers", "count", "count",
        "Suppliers that more than one body pays in the period, like for like. Of one that is not matched to an "
        "organisation it is not known, for it may stand under another name in another body's file.",
        excluded="Withheld names; payments under the common amount.",
        version=2,
    ),
    Definition(
        "shared_supplier_spend", "Spend with shared suppliers", "gbp", "total",
        "Payments of all bodies to shared suppliers.",
        excluded="Payments under the common amount.",
    ),
    Definition(
        "shared_supplier_share", "Share of spend with shared suppliers", "share", "share",
        "Payments to shared suppliers divided by all payments of all bodies.",
        excluded="Payments under the common amount.",
    ),
    question="Which suppliers do we share?",
    needs=(),
    main=("shared_supplier_count", "shared_supplier_share"),
)  # fmt: skip
def shared_suppliers(data: PackData) -> Result:
    """Suppliers that more than one body pays, like for like.

    One row per supplier, most bodies then most pounds first: `supplier`, `place`, `bodies` (number),
    `pounds_gbp`, then one column of pounds per body, named `body_0`, `body_1` … in the order of the settings. Names that may
    be individuals' are left out of the rows and counted.
    """
    lines = _with_bodies(payments_of(data, 2))
    answers = ask(
        data,
        count("shared_supplier_count", of=lines.where("supplier_key IS NOT NULL"), where=IS_SHARED, per=PAYEE),
        total("shared_supplier_spend", of=lines, where=IS_SHARED, per=PAYEE),
        share("shared_supplier_share", of=lines, where=IS_SHARED, per=PAYEE),
    )
    names = [body.name for body in bodies_of(data)]
    paid = ", ".join(
        f"sum(CASE WHEN body = {sql_text(body)} THEN amount_gbp END) AS body_{n}" for n, body in enumerate(names)
    )
    sql = f"""SELECT min(display_name) AS supplier, min(ring) AS place, min(bodies) AS bodies, sum(amount_gbp) AS pounds_gbp,
        {paid} FROM {lines.source} WHERE {lines.condition} AND bodies > 1 AND display_name <> {sql_text(WITHHELD)}
        GROUP BY organisation_key ORDER BY bodies DESC, pounds_gbp DESC, supplier"""
    columns = ["supplier", "place", "bodies", "pounds_gbp", *(f"body_{n}" for n in range(len(names)))]
    table = pd.DataFrame(data.rows(sql), columns=columns)
    table = table.astype(dict.fromkeys(columns[3:], "float64")).assign(
        place=table["place"].map(ring_labels(data.settings))
    )
    return Result.of(answers, table, sql)


def _with_bodies(lines: Relation) -> Relation:
    """The lines with `bodies`: how many bodies pay the line's supplier; one for a line that names none."""
    by_payee = f"""SELECT organisation_key AS payee, count(DISTINCT body) AS bodies FROM {lines.source}
        WHERE {lines.condition} GROUP BY organisation_key"""
    source = f"(SELECT l.*, b.bodies FROM {lines.source} l JOIN ({by_payee}) b ON b.payee = l.organisation_key)"
    return replace(lines, source=source, is_of_period=True)


@shared_suppliers.shown
def exhibit(m: Measured) -> Shown:
    many, spend, part = (m[f"shared_supplier_{name}"] for name in ("count", "spend", "share"))
    names = [body.name for body in bodies_of(m.data)]
    present = [n for n in range(len(names)) if m.table[f"body_{n}"].notna().any()]
    cells = tuple(
        (str(row["supplier"]), tuple(_cell(row[f"body_{n}"]) for n in present))
        for row in m.table.head(_SHOWN).to_dict("records")
    )
    paid = f"{sentence_case(counted(many, 'supplier is', 'suppliers are'))} paid by more than one anchor"
    if many.value is None:
        paid = "How many suppliers several anchors pay is not known"
    received = f"Shared suppliers receive {spend} together{range_text(spend)}."
    return Shown(
        title=f"{paid}, {part} of spend" if part.is_stated and many.value is not None else paid,
        subtitle=f"Payments of each anchor to shared suppliers, those of most anchors first, like for like. {m.where}",
        chart=Matrix(tuple(names[n] for n in present), cells),
        says=(
            *range_sentence("How many suppliers several anchors pay", many),
            f"{or_why(spend, received, 'What shared suppliers receive')} One conversation with such a supplier can serve "
            "several bodies.",
        ),
        columns=(
            Column("supplier", "Supplier"),
            Column("place", "Place"),
            Column("bodies", "Bodies", "count"),
            Column("pounds_gbp", "Together (£)", "gbp"),
            *(Column(f"body_{n}", f"{names[n]} (£)", "gbp", missing="") for n in present),
        ),
        caption="Suppliers that more than one anchor pays",
        most_rows=_SHOWN,
    )


def _cell(pounds: float) -> tuple[float, str] | None:
    """What one body pays; None where it pays nothing."""
    return None if pd.isna(pounds) else (pounds, number(pounds, "gbp"))
