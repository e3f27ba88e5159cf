"""cwb.toml as frozen settings. Everything that differs from council to council is here and nowhere in code."""

from __future__ import annotations

import tomllib
from functools import cached_property
from pathlib import Path
from typing import Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from cwb.errors import ConfigError, Fault
from cwb.periods import Period
from cwb.reference import districts

SourceName = Literal[
    "spend", "vendors", "contracts", "awards", "notices", "one_offs", "pipeline", "review", "crosswalk", "companies",
    "mutuals", "charities", "coops", "business_counts", "anchor_spend", "anchor_contracts", "initiatives", "factors",
    "deflators", "supplier_emissions", "carbon_plans", "checklists", "postcodes", "boundaries",
]  # fmt: skip
SOURCES: tuple[SourceName, ...] = get_args(SourceName)
_NOT_RAW = (".source.toml", ".part", ".part.json")


def slug_of(name: str) -> str:
    """A name as a folder is called: "North Hertfordshire College" is north-hertfordshire-college."""
    return "-".join("".join(c if c.isalnum() else " " for c in name.lower()).split())


class _Settings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Council(_Settings):
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

    @property
    def slug(self) -> str:
        return slug_of(self.name)


class Local(_Settings):
    """What "local" means: a name that members recognise and the districts it is made of."""

    name: str
    districts: tuple[str, ...] = Field(min_length=1)


