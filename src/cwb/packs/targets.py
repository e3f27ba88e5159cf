"""The findings that settings name: each must be one of a pack, and a target in the unit of its own."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from cwb.base.errors import ConfigError, Fault
from cwb.council.config import Settings
from cwb.evidence.definitions import definition
from cwb.packs.pack import Pack


def check_targets(settings: Settings, packs: Iterable[Pack]) -> None:
    """Raise `ConfigError` for targets, and first findings of the brief, that are of no finding: a misspelt id would go unseen; and for
    targets of a share that no share can reach."""
    known = {name for pack in packs for measure in pack.measures for name in measure.finding_ids}
    named = [("[[targets]]", target.finding) for target in settings.targets]
    named += [("[brief] first", finding) for finding in settings.brief.first]
    faults = [
        Fault(
            file="cwb.toml", column=where, rule="no pack has a finding of this id", value=name,
            remedy=f"Did you mean {', '.join(near)}?" if (near := get_close_matches(name, sorted(known))) else
            "The definitions in the annex list all ids.",
        )
        for where, name in named
        if name not in known
    ]  # fmt: skip
    faults += [
        Fault(
            file="cwb.toml", column="[[targets]] value", rule=f"a target of {target.finding} is a share, from 0 to 1",
            value=f"{target.value:g}", remedy="Write 30% as 0.30.",
        )
        for target in settings.targets
        if target.finding in known and definition(target.finding).unit == "share" and not 0 <= target.value <= 1
    ]  # fmt: skip
    if faults:
        raise ConfigError(faults)
