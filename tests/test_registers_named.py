"""What would settle a number names no public register that is at hand in full."""

from __future__ import annotations

import importlib
import pkgutil
from typing import cast

import pytest

import cwb
from cwb.evidence.data import PackData
from cwb.evidence.questions import count
from cwb.evidence.relation import Fact, Relation
from cwb.packs import registers_at_hand


def _facts() -> dict[str, Fact]:
    """Every fact that a module has as its own and whose words ask for a public register."""
    names = [
        one.name
        for root in ("packs", "evidence")
        for one in pkgutil.walk_packages([f"{cwb.__path__[0]}/{root}"], f"cwb.{root}.")
    ]
    return {
        f"{module}.{name}": value
        for module in names
        for name, value in vars(importlib.import_module(module)).items()
        if isinstance(value, Fact) and "public register" in value.settles
    }


FACTS = _facts()


@pytest.mark.parametrize("name", FACTS)
def test_a_register_at_hand_is_not_asked_for(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registers_at_hand, "sources_lacking", lambda *_: [])
    question = count("payment_count", Relation("spend_lines", ("spend_lines",)), FACTS[name])
    settles = registers_at_hand.still_asked(cast(PackData, None), question).fact.settles
    assert "register of" not in settles
    assert "registers of" not in settles
    assert settles.endswith(".")
