"""What a finding means. A measure defines its own, in the file that computes them; everything else asks here by id."""

from __future__ import annotations

from dataclasses import dataclass, replace

from cwb.council.periods import Period

SINCE = "_since_"
# An analyst may ask a question of her own under an id that begins so; no pack states it.
OWN = "my_"
_DEFINED: dict[str, Definition] = {}


@dataclass(frozen=True)
class Definition:
    """A finding's id, its label, unit (see `Finding`) and kind (see `cwb.evidence.bounds_rules`), its definition in a
    sentence, what is left out, and the version of all that: it goes up when a figure of one name comes to mean another."""

    id: str
    label: str
    unit: str
    kind: str
    text: str
    excluded: str = ""
    version: int = 1


def define(*definitions: Definition) -> None:
    """Make definitions known; raise `ValueError` for an id that is defined otherwise already."""
    for own in definitions:
        if _DEFINED.setdefault(own.id, own) != own:
            raise ValueError(f"two definitions of {own.id}")


def definition(finding_id: str) -> Definition:
    """The definition of a finding; raise `KeyError` for one that no measure imported so far defines.

    A change since another period ("local_share_since_2023-24") is defined by what has changed.
    """
    base, since, period = finding_id.partition(SINCE)
    stated = _analysts_own(base) if base.startswith(OWN) else _DEFINED[base]
    if not since:
        return stated
    then = Period.parse(period)
    return replace(
        stated,
        id=finding_id,
        label=f"Change in {stated.label[:1].lower()}{stated.label[1:]} since {then.short_label}",
        kind="change",
        unit="points" if stated.unit == "share" else stated.unit,
        text=f"{stated.label} less the same of {then.label}. {stated.text}",
    )


def _analysts_own(finding_id: str) -> Definition:
    label = finding_id.removeprefix(OWN).replace("_", " ").capitalize()
    return Definition(finding_id, label, "", "", "An analyst's own question.", version=0)
