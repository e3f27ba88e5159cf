"""What the numbers of every pack rest on: files, matches, assumptions, definitions, sources; and its first exhibit."""

from __future__ import annotations

from typing import Any

import pandas as pd

from cwb.evidence.finding import Finding, number
from cwb.figures.charts import Bar, Bars
from cwb.figures.exhibits import exhibit, signed, where
from cwb.figures.figure import Figure
from cwb.measures import measures_of
from cwb.measures.workbench import Measure
from cwb.reference import table
from cwb.tables import Column

_EVIDENCE = 10


def _months(data: Any) -> str:
    """That the ledger does not hold every month of the period, where it holds some."""
    held, wanted = data.months_held()
    return f". The ledger holds {held} of the period's {wanted} months" if 0 < held < wanted else ""


def scorecard_of(data: Any, findings: list[Finding], title: str) -> Figure:
    """A pack's first exhibit: the numbers that members ask for, each with its range or the reason why it is not known."""
    rows = pd.DataFrame(
        [
            {
                "label": finding.label,
                "value": signed(finding),
                "note": finding.bounds if finding.value is not None else f"not known: {finding.undefined}",
            }
            for finding in findings
        ]
    )
    return Figure(
        id="scorecard",
        title=title,
        subtitle=f"{data.settings.council.name}, {data.period.label}. Local means {data.settings.local.name}{_months(data)}",
        table=rows,
        columns=(
            Column("label", "Measure"),
            Column("value", "Value"),
            Column("note", "Range, or why it is not known"),
        ),
        caption="The numbers of this pack in short",
        source=f"{data.settings.council.name}; each number is explained below",
        pack=data.pack,
        findings=tuple(findings),
        tiles=tuple(rows.itertuples(index=False, name=None)),
    )


@exhibit("Are all rows accounted for?")
def coverage(measure: Measure) -> dict[str, Any]:
    kept, rows_in = measure["rows_kept"], measure["rows_in"]
    says: tuple[str, ...]
    if rows_in.value is None:
        title = "No spending file was supplied; other files are listed here"
        says = ()
    else:
        title = f"{kept} of {rows_in} ledger rows are kept; every other row has a reason"
        says = (
            f"Rows: {rows_in} read = {kept} kept + {measure['rows_refused']} refused + "
            f"{measure['rows_duplicated']} delivered twice. Pounds: {measure['pounds_in']} read = "
            f"{measure['pounds_kept']} kept + {measure['pounds_refused']} refused (rows of totals among them) + "
            f"{measure['pounds_duplicated']} delivered twice. All periods of the files are counted here.",
        )
    return {
        "title": title,
        "subtitle": f"Rows and pounds of every raw file. {measure.about.settings.council.name}, all periods",
        "says": says,
        "columns": (
            Column("file", "File"),
            Column("rows", "Rows", "count"),
            Column("kept", "Kept", "count"),
            Column("refused", "Refused", "count"),
            Column("duplicates", "Twice", "count"),
            Column("gbp_kept", "Kept (£)", "gbp"),
            Column("gbp_refused", "Refused (£)", "gbp"),
            Column("gbp_duplicates", "Twice (£)", "gbp"),
            Column("vat_basis", "VAT"),
            Column("reasons", "Reasons"),
        ),
        "caption": "Every raw file: rows and pounds in, kept, refused and delivered twice",
    }


_STATUS = {"matched": "Matched", "review": "Waits for a decision", "no match": "Not matched"}


