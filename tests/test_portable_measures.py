"""Every relation of a measure is within the portable subset, and none is missed: what the engine is really asked is read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from cwb.council.config import Settings
from cwb.evidence.data import sharing_tables
from cwb.evidence.definitions import definition
from cwb.lines.engine import Engine
from cwb.packs.pack import Pack
from cwb.packs.registry import all_packs
from cwb.publish.brief.gather import gather
from portable import faults


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """All SQL that engines are asked while a test runs."""
    statements: list[str] = []
    for name in ("arrow", "rows"):
        own = getattr(Engine, name)

        def answer(self: Engine, sql: str, *more: Any, own: Callable[..., Any] = own, **named: Any) -> Any:
            statements.append(sql)
            return own(self, sql, *more, **named)

        monkeypatch.setattr(Engine, name, answer)
    return statements


# The least number of different questions that a pack asks; the annex has no first exhibit, and the tracker asks other packs.
LEAST = 50
LEAST_OF_OTHERS = 30
# A pack of a few findings asks less: what each is, its things and its lines.
FEW = 9


def least_of(pack: Pack) -> int:
    findings = sum(len(measure.finding_ids) for measure in pack.measures)
    if findings < FEW:
        return 3 * findings - 1
    return LEAST if pack.first and not pack.asks_others else LEAST_OF_OTHERS


@pytest.mark.parametrize("period", ["2026-27-Q2"])
@pytest.mark.parametrize("pack", all_packs(), ids=lambda pack: pack.id)
def test_what_a_pack_asks_is_portable(pack: Pack, period: str, settings: Settings, asked: list[str]) -> None:
    data = pack.open(period, str(settings.folder / "cwb.toml"))
    for finding in pack.findings(data):
        if finding.evidence is not None and not definition(finding.id).is_headcount:
            finding.rows()
            finding.evidence.things({"source_file": "x"})
            finding.evidence.count(lines=True)
            finding.evidence.lines()
    own = [sql for sql in dict.fromkeys(asked) if not sql.startswith("DESCRIBE")]
    assert len(own) > least_of(pack)
    assert [(sql, wrong) for sql in own if (wrong := faults(sql))] == []


def test_what_the_first_page_asks_is_portable(settings: Settings, asked: list[str]) -> None:
    # As in a run, the packs share the tables: what one has asked for all is not asked again.
    with sharing_tables():
        for one in (own for own in all_packs() if own.first):
            gather(one, one.open("2026-27-Q2", str(settings.folder / "cwb.toml")))
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
