"""The sections of cwb.toml: what each setting means, its limits and its default."""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatchcase
from importlib.resources import files
from pathlib import Path, PurePosixPath
from typing import Annotated, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, field_validator

from cwb.council.raw_files import leaves_its_folder
from cwb.reference import table

# A source is a module of cwb/sources/datasets; its files are in the folder of its name.
SOURCES = tuple(
    sorted(
        path.name.removesuffix(".py") for path in files("cwb.sources.datasets").iterdir() if path.name[0].isalpha()
    )
)
AnchorKind = Literal[
    "council", "combined authority", "nhs", "university", "college", "police", "fire", "business", "other"
]
# A larger business publishes nothing by law, and no procurement rule binds it.
BUSINESS: AnchorKind = "business"
ANCHOR_KINDS: tuple[AnchorKind, ...] = get_args(AnchorKind)


def slug_of(name: str) -> str:
    """A name as a folder is called: "North Hertfordshire College" is north-hertfordshire-college."""
    return "-".join("".join(c if c.isalnum() else " " for c in name.lower()).split())


def _known_datasets(named: Iterable[str]) -> None:
    """Raise `ValueError` for a dataset that `cwb fetch` does not know."""
    if wanted := set(named):
        known = list(table("downloads")["name"])
        if unknown := sorted(wanted - set(known)):
            raise ValueError(f"no dataset is called {unknown[0]!r}; there are {', '.join(known)}")


class Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Council(Section):
    """Who the pack is about. `buyer_names` and `buyer_ids` find the council's own notices."""

    name: str = Field(min_length=1)
    home_district: str = Field(description="ONS code of the council's own district")
    illustrative: bool = False
    buyer_names: tuple[str, ...] = ()
    buyer_ids: tuple[str, ...] = ()
    threshold_gbp: float = Field(
        default=250.0, ge=0, description="the amount over which the council publishes payments"
    )
    how_to_register: str = Field(
        default="", description="one sentence for suppliers: the council's own portal or contact"
    )

    @field_validator("name")
    @classmethod
    def _can_be_a_folder(cls, value: str) -> str:
        if not slug_of(value):
            raise ValueError("the council's name has a letter or a digit: its folder is called so")
        return value

    @property
    def slug(self) -> str:
        return slug_of(self.name)


class Local(Section):
    """What "local" means: a name that members recognise and its districts."""

    name: str
    districts: tuple[str, ...] = Field(min_length=1)


