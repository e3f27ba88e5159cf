"""How near suppliers are: the council's own district, the rest of the local area, the region, elsewhere."""

from __future__ import annotations

from cwb.packs.exhibits import PLACES, POUNDS, SHARE, SUPPLIERS, bars, or_why, range_text, ratio
from cwb.packs.measure import Column, Definition, Measured, PackData, Result, Shown, ask, measure
from cwb.packs.questions import IS_HOME, IS_LOCAL, always, number, share, total
from cwb.sources.places import HOME, LOCAL, RINGS, UNKNOWN, ring_labels


@measure(
    Definition(
        "home_spend", "Spend within the council's district", "gbp", "total",
        "Spend with suppliers whose place is in the council's own district.",
        excluded="Suppliers whose place is not known.",
    ),
    Definition(
        "home_share", "Share within the council's district", "share", "share",
        "Spend within the council's own district divided by all spend.",
    ),
    Definition(
        "unknown_place_share", "Spend whose place is not known", "share", "share",
        "Share of spend with suppliers for whom no file gives a postcode that is in the postcode directory.",
    ),
    Definition(
        "local_supplier_share", "Local share of suppliers", "share", "share",
        "Local suppliers divided by all suppliers paid.",
        excluded="Withheld and missing names.",
    ),
    question="How near are our suppliers?",
    main=("home_share",),
    columns=(
        "ring",
        Column("label", "Supplier's place"),
        POUNDS,
        SHARE,
        SUPPLIERS,
        Column("supplier_share", "Share of suppliers", "share"),
    ),
)  # fmt: skip
def spend_by_ring(data: PackData) -> Result:
    """Spend and suppliers by how near they are.

    One row per ring, nearest first: `ring`, `label`, `pounds_gbp`, `share`, `suppliers`, `supplier_share`. Lines without
    a supplier's name are in the pounds of "not known" and in no count of suppliers.
    """
    lines = data.spend()
    answers = ask(
        data,
        total("home_spend", of=lines, where=IS_HOME),
        share("home_share", of=lines, where=IS_HOME),
        share("unknown_place_share", of=lines, where=always("is_local IS NULL")),
        share("local_supplier_share", of=lines.where("supplier_key IS NOT NULL"), where=IS_LOCAL, by=None),
    )
    sql = f"""SELECT ring, sum(amount_gbp) AS pounds, count(DISTINCT supplier_key) AS suppliers
        FROM {lines.source} WHERE {lines.condition} GROUP BY ring ORDER BY ring"""
    found = {row["ring"]: row for row in data.rows(sql)}
    all_spend, everybody = (sum(row[name] for row in found.values()) for name in ("pounds", "suppliers"))
    labels = ring_labels(data.settings)
    rows = []
    for ring in RINGS:
        row = found.get(ring, {"pounds": 0, "suppliers": 0})
        pounds, suppliers = row["pounds"], row["suppliers"]
        shares = (ratio(pounds, all_spend), ratio(suppliers, everybody))
        rows.append([ring, labels[ring], float(pounds), shares[0], suppliers, shares[1]])
    return Result.of(answers, rows, sql)


@spend_by_ring.shown
def exhibit(m: Measured) -> Shown:
    near = {HOME: "Local", LOCAL: "Local", UNKNOWN: "Not known"}
    drawn = m.table[m.table["share"].notna()]
    home, suppliers, name = m["home_spend"], m["local_supplier_share"], m.data.settings.home_name
    by_number = f"{suppliers} of suppliers are local{range_text(suppliers)}."
    return Shown(
        title=f"{m['home_share']} of spend stays within {name} itself",
        subtitle=f"Spend by how near the supplier is. {m.where}",
        chart=bars(
            drawn["label"],
            drawn["pounds_gbp"],
            "gbp",
            groups=[near.get(ring, "Not local") for ring in drawn["ring"]],
            texts=[f"{number(r.pounds_gbp, 'gbp')} ({number(r.share, 'share')})" for r in drawn.itertuples()],
            places=PLACES,
        ),
        says=(
            f"{home} went to suppliers within {name}{range_text(home)}. "
            f"{or_why(suppliers, by_number, 'How many suppliers are local')} "
            f"The place of {m['unknown_place_share']} of spend is not known.",
        ),
        caption="Spend and suppliers by how near they are",
    )