class Data(_Settings):
    """Folders, seen from the folder that holds cwb.toml; and, for a source, its file patterns below `raw`."""

    raw: Path = Path("data/raw")
    processed: Path = Path("data/processed")
    reports: Path = Path("reports")
    files: dict[SourceName, tuple[str, ...]] = Field(default_factory=dict)
    addresses: dict[str, str] = Field(
        default_factory=dict, description="where `cwb fetch` finds a dataset that moved"
    )

    @field_validator("addresses")
    @classmethod
    def _on_the_web(cls, value: dict[str, str]) -> dict[str, str]:
        for address in value.values():
            if not address.startswith(("https://", "http://")):
                raise ValueError(f"an address begins with https://, and {address!r} does not")
        return value

    @field_validator("files")
    @classmethod
    def _below_raw(cls, value: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
        for pattern in (p for patterns in value.values() for p in patterns):
            if not pattern or Path(pattern).is_absolute() or pattern.startswith(("/", "\\")):
                raise ValueError(f"a file pattern is seen from the raw folder, and {pattern!r} is not")
        return value


class Published(_Settings):
    """A figure that the council has published before, to be checked against what the rows now say."""

    finding: str
    period: str
    value: float
    rounding: float = Field(description="the step to which it was rounded: 0.01 for whole per cents")
    source: str


class Anchor(_Settings):
    """Another anchor institution, and every spelling under which its notices appear."""

    name: str
    kind: Literal["council", "nhs", "university", "college", "police", "other"]
    spellings: tuple[str, ...] = Field(min_length=1)
    buyer_ids: tuple[str, ...] = ()
    threshold_gbp: float | None = Field(
        default=None, ge=0, description="the amount over which it publishes payments"
    )

    @property
    def slug(self) -> str:
        """The name of its folder below `anchor_spend` and `anchor_contracts`."""
        return slug_of(self.name)


class Matching(_Settings):
    """Where a probable match of a supplier to an organisation stands, and where a person must look."""

    accept: float = Field(default=0.9, gt=0.5, le=1, description="probability from which a match stands")
    review: float = Field(
        default=0.5, ge=0, lt=1, description="probability from which a candidate is worth a look"
    )


class Area(_Settings):
    """An area to which a below-threshold competition may be reserved, if legal advice agrees (formats.md 8.3)."""

    name: str
    districts: tuple[str, ...] = Field(min_length=1)


class Reservation(_Settings):
    """Local for reservation, which the law defines; not the same as local for measurement."""

    areas: tuple[Area, ...] = ()


class Gap(_Settings):
    """How demand and supply are compared."""

    horizon_months: int = Field(default=24, ge=1, le=120, description="how far ahead demand is looked at")
    workable: int = Field(default=3, ge=1, description="capable local suppliers from which a market is workable")
    strong: int = Field(default=8, ge=2, description="capable local suppliers from which a market can be strong")
    proven: int = Field(
        default=2, ge=0, description="of these, suppliers known to us without which none is strong"
    )
    turnover_part: float = Field(
        default=0.5, gt=0, le=1, description="share of a firm's turnover that one year of a contract may be"
    )
    shift: float = Field(
        default=0.25, gt=0, le=1, description="share of a category's leak taken as realistic to move"
    )


class Collaboration(_Settings):
    """When contracts of several bodies are near enough to be bought together."""

    window_months: int = Field(default=6, ge=1, le=60, description="how far apart contracts may end")
    lead_months: int = Field(
        default=9, ge=1, le=36, description="how long a joint procurement takes before a contract ends"
    )


class Emissions(_Settings):
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


class Settings(_Settings):
    """One council's cwb.toml. Unknown keys are errors, so that a misspelt setting cannot pass unseen."""

    council: Council
    local: Local
    data: Data = Data()
    baseline: str = "2023-24"
    published: tuple[Published, ...] = ()
    anchors: tuple[Anchor, ...] = ()
    matching: Matching = Matching()
    reservation: Reservation = Reservation()
    gap: Gap = Gap()
    collaboration: Collaboration = Collaboration()
    emissions: Emissions = Emissions()
    folder: Path = Field(default=Path(), exclude=True)

    @field_validator("baseline")
    @classmethod
    def _a_year(cls, value: str) -> str:
        if Period.parse(value).quarter:
            raise ValueError("the baseline is a whole financial year, such as 2023-24")
        return value

    @model_validator(mode="after")
    def _districts_exist(self) -> Settings:
        known = set(districts()["lad_code"])
        reserved = (code for area in self.reservation.areas for code in area.districts)
        stated = (*self.local.districts, self.council.home_district, *reserved)
        unknown = [code for code in stated if code not in known]
        if unknown:
            raise ValueError(f"not an ONS district code of the districts table: {', '.join(unknown)}")
        if self.council.home_district not in self.local.districts:
            raise ValueError("the council's home_district must be one of the districts of [local]")
        return self

    @property
    def raw(self) -> Path:
        return self.folder / self.data.raw

    @property
    def processed(self) -> Path:
        """Tables that belong to this council alone."""
        return self.folder / self.data.processed / self.council.slug

    @property
    def shared_processed(self) -> Path:
        """Tables that do not depend on the council: postcodes."""
        return self.folder / self.data.processed

    @property
    def reports(self) -> Path:
        return self.folder / self.data.reports

    @cached_property
    def baseline_period(self) -> Period:
        return Period.parse(self.baseline)

    @cached_property
    def home_name(self) -> str:
        table = districts()
        return str(table.loc[table["lad_code"] == self.council.home_district, "lad_name"].iloc[0])

    @cached_property
    def region_code(self) -> str:
        table = districts()
        return str(table.loc[table["lad_code"] == self.council.home_district, "region_code"].iloc[0])

    @cached_property
    def region_name(self) -> str:
        table = districts()
        return str(table.loc[table["lad_code"] == self.council.home_district, "region_name"].iloc[0])

    def files(self, source: SourceName) -> list[Path]:
        """Raw files of a source, sorted: those its patterns name, else everything in the folder of its name.

        Left out are sidecars (`.source.toml`), hidden files and folders, files still being fetched (`.part`), and files
        that only explain (`README*`).
        """
        patterns = self.data.files.get(source, (f"{source}/**/*",))
        found = {path for pattern in patterns for path in self.raw.glob(pattern) if path.is_file()}
        return sorted(path for path in found if is_raw(path.relative_to(self.raw)))


def is_raw(path: Path) -> bool:
    """Whether a path, seen from a raw folder, is a file to read: not hidden, half fetched, or only an explanation."""
    hidden = any(part.startswith(".") for part in path.parts)
    return not hidden and not path.name.startswith(("~$", "README")) and not path.name.endswith(_NOT_RAW)


def find_config(name: str | Path = "cwb.toml") -> Path:
    """The named file here or in a folder above, as git finds its own; raise `ConfigError` when there is none."""
    path = Path(name)
    if path.is_absolute() or path.parent != Path():
        candidates = [path]
    else:
        here = Path.cwd()
        candidates = [folder / path for folder in (here, *here.parents)]
    for candidate in candidates:
        if candidate.is_file():
            return candidate.resolve()
    raise ConfigError(
        Fault(
            rule=f"no settings file {path.name!r} in this folder or above it",
            remedy="Run the command in the project's folder, or name the file with --config.",
        )
    )


def load_config(name: str | Path = "cwb.toml") -> Settings:
    """Read cwb.toml and check it whole; raise `ConfigError` listing every fault at once."""
    path = find_config(name)
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(
            Fault(rule=f"not valid TOML: {error}", remedy="Mend that line.", file=path.name)
        ) from None
    except UnicodeDecodeError:
        raise ConfigError(
            Fault(rule="the settings are UTF-8 text", remedy="Save the file as UTF-8.", file=path.name)
        ) from None
    try:
        settings = Settings.model_validate(raw)
    except ValidationError as error:
        faults = []
        for problem in error.errors():
            key = ".".join(str(part) for part in problem["loc"]) or "(whole file)"
            unknown = problem["type"] == "extra_forbidden"
            faults.append(
                Fault(
                    file=path.name,
                    column=key,
                    rule="this setting is not known" if unknown else problem["msg"].removeprefix("Value error, "),
                    remedy="Check its spelling, or take it out." if unknown else "Correct the value.",
                )
            )
        raise ConfigError(faults) from None
    return settings.model_copy(update={"folder": path.parent})
