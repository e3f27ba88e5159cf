"""Places → data/processed: postcodes once for all councils, outlines once for each set of districts."""

from __future__ import annotations

from pathlib import Path

import duckdb
import geopandas as gpd
import pandas as pd

from cwb.base.progress import Progress, written
from cwb.base.stamp import stamp_of
from cwb.council.config import Settings
from cwb.sources import boundaries, postcodes
from cwb.sources.report import Amount, FileReport, sha256_of


def build_places(
    con: duckdb.DuckDBPyConnection,
    settings: Settings,
    files: dict[str, list[tuple[str, Path]]],
    progress: Progress,
) -> tuple[dict[str, str], list[FileReport]]:
    """Postcodes once for all councils (unless a council brings its own file), outlines once for each council."""
    own = files["postcodes"]
    reports: list[FileReport] = []
    frame = None
    if own:
        source = f"{', '.join(label for label, _ in own)} (supplied by the council)"
        target = settings.processed / "postcodes.parquet"
        progress(own[0][0], 0, 1)
        frame, reports = postcodes.from_files(con, own)
        if any(report.error for report in reports):
            return {}, reports
    else:
        source = postcodes.package_source()
        target = default_postcodes(settings)
        (settings.processed / "postcodes.parquet").unlink(missing_ok=True)
        if not target.is_file():
            progress("postcodes (once per computer)", 0, 1)
            frame = postcodes.from_package()
    if frame is not None:
        with written(target) as part:
            frame.to_parquet(part, index=False)
    progress("district outlines", 0, 1)
    if files["boundaries"]:
        label, path = files["boundaries"][-1]
        shapes = boundaries.from_file(path, settings.local.districts)
        shown = f"Outlines: {label}, supplied by the council."
        reports.append(FileReport(label, "boundaries", sha256_of(path)))
        reports[-1].account(Amount(len(shapes)))
    else:
        shapes = _drawn_outlines(settings, source, target, frame)
        shown = boundaries.APPROXIMATE
    with written(settings.processed / "outlines.parquet") as part:
        shapes.to_parquet(part)
    return {"postcodes": source, "boundaries": shown}, reports


def _drawn_outlines(
    settings: Settings, source: str, postcodes_file: Path, frame: pd.DataFrame | None
) -> gpd.GeoDataFrame:
    """Outlines drawn from postcodes, which takes seconds: kept for as long as postcodes and districts are the same."""
    stamp = stamp_of(
        boundaries.DRAWN_VERSION,
        reference=(),
        source=source,
        postcodes=sha256_of(postcodes_file),
        districts=settings.local.districts,
    )
    kept = settings.shared_processed / f"outlines-{stamp[:8]}.parquet"
    if not kept.is_file():
        places = frame if frame is not None else pd.read_parquet(postcodes_file)
        with written(kept) as part:
            boundaries.from_postcodes(places, settings.local.districts).to_parquet(part)
    return gpd.read_parquet(kept)


def default_postcodes(settings: Settings) -> Path:
    """Where the package's postcodes are kept, under a name that changes with what they are made of."""
    stamp = stamp_of(
        postcodes.MADE_VERSION, reference=("districts_superseded",), package=postcodes.package_source()
    )
    return settings.shared_processed / f"postcodes-{stamp[:8]}.parquet"
