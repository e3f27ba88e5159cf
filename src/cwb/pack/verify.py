"""Check a report again: every hash, and every finding and table recomputed from the raw files."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cwb.base.errors import CwbError, Fault
from cwb.base.progress import Progress, quiet
from cwb.council.config import Settings, load_config
from cwb.council.periods import Period
from cwb.lines.build import prepare_lines
from cwb.pack.first_page import first_numbers
from cwb.pack.intact import AGAIN, check_inputs, check_outputs, read_manifest
from cwb.pack.registry import PACKS
from cwb.tables import to_csv


def verify(report: Path, config: str | Path = "cwb.toml", progress: Progress = quiet) -> list[Fault]:
    """All that is wrong with a report, by name; an empty list means that it holds.

    Hashes are checked first; findings are recomputed even when a hash fails, so that one call tells everything.
    """
    faults: list[Fault] = []
    try:
        settings = load_config(config)
        manifest = read_manifest(report, faults)
        if manifest is None:
            return faults
        faults += check_outputs(report, manifest)
        faults += check_inputs(settings, manifest, Path(config).name)
        faults += _recompute(report, settings, manifest, progress)
    except CwbError as error:
        faults += error.faults
    return faults


def _recompute(report: Path, settings: Settings, manifest: dict[str, Any], progress: Progress) -> Iterator[Fault]:
    """Everything again from raw in a folder of its own, by calling the measures and not the notebook."""
    try:
        told = json.loads((report / "findings.json").read_text(encoding="utf-8"))
        stated = {(f["pack"], f["id"]): f for f in told}
    except (OSError, ValueError, TypeError, KeyError):
        yield Fault(file="findings.json", rule="the findings cannot be read", remedy=AGAIN)
        return
    with tempfile.TemporaryDirectory() as folder:
        data = settings.data.model_copy(update={"processed": Path(folder)})
        apart = settings.model_copy(update={"data": data})
        lineage = prepare_lines(apart, progress)
        names = {entry["name"] for entry in manifest["notebooks"]}
        for pack in (p for p in PACKS if p.notebook in names):
            dataset = pack.open(apart, Period.parse(manifest["period"]), lineage)
            for number, function in enumerate(pack.measures):
                progress(function.__name__, number, len(pack.measures))
                measure = function(dataset)
                for finding in measure.findings.values():
                    if stated.pop((pack.id, finding.id), None) != finding.as_dict():
                        yield Fault(
                            file="findings.json",
                            column=finding.id,
                            rule="the raw files give another value for this finding",
                            remedy=AGAIN,
                        )
                figure = pack.figure_of(measure)
                if figure.undefined:
                    continue
                path = report / "tables" / figure.csv_name
                made = ("\ufeff" + to_csv(figure.table, figure.columns)).encode("utf-8")
                if not path.is_file() or path.read_bytes() != made:
                    yield Fault(
                        file=f"tables/{figure.csv_name}",
                        rule="the raw files give another table",
                        remedy=AGAIN,
                    )
            for changed in first_numbers(pack, apart, dataset.period, lineage).findings:
                if stated.pop((pack.id, changed["id"]), None) != changed:
                    yield Fault(
                        file="findings.json",
                        column=changed["id"],
                        rule="the raw files give another value for this finding",
                        remedy=AGAIN,
                    )
    for _, finding_id in sorted(stated):
        yield Fault(
            file="findings.json",
            column=finding_id,
            rule="no measure makes this finding",
            remedy=AGAIN,
        )
