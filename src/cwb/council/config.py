"""cwb.toml as frozen settings. Everything that differs from council to council is here and nowhere in code."""

from __future__ import annotations

from collections import Counter
from functools import cached_property
from pathlib import Path

from pydantic import Field, ValidationError, field_validator, model_validator

from cwb.base.characters import printable_tree, visible
from cwb.base.errors import ConfigError, Fault, SourceError
from cwb.council.anchor_table import read_anchor_table
from cwb.council.bounds import Bounds
from cwb.council.committee import Committee
from cwb.council.periods import Period
from cwb.council.raw_files import find_files, leaves_its_folder
from cwb.council.report_sections import Brief, Published, Recommendations, Report, SocialValue, Target
from cwb.council.reviews import Reviews
from cwb.council.sections import (
    SOURCES,
    Anchor,
    Collaboration,
    Council,
    Data,
    Emissions,
    Engine,
    Evidence,
    Fetch,
    FileMapping,
    Gap,
    Local,
    Matching,
    Reservation,
    Section,
    slug_of,
)  # fmt: skip
from cwb.council.settings_faults import OfKeys, settings_faults, unknown_district
from cwb.council.strategy_sections import Ethics, Procurement
from cwb.council.toml_text import read_toml
from cwb.reference import district_codes, districts


class Settings(Section):
    """One council's cwb.toml. Unknown keys are errors, so that a misspelt setting cannot pass unseen."""

    council: Council
    local: Local
    data: Data = Data()
    baseline: str = "2023-24"
    published: tuple[Published, ...] = ()
    anchors: tuple[Anchor, ...] = ()
    anchor_table: str = Field(
        default="", description="a CSV beside cwb.toml with more anchors, one row per spelling"
    )
    mappings: tuple[FileMapping, ...] = ()
    matching: Matching = Matching()
    reservation: Reservation = Reservation()
    gap: Gap = Gap()
    collaboration: Collaboration = Collaboration()
    procurement: Procurement = Procurement()
    emissions: Emissions = Emissions()
    ethics: Ethics = Ethics()
    reviews: Reviews = Reviews()
    social_value: SocialValue = SocialValue()
    evidence: Evidence = Evidence()
    engine: Engine = Engine()
    fetch: Fetch = Fetch()
    report: Report = Report()
    targets: tuple[Target, ...] = ()
    brief: Brief = Brief()
    recommendations: Recommendations = Recommendations()
    committee: Committee = Committee()
    bounds: Bounds = Bounds()
    folder: Path = Field(default=Path(), exclude=True)
    file: str = Field(default="cwb.toml", exclude=True)

    @field_validator("anchor_table")
    @classmethod
    def _beside(cls, value: str) -> str:
        if leaves_its_folder(value):
            raise ValueError(
                f"the table of anchors lies beside cwb.toml or in a folder there, and {value!r} does not"
            )
        return value

    @field_validator("baseline")
    @classmethod
    def _a_year(cls, value: str) -> str:
        try:
            is_year = not Period.parse(value).quarter
        except ConfigError:
            is_year = False
        if not is_year:
            raise ValueError(f"the baseline is a whole financial year, such as 2023-24, and not {value!r}")
        return value

    @model_validator(mode="after")
    def _districts_exist(self) -> Settings:
        known = district_codes()
        codes = {
            "local.districts": self.local.districts,
            "council.home_district": (self.council.home_district,),
            "reservation.areas": [code for area in self.reservation.areas for code in area.districts],
        }
        unknown = {key: [code for code in named if code not in known] for key, named in codes.items()}
        if any(unknown.values()):
            wrong = dict.fromkeys(code for named in unknown.values() for code in named)
            listed = ", ".join(map(unknown_district, wrong))
            rule = f"not an ONS district code of the districts table: {listed}"
            raise OfKeys(rule, *(key for key, named in unknown.items() if named))
        if self.council.home_district not in self.local.districts:
            rule = "the council's home_district must be one of the districts of [local]"
            raise OfKeys(rule, "council.home_district", "local.districts")
        return self

    @model_validator(mode="after")
    def _one_target_each(self) -> Settings:
        named = [target.finding for target in self.targets]
        if twice := sorted({name for name in named if named.count(name) > 1}):
            raise OfKeys(f"a finding has one target, and this has two: {', '.join(twice)}", "targets")
        return self

    @model_validator(mode="after")
    def _anchors_once(self) -> Settings:
        names = [anchor.name for anchor in self.anchors]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise OfKeys(f"an anchor is given twice: {', '.join(twice)}", "anchors")
        owners: dict[str, str] = {
            " ".join(n.casefold().split()): self.council.name for n in self.council.buyer_names
        }
        for anchor in self.anchors:
            for spelling in anchor.names:
                owner = owners.setdefault(" ".join(spelling.casefold().split()), anchor.name)
                if owner != anchor.name:
                    rule = f"the spelling {spelling!r} stands for {owner} and for {anchor.name}"
                    raise OfKeys(rule, "anchors")
        return self

    @property
    def names_findings(self) -> bool:
        """Whether the council names findings of its own choice."""
        return bool(self.targets or self.published or self.brief != Brief())

    @property
    def tables(self) -> tuple[str, ...]:
        """Files beside cwb.toml that belong to the settings."""
        return tuple(name for name in (self.anchor_table, self.recommendations.table) if name)

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
        return self._home("lad_name")

    @cached_property
    def region_code(self) -> str:
        return self._home("region_code")

    @cached_property
    def region_name(self) -> str:
        return self._home("region_name")

    def _home(self, column: str) -> str:
        table = districts()
        return str(table.loc[table["lad_code"] == self.council.home_district, column].iloc[0])

    def files(self, source: str) -> list[Path]:
        """Raw files of a source, sorted: those its patterns name, else everything in the folder of its name.

        Left out are sidecars (`.source.toml`), hidden files and folders, and files still being fetched (`.part`). Raises `SourceError` for whatever is there and cannot be read, and for a raw folder that the settings name and that is not there.
        """
        if "raw" in self.data.model_fields_set and not self.raw.exists():
            # Else a folder that is misspelt looks like one without files.
            rule, remedy = "the folder that it names does not exist", "Correct it, or make the folder."
            raise SourceError(Fault(rule, remedy, self.file, column="[data] raw", value=str(self.data.raw)))
        patterns = self.data.files.get(source, (f"{source}/**/*",))
        found, faults = find_files(self.raw, self.shown_raw, patterns, self.bounds.files)
        if faults:
            raise SourceError(faults)
        if len(found) > self.bounds.files:
            rule = f"more than {self.bounds.files:,} files are files of {source}"
            remedy = "Look whether they belong there, or raise files under [bounds] in cwb.toml."
            raise SourceError(Fault(file=f"{self.shown_raw}/{source}", rule=rule, remedy=remedy))
        return found

    def label_of(self, path: Path) -> str:
        """A file's name below the raw folder; what cannot be printed of it is shown as its code, so that names stay apart."""
        try:
            name = path.relative_to(self.raw).as_posix()
        except ValueError:
            name = path.name
        return visible(name)

    def anchor_of(self, label: str) -> Anchor | None:
        """The anchor in whose folder a file is, by its name below the raw folder; a folder may spell that name as people do."""
        parts = label.split("/")
        slug = slug_of(parts[1]) if len(parts) > 2 else ""
        return next((one for one in self.anchors if slug in map(slug_of, one.names)), None)

    @property
    def shown_raw(self) -> str:
        """The raw folder as messages call it: never a private folder's whole path."""
        return self.data.raw.name if self.data.raw.is_absolute() else self.data.raw.as_posix()


