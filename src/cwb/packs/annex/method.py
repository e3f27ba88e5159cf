"""What the packs take for granted, what each of their numbers means, and the files that they are computed from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from cwb.evidence.definitions import definition
from cwb.packs.measure import Column, Measured, PackData, Paper, Result, Shown, measure
from cwb.packs.registry import all_packs
from cwb.reference import table

_RATINGS = {"red": "Much", "amber": "Somewhat", "green": "Hardly"}


@measure(question="What do the packs take for granted?", needs=())
def assumptions(data: PackData) -> Result:
    """What the packs take for granted.

    One row per assumption, those that could move figures most first: `assumption`, `moves`, `packs` (numbers of the packs that
    rest on it), `why`.
    """
    numbers = {pack.id: pack.notebook[:2] for pack in all_packs()}
    rows = table("assumptions")
    rows = rows.assign(
        moves=rows["rating"].map(_RATINGS),
        packs=rows["pack"].map(lambda pack: numbers.get(pack, "all")),
        place=rows["rating"].map(list(_RATINGS).index),
    )
    return Result({}, rows.sort_values(["place", "packs", "assumption"], ignore_index=True))


@assumptions.shown
def show_assumptions(m: Measured) -> Shown:
    most = (m.table["rating"] == "red").sum()
    return Shown(
        title=f"{most} of {len(m.table)} assumptions could move figures much",
        subtitle="Those that could move figures most come first",
        columns=(
            Column("assumption", "Assumption"),
            Column("moves", "How far it could move figures"),
            Column("packs", "Pack"),
            Column("why", "Why"),
        ),
        caption="Assumptions of all packs",
        source="cwb, table of assumptions",
        paper=Paper.ALL_ROWS,
    )


@measure(question="What does each number mean?", needs=())
def definitions(data: PackData) -> Result:
    """What each number of the packs means.

    One row per number, in the order of the packs: `label`, `definition`, `excluded`, `packs` (numbers of the packs whose measure
    it is), `id`.
    """
    return Result({}, pd.DataFrame(_definitions()))


def _definitions() -> Iterator[dict[str, str]]:
    for pack in all_packs():
        for finding_id in (name for measured in pack.measures for name in measured.finding_ids):
            defined = definition(finding_id)
            yield {
                "label": defined.label,
                "definition": defined.text,
                "excluded": defined.excluded,
                "packs": pack.notebook[:2] if pack.first else "all",
                "id": finding_id,
            }


@definitions.shown
def show_definitions(m: Measured) -> Shown:
    return Shown(
        title=f"{len(m.table)} numbers, each with its definition",
        subtitle="All numbers of all packs of this period; their values are in findings.json and in the packs",
        columns=(
            Column("label", "Number"),
            Column("definition", "Definition"),
            Column("excluded", "Left out"),
            Column("packs", "Pack"),
            Column("id", "Id in findings.json"),
        ),
        caption="Definitions of all numbers",
        source="cwb, definitions of the measures",
        paper=Paper.ALL_ROWS,
    )


@measure(question="What do the words mean?", needs=())
def glossary(data: PackData) -> Result:
    """Terms of the packs in plain words.

    One row per term, in the order of the alphabet: `term`, `short` (its short form, if there is one), `meaning`, `source` (whose
    term it is, where it is another's).
    """
    return Result({}, table("glossary"))


@glossary.shown
def show_glossary(m: Measured) -> Shown:
    return Shown(
        title=f"{len(m.table)} terms in plain words",
        subtitle="All packs of this period use them in this sense",
        columns=(
            Column("term", "Term"),
            Column("short", "Short"),
            Column("meaning", "What it means"),
            Column("source", "Whose term it is"),
        ),
        caption="Terms of all packs",
        source="cwb, glossary",
        paper=Paper.ALL_ROWS,
    )


@measure(question="Which files were these packs computed from?", needs=())
def sources(data: PackData) -> Result:
    """The files that the packs are computed from.

    One row per raw file, and per dataset that a package supplies: `file`, `what`, `publisher` (with date and licence), `sha256`
    (its beginning; the whole is in manifest.json).
    """
    rows = [
        {
            "file": report.file,
            "what": report.source.replace("_", " "),
            "publisher": _publisher(report.sidecar),
            "sha256": report.sha256[:16],
        }
        for report in data.lineage.reports
    ]
    supplied = {report.source for report in data.lineage.reports}
    rows += [
        {"file": data.lineage.sources[kind], "what": kind, "publisher": "", "sha256": ""}
        for kind in sorted({"postcodes", "boundaries"} - supplied)
    ]
    return Result({}, pd.DataFrame(rows))


def _publisher(sidecar: Mapping[str, str]) -> str:
    return ", ".join(text for key in ("publisher", "retrieved", "licence") if (text := sidecar.get(key, "")))


@sources.shown
def show_sources(m: Measured) -> Shown:
    return Shown(
        title=f"{len(m.table)} sources, every file with its hash",
        subtitle="The whole SHA-256 of every file is in manifest.json beside this page",
        columns=(
            Column("file", "File"),
            Column("what", "What it is"),
            Column("publisher", "Publisher, date and licence"),
            Column("sha256", "SHA-256 begins"),
        ),
        caption="Sources and their hashes",
        source="the files that the council supplied",
        paper=Paper.ALL_ROWS,
    )
