"""The council's own export from its social value portal: what contracts have promised and delivered, measure by measure.

One row per measure, contract and period of the export. Columns: `contract_reference`, `title`, `measure_reference`, `theme`
("work", "economy", "community", "planet"), `outcome`, `measure`, `unit`, `is_local_value` (local economic value: never added to
the other), `target_quantity`, `delivered_quantity`, `target_gbp` (of the whole contract), `delivered_gbp` (of the period),
`proxy_version`, `period_from`, `period_to`, `evidence_status` (None: not stated), `attribution_share`, and the source columns.
Headings are read by `social_value_columns.csv` (`cwb.sources.export_columns`); an export with a heading that is not mapped is
refused, as is a file with a column of persons. Refused rows: no contract or measure, a theme that is none of the four, a target
without a unit, local economic value not stated, a period that ends before it begins. Comments are dropped on load. No proxy value
and no list of measures is in cwb: they are their owners'.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pandas as pd

from cwb.sources.constraints import given, one_of
from cwb.sources.datasets.contract_performance import PERIOD_RULES
from cwb.sources.export_columns import (
    COLUMNS_FILE,
    ExportColumns,
    columns_file,
    read_columns,
    require_mapped,
)
from cwb.sources.fields import (
    DAY,
    FLAG,
    LAST_DAY,
    NUMBER,
    POUNDS,
    SHARE,
    TEXT,
    Field,
    Rule,
    below_nought,
    choice,
    missing,
)
from cwb.sources.report import FileReport, RawFile
from cwb.sources.source import Job
from cwb.sources.table_texts import Read
from cwb.sources.tables import TableSource, once

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
        said = (
            ExportColumns() if mapping is None else read_columns(job, RawFile.of(mapping), self.fields, THEMES)[0]
        )
        file = said.put_on(file)
        require_mapped(job, file, self.layout, self.fields)
        texts, report = super().read_texts(job, file)
        themes = [said.themes.get((text or "").lower(), text) for text in texts["theme"]]
        return texts.assign(theme=pd.Series(themes, texts.index, dtype=object)), replace(
            report, unmatched_columns=()
        )


def _is_target_without_unit(_: pd.DataFrame, values: pd.DataFrame) -> pd.Series:
    return (values["target_quantity"].notna() | values["target"].notna()) & values["unit"].isna()


SOURCE = _Exports(
    name="social_value",
    title="social value (an export from the council's portal)",
    absent="neither an export from a social value portal nor the form “social value” was supplied",
    by_folder=True,
    has_form=True,
    roles_only=True,
    fields={
        "contract_reference": Field(("contract reference",)),
        "title": Field(("contract title",), TEXT),
        "supplier": Field(("supplier name",), TEXT, stored=None),
        "measure_reference": Field(("measure reference",)),
        "theme": Field(("theme",), choice(*THEMES)),
        "outcome": Field(("outcome",), TEXT),
        "measure": Field(("measure title",), TEXT),
        "unit": Field(("unit",), TEXT),
        "is_local_value": Field(("local economic value",), FLAG),
        "target_quantity": Field(("target quantity",), NUMBER),
        "delivered_quantity": Field(("delivered quantity",), NUMBER),
        "target": Field(("target value", "target"), POUNDS, stored="target_gbp"),
        "delivered": Field(("delivered value", "delivered"), POUNDS, stored="delivered_gbp"),
        "proxy_version": Field(("proxy version",)),
        "period_from": Field(("period from",), DAY),
        "period_to": Field(("period to",), LAST_DAY),
        "evidence_status": Field(("evidence status",), choice(*STATUSES)),
        "attribution_share": Field(("attribution share",), SHARE),
        "comment": Field(("comment",), stored=None),
    },
    required=("contract_reference", "measure_reference", "theme", "unit", "is_local_value", "period_from", "period_to"),
    marks=frozenset({"is_local_value", "proxy_version"}),
    key=("contract_reference", "measure_reference", "period_from", "period_to"),
    money="delivered_gbp",
    rules=(
        missing("contract_reference", "no contract", "Give the reference of the contract.", "measure_reference"),
        missing("measure_reference", "no measure", "Give the reference of the measure.", "contract_reference"),
        missing(
            "theme", "the theme is none of the four",
            f"Write one of: {', '.join(THEMES)}; or say in {COLUMNS_FILE} which of them it is (our column \"theme work\", export "
            "column: the export's word).", "theme",
        ),
        Rule(_is_target_without_unit, "a target without a unit", "Say what is counted: people, hours, tonnes.", "measure_reference"),
        missing("unit", "no unit", "Say what is counted: people, hours, tonnes, £.", "measure_reference"),
        missing("is_local_value", "whether it is local economic value is not stated", "Write yes or no.", "is_local_value"),
        *below_nought("target_quantity", "target"),
        *PERIOD_RULES,
    ),
    checks=(
        *given("contract_reference", "measure_reference", "theme", "unit", "is_local_value", "period_from", "period_to"),
        one_of("theme", *THEMES),
    ),
)  # fmt: skip