class Data(Section):
    """Folders, seen from the folder that holds cwb.toml; and, for a source, its file patterns below `raw`."""

    raw: Path = Path("data/raw")
    processed: Path = Path("data/processed")
    reports: Path = Path("reports")
    files: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    addresses: dict[str, str] = Field(
        default_factory=dict, description="where `cwb fetch` finds a dataset that moved"
    )

    @field_validator("addresses")
    @classmethod
    def _on_the_web(cls, value: dict[str, str]) -> dict[str, str]:
        _known_datasets(value)
        for address in value.values():
            if not address.startswith("https://"):
                raise ValueError(f"an address begins with https://, and {address!r} does not")
        return value

    @field_validator("files")
    @classmethod
    def _below_raw(cls, value: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
        for name in value.keys() - set(SOURCES):
            raise ValueError(f"{name!r} is no source; there are {', '.join(SOURCES)}")
        for pattern in (p for patterns in value.values() for p in patterns):
            if leaves_its_folder(pattern):
                raise ValueError(f"a file pattern is seen from the raw folder, and {pattern!r} is not")
        return value


class FileMapping(Section):
    """How some raw files are read whose headings do not say it themselves."""

    files: tuple[str, ...] = Field(
        min_length=1, description="files or folders seen from the raw folder: spend/gateshead*.csv, spend/leeds"
    )
    columns: dict[str, str] = Field(
        default_factory=dict, description='heading → what it holds (a field of the source), or "unused"'
    )
    dates: Literal["day first", "month first"] | None = Field(
        default=None, description="order of day and month, where it is known and the files do not show it"
    )
    currency: str | None = Field(
        default=None, pattern="^[A-Z]{3}$", description="of all amounts: GBP, or amounts that are not pounds"
    )

    @field_validator("files", mode="before")
    @classmethod
    def _one_or_several(cls, value: object) -> object:
        return (value,) if isinstance(value, str) else value

    def fits(self, label: str) -> bool:
        """Whether a raw file, by its path below the raw folder, is one of these or in a folder of these."""
        names = (label, *(parent.as_posix() for parent in PurePosixPath(label).parents))
        return any(fnmatchcase(name, pattern.rstrip("/")) for pattern in self.files for name in names)


class Anchor(Section):
    """Another anchor institution, and every spelling under which its notices appear."""

    name: str
    kind: AnchorKind
    aliases: tuple[str, ...] = Field(min_length=1)
    buyer_ids: tuple[str, ...] = ()
    threshold_gbp: float | None = Field(
        default=None, ge=0, description="the amount over which it publishes payments"
    )

    @property
    def names(self) -> tuple[str, ...]:
        """Its name, then every other spelling of it."""
        return (self.name, *self.aliases)

    @property
    def slug(self) -> str:
        """The name of its folder below `anchor_spend` and `anchor_contracts`."""
        return slug_of(self.name)


class Matching(Section):
    """From which probability a match of a supplier to an organisation is accepted, and from which a person must look."""

    accept: float = Field(default=0.9, gt=0.5, le=1, description="probability from which a match is accepted")
    review: float = Field(
        default=0.5, ge=0, lt=1, description="probability from which a candidate is worth a look"
    )
    whole_register: int = Field(
        default=5_000_000,
        ge=0,
        description="companies on the register from which it is whole: on a smaller one no name alone is accepted, without the same postcode",
    )
    confirm_from_gbp: float = Field(
        default=100_000, ge=0, description="pounds of all periods from which a match by name asks to be confirmed"
    )


class Area(Section):
    """An area to which a below-threshold competition may be reserved, if legal advice agrees (formats.md 8.3)."""

    name: str
    districts: tuple[str, ...] = Field(min_length=1)


class Reservation(Section):
    """Local for reservation, which the law defines; not the same as local for measurement."""

    areas: tuple[Area, ...] = ()


class Gap(Section):
    """How demand and supply are compared."""

    horizon_months: int = Field(default=24, ge=1, le=120, description="how far ahead demand is looked at")
    workable: int = Field(
        default=3, ge=1, description="local suppliers large enough from which a market is workable"
    )
    strong: int = Field(
        default=8, ge=2, description="local suppliers large enough from which a market can be strong"
    )
    proven: int = Field(
        default=3,
        ge=0,
        description="suppliers paid as much in one year as the purchase costs, to make a market strong",
    )
    turnover_part: float = Field(
        default=0.5, gt=0, le=1, description="share of a firm's turnover that one year of a contract may be"
    )
    shift: float = Field(
        default=0.25, gt=0, le=1, description="share of a category's leak taken as realistic to move"
    )


class Collaboration(Section):
    """When contracts of several bodies are near enough to be bought together, and whose payments are known at all."""

    window_months: int = Field(default=6, ge=1, le=60, description="how far apart contracts may end")
    lead_months: int = Field(
        default=9, ge=1, le=36, description="how long a joint procurement takes before a contract ends"
    )
    refused_part: float = Field(
        default=0.05,
        ge=0,
        le=1,
        description="part of what another body's files state that may be refused: above it what it spends is not known",
    )


class Evidence(Section):
    """From how much that is known a number is stated at all: below it a share is not known and a count is "at least"."""

    floor_pounds: float = Field(default=0.5, ge=0, le=1, description="share of the pounds that must be known")
    floor_things: float = Field(
        default=0.5, ge=0, le=1, description="share of the suppliers, contracts or bodies that must be known"
    )
    register_months: int = Field(
        default=18,
        ge=1,
        description="age, at the period's end, from which a register of organisations is told to be old",
    )


class Engine(Section):
    """How much of the machine the tables may take."""

    memory: str = Field(
        default="1GB",
        pattern=r"^\d+(\.\d+)? ?(MB|GB|MiB|GiB)$",
        description="memory of one process, more is spilled to disk",
    )


class Fetch(Section):
    """How much `cwb fetch` takes, and for how long."""

    most_minutes: float = Field(
        default=240, gt=0, le=2880, description="of one command, with all pauses and further tries"
    )
    most_megabytes: dict[str, Annotated[float, Field(gt=0)]] = Field(
        default_factory=dict,
        description="of a dataset's file (of notices, of a page), in place of the usual bound",
    )

    @field_validator("most_megabytes")
    @classmethod
    def _of_datasets(cls, value: dict[str, float]) -> dict[str, float]:
        _known_datasets(value)
        return value


class Emissions(Section):
    """How greenhouse gas is counted."""

    release: str = Field(default="", description="release of the factors; empty for the newest at hand")
    factor_year: int | None = Field(
        default=None, description="year of the factors; none for the newest of the release"
    )
    net_zero_year: int = Field(default=2030, ge=2025, le=2100)
    plan_commitment_year: int = Field(
        default=2050, ge=2025, le=2100, description="by when a valid plan must commit to net zero (formats.md 7.5)"
    )
    plan_months: int = Field(
        default=18, ge=1, description="for how long a signed carbon reduction plan is current"
    )
