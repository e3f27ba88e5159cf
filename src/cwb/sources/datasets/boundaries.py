"""District outlines for maps: ONS's own where the council supplies the file, else drawn from the postcodes.

The result is a GeoDataFrame in EPSG:27700 with `lad_code` and `geometry`. Outlines drawn from postcodes are the
dissolved Voronoi cells of the postcodes of the districts and their neighbours, simplified to 150 m: good enough
to find one's district on a map, and captioned as approximate wherever they are shown.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import pandas as pd
import shapely
from shapely.geometry import MultiPoint, box

from cwb.base.errors import Fault, SourceError, fault
from cwb.base.kept import current, hash_of, write_record
from cwb.base.progress import written
from cwb.base.stamp import stamp_of
from cwb.council.bounds import DEFAULT, Bounds
from cwb.sources.bounded import beyond, opened_archive
from cwb.sources.datasets.postcodes import default_postcodes
from cwb.sources.report import Amount, FileReport, RawFile
from cwb.sources.source import Job, Source

GRID = "EPSG:27700"
_MARGIN_METRES = 5_000
_SIMPLIFY_METRES = 150
# Raised when `from_postcodes` draws another outline from the same postcodes.
DRAWN_VERSION = 1
APPROXIMATE = (
    "Outlines are approximate: drawn by cwb from the postcodes of each district (Office for National Statistics, Open "
    "Government Licence)."
)


def from_file(path: Path, districts: tuple[str, ...], bounds: Bounds = DEFAULT) -> gpd.GeoDataFrame:
    """ONS boundaries (GeoJSON, GeoPackage or Shapefile) cut to `districts`; raise `SourceError` if it lacks them."""
    size = path.stat().st_size
    if size > bounds.json_bytes:
        rule = f"it has {size:,} bytes, and at most {bounds.json_bytes:,} are read"
        raise beyond(path, rule, "json_bytes", "Give generalised outlines (BGC or BUC)")
    if path.suffix.lower() == ".zip":
        with opened_archive(path, bounds.json_bytes, "json_bytes", bounds):
            pass
    try:
        frame = gpd.read_file(path)
        if len(frame):
            frame = frame.to_crs(GRID)
    except Exception as error:
        # The readers behind it raise whatever a broken file leads to.
        raise SourceError(
            fault(
                f"the boundaries cannot be opened ({type(error).__name__})",
                "Give a GeoJSON, GeoPackage or Shapefile as published by ONS.",
                path,
            )
        ) from None
    column = next((c for c in frame.columns if re.fullmatch(r"lad(\d{2})?cd", str(c).lower())), None)
    if column is None or "geometry" not in frame:
        raise SourceError(
            fault("no column of district codes", "Give an ONS boundary file with LAD25CD or like it.", path)
        )
    chosen = frame[frame[column].isin(districts) & frame.geometry.notna() & ~frame.geometry.is_empty]
    missing = sorted(set(districts) - set(chosen[column]))
    if missing:
        raise SourceError(
            fault(f"no outline for {', '.join(missing)}", "Give a file that holds these districts.", path)
        )
    outlines = chosen[[column, "geometry"]].rename(columns={column: "lad_code"})
    outlines["geometry"] = outlines.geometry.simplify(_SIMPLIFY_METRES)
    return outlines.sort_values("lad_code", ignore_index=True)


def from_postcodes(postcodes: pd.DataFrame, districts: tuple[str, ...]) -> gpd.GeoDataFrame:
    """Draw outlines from `postcodes` (the table of the source `postcodes`).

    Postcodes within 5 km around the districts take part, so that outer borders are cut by real neighbours.
    """
    placed = postcodes.dropna(subset=["easting", "northing"])
    inside = placed[placed["lad_code"].isin(districts)]
    missing = sorted(set(districts) - set(inside["lad_code"]))
    if missing:
        raise SourceError(
            Fault(
                rule=f"the postcodes hold none of {', '.join(missing)}",
                remedy="Give the whole NSPL or ONSPD, or take your own file out of data/raw/postcodes.",
            )
        )
    west, east = inside["easting"].min() - _MARGIN_METRES, inside["easting"].max() + _MARGIN_METRES
    south, north = inside["northing"].min() - _MARGIN_METRES, inside["northing"].max() + _MARGIN_METRES
    near = placed[placed["easting"].between(west, east) & placed["northing"].between(south, north)]
    near = near.drop_duplicates(["easting", "northing"]).sort_values("postcode", ignore_index=True)
    points = MultiPoint(near[["easting", "northing"]].to_numpy())
    cells = shapely.voronoi_polygons(points, extend_to=box(west, south, east, north), ordered=True)
    frame = gpd.GeoDataFrame({"lad_code": near["lad_code"].to_numpy()}, geometry=list(cells.geoms), crs=GRID)
    frame = frame[frame["lad_code"].isin(districts)]
    frame = gpd.clip(frame, box(west, south, east, north)).dissolve("lad_code", as_index=False)
    frame["geometry"] = frame.geometry.simplify_coverage(_SIMPLIFY_METRES)
    return frame.sort_values("lad_code", ignore_index=True)[["lad_code", "geometry"]]


class _Boundaries(Source):
    def store(self, job: Job, files: Sequence[RawFile]) -> list[FileReport]:
        """Outlines of the newest file, else drawn from postcodes: seconds of work, kept while these stay the same."""
        reports = [FileReport(file.label, self.name, file.sha256) for file in files]
        outlines: gpd.GeoDataFrame | None = None
        for number, file in enumerate(files if job.districts else ()):
            try:
                outlines = from_file(file.path, job.districts, file.bounds)
                reports[number] = reports[number].account(Amount(len(outlines)))
            except SourceError as error:
                reports[number] = replace(reports[number], error=error.of_file(file.label))
        if job.shared is None:
            return reports
        job.progress("district outlines", 0, 1)
        job.origins[self.name] = f"Outlines: {files[-1].label}, supplied by the council." if files else APPROXIMATE
        if not files:
            outlines = _drawn(job)
        if outlines is not None:
            with written(job.table("outlines")) as part:
                outlines.to_parquet(part)
        return reports


def _drawn(job: Job) -> gpd.GeoDataFrame:
    supplied = job.table("postcodes")
    postcodes = supplied if supplied.is_file() else default_postcodes(job.shared or job.folder)
    stamp = stamp_of(DRAWN_VERSION, reference=(), postcodes=hash_of(postcodes), districts=job.districts)
    kept = (job.shared or job.folder) / f"outlines-{stamp[:8]}.parquet"
    record = kept.with_suffix(".json")
    if current(record, stamp, [kept] if kept.is_file() else []) is None:
        with written(kept) as part:
            from_postcodes(pd.read_parquet(postcodes), job.districts).to_parquet(part)
        write_record(record, stamp, [kept])
    return gpd.read_parquet(kept)


SOURCE = _Boundaries(name="boundaries", absent="no district outlines were supplied", by_folder=True, turn=2)
