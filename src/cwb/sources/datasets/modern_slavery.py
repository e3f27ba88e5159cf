"""Summaries of modern slavery statements, from the yearly CSV files of the government's public registry.

One row per organisation of a statement: a statement of a group covers many. Columns: `registry_year`, `organisation_name` (where
the file has a number for a name, the name of the parent), `parent_name`, `company_number`, `is_group` (the statement covers several
organisations), `statement_key` (address of the summary), `start_date` and `end_date` (of the year that it covers), `approved_date`,
`topics` (how many of the six recommended topics it says that it covers; NULL where it says of none), `turnover_band`, and the
source columns. The columns of persons (who approved it, an address of e-mail) are taken out before anything is read. The writer
of these files does not double quotation marks within a text (`cwb.sources.unescaped_csv`): a row that cannot be split is refused
and counted. Source: the Home Office's published code of the registry, `StatementSummaryDownloadModel` (seen 2026-11).
"""

from __future__ import annotations

import csv
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd

from cwb.base.values import company_number
from cwb.sources.bounded import bounded_lines
from cwb.sources.constraints import given, within
from cwb.sources.csv_rows import detect_encoding
from cwb.sources.fields import DAY, FLAG, RAW, TEXT, WHOLE, YEAR, Field, Rule, choice, coded, computed
from cwb.sources.layout import normalise_header
from cwb.sources.report import RawFile
from cwb.sources.source import Job
from cwb.sources.table_texts import Read
from cwb.sources.tables import TableSource
from cwb.sources.unescaped_csv import rows

TURNOVER_BANDS = (
    "Under £36 million",
    "£36 million to £60 million",
    "£60 million to £100 million",
    "£100 million to £500 million",
    "Over £500 million",
)
TOPICS = ("orgstructure", "policies", "risksassessment", "duediligence", "training", "goals")
# Columns of persons, by their headings without blanks.
PERSONS = frozenset({"approvingperson", "emailaddressnourl"})
_FIRST, _NOT_SPLIT = "statementyear", "row not split"
# A row begins with its registry year, which is the first column.
_STARTS = re.compile(r'"?20\d\d"?,')
_LINE_BREAKS = re.compile(r"[\r\n]+")


def registry_year(end: date) -> int:
    """The registry year of a financial year that ends on a day: the year of the day six months later."""
    return end.year + (end.month > 6)


def _bare(heading: str) -> str:
    return normalise_header(heading).replace(" ", "")


def _mended(file: RawFile, folder: Path) -> tuple[Path, tuple[str, ...]] | None:
    """The file as CSV whose quotation marks are doubled, one row a line, without the columns of persons; and what is to be told.

    None for a file that does not begin as the registry's do, which is read as any other.
    """
    if file.path.suffix.lower() != ".csv" or detect_encoding(file.path) != "utf-8-sig":
        return None
    with file.path.open(encoding="utf-8-sig", newline="") as handle:
        lines = bounded_lines(handle, file.path, file.bounds)
        heading = next(csv.reader([next(lines, "").strip("\r\n")]), [])
        if not heading or _bare(heading[0]) != _FIRST:
            return None
        kept = [at for at, cell in enumerate(heading) if _bare(cell) not in PERSONS]
        target = folder / file.path.name
        folder.mkdir(parents=True, exist_ok=True)
        mended = 0
        with target.open("w", encoding="utf-8", newline="") as out:
            writer = csv.writer(out)
            writer.writerow([*(heading[at] for at in kept), _NOT_SPLIT])
            for cells, is_mended in rows(lines, len(heading), _STARTS):
                if cells is None:
                    writer.writerow([*[""] * len(kept), "yes"])
                    continue
                mended += is_mended
                writer.writerow([*(_LINE_BREAKS.sub("; ", cells[at]) for at in kept), ""])
    verb = "row has" if mended == 1 else "rows have"
    note = f"{mended:,} {verb} quotation marks within a text that the publisher's file does not mark; read by the commas and breaks around them"
    return target, (note,) if mended else ()


class RegistrySource(TableSource):
    """The registry's files, mended before they are read as any table."""

    def read_texts(self, job: Job, file: RawFile) -> Read:
        folder = job.scratch / "registry"
        found = _mended(file, folder)
        if found is None:
            return super().read_texts(job, file)
        path, notes = found
        try:
            texts, report = super().read_texts(job, replace(file, path=path))
        finally:
            path.unlink(missing_ok=True)
        return texts, replace(report, notes=report.notes + notes)


def _last(kept: pd.DataFrame, _: pd.DataFrame) -> pd.DataFrame:
    """Of each row the registry year, the name and how many topics are covered."""
    years = [
        int(year) if pd.notna(year) else registry_year(end)
        for year, end in zip(kept["registry_year"], kept["end"], strict=True)
    ]
    names = [
        parent if pd.notna(parent) and (pd.isna(name) or str(name).isdigit()) else name
        for name, parent in zip(kept["organisation_name"], kept["parent_name"], strict=True)
    ]
    flags = zip(*(kept[name] for name in TOPICS), strict=True)
    topics = [None if all(map(pd.isna, row)) else sum(flag is True for flag in row) for row in flags]
    return kept.assign(registry_year=years, organisation_name=names, topics=topics)


SOURCE = RegistrySource(
    name="modern_slavery",
    title="modern slavery (the public registry of statements)",
    absent="no file of the public registry of modern slavery statements was supplied",
    fields={
        "registry_year": Field(("statementyear",), YEAR),
        "organisation_name": Field(("organisationname",), TEXT),
        "parent_name": Field(("parentname",), TEXT),
        "company_number": Field(("companynumber",), coded(company_number)),
        "is_group": Field(("groupsubmission",), FLAG),
        "statement_key": Field(("statementsummaryurl",), RAW),
        "start": Field(("statementstartdate",), DAY, stored="start_date"),
        "end": Field(("statementenddate",), DAY, stored="end_date"),
        "approved": Field(("dateapproved",), DAY, stored="approved_date"),
        **{name: Field((f"statementincludes{name}",), FLAG, stored=None) for name in TOPICS},
        "turnover_band": Field(("turnover",), choice(*TURNOVER_BANDS)),
        "topics": computed(WHOLE),
        "not_split": Field((_NOT_SPLIT,), stored=None),
    },
    required=("registry_year", "organisation_name", "statement_key"),
    marks=frozenset({"is_group", "statement_key"}),
    key=("registry_year", "statement_key", "organisation_name", "company_number"),
    doubled=("registry_year", "statement_key", "organisation_name", "company_number"),
    rules=(
        Rule(
            lambda texts, _: texts["not_split"].notna(),
            "its quotation marks do not tell where one column ends",
            "Nothing to do here: the row is counted, and the publisher's next file may have mended it.",
            is_no_fault=True,
        ),
        Rule(
            lambda _, values: values["organisation_name"].isna() & values["parent_name"].isna(),
            "no organisation",
            "Fetch the file again.",
        ),
        Rule(
            lambda _, values: values["registry_year"].isna() & values["end"].isna(),
            "no registry year and no end of the year that it covers",
            "Fetch the file again.",
            "organisation_name",
        ),
    ),
    checks=(*given("registry_year", "organisation_name"), within("registry_year", "2015", "2100")),
    last=_last,
)
