"""Parts of a number of people: where one is under 5, or what is left of the whole is, another part is withheld with it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from cwb.evidence.definitions import definition
from cwb.evidence.finding import Finding
from cwb.evidence.headcounts import part_to_hide


def without_small_parts(findings: Mapping[str, Finding]) -> dict[str, Finding]:
    """The findings of a measure as they may be shown beside one another: see `part_of` and `splits` of `Definition`.

    Of 20 trainees 17 are residents: that 3 are not follows from the two, and the 17 are withheld.
    """
    shown = dict(findings)
    families: dict[tuple[str, bool], list[str]] = defaultdict(list)
    for name in findings:
        defined = definition(name)
        for whole, is_whole in ((defined.part_of, False), (defined.splits, True)):
            if whole:
                families[whole, is_whole].append(name)
    for (whole, is_whole), names in families.items():
        total = findings[whole].value
        if total is None:
            continue
        known = {
            name: findings[name].value
            for name in names
            if findings[name].value is not None or findings[name].is_hidden
        }
        if (part := part_to_hide(total, known, is_whole and len(known) == len(names))) is not None:
            shown[part] = shown[part].withheld()
    return shown
