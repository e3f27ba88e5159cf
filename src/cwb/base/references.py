"""References of contracts and measures, as two files write the same one."""

from __future__ import annotations


def same_reference(text: str | None) -> str:
    """A reference without blanks at its ends and in capitals, which do not tell two apart; "" for none. In SQL: `upper(trim(…))`."""
    return (text or "").strip().upper()
