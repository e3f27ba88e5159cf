"""What every finding means: label, kind, unit, definition, what is left out, and the version of all that."""

from __future__ import annotations

import functools

from cwb.reference import table


def definition(finding_id: str) -> dict[str, str]:
    """Label, unit, definition, exclusions, source and version of a finding; raise `KeyError` if undocumented."""
    return _definitions()[finding_id]


@functools.cache
def _definitions() -> dict[str, dict[str, str]]:
    rows = table("findings").to_dict("records")
    return {str(row["id"]): {str(k): str(v) for k, v in row.items()} for row in rows}
