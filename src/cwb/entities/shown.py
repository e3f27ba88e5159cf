"""By what name a pack may show each supplier: its evidence weighed, the surest first; without any it is not shown.

All that is known of the supplier counts, but a name that may be a person's never borrows what a firm of that name has.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from cwb.base.privacy import (
    BY_LOOKS,
    NOT_STATED,
    WITHHELD,
    NameEvidence,
    evidenced_name,
    is_person,
    is_plainly_one,
)
from cwb.base.rows import Row
from cwb.entities.known_bodies import KnownBodies
from cwb.entities.matching.kinds import BY_NUMBER, MatchEvidence
from cwb.entities.matching.match import MATCHED

# A number that a file states is evidence, unless the register has quite another name under it or a person said no match.
_NUMBERED = (*BY_NUMBER, MatchEvidence.NUMBER_NOT_FOUND, MatchEvidence.NUMBER_NOT_CHECKED)
_NOT_ITS_NUMBER = (MatchEvidence.NUMBER_OTHER_NAME, MatchEvidence.DECIDED_NONE)


@dataclass(frozen=True)
class Evidence:
    """What is known beside the suppliers: `approved` (name in small letters → whether it may be shown), lists of public
    `bodies`, and the keys `for_people` of suppliers who are paid for nothing but what means people."""

    approved: Mapping[str, bool]
    bodies: KnownBodies
    for_people: frozenset[str]


def approvals(decisions: pd.DataFrame) -> dict[str, bool]:
    """Name in small letters → whether a person said that it may be shown."""
    return {
        spelt(name): bool(shown)
        for name, shown in decisions.reindex(columns=["supplier_name", "is_shown"]).itertuples(index=False)
    }


def spelt(name: str) -> str:
    """A name as approvals are compared: small letters, single blanks."""
    return " ".join(name.lower().split())


def add_shown_names(
    suppliers: pd.DataFrame, names: Mapping[str, Iterable[str]], evidence: Evidence
) -> pd.DataFrame:
    """Suppliers with `display_name` and `name_evidence`; `names` are all names that rows have, by the supplier's key.

    Postcodes of those who are not shown go no nearer than the postal district: a person may live there.
    """
    found = [
        _shown(row, _other_names(row, names.get(row["supplier_key"], ())), evidence)
        for row in suppliers.to_dict("records")
    ]
    shown = suppliers.assign(
        display_name=pd.Series([name for name, _ in found], index=suppliers.index, dtype=object),
        name_evidence=pd.Series([kind.value for _, kind in found], index=suppliers.index, dtype=object),
    )
    is_hidden = shown["display_name"] == WITHHELD
    for column in ("postcode", "registered_postcode"):
        shown.loc[is_hidden, column] = shown.loc[is_hidden, column].str.split(" ").str[0]
    return shown


def _other_names(supplier: Row, names: Iterable[str]) -> list[str]:
    first = supplier["supplier_name"]
    return list(dict.fromkeys([*([first] if first else []), *sorted({name for name in names if name})]))


def _shown(supplier: Row, names: list[str], known: Evidence) -> tuple[str, NameEvidence]:
    if not names:
        return NOT_STATED, NameEvidence.NONE
    decided = {name: known.approved[spelt(name)] for name in names if spelt(name) in known.approved}
    if decided:
        shown = next((name for name, is_shown in decided.items() if is_shown), None)
        return (shown, NameEvidence.APPROVED) if shown and all(decided.values()) else _nothing()
    sure = _sure_kind(supplier, names, known.bodies)
    spelling, kind = next((one for one in map(evidenced_name, names) if one[0]), ("", NameEvidence.NONE))
    if sure is not NameEvidence.NONE:
        if spelling or not is_plainly_one(names[0]):
            return spelling or names[0], sure
        organisation = supplier["organisation_name"] if supplier["match_status"] == MATCHED else None
        return (organisation, sure) if isinstance(organisation, str) else _nothing()
    if kind is NameEvidence.PUBLIC_BODY:
        return spelling, kind
    # Of a name that is plainly a person's another spelling shows nothing, and looks count for nothing where people are paid.
    if kind in BY_LOOKS and supplier["supplier_key"] not in known.for_people and not is_person(names[0]):
        return spelling, kind
    return _nothing()


def _nothing() -> tuple[str, NameEvidence]:
    return WITHHELD, NameEvidence.NONE


def _sure_kind(supplier: Row, names: list[str], bodies: KnownBodies) -> NameEvidence:
    """What shows an organisation whatever its name looks like."""
    evidence = supplier["match_evidence"]
    if supplier["match_status"] == MATCHED and evidence in _NUMBERED and (
        supplier["is_registered"] or evidence == MatchEvidence.DECIDED
    ):  # fmt: skip
        return NameEvidence.NUMBER
    if supplier["is_registered"] and evidence not in _NOT_ITS_NUMBER:
        return NameEvidence.VENDOR_LIST
    return NameEvidence.PUBLIC_BODY if any(map(bodies.lists, names)) else NameEvidence.NONE
