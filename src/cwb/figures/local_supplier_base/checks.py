"""What the numbers rest on: files, published figures, assumptions, definitions, sources."""

from __future__ import annotations

from typing import Any

import pandas as pd

from cwb.evidence import Measure
from cwb.figures.exhibits import exhibit, signed
from cwb.figures.figure import Figure
from cwb.measures import local_supplier_base as measures
from cwb.reference import table
from cwb.tables import Column


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


@exhibit("Do the figures agree with those published before?")
def revisions(measure: Measure) -> dict[str, Any]:
    restated = measure["published_restated"]
    total = f"{restated.of or 0:,.0f}"
    return {
        "title": f"{restated} of {total} figures published before differ from what the rows say now"
        if restated.of
        else "No figure published before is named in the settings",
        "subtitle": f"Published figures beside today's, rounded as published. {measure.about.settings.council.name}",
        "columns": (
            Column("label", "Figure"),
            Column("period", "Period"),
            Column("published", "Published"),
            Column("now", "Now"),
            Column("agrees", "Agrees"),
            Column("source", "Where published"),
        ),
        "caption": "Figures published before, and now",
    }


def assumptions(data: Any) -> Figure:
    """What the pack takes for granted, rated red, amber or green by how much it could move the figures."""
    rows = table("assumptions")
    rows = rows[rows["pack"] == data.pack].assign(rating=lambda frame: frame["rating"].str.capitalize())
    return Figure(
        id="assumptions",
        title=f"{len(rows)} assumptions, rated by how far they could move the figures",
        subtitle="Green: hardly. Amber: somewhat. Red: much",
        table=rows,
        columns=(Column("assumption", "Assumption"), Column("rating", "Rating"), Column("why", "Why")),
        caption="Assumptions and their ratings",
        source="cwb, table of assumptions",
    )


def definitions(data: Any) -> Figure:
    """Every finding of the pack with its definition, what is left out, and its value."""
    found = [finding for function in measures.MEASURES for finding in function(data).findings.values()]
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
    )


def _publisher(sidecar: dict[str, str]) -> str:
    stated = [sidecar.get(key, "") for key in ("publisher", "retrieved", "licence")]
    return ", ".join(text for text in stated if text)
