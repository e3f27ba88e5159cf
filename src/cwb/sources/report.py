"""What became of every row of a file: kept, refused with a reason, or counted already from another file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from decimal import Decimal
from pathlib import Path

from cwb.base.errors import Fault
from cwb.base.kept import sha256_of
from cwb.base.privacy import shown_text
from cwb.council.bounds import DEFAULT, Bounds
from cwb.council.sections import FileMapping
from cwb.sources.refusal import TOTAL_ROW, ZERO, Breach, Refusal

# By what it is known of which day a register is.
BY_NAME, BY_COLUMN, BY_ENTRY = "its name", "its own column", "its newest entry"


@dataclass(frozen=True)
class RawFile:
    """A raw file: `label` is its name in every table and message (its path below data/raw), `mapping` and `bounds`
    how the settings say that it is read, and how much of it."""

    label: str
    path: Path
    sha256: str
    mapping: FileMapping | None = None
    bounds: Bounds = DEFAULT

    @property
    def columns(self) -> Mapping[str, str]:
        """Heading → field, for the headings that the settings map."""
        return self.mapping.columns if self.mapping else {}

    @property
    def month_first(self) -> bool | None:
        """The order of its dates as the settings say it; None where they leave it to the file."""
        return self.mapping.dates == "month first" if self.mapping and self.mapping.dates else None

    @property
    def currency(self) -> str | None:
        """The currency of all its amounts, where the settings say it."""
        return self.mapping.currency if self.mapping else None

    @classmethod
    def of(cls, path: Path, label: str | None = None) -> RawFile:
        return cls(label or path.name, path, sha256_of(path))


def rows_of(number: int) -> str:
    """ "1 row", "2,000 rows"."""
    return f"{number:,} {'row' if number == 1 else 'rows'}"


@dataclass(frozen=True)
class Amount:
    """Some rows and the pounds that they state; no pounds where the source states none."""

    rows: int = 0
    gbp: Decimal = ZERO


NOTHING = Amount()


@dataclass(frozen=True)
class Unread:
    """Values of one field that rows kept state and that cannot be read: how many, the first row, up to three as they stand; and, of a
    closed list, the words that are allowed."""

    column: str
    rows: int
    row: int
    examples: tuple[str, ...]
    allowed: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "examples", tuple(shown_text(text) or text for text in self.examples))

    def in_words(self, heading: str) -> str:
        """The sentence for a user, with the column as the file heads it."""
        plural = "value" if self.rows == 1 else "values"
        first, *others = map(repr, self.examples)
        also = f"; also {', '.join(others)}" if others else ""
        return (
            f"{self.rows:,} {plural} of {heading} cannot be read and taken as not known "
            f"(first: row {self.row}, {first}{also}){self.remedy}"
        )

    @property
    def remedy(self) -> str:
        """Which words are allowed; nothing where any text is."""
        return f". Write one of: {', '.join(self.allowed)}" if self.allowed else ""


@dataclass(frozen=True)
class FileReport:
    """The account of one raw file.

    `rows` counts data rows: `rows = kept + refused + duplicates`, and the same in pounds (`gbp_in` …). Only `account` and
    `delivered_before` set these numbers, for every source. Title rows, blank rows, repeated headers and rows that are
    no entries of their own hold no data and are counted in `other_rows`. Of the rows kept, `unknown_supplier_rows` and
    `gbp_unknown` do not say to whom was paid. A file refused whole has `error` set and no rows taken; it
    ends a build unless it `is_skipped`, and is told then. `gbp` amounts are
    zero for sources without money. `unread` are values of rows kept that are stated and could not be read.
    `as_of` is the day (YYYY-MM-DD) of which a register is, and `as_of_by` what tells it; `newest` and `oldest`, which a check
    alone tells, the days of the newest and the oldest row kept. `headings` is how the file heads each field that was found in it: `column` of a refusal and of
    unread values is the field, and a user is told the heading. `sidecar` is what `<file>.source.toml` says of the file.
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
    vat_basis: str | None = None
    encoding: str | None = None
    unmatched_columns: tuple[str, ...] = ()
    headings: Mapping[str, str] = field(default_factory=dict)
    duplicate_of: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    error: str | None = None
    sidecar: Mapping[str, str] = field(default_factory=dict)
    refusals: tuple[Refusal, ...] = ()
    unread: tuple[Unread, ...] = ()
    is_skipped: bool = False
    as_of: str | None = None
    as_of_by: str = ""
    newest: str | None = None
    oldest: str | None = None

    def __post_init__(self) -> None:
        # What is taken for a heading may be a row.
        object.__setattr__(
            self, "unmatched_columns", tuple(shown_text(text) or text for text in self.unmatched_columns)
        )
        shown = {name: heading for name, heading in self.headings.items() if shown_text(heading) == heading}
        object.__setattr__(self, "headings", shown)

    def heading_of(self, column: str) -> str:
        """What the file calls a field; of one that it has no heading for, its words."""
        return self.headings.get(column, column.replace("_", " "))

    def headed(self, fault: Fault) -> Fault:
        """A fault of a row with its column as the file heads it."""
        return replace(fault, column=self.heading_of(fault.column)) if fault.column else fault

    def faults_of(self, row: Refusal) -> list[Fault]:
        """One fault for each rule that the row broke, by the field's name."""
        return [
            Fault(one.reason, one.remedy, self.file, row.sheet, row.row, one.column, one.value)
            for one in row.breaches
        ]

    def faults(self) -> Iterator[Fault]:
        """Those of all rows refused that are no totals."""
        return (fault for row in self.refusals if row.reason != TOTAL_ROW for fault in self.faults_of(row))

    @property
    def refused(self) -> int:
        return len(self.refusals)

    @property
    def totals(self) -> Amount:
        """Of the rows refused those that only add up others: nothing is lost with them."""
        return self._refused(is_total=True)

    @property
    def truly_refused(self) -> Amount:
        """The rows refused that are no totals."""
        return self._refused(is_total=False)

    @property
    def refused_without_pounds(self) -> int:
        """How many of the rows refused, but for totals, have pounds that nobody can add up."""
        return sum(not one.is_gbp_known for one in self.refusals if one.reason != TOTAL_ROW)

    def _refused(self, is_total: bool) -> Amount:
        amounts = [refusal.gbp for refusal in self.refusals if (refusal.reason == TOTAL_ROW) == is_total]
        return Amount(len(amounts), sum(amounts, start=ZERO))

    @property
    def is_lost(self) -> bool:
        """Whether the file held rows and every one was refused: it was read in vain. Rows delivered before are not lost."""
        return self.rows > 0 and self.refused == self.rows

    def account(
        self,
        kept: Amount,
        refusals: Iterable[Refusal] = (),
        repeated: Amount = NOTHING,
        of: Iterable[str] = (),
        unnamed: Amount = NOTHING,
    ) -> FileReport:
        """The report that says what became of the rows: what was read is what was kept, refused or repeated in it.

        `of` names the files that have the repeated rows, by default this one; `unnamed` are the kept rows that do
        not say who was paid.
        """
        refused = tuple(refusals)
        holds_rows = kept.rows + len(refused) + repeated.rows > 0
        gbp_refused = sum((refusal.gbp for refusal in refused), start=ZERO)
        return replace(
            self,
            rows=kept.rows + len(refused) + repeated.rows,
            notes=self.notes if holds_rows else (*self.notes, "it holds no rows"),
            gbp_in=kept.gbp + gbp_refused + repeated.gbp,
            kept=kept.rows,
            gbp_kept=kept.gbp,
            refusals=refused,
            gbp_refused=gbp_refused,
            duplicates=repeated.rows,
            gbp_duplicates=repeated.gbp,
            duplicate_of=tuple(sorted(set(of) or {self.file})) if repeated.rows else (),
            unknown_supplier_rows=unnamed.rows,
            gbp_unknown=unnamed.gbp,
        )

    def delivered_before(self, again: Amount, by: Iterable[str], unnamed: Amount = NOTHING) -> FileReport:
        """The report when some of the rows kept turn out to be delivered by other files too: they are duplicates."""
        return replace(
            self,
            kept=self.kept - again.rows,
            gbp_kept=self.gbp_kept - again.gbp,
            duplicates=self.duplicates + again.rows,
            gbp_duplicates=self.gbp_duplicates + again.gbp,
            duplicate_of=tuple(sorted({*self.duplicate_of, *by})),
            unknown_supplier_rows=self.unknown_supplier_rows - unnamed.rows,
            gbp_unknown=self.gbp_unknown - unnamed.gbp,
        )

    def refused_by_reason(self) -> dict[str, int]:
        return dict(sorted(Counter(refusal.reason for refusal in self.refusals).items()))

    def reconciles(self) -> bool:
        """In = kept + refused + duplicates, in rows and in pounds to the penny."""
        return (
            self.rows == self.kept + self.refused + self.duplicates
            and self.gbp_in == self.gbp_kept + self.gbp_refused + self.gbp_duplicates
        )

    def as_dict(self) -> dict[str, object]:
        """The form of `cwb check --json` and of data/processed/…/lineage.json: pounds as numbers, lists for tuples."""
        fields = {
            name: float(value) if isinstance(value, Decimal) else value for name, value in asdict(self).items()
        }
        refusals = [
            {**refusal, "gbp": float(refusal["gbp"]) if refusal["is_gbp_known"] else None}
            for refusal in asdict(self)["refusals"]
        ]
        return {**fields, "refused": self.refused, "refusals": refusals}

    @classmethod
    def from_dict(cls, content: Mapping[str, object]) -> FileReport:
        """The report that `as_dict` returned as `content`."""
        given = {name: value for name, value in content.items() if name in cls.__dataclass_fields__}
        for name, value in given.items():
            if name.startswith("gbp_"):
                given[name] = Decimal(str(value))
            elif name == "unread":
                given[name] = tuple(  # type: ignore[assignment]
                    Unread(**{**one, "examples": tuple(one["examples"]), "allowed": tuple(one.get("allowed", ()))})
                    for one in value  # type: ignore[attr-defined]
                )
            elif isinstance(value, list) and name != "refusals":
                given[name] = tuple(value)
        refusals = [
            {
                **refusal,
                "gbp": ZERO if refusal["gbp"] is None else Decimal(str(refusal["gbp"])),
                "also": tuple(Breach(**one) for one in refusal["also"]),
            }
            for refusal in given.pop("refusals")  # type: ignore[attr-defined]
        ]
        return cls(**given, refusals=tuple(Refusal(**refusal) for refusal in refusals))  # type: ignore[arg-type]
