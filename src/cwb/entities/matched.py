"""validated → matched: every ledger line, award and contract with its supplier, place and one-off project.

Tables beside the validated ones, rebuilt when their inputs change: `lines`, `award_lines`,
`contract_lines`, and `anchor_lines` and `anchor_contract_lines` of other bodies (columns of the validated table, then `supplier_key`, `display_name`, `ring`, `registered_ring`,
`lad_code`, `is_sme`, `is_vcse`, `size`, `place_source`, `is_registered`, and of the match `match_status`,
`match_evidence`, `supplier_kind`, `org_id`, `grade`, `candidate_grade`, `candidate_ring`), and `suppliers`.
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import duckdb
import pandas as pd

from cwb.base.database import MOST_MEMORY, parquet_sql
from cwb.base.kept import current, write_record
from cwb.base.lock import writing
from cwb.base.progress import Progress, quiet, written
from cwb.base.stamp import stamp_of
from cwb.council.config import Settings
from cwb.entities.firms_apart import firms_apart, rows_apart, sql_apart
from cwb.entities.known_bodies import known_bodies
from cwb.entities.matching.candidates import load_names
from cwb.entities.matching.resolve import resolve_suppliers
from cwb.entities.organisations import build_organisations
from cwb.entities.paid_for_people import paid_for_people
from cwb.entities.shown import Evidence, add_shown_names, approvals
from cwb.entities.supplier_lines import IDENTITY, REGISTER_POSTCODE, write_supplier_lines
from cwb.sources import store
from cwb.sources.database import connect
from cwb.sources.datasets.postcodes import default_postcodes
from cwb.sources.inputs import Inputs, list_inputs
from cwb.sources.spend_sql import lines_of
from cwb.sources.store import Lineage

MATCHED_VERSION = 18
_MARKER = "matched.json"
# Sources whose cells may name several suppliers, and the tables of their lines.
_OF_SEVERAL = {
    "contracts": "contract_lines",
    "awards": "award_lines",
    "anchor_contracts": "anchor_contract_lines",
}
# All that this stage writes.
_TABLES = (
    "organisations", "organisation_names", "suppliers", "match_candidates", "match_remarks",
    "lines", "anchor_lines", "anchor_contract_lines", "award_lines", "contract_lines",
)  # fmt: skip


def up_to_date(settings: Settings, inputs: Inputs, is_reported: bool = True) -> Lineage | None:
    """The lineage of the matched tables if they are of these inputs and undamaged, those that they are of too."""
    lineage = store.up_to_date(settings, inputs, is_reported)
    if lineage is None:
        return None
    folder = settings.processed
    is_current = (
        current(folder / _MARKER, matched_key(settings, lineage), _tables(folder), is_reported) is not None
    )
    return lineage if is_current else None


def prepare(settings: Settings, progress: Progress = quiet) -> Lineage:
    """Bring validated and matched tables up to date; raise `CwbError` for files that cannot be read.

    Of several processes that must make them, one does and the others wait.
    """
    inputs = list_inputs(settings)
    if (lineage := up_to_date(settings, inputs, is_reported=False)) is not None:
        return lineage
    with writing(settings.shared_processed):
        return make(settings, progress, inputs)


def make(settings: Settings, progress: Progress, inputs: Inputs) -> Lineage:
    """As `prepare`, of raw files as they were listed; the caller holds the lock of the folder."""
    lineage = store.build(settings, progress, inputs)
    folder = settings.processed
    marker = folder / _MARKER
    key = matched_key(settings, lineage)
    if current(marker, key, _tables(folder)) is not None:
        return lineage
    progress("suppliers, organisations and places", 0, 1)
    marker.unlink(missing_ok=True)
    scratch = folder / "scratch"
    with connect(MOST_MEMORY, scratch=scratch) as con:
        suppliers, keyed, apart = _match(con, settings)
    # Lines are many and need no register beside them.
    with connect(settings.engine.memory, scratch=scratch) as con:
        _write_lines(con, settings, suppliers, keyed, apart)
    write_record(marker, key, _tables(folder))
    return lineage


def _tables(folder: Path) -> list[Path]:
    """The matched tables that are there."""
    return [path for name in _TABLES if (path := folder / f"{name}.parquet").is_file()]


def matched_key(settings: Settings, lineage: Lineage) -> str:
    """A hash over everything that the matched tables depend on: who may be named is among the reference tables."""
    return stamp_of(
        MATCHED_VERSION, validated=lineage.key, settings=settings.model_dump(mode="json", include={"matching"})
    )


def read_parquet(path: Path) -> pd.DataFrame:
    """A processed table as a frame; an absent one is empty."""
    return pd.read_parquet(path) if path.is_file() else pd.DataFrame()


def spent_with(settings: Settings) -> dict[str, Decimal]:
    """Pounds of all periods by supplier key; empty without a ledger."""
    path = settings.processed / "lines.parquet"
    if not path.is_file():
        return {}
    with connect() as con:
        rows = con.execute(
            f"SELECT supplier_key, sum(amount_gbp) FROM {parquet_sql(path)} "
            "WHERE supplier_key IS NOT NULL GROUP BY supplier_key"
        ).fetchall()
    return {str(key): Decimal(pounds) for key, pounds in rows}


def postcodes_path(settings: Settings) -> Path:
    supplied = settings.processed / "postcodes.parquet"
    return supplied if supplied.is_file() else default_postcodes(settings.shared_processed)


def spend_relation(settings: Settings, source: str = "spend") -> str | None:
    """SQL for all kept payments of a source, duplicates left out; None when there is no such file."""
    files = sorted((settings.processed / source).glob("*.parquet"))
    if not files:
        return None
    duplicates = parquet_sql(settings.processed / f"{source}_duplicates.parquet")
    return f"""(
        SELECT l.* EXCLUDE (reason, offending_text) FROM {lines_of(files)} l
        WHERE reason IS NULL AND NOT EXISTS (
            SELECT 1 FROM {duplicates} d
            WHERE d.source_file = l.source_file AND d.source_row = l.source_row
              AND d.source_sheet IS NOT DISTINCT FROM l.source_sheet))"""


def _match(
    con: duckdb.DuckDBPyConnection, settings: Settings
) -> tuple[pd.DataFrame, pd.DataFrame, dict[str, tuple[str, ...]]]:
    """Write the suppliers and the candidates of those to be reviewed; return the suppliers, each identity's key, and the firms of
    cells that name several."""
    folder = settings.processed
    open_postcodes(con, settings)
    build_organisations(con, settings)
    has_register = open_registers(con, settings)
    given = {name: read_parquet(folder / f"{name}.parquet") for name in (*_OF_SEVERAL, "vendors")}
    cells = {name for of in _OF_SEVERAL if len(given[of]) for name in given[of]["supplier_name"].dropna().unique()}
    apart = firms_apart(con, cells) if has_register else {}
    given |= {name: rows_apart(given[name], apart) for name in _OF_SEVERAL}
    parts = [_identities(given[name]) for name in _OF_SEVERAL if len(given[name])]
    paid = [pd.DataFrame(columns=["supplier_name", "company_number", "postcode"])]
    spent = (_anchor_lines(settings), spend_relation(settings))
    for lines in spent:
        if lines:
            parts.insert(0, con.execute(f"SELECT DISTINCT {', '.join(IDENTITY)} FROM {lines}").df())
            paid_sql = (
                f"SELECT DISTINCT supplier_name, company_number, postcode FROM {lines} WHERE postcode IS NOT NULL"
            )
            paid.append(con.execute(paid_sql).df())
    identities = (
        pd.concat([f.astype(object) for f in parts], ignore_index=True)
        if parts
        else pd.DataFrame(columns=list(IDENTITY), dtype=object)
    )
    identities = identities.where(identities.notna(), None).drop_duplicates()
    identities = identities.sort_values(list(IDENTITY), na_position="last", ignore_index=True)
    decisions, bodies = read_parquet(folder / "review.parquet"), known_bodies(con, folder)
    resolved = resolve_suppliers(
        con,
        settings,
        identities,
        vendors=given["vendors"],
        contracts=given["contracts"],
        awards=given["awards"],
        decisions=decisions,
        places=read_parquet(folder / "places.parquet"),
        paid=pd.concat([f.astype(object) for f in paid], ignore_index=True),
        known=bodies,
        has_register=has_register,
    )
    keyed = identities.assign(supplier_key=resolved.keys)
    for_people = paid_for_people(con, [lines for lines in spent if lines], keyed, IDENTITY)
    names = keyed[keyed["supplier_key"].notna()].groupby("supplier_key")["supplier_name"].agg(list).to_dict()
    approved = approvals(read_parquet(folder / "approved_names.parquet"))
    suppliers = add_shown_names(resolved.suppliers, names, Evidence(approved, bodies, for_people))
    with written(folder / "match_candidates.parquet") as part:
        resolved.candidates.to_parquet(part, index=False)
    with written(folder / "match_remarks.parquet") as part:
        resolved.remarks.to_parquet(part, index=False)
    with written(folder / "suppliers.parquet") as part:
        suppliers.to_parquet(part, index=False)
    return suppliers, keyed, apart


def _anchor_lines(settings: Settings) -> str | None:
    """SQL for what other bodies paid. Their id of a supplier says nothing here."""
    lines = spend_relation(settings, "anchor_spend")
    return f"(SELECT * REPLACE (NULL::VARCHAR AS supplier_id) FROM {lines})" if lines else None


def _write_lines(
    con: duckdb.DuckDBPyConnection,
    settings: Settings,
    suppliers: pd.DataFrame,
    keyed: pd.DataFrame,
    apart: dict[str, tuple[str, ...]],
) -> None:
    """Write every line with its supplier."""
    folder = settings.processed
    relations = {"lines": spend_relation(settings), "anchor_lines": _anchor_lines(settings)}
    for source, name in _OF_SEVERAL.items():
        stored = table_sql(folder, source)
        relations[name] = sql_apart(con, stored, apart) if stored else None
    write_supplier_lines(con, folder, relations, suppliers, keyed)


def open_postcodes(con: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    """Create the view `postcodes` in `con`."""
    con.execute(f"CREATE OR REPLACE VIEW postcodes AS SELECT * FROM {parquet_sql(postcodes_path(settings))}")


def open_registers(con: duckdb.DuckDBPyConnection, settings: Settings) -> bool:
    """Make the organisations that `prepare` has built, and their names, ready in `con`; False where there are none."""
    organisations, names = (
        table_sql(settings.processed, name) for name in ("organisations", "organisation_names")
    )
    if organisations is None or names is None:
        return False
    con.execute(f"CREATE OR REPLACE VIEW organisations AS SELECT * FROM {organisations}")
    load_names(con, names)
    return True


def table_sql(folder: Path, name: str) -> str | None:
    """SQL that reads a processed table; None where there is none."""
    path = folder / f"{name}.parquet"
    return parquet_sql(path) if path.is_file() else None


def _identities(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.rename(columns={REGISTER_POSTCODE: "postcode"}).reindex(columns=list(IDENTITY)).drop_duplicates()
