"""Every relation of a measure is within the portable subset, and none is missed: what the engine is really asked is read."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest

from cwb.council.config import Settings
from cwb.council.periods import Period
from cwb.evidence.data import open_data
from cwb.lines.build import prepare_lines
from cwb.lines.engine import Engine
from cwb.pack.first_page import first_numbers
from cwb.pack.registry import PACKS
from cwb.packs import contract_emissions, local_supplier_base
from portable import faults


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """All SQL that engines are asked while a test runs."""
    statements: list[str] = []
    own = Engine.arrow

    def arrow(self: Engine, sql: str, parameters: dict[str, Any] | None = None) -> Any:
        statements.append(sql)
        return own(self, sql, parameters)

    monkeypatch.setattr(Engine, "arrow", arrow)
    return statements


@pytest.mark.parametrize("period", ["2023-24", "2026-27-Q2"])
@pytest.mark.parametrize("pack", [local_supplier_base, contract_emissions], ids=lambda pack: pack.PACK)
def test_what_a_pack_asks_is_portable(pack: ModuleType, period: str, settings: Settings, asked: list[str]) -> None:
    data = open_data(pack.PACK, period, str(settings.folder / "cwb.toml"))
    found = [finding for measure in pack.MEASURES for finding in measure(data).findings.values()]
    for finding in found:
        if finding.evidence is not None:
            finding.rows()
            finding.evidence.things({"source_file": "x"})
            finding.evidence.count(lines=True)
            finding.evidence.lines()
    own = [sql for sql in dict.fromkeys(asked) if not sql.startswith("DESCRIBE")]
    assert len(own) > 100
    assert [(sql, wrong) for sql in own if (wrong := faults(sql))] == []


def test_what_the_first_page_asks_is_portable(settings: Settings, asked: list[str]) -> None:
    lineage = prepare_lines(settings)
    for one in PACKS:
        first_numbers(one, settings, Period.parse("2026-27-Q2"), lineage)
    own = list(dict.fromkeys(asked))
    assert len(own) > 40
    assert [(sql, wrong) for sql in own if (wrong := faults(sql))] == []


def test_only_the_engine_hands_lines_to_pandas() -> None:
    """No measure, chart or pack on the kernel holds a frame of lines: they have no way to one but the engine's aggregates."""
    from pathlib import Path  # noqa: PLC0415

    root = Path(__file__).parents[1] / "src" / "cwb"
    for path in [*(root / "packs").rglob("*.py"), *(root / "evidence").rglob("*.py")]:
        text = path.read_text(encoding="utf-8")
        assert "read_parquet" not in text or path.name == "data.py", path
        assert ".to_pandas(" not in text, path
        if path.name not in ("rows.py", "data.py"):
            assert ".lines(" not in text, path