def stray_files(settings: Settings) -> list[str]:
    """Files below the raw folder that no source reads, seen from it: in a folder of another name, or in none; payments or
    registers of a body whose folder is no anchor's name; and mappings of files that are not there."""
    most = settings.bounds.files * len(SOURCES)
    files, faults = find_files(settings.raw, settings.shown_raw, ("**/*",), most)
    read = {path for source in SOURCES for path in settings.files(source)}
    messages = [str(fault) for fault in faults]
    nobodys: Counter[str] = Counter()
    for path in files:
        parts = path.relative_to(settings.raw).parts
        if path not in read and len(parts) == 1 and parts[0].upper().startswith("README"):
            continue  # it explains the folders
        if path not in read:
            messages.append(f"{'/'.join(parts)}: not read, for its folder is the name of no source")
        elif parts[0].startswith("anchor_") and len(parts) > 2 and not settings.anchor_of("/".join(parts)):
            nobodys["/".join(parts[:2])] += 1
    messages += [
        f"{folder}: the folder of {'a file' if many == 1 else f'{many:,} files'} is the name of no anchor of the settings. Call it "
        "as an anchor is called there, or add the body under [[anchors]] in cwb.toml."
        for folder, many in nobodys.items()
    ]
    labels = [settings.label_of(path) for path in files]
    for mapping in settings.mappings:
        if not any(mapping.fits(label) for label in labels):
            messages.append(
                f"{', '.join(mapping.files)}: named in [[mappings]] of the settings, and no raw file is called so"
            )
    return messages


def find_config(name: str | Path = "cwb.toml") -> Path:
    """The named file here or in a folder above; raise `ConfigError` when there is none."""
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
    raw = read_toml(path, ConfigError)
    table, anchors = raw.get("anchor_table"), raw.get("anchors", [])
    if table and isinstance(table, str) and isinstance(anchors, list) and not leaves_its_folder(table):
        raw["anchors"] = [*anchors, *read_anchor_table(path.parent / table)]
    try:
        settings = Settings.model_validate(printable_tree(raw))
    except ValidationError as error:
        raise ConfigError(settings_faults(error, path.name)) from None
    return settings.model_copy(update={"folder": path.parent, "file": path.name})
