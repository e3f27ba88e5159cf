"""How much, by which method, where most."""

from __future__ import annotations

from typing import Any

from cwb.evidence.finding import number
from cwb.figures.charts import Bar, Bars
from cwb.figures.exhibits import exhibit, where
from cwb.figures.wording import range_text
from cwb.measures.workbench import Measure
from cwb.tables import Column

# Below this share of spend a total says more of what is known than of what was bought.
ENOUGH_KNOWN = 0.5
POUNDS, TONNES = Column("pounds_gbp", "Pounds (£)", "gbp"), Column("kgco2e", "Emissions (tCO2e)", "tonnes")
RANGE = (Column("low_kgco2e", "Low (tCO2e)", "tonnes"), Column("high_kgco2e", "High (tCO2e)", "tonnes"))


@exhibit("What do our purchases emit?")
def emissions(measure: Measure) -> dict[str, Any]:
    rows = measure.table.assign(ghg_category=measure.table["ghg_category"].map(_capital))
    total, known, score = (measure[f"emissions_{n}"] for n in ("total", "known_share", "score"))
    energy = measure["energy_emissions"]
    shown = rows[rows["kgco2e"].notna()]
    bars = tuple(
        Bar(r.ghg_category, r.kgco2e, f"{number(r.kgco2e, 'kgco2e')} ({number(r.low_kgco2e, 'kgco2e')} to "
            f"{number(r.high_kgco2e, 'kgco2e')})", low=r.low_kgco2e, high=r.high_kgco2e)
        for r in shown.itertuples()
    )  # fmt: skip
    return {
        "title": f"Purchases emit about {total}, known for {known} of spend"
        if (known.value or 0.0) >= ENOUGH_KNOWN
        else f"What is known, {known} of spend, emits about {total}; the rest is not known",
        "subtitle": f"Greenhouse gas of purchases by GHG Protocol category, with ranges; energy stands apart. {where(measure)}",
        "chart": Bars(tuple(_at_least(bar) for bar in bars), "count", {"": 0}),
        "table": rows,
        "says": (
            f"The total is {total}{range_text(total)}; its data quality is {score} on a scale from one, best, to five. It and its "
            f"range are of {known} of spend: what the rest emits is not known and in neither.",
            f"Energy for the council's own sites and vehicles ({energy}) is its scope one and two and is counted there: it is "
            "in no total of this pack, so that nothing counts twice.",
        ),
        "columns": (
            Column("ghg_category", "Category"),
            POUNDS,
            TONNES,
            Column("share", "Share of emissions", "share", missing=""),
            Column("score", "Quality score", "decimal", missing=""),
            Column("low_kgco2e", "Low (tCO2e)", "tonnes", missing=""),
            Column("high_kgco2e", "High (tCO2e)", "tonnes", missing=""),
        ),
        "caption": "Emissions by GHG Protocol category",
    }


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _at_least(bar: Bar) -> Bar:
    """A bar of a credit, drawn from nought."""
    return bar if bar.value >= 0 else Bar(bar.label, 0.0, bar.text)


@exhibit("How well are they known?")
def methods(measure: Measure) -> dict[str, Any]:
    rows = measure.table
    reported, spend = measure["reported_emissions_share"], measure["reported_spend_share"]
    bars = tuple(
        Bar(f"Score {r.score}: {r.method}", max(r.kgco2e, 0.0), number(r.kgco2e, "kgco2e"))
        for r in rows.itertuples()
    )
    return {
        "title": f"{reported} of emissions rest on what suppliers report",
        "subtitle": f"Emissions by method and data-quality score, best first. {where(measure)}",
        "chart": Bars(bars, "count", {"": 0}),
        "says": (
            f"Suppliers report for {spend} of the spend whose emissions are known. The rest is spend-based: pounds times an "
            "average of the economy, which moves when prices and factors move and not when a supplier cuts.",
        ),
        "columns": (
            Column("method", "Method"),
            Column("score", "Score", "count"),
            Column("meaning", "What the score means"),
            POUNDS,
            TONNES,
            Column("share", "Share of emissions", "share"),
        ),
        "caption": "Emissions by method and quality",
    }


@exhibit("Where are emissions highest?")
def hot_spots(measure: Measure) -> dict[str, Any]:
    rows = measure.table
    top, share = measure["hot_spot_emissions"], measure["hot_spot_share"]
    bars = tuple(Bar(r.product, max(r.kgco2e, 0.0), number(r.kgco2e, "kgco2e")) for r in rows.itertuples())
    return {
        "title": f"One product group makes {share} of emissions",
        "subtitle": f"Emissions by product group of the Defra factors, most first. {where(measure)}",
        "chart": Bars(bars, "count", {"": 0}),
        "says": (
            f"The largest is {measure.facts['hot_spot'].rstrip('.')}: {top}. Goods are counted as what they are and never as wholesale.",
        ),
        "columns": (
            Column("product", "Product group"),
            POUNDS,
            TONNES,
            Column("share", "Share of emissions", "share"),
            Column("per_pound", "kgCO2e per £ paid", "decimal2"),
            Column("score", "Score", "decimal"),
            *RANGE,
            Column("suppliers", "Suppliers", "count"),
        ),
        "caption": "Emissions by product group",
    }


@exhibit("Whose supplies emit most?")
def supplier_hot_spots(measure: Measure) -> dict[str, Any]:
    rows = measure.table
    share = measure["supplier_hot_spot_share"]
    bars = tuple(
        Bar(r.supplier, max(r.kgco2e, 0.0), f"{number(r.kgco2e, 'kgco2e')}, {r.method}") for r in rows.itertuples()
    )
    return {
        "title": f"{len(rows)} suppliers make {share} of emissions",
        "subtitle": f"Emissions of what each supplier supplied, most first, with the method of most of it. {where(measure)}",
        "chart": Bars(bars, "count", {"": 0}),
        "says": ("A spend-based figure says what the product emits on average, and nothing of this supplier.",),
        "columns": (
            Column("supplier", "Supplier"),
            POUNDS,
            TONNES,
            Column("share", "Share of emissions", "share"),
            Column("method", "Method"),
            Column("score", "Score", "decimal"),
            *RANGE,
        ),
        "caption": "Emissions by supplier",
    }
