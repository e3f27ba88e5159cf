"""The illustrative council that runs out of the box: raw files in real layouts, generated from a seed.

Nothing here is real but the districts and their postcodes. The path from these files to a pack is the same code
as for a council's own files. The files follow the settings: another council's home district and published
baseline give another sample.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from cwb.base.database import connect, parquet_sql
from cwb.base.errors import ConfigError, Fault
from cwb.base.progress import Progress
from cwb.council.config import Settings
from cwb.sample import files, ledger, registers, suppliers
from cwb.sources.datasets import postcodes

SEED = 20231


def write_sample(settings: Settings, progress: Progress, seed: int = SEED) -> list[Path]:
    """Write the sample's raw files below `settings.raw` and return them; earlier files there are replaced.

    Raises `ConfigError` unless the settings say `illustrative = true`, so that real files cannot be overwritten.
    """
    if not settings.council.illustrative:
        raise ConfigError(
            Fault(
                file=settings.file,
                column="council.illustrative",
                rule="a sample is only written where the settings say illustrative = true",
                remedy="Keep the sample's cwb.toml apart from the council's own.",
            )
        )
    target = postcodes.make_default(settings.shared_processed, progress)
    con = connect()
    con.execute(f"CREATE VIEW postcodes AS SELECT * FROM {parquet_sql(target)}")
    progress("suppliers", 1, 5)
    vendors = suppliers.make_suppliers(con, settings, seed)
    bodies = registers.make_registers(
        vendors, suppliers.district_pools(con, settings, seed), settings, seed
    ).bodies
    con.close()
    progress("ledger", 2, 5)
    lines, projects = ledger.make_ledger(settings, vendors, seed)
    progress("contracts and awards", 3, 5)
    agreements = ledger.make_agreements(settings, vendors, lines, seed)
    progress("files", 4, 5)
    shutil.rmtree(settings.raw, ignore_errors=True)
    return files.write_files(settings, vendors, lines, projects, agreements, bodies, seed)
