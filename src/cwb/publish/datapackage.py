"""tables/datapackage.json: what every CSV of a report holds, as a Frictionless Data Package, so that other programs read them
without asking.

Types and units are those of the exhibits' columns. A field is named by its heading in the file, which is what programs
compare; `unit` is a property of ours, which the standard allows. Source: https://datapackage.org/standard/ (version 2.0).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from cwb.base.characters import neutral
from cwb.charts.figure import ExhibitRecord
from cwb.charts.tables import Column, Format
from cwb.council.config import Settings
from cwb.council.periods import Period
from cwb.council.sections import slug_of

if TYPE_CHECKING:
    from cwb.packs.pack import Pack
    from cwb.sources.report import FileReport
    from cwb.sources.store import Lineage

NAME = "datapackage.json"
_PROFILES = "https://datapackage.org/profiles/2.0"
_DIALECT = {"delimiter": ",", "lineTerminator": "\r\n", "quoteChar": '"', "doubleQuote": True, "header": True}
# Format of a column → type and format of the standard, unit, and what stands in a cell.
_TYPES: dict[Format, tuple[str, str, str, str]] = {
    "text": ("string", "default", "", ""),
    "link": ("string", "uri", "", "An address on the web."),
    "flag": ("boolean", "default", "", ""),
    "gbp": ("number", "default", "GBP", "Pounds, to the penny."),
    "share": ("number", "default", "1", "A share as a number: 0.25 is 25%."),
    "count": ("integer", "default", "", "A number of things."),
    "decimal": ("number", "default", "", ""),
    "decimal2": ("number", "default", "", ""),
    "tonnes": ("number", "default", "t CO2e", "Tonnes of greenhouse gases, as carbon dioxide."),
}


def describe_tables(
    settings: Settings, period: Period, exhibits: Mapping[Pack, tuple[ExhibitRecord, ...]], lineage: Lineage
) -> str:
    """The text of the file: one resource a CSV below `tables/`, with the raw files behind it and what their sidecars say."""
    files = {report.file: report for report in lineage.reports}
    council = settings.council.name
    package = {
        "$schema": f"{_PROFILES}/datapackage.json",
        "name": f"{slug_of(council)}-{period}".lower(),
        "title": f"{council}: tables of the evidence packs, {period.label}",
        "description": "The table of every exhibit. Payees are named only on evidence that they are organisations.",
        "period": {"label": period.label, "start": str(period.start), "end": str(period.end)},
        "illustrative": settings.council.illustrative,
        "contributors": [{"title": council, "roles": ["publisher"]}],
        "sources": [_source(report) for report in files.values()],
        "resources": [
            _resource(exhibit, files) for of_pack in exhibits.values() for exhibit in of_pack if exhibit.csv is not None
        ],
    }  # fmt: skip
    return json.dumps(package, indent=1, ensure_ascii=False) + "\n"


def _resource(exhibit: ExhibitRecord, files: Mapping[str, FileReport]) -> dict[str, object]:
    names = dict.fromkeys(name for finding in exhibit.findings for name in finding.sources)
    sources = [_source(files[name]) for name in names if name in files]
    return {
        "name": exhibit.csv_name.removesuffix(".csv").replace("/", ".").replace("_", "-"),
        "type": "table",
        "path": exhibit.csv_name,
        "title": exhibit.caption,
        "description": " ".join(f"{text.rstrip('.')}." for text in (exhibit.title, exhibit.subtitle) if text),
        "format": "csv",
        "mediatype": "text/csv",
        # With the mark that spreadsheet programs need.
        "encoding": "utf-8",
        "byteOrderMark": True,
        "dialect": _DIALECT,
        "schema": {"missingValues": [""], "fields": [_field(column) for column in exhibit.columns]},
        # The standard wants none rather than an empty list.
        **({"sources": sources} if sources else {}),
    }


def _field(column: Column) -> dict[str, object]:
    kind, form, unit, description = _TYPES[column.format]
    missing = column.missing or "it does not apply"
    empty = f"Empty: {missing}." if kind != "string" else "Empty: not stated, or it does not apply."
    return {
        "name": neutral(column.heading),
        "title": column.heading,
        "type": kind,
        "format": form,
        **({"trueValues": ["Yes"], "falseValues": ["No"]} if kind == "boolean" else {}),
        **({"unit": unit} if unit else {}),
        "description": f"{description} {empty}".strip(),
    }


def _source(report: FileReport) -> dict[str, str]:
    """A raw file, by its name below data/raw, with what its sidecar says of it."""
    known = {"path" if key == "url" else key: text for key, text in report.sidecar.items() if text}
    return {"title": report.file, "sha256": report.sha256, **dict(_only(known))}


def _only(known: Mapping[str, str]) -> Iterable[tuple[str, str]]:
    for key in ("path", "publisher", "licence", "retrieved", "citation"):
        if key in known:
            yield key, known[key]
