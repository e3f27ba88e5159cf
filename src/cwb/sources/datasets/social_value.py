"""The council's own export from its social value portal: what contracts have promised and delivered, measure by measure.

One row per measure, contract and period of the export. Headings are read by `social_value_columns.csv`
(`cwb.sources.export_columns`); an export with a heading that is not mapped is refused. Comments are dropped on load. No proxy value
and no list of measures is in cwb: they are their owners'.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pandas as pd

from cwb.sources.datasets.contract_performance import ENDS_FIRST, PERIOD
from cwb.sources.deliveries import once
from cwb.sources.export_columns import (
    COLUMNS_FILE,
    ExportColumns,
    columns_file,
    read_columns,
    require_mapped,
)
from cwb.sources.fields import (
    COMPARED_REFERENCE,
    FLAG,
    PART,
    POUNDS,
    QUANTITY,
    RAW,
    REFERENCE,
    TEXT,
    TITLE,
    Field,
    Rule,
    choice,
)
from cwb.sources.report import FileReport, RawFile
from cwb.sources.source import Job
from cwb.sources.table_texts import Read
from cwb.sources.tables import TableSource

THEMES = ("work", "economy", "community", "planet")
STATUSES = ("submitted", "verified", "rejected", "none")


@dataclass(frozen=True, kw_only=True)
class _Exports(TableSource):
    """Exports with the mapping of their headings beside them; a mapping is a raw file too, with an account of its own."""

    def store(self, job: Job, files: Sequence[RawFile]) -> list[FileReport]:
        tables, reports = list[pd.DataFrame](), list[FileReport]()
        for number, file in enumerate(files):
            job.progress(file.label, number, len(files))
            if file.path.name == COLUMNS_FILE:
                reports.append(read_columns(job, file, self.fields, THEMES)[1])
                continue
            table, report = self.read_or_report(job, file)
            tables += [table] if len(table) else []
            reports.append(report)
        table, reports = once(tables, reports, self.key, self.money)
        self.write(job, table)
        return reports

    def read_texts(self, job: Job, file: RawFile) -> Read:
        assert self.layout is not None
        mapping = columns_file(file.path, self.name)
        export = (
            ExportColumns() if mapping is None else read_columns(job, RawFile.of(mapping), self.fields, THEMES)[0]
        )
        file = export.put_on(file)
        require_mapped(job, file, self.layout, self.fields)
        texts, report = super().read_texts(job, file)
        themes = [export.themes.get((text or "").lower(), text) for text in texts["theme"]]
        return texts.assign(theme=pd.Series(themes, texts.index, dtype=object)), replace(
            report, unmatched_columns=()
        )


def _is_target_without_unit(_: pd.DataFrame, values: pd.DataFrame) -> pd.Series:
    return (values["target_quantity"].notna() | values["target"].notna()) & values["unit"].isna()


SOURCE = _Exports(
    name="social_value",
    row="one measure of one contract and period, from the portal's export",
    title="social value (an export from the council's portal)",
    absent="neither an export from a social value portal nor the form “social value” was supplied",
    by_folder=True,
    has_form=True,
    roles_only=True,
    fields={
        "contract_reference": Field(
            ("contract reference",), COMPARED_REFERENCE, "reference of the contract"
        ).needed("no contract", "Give the reference of the contract."),
        "title": Field(("contract title",), TITLE, "title of the contract"),
        "supplier": Field(("supplier name",), TEXT, stored=None),
        "measure_reference": Field(("measure reference",), REFERENCE, "reference of the measure").needed(
            "no measure", "Give the reference of the measure."
        ),
        "theme": Field(("theme",), choice(*THEMES), "theme").needed(
            "the theme is none of the four",
            f"Write one of: {', '.join(THEMES)}; or say in {COLUMNS_FILE} which of them it is "
            '(our column "theme work", export column: the export\'s word).',
        ),
        "outcome": Field(("outcome",), TEXT, "outcome, as the export has it"),
        "measure": Field(("measure title",), TEXT, "measure, as the export has it"),
        "unit": Field(("unit",), TEXT, "what is counted").needed(
            "no unit", "Say what is counted: people, hours, tonnes, £."
        ),
        "is_local_value": Field(
            ("local economic value",), FLAG, "local economic value, which is never added to the other"
        ).needed("whether it is local economic value is not stated", "Write yes or no."),
        "target_quantity": Field(
            ("target quantity",), QUANTITY, "promised over the whole contract", from_nought=True
        ),
        "delivered_quantity": Field(("delivered quantity",), QUANTITY, "delivered in the period"),
        "target": Field(
            ("target value", "target"),
            POUNDS,
            "promised over the whole contract, in pounds as the portal values it",
            "target_gbp",
            from_nought=True,
        ),
        "delivered": Field(
            ("delivered value", "delivered"),
            POUNDS,
            "delivered in the period, in pounds as the portal values it",
            "delivered_gbp",
        ),
        "proxy_version": Field(("proxy version",), RAW, "version of the values that the portal multiplies by"),
        **PERIOD,
        "evidence_status": Field(
            ("evidence status",), choice(*STATUSES), "status of the evidence; NULL: not stated"
        ),
        "attribution_share": Field(("attribution share",), PART, "part that the contract brought about"),
        "comment": Field(("comment",), stored=None),
    },
    marks=frozenset({"is_local_value", "proxy_version"}),
    key=("contract_reference", "measure_reference", "period_from", "period_to"),
    money="delivered_gbp",
    rules=(
        Rule(
            _is_target_without_unit,
            "a target without a unit",
            "Say what is counted: people, hours, tonnes.",
            "unit",
        ),
        ENDS_FIRST,
    ),
)
