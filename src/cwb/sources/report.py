"""What became of every row of a file: kept, refused with a reason, or counted already from another file."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

ZERO = Decimal("0.00")


def sha256_of(path: Path) -> str:
    """SHA-256 of a file's bytes, as hexadecimal."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


@dataclass(frozen=True)
class Amount:
    """Some rows and the pounds that they state; no pounds where the source states none."""

    rows: int = 0
    gbp: Decimal = ZERO


NOTHING = Amount()


@dataclass(frozen=True)
class Refusal:
    """One row that was not taken: where it stands, the rule it broke, and what would mend it."""

    row: int
    reason: str
    remedy: str = ""
    sheet: str | None = None
    column: str | None = None
    value: str | None = None
    gbp: Decimal = ZERO

    def as_dict(self) -> dict[str, Any]:
        return {
            "row": self.row,
            "reason": self.reason,
            "sheet": self.sheet,
            "column": self.column,
            "value": self.value,
            "gbp": float(self.gbp),
            "remedy": self.remedy,
        }


@dataclass
class FileReport:
    """The account of one raw file.

    `rows` counts data rows: `rows = kept + refused + duplicates`, and the same in pounds. Only `account` and
    `delivered_before` set these numbers, for every source. Title rows, blank rows, repeated headers and rows that are
    no entries of their own hold no data and are counted in `other_rows`. Of the rows kept, `unknown_supplier_rows` and
    `gbp_unknown` do not say to whom was paid. A file refused whole has `error` set and
    no rows taken. `gbp` amounts are zero for sources without money.
    """

    file: str
    source: str
    sha256: str
    rows: int = 0
    kept: int = 0
    duplicates: int = 0
    gbp_in: Decimal = ZERO
    gbp_kept: Decimal = ZERO
    gbp_refused: Decimal = ZERO
    gbp_duplicates: Decimal = ZERO
    other_rows: int = 0
    unknown_supplier_rows: int = 0
    gbp_unknown: Decimal = ZERO
    refusals: list[Refusal] = field(default_factory=list)
    duplicate_of: list[str] = field(default_factory=list)
    unmatched_columns: list[str] = field(default_factory=list)
    vat_basis: str | None = None
    encoding: str | None = None
    notes: list[str] = field(default_factory=list)
    error: str | None = None

    @property
    def refused(self) -> int:
        return len(self.refusals)

    def account(
        self,
        kept: Amount,
        refusals: Iterable[Refusal] = (),
        repeated: Amount = NOTHING,
        of: Iterable[str] = (),
        unnamed: Amount = NOTHING,
    ) -> None:
        """Say what became of the rows of the file: what was read is what was kept, refused or stood in it twice.

        `of` names the files in which the repeated rows stand, `unnamed` are the kept rows that do not say who was paid.
        """
        self.refusals = list(refusals)
        self.kept, self.gbp_kept = kept.rows, kept.gbp
        self.duplicates, self.gbp_duplicates = repeated.rows, repeated.gbp
        self.gbp_refused = sum((refusal.gbp for refusal in self.refusals), start=ZERO)
        self.rows = self.kept + self.refused + self.duplicates
        self.gbp_in = self.gbp_kept + self.gbp_refused + self.gbp_duplicates
        self.unknown_supplier_rows, self.gbp_unknown = unnamed.rows, unnamed.gbp
        self.duplicate_of = sorted({*self.duplicate_of, *of})

    def delivered_before(self, again: Amount, by: Iterable[str], unnamed: Amount = NOTHING) -> None:
        """Some of the rows kept turn out to be delivered by other files too: they are kept no longer, but duplicates."""
        self.kept -= again.rows
        self.gbp_kept -= again.gbp
        self.duplicates += again.rows
        self.gbp_duplicates += again.gbp
        self.unknown_supplier_rows -= unnamed.rows
        self.gbp_unknown -= unnamed.gbp
        self.duplicate_of = sorted({*self.duplicate_of, *by})

    def refused_by_reason(self) -> dict[str, int]:
        counts: dict[str, int] = {}
        for refusal in self.refusals:
            counts[refusal.reason] = counts.get(refusal.reason, 0) + 1
        return dict(sorted(counts.items()))

    def reconciles(self) -> bool:
        """In = kept + refused + duplicates, in rows and in pounds to the penny."""
        return (
            self.rows == self.kept + self.refused + self.duplicates
            and self.gbp_in == self.gbp_kept + self.gbp_refused + self.gbp_duplicates
        )

    @classmethod
    def from_dict(cls, told: dict[str, Any]) -> FileReport:
        """The report that `as_dict` told."""
        pounds = {key: Decimal(str(told[key])) for key in told if key.startswith("gbp_")}
        refusals = [Refusal(**{**refusal, "gbp": Decimal(str(refusal["gbp"]))}) for refusal in told["refusals"]]
        return cls(**{**{k: v for k, v in told.items() if k != "refused"}, **pounds, "refusals": refusals})

    def as_dict(self) -> dict[str, Any]:
        """The form of `cwb check --json` and of data/processed/…/lineage.json."""
        return {
            "file": self.file,
            "source": self.source,
            "sha256": self.sha256,
            "rows": self.rows,
            "kept": self.kept,
            "refused": self.refused,
            "duplicates": self.duplicates,
            "gbp_in": float(self.gbp_in),
            "gbp_kept": float(self.gbp_kept),
            "gbp_refused": float(self.gbp_refused),
            "gbp_duplicates": float(self.gbp_duplicates),
            "other_rows": self.other_rows,
            "unknown_supplier_rows": self.unknown_supplier_rows,
            "gbp_unknown": float(self.gbp_unknown),
            "vat_basis": self.vat_basis,
            "encoding": self.encoding,
            "unmatched_columns": self.unmatched_columns,
            "duplicate_of": self.duplicate_of,
            "notes": self.notes,
            "error": self.error,
            "refusals": [refusal.as_dict() for refusal in self.refusals],
        }
