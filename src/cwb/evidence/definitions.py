"""What a finding means. Measures define their findings where they compute them; all else looks them up here by id."""

from __future__ import annotations

from dataclasses import dataclass, replace

from cwb.council.periods import Period

SINCE = "_since_"
# Before the number of an item of a list that a council brings: "commitment_share_item_b2_7" is `commitment_share` of B2.7 alone.
MEMBER = "_item_"
# Ids of analysts' own questions begin so; they are in no pack.
ANALYST_PREFIX = "my_"
_DEFINED: dict[str, Definition] = {}


@dataclass(frozen=True)
class Definition:
    """A finding's id, its label, unit (see `Finding`) and kind (see `cwb.evidence.bounds_rules`), its definition in a
    sentence, what is left out, and the version of all that: it goes up when a figure of one name comes to mean another.

    `is_headcount`: it counts people (or is a share, a rate or a change of such a number), and under 5 of them are shown as "fewer than
    5" (`cwb.evidence.headcounts`).
    """

    id: str
    label: str
    unit: str
    kind: str
    text: str
    excluded: str = ""
    version: int = 1
    is_headcount: bool = False

    @property
    def is_change(self) -> bool:
        """Whether it says how far something moved: its direction is put in words."""
        return self.unit in ("points", "change") or self.label.startswith("Change")


def define(*definitions: Definition) -> None:
    """Register definitions; raise `ValueError` for an id that already has another definition."""
    for new in definitions:
        if _DEFINED.setdefault(new.id, new) != new:
            raise ValueError(f"two definitions of {new.id}")


def definition(finding_id: str) -> Definition:
    """The definition of a finding; raise `KeyError` for one that no measure imported so far defines.

    A change since another period ("local_share_since_2023-24") is defined by what has changed, and a member of a family
    ("commitment_share_item_b2_7") by the family, each within its item.
    """
    base, since, period = finding_id.partition(SINCE)
    current = _analysts_own(base) if base.startswith(ANALYST_PREFIX) else _member(base)
    if not since:
        return current
    then = Period.parse(period)
    return replace(
        current,
        id=finding_id,
        label=f"Change in {current.label[:1].lower()}{current.label[1:]} since {then.short_label}",
        kind="change",
        unit="points" if current.unit == "share" else current.unit,
        text=f"{current.label} less the same of {then.label}. {current.text}",
    )


def family_of(finding_id: str) -> str:
    """The finding as whose member another is declared; itself where it is no member."""
    return finding_id.partition(MEMBER)[0]


def member_of(family: str, item: str) -> str:
    """The id of a family's finding for one item: `commitment_share` and B2.7 give "commitment_share_item_b2_7"."""
    return f"{family}{MEMBER}{item.lower().replace('.', '_')}"


def _member(finding_id: str) -> Definition:
    family, member, item = finding_id.partition(MEMBER)
    defined = _DEFINED[family]
    if not member:
        return defined
    number = item.upper().replace("_", ".")
    return replace(
        defined, id=finding_id, label=f"{defined.label}: {number}", text=f"Of {number} alone: {defined.text}"
    )


def _analysts_own(finding_id: str) -> Definition:
    label = finding_id.removeprefix(ANALYST_PREFIX).replace("_", " ").capitalize()
    return Definition(finding_id, label, "", "", "An analyst's own question.", version=0)
