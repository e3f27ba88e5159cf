"""Check a report again: every hash, and every finding and table recomputed from the raw files."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from cwb.base.errors import CwbError, Fault
from cwb.base.progress import Progress, quiet
from cwb.charts.tables import to_csv
from cwb.council.config import Settings, load_config
from cwb.council.periods import Period
from cwb.evidence.data import data_of, sharing_tables
from cwb.evidence.record import NAME, FindingRecord, read_records, record
from cwb.lines.build import prepare_lines
from cwb.packs.registry import all_packs
from cwb.publish.first_page import first_numbers
from cwb.publish.intact import check_inputs, check_outputs
from cwb.publish.manifest import AGAIN, Manifest, read_manifest


def verify(report: Path, config: str | Path = "cwb.toml", progress: Progress = quiet) -> list[Fault]:
    """All that is wrong with a report, by name; an empty list means that it holds.

    Hashes are checked first; findings are recomputed even when a hash fails, so that one call reports everything.
    """
    faults: list[Fault] = []
    try:
        settings = load_config(config)
        manifest, faults = read_manifest(report)
        if manifest is None:
            return faults
        faults += check_outputs(report, manifest)
        faults += check_inputs(settings, manifest, Path(config).name)
        faults += _recompute(report, settings, manifest, progress)
    except CwbError as error:
        faults += error.faults
    return faults


def _recompute(report: Path, settings: Settings, manifest: Manifest, progress: Progress) -> Iterator[Fault]:
    """Compute everything again from the raw files in a temporary folder, by calling the measures and not the notebook."""
    reported = {finding.key: finding for finding in read_records(report / NAME)}
    seen: set[tuple[str, str]] = set()

    def differing(found: Iterable[FindingRecord]) -> Iterator[Fault]:
        for finding in found:
            seen.add(finding.key)
            if reported.get(finding.key) != finding:
                rule = "the raw files give another value for this finding"
                yield Fault(file=NAME, column=finding.id, rule=rule, remedy=AGAIN)

    with tempfile.TemporaryDirectory() as folder, sharing_tables():
        scratch = settings.data.model_copy(update={"processed": Path(folder)})
        settings = settings.model_copy(update={"data": scratch})
        lineage = prepare_lines(settings, progress)
        names = {notebook.name for notebook in manifest.notebooks}
        for pack in (p for p in all_packs() if p.notebook in names):
            data = data_of(settings, Period.parse(manifest.period), pack.id, lineage)
            for number, measure in enumerate(pack.measures):
                progress(measure.id, number, len(pack.measures))
                measured = measure(data)
                yield from differing(record(finding) for finding in measured.findings.values())
                figure = measured.figure()
                if figure.undefined:
                    continue
                path = report / "tables" / figure.csv_name
                content = ("\ufeff" + to_csv(figure.table, figure.columns)).encode("utf-8")
                if not path.is_file() or path.read_bytes() != content:
                    rule = "the raw files give another table"
                    yield Fault(file=f"tables/{figure.csv_name}", rule=rule, remedy=AGAIN)
            yield from differing(first_numbers(pack, data).findings)
    for _, finding_id in sorted(reported.keys() - seen):
        yield Fault(file=NAME, column=finding_id, rule="no measure makes this finding", remedy=AGAIN)
