"""An engine over the tables of a council that supplied nothing, for tests that add the few lines they ask about."""

from __future__ import annotations

import shutil
from pathlib import Path

from cwb.council.config import Settings, load_config
from cwb.lines.engine import Engine


def empty_council(folder: Path) -> tuple[Settings, Engine]:
    """The settings of the cases of pack 01 in a folder, and an engine whose tables have no row."""
    shutil.copy(Path(__file__).parent / "cases" / "pack_01" / "cwb.toml", folder)
    settings = load_config(folder / "cwb.toml")
    return settings, Engine(settings)
