"""Why a row of a file was not taken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from cwb.base.privacy import shown_text

ZERO = Decimal("0.00")
# Of a row that repeats what other rows state.
TOTAL_ROW = "total row"


@dataclass(frozen=True)
class Breach:
    """One rule that a row breaks: what is wrong with it, what would mend it, and the column and text, where one is to blame."""

    reason: str
    remedy: str = ""
    column: str | None = None
    value: str | None = None

    def __post_init__(self) -> None:
        # It is written down and printed, and a cell of another column may have slipped into it.
        object.__setattr__(self, "value", shown_text(self.value))


@dataclass(frozen=True)
class Refusal:
    """One row that was not taken: its place, the rules that it broke, and its pounds; nought, and
    `is_gbp_known` false, where what it states cannot be read.

    It is counted under the first rule. `also` are the further ones, each of another column: so that who mends the row need not
    run again to be told of the next.
    """

    row: int
    reason: str
    remedy: str = ""
    sheet: str | None = None
    column: str | None = None
    value: str | None = None
    gbp: Decimal = ZERO
    also: tuple[Breach, ...] = ()
    is_gbp_known: bool = True

    def __post_init__(self) -> None:
        object.__setattr__(self, "value", shown_text(self.value))

    @classmethod
    def of(cls, row: int, sheet: str | None, broken: Sequence[Breach], gbp: Decimal | None) -> Refusal:
        first, *others = broken
        stated = ZERO if gbp is None else gbp
        return cls(
            row, first.reason, first.remedy, sheet, first.column, first.value, stated, tuple(others), gbp is not None
        )  # fmt: skip

    @property
    def breaches(self) -> tuple[Breach, ...]:
        """Every rule that the row broke, the one that it is counted under first."""
        return (Breach(self.reason, self.remedy, self.column, self.value), *self.also)
