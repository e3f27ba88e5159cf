"""What every finding means: label, kind, unit, definition, what is left out, and the version of all that."""

from __future__ import annotations

import functools

from cwb.council.periods import Period
from cwb.reference import table

SINCE = "_since_"
# An analyst may ask a question of her own under an id that begins so; no pack states it.
OWN = "my_"


def definition(finding_id: str) -> dict[str, str]:
    """Label, kind, unit, definition, exclusions and version of a finding; raise `KeyError` if undocumented.

    A change since another period ("local_share_since_2023-24") is defined by what has changed.
    """
    base, since, period = finding_id.partition(SINCE)
    stated = _analysts_own(base) if base.startswith(OWN) else _definitions()[base]
    if not since:
        return stated
    unit = "points" if stated["unit"] == "share" else stated["unit"]
    return stated | {
        "id": finding_id,
        "label": f"Change in {stated['label'][:1].lower()}{stated['label'][1:]} since {Period.parse(period).short_label}",
        "kind": "change",
        "unit": unit,
        "definition": f"{stated['label']} less the same of {Period.parse(period).label}. {stated['definition']}",
    }


def _analysts_own(finding_id: str) -> dict[str, str]:
    label = finding_id.removeprefix(OWN).replace("_", " ").capitalize()
    rest = {"kind": "", "unit": "", "definition": "An analyst's own question.", "excluded": "", "version": "0"}
    return {"id": finding_id, "label": label, **rest}


@functools.cache
def _definitions() -> dict[str, dict[str, str]]:
    rows = table("findings").to_dict("records")
    return {str(row["id"]): {str(k): str(v) for k, v in row.items()} for row in rows}
