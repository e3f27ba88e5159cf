"""The packs that there are: every folder beside this file that declares one."""

from __future__ import annotations

import functools
import importlib
import pkgutil

import cwb.packs
from cwb.evidence.definitions import family_of
from cwb.packs.pack import Pack


@functools.cache
def all_packs() -> tuple[Pack, ...]:
    """Every pack, in the order of their notebooks."""
    folders = [f"cwb.packs.{found.name}" for found in pkgutil.iter_modules(cwb.packs.__path__) if found.ispkg]
    declared = [getattr(importlib.import_module(name), "PACK", None) for name in folders]
    return tuple(sorted((pack for pack in declared if pack is not None), key=lambda pack: pack.notebook))


def pack_of(pack_id: str) -> Pack:
    """The pack of that id; raise `KeyError` where there is none."""
    return {pack.id: pack for pack in all_packs()}[pack_id]


def pack_with(finding_id: str) -> Pack:
    """The first pack that has a finding; raise `KeyError` where none does."""
    for pack in all_packs():
        if any(family_of(finding_id) in measure.finding_ids for measure in pack.measures):
            return pack
    raise KeyError(finding_id)