@exhibit("How were suppliers matched to organisations?")
def matches(measure: Measure) -> dict[str, Any]:
    rows = measure.table.assign(status=measure.table["status"].map(_STATUS))
    matched, review = measure["matched_spend_share"], measure["review_spend_share"]
    bars = tuple(
        Bar(f"{r.evidence[:1].upper()}{r.evidence[1:]}", r.pounds_gbp, number(r.pounds_gbp, "gbp"), r.status)
        for r in rows.head(_EVIDENCE).itertuples()
    )
    present = {bar.group for bar in bars}
    return {
        "title": f"{matched} of spend is with known organisations, by a given number or a register",
        "subtitle": f"Spend by how its supplier was matched, and by what evidence. {where(measure)}",
        "chart": Bars(bars, "gbp", {name: n for n, name in enumerate(_STATUS.values()) if name in present}),
        "table": rows,
        "says": (
            f"{measure['matched_supplier_share']} of suppliers are matched. {review} of spend waits for an analyst's "
            "decision; nothing is taken from those matches, and the sensitivity above shows how figures would move if "
            "they were taken. Names that may be individuals' are never matched.",
        ),
        "columns": (
            Column("evidence", "Evidence"),
            Column("status", "Status"),
            Column("suppliers", "Suppliers", "count"),
            Column("pounds_gbp", "Pounds (£)", "gbp"),
            Column("share", "Share of spend", "share"),
        ),
        "caption": "Suppliers by how they were matched to organisations",
    }


def assumptions(data: Any) -> Figure:
    """What the pack takes for granted, rated red, amber or green by how much it could move the figures."""
    rows = table("assumptions")
    rows = rows[rows["pack"].isin([data.pack, "every"])].assign(
        rating=lambda frame: frame["rating"].str.capitalize()
    )
    return Figure(
        id="assumptions",
        title=f"{len(rows)} assumptions, rated by how far they could move the figures",
        subtitle="Green: hardly. Amber: somewhat. Red: much",
        table=rows,
        columns=(Column("assumption", "Assumption"), Column("rating", "Rating"), Column("why", "Why")),
        caption="Assumptions and their ratings",
        source="cwb, table of assumptions",
        pack=data.pack,
    )


def definitions(data: Any) -> Figure:
    """Every finding of the pack with its definition, what is left out, and its value."""
    found = [finding for function in measures_of(data.pack) for finding in function(data).findings.values()]
    definition = {row["id"]: row for row in table("findings").to_dict("records")}
    rows = pd.DataFrame(
        [
            {
                "label": finding.label,
                "value": signed(finding),
                "definition": definition[finding.id]["definition"],
                "excluded": definition[finding.id]["excluded"],
                "id": finding.id,
            }
            for finding in found
        ]
    )
    return Figure(
        id="definitions",
        title=f"{len(rows)} numbers, each with its definition",
        subtitle=f"{data.settings.council.name}, {data.period.label}",
        table=rows,
        columns=(
            Column("label", "Number"),
            Column("value", "Value"),
            Column("definition", "Definition"),
            Column("excluded", "Left out"),
            Column("id", "Id in findings.json"),
        ),
        caption="Definitions of all numbers in this pack",
        source="cwb, table of findings",
        pack=data.pack,
    )


def sources(data: Any) -> Figure:
    """Every raw file with its publisher, licence and the beginning of its hash, as in manifest.json."""
    rows = [
        {
            "file": report["file"],
            "what": report["source"].replace("_", " "),
            "publisher": _publisher(report["sidecar"]),
            "sha256": report["sha256"][:16],
        }
        for report in data.lineage.reports
    ]
    given = {report["source"] for report in data.lineage.reports}
    defaults = {"postcodes", "boundaries"} - given
    rows += [
        {"file": data.lineage.sources[kind], "what": kind, "publisher": "", "sha256": ""}
        for kind in sorted(defaults)
    ]
    return Figure(
        id="sources",
        title=f"{len(rows)} sources, every file with its hash",
        subtitle="The whole SHA-256 of every file is in manifest.json beside this pack",
        table=pd.DataFrame(rows),
        columns=(
            Column("file", "File"),
            Column("what", "What it is"),
            Column("publisher", "Publisher, date and licence"),
            Column("sha256", "SHA-256 begins"),
        ),
        caption="Sources and their hashes",
        source="data/raw",
        pack=data.pack,
    )


def _publisher(sidecar: dict[str, str]) -> str:
    stated = [sidecar.get(key, "") for key in ("publisher", "retrieved", "licence")]
    return ", ".join(text for text in stated if text)
