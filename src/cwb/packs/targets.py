"""The findings that settings name: each must be one of a pack, and a number of it in the unit of its own."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from cwb.base.errors import ConfigError, Fault
from cwb.council.config import Settings
from cwb.evidence.definitions import definition
from cwb.packs.pack import Pack

# The pack whose findings are compared with figures published before.
PUBLISHED_PACK = "local_supplier_base"


def check_named_findings(settings: Settings, packs: Iterable[Pack]) -> None:
    """Raise `ConfigError` for targets, figures published before and first findings of the brief that are of no finding: a misspelt id
    would go unseen; and for a share that no share can be."""
    ids = {pack.id: {name for measure in pack.measures for name in measure.finding_ids} for pack in packs}
    known, comparable = set().union(*ids.values()), ids.get(PUBLISHED_PACK, set())
    named = [("[[targets]]", target.finding, known) for target in settings.targets]
    named += [("[[published]]", figure.finding, comparable) for figure in settings.published]
    named += [("[brief] first", finding, known) for finding in settings.brief.first]
    faults = [
        _of_no_finding(settings.file, where, name, name in known, ids)
        for where, name, ids in named
        if name not in ids
    ]
    numbers = [("target", "[[targets]] value", target.finding, target.value) for target in settings.targets]
    numbers += [("published figure", "[[published]] value", one.finding, one.value) for one in settings.published]
    faults += [
        Fault(
            file=settings.file, column=where, rule=f"a {what} of {finding} is a share, from 0 to 1",
            value=f"{value:g}", remedy="Write 30% as 0.30.",
        )
        for what, where, finding, value in numbers
        if finding in known and definition(finding).unit == "share" and not 0 <= value <= 1
    ]  # fmt: skip
    if faults:
        raise ConfigError(faults)


def _of_no_finding(file: str, where: str, name: str, is_of_another: bool, ids: set[str]) -> Fault:
    if is_of_another:
        rule = "figures published before are compared for findings of pack 01 alone"
        return Fault(file=file, column=where, rule=rule, value=name, remedy="Name one of pack 01, or take it out.")
    near = get_close_matches(name, sorted(ids))
    remedy = f"Did you mean {', '.join(near)}?" if near else "The definitions in the annex list all ids."
    return Fault(file=file, column=where, rule="no pack has a finding of this id", value=name, remedy=remedy)
