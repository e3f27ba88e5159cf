"""What can be fetched, from where, and what makes a file the right one."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

from cwb.base.errors import Fault
from cwb.base.progress import Progress, quiet
from cwb.council.config import Settings
from cwb.reference import table
from cwb.sources.fetch.address import FetchError, own_name
from cwb.sources.fetch.download import MEGABYTE, NotThereError, discard, download, part_of, state_of
from cwb.sources.fetch.line import Line
from cwb.sources.fetch.place import check_file, check_size, checked_in, put_in_place

_ENDINGS = (".csv", ".zip", ".json", ".geojson", ".xlsx", ".ods", ".txt")
_MOST_PAGE = 20 * MEGABYTE
_YEAR = "{registry_year}"


@dataclass(frozen=True)
class Dataset:
    """One row of the table of downloads; `url` and `file` may hold {month}, {day}, {districts}, {reporting_year} and {registry_year}.

    `attached`: the address was read on a page of the publisher's, and is not the table's or the settings'.
    """

    name: str
    source: str
    url: str
    file: str
    publisher: str
    licence: str
    page: str
    checked: str
    valid_from: str
    most_megabytes: str
    attachment: str = ""
    attached: bool = False

    def most_bytes(self, settings: Settings) -> int:
        """How many bytes it may have: by the settings, else by the table."""
        return int(settings.fetch.most_megabytes.get(self.name, int(self.most_megabytes)) * MEGABYTE)


def datasets() -> dict[str, Dataset]:
    """Name → dataset, as the reference table lists them."""
    return {row["name"]: Dataset(**row) for row in table("downloads").to_dict("records")}


def dataset(name: str, settings: Settings) -> Dataset:
    """The dataset of a name with the address that the settings give, if they do; raise `FetchError` if unknown."""
    known = datasets()
    found = known.get(name)
    if found is None:
        raise FetchError(
            Fault(rule="this dataset is not known", value=name, remedy=f"Choose from {', '.join(known)}.")
        )
    address = settings.data.addresses.get(name)
    if address and found.attachment and not own_name(PurePosixPath(urlsplit(address).path).name, _ENDINGS):
        found = replace(found, url=address)
    elif address:
        found = replace(found, url=address, file=_file_of(address, found.file), attachment="")
    if not found.url:
        raise FetchError(
            Fault(
                rule=f"{name}: {found.checked}",
                remedy=f"Download it by hand from {found.page} into data/raw/{found.source}/, or give its address "
                f"under [data.addresses] in cwb.toml.",
            )
        )
    return found


def _file_of(address: str, usual: str) -> str:
    """The name for a file from the council's own address: the usual one with the address' own ending."""
    last = PurePosixPath(urlsplit(address).path)
    if usual:
        return f"{PurePosixPath(usual).stem}{last.suffix}" if last.suffix in (".csv", ".zip", ".json") else usual
    name = own_name(last.name, _ENDINGS)
    if name is None:
        rule = f"the address does not end in the name of a file ({', '.join(_ENDINGS)})"
        raise FetchError(Fault(rule=rule, value=last.name, remedy="Mend it under [data.addresses]."))
    return name


def _attached(line: Line, wanted: Dataset, folder: Path) -> Dataset:
    """The dataset with the address of its newest attachment, where its own address is a page that lists them."""
    if not wanted.attachment:
        return wanted
    remedy = f"Download it by hand from {wanted.page} into data/raw/{wanted.source}/."
    page = folder / f".{wanted.name}-page.json"
    try:
        part = download(line, wanted.url, page, quiet, _MOST_PAGE).part
        found = [
            (url, name)
            for url in _addresses(json.loads(part.read_text(encoding="utf-8")))
            if re.search(wanted.attachment, urlsplit(url).path, re.IGNORECASE)
            and (name := own_name(PurePosixPath(urlsplit(url).path).name, _ENDINGS))
        ]
    except (ValueError, RecursionError):
        raise FetchError(
            Fault(rule=f"{wanted.name}: the publisher's page cannot be read", remedy=remedy)
        ) from None
    finally:
        discard(page)
    if not found:
        raise FetchError(Fault(rule=f"{wanted.name}: no file on the publisher's page fits", remedy=remedy))
    url, name = found[-1]
    return replace(wanted, url=url, file=name, attached=True)


def _addresses(content: object) -> list[str]:
    """Every address of an attachment in a page's content, in order."""
    if isinstance(content, dict):
        here = [content["url"]] if isinstance(content.get("url"), str) else []
        return here + [url for value in content.values() for url in _addresses(value)]
    if isinstance(content, list):
        return [url for value in content for url in _addresses(value)]
    return []


def is_yearly(settings: Settings, name: str) -> bool:
    """Whether a dataset has an address a registry year, of which several are wanted; raise `FetchError` if it is unknown."""
    return _YEAR in dataset(name, settings).url


def fetch_years(
    settings: Settings, name: str, years: range, line: Line, progress: Progress, today: date | None = None
) -> Path:
    """Fetch the files of some registry years, as `fetch_file` does each, and return their folder. What came before a year that
    cannot be fetched stays."""
    for year in years:
        target = fetch_file(settings, name, line, progress, today, year)
    return target.parent


def fetch_file(
    settings: Settings,
    name: str,
    line: Line,
    progress: Progress,
    today: date | None = None,
    year: int | None = None,
) -> Path:
    """Fetch one dataset, or its file of one registry year, into its folder of data/raw, check that it is what it should be,
    write its sidecar.

    A monthly file that is not out yet is taken from the month before. Raises `FetchError` or `SourceError`; then
    data/raw holds nothing new but the part to resume from.
    """
    today = today or date.today()
    wanted = dataset(name, settings)
    if year is not None:
        # Files of several years stand side by side, and one says nothing of the size of another.
        wanted = replace(
            wanted, url=wanted.url.replace(_YEAR, str(year)), file=wanted.file.replace(_YEAR, str(year))
        )
    folder, pattern = settings.raw / wanted.source, re.sub(r"\{\w+\}", "*", wanted.file)
    wanted = _attached(line, wanted, folder)
    months = [today, date(today.year - (today.month == 1), (today.month - 2) % 12 + 1, 1)]
    for attempt, month in enumerate(months):
        filled = {
            "month": f"{month:%Y-%m}",
            "day": f"{today:%Y-%m-%d}",
            "districts": ",".join(settings.local.districts),
            "registry_year": str(today.year),
            # Of a year of snapshots employers report until 4 April of the next one.
            "reporting_year": f"{today.year - (1 if (today.month, today.day) > (4, 4) else 2)}",
        }
        url, target = _fill(wanted.url, filled), folder / _fill(wanted.file, filled)
        _tidy(target, pattern)
        try:
            fetched = download(
                line, url, target, progress, wanted.most_bytes(settings), named_by_server=wanted.attached
            )
        except NotThereError:
            if attempt == len(months) - 1 or "{month}" not in wanted.url:
                raise
            continue

        def check(part: Path, target: Path = target) -> None:
            check_file(wanted.source, part, target, settings.local.districts)
            # Of fewer districts there are fewer rows, which is no fault.
            if "*" in pattern and "{districts}" not in wanted.url:
                check_size(part, target, pattern)

        put_in_place(fetched, target, wanted.publisher, wanted.licence, today, check)
        return target
    raise AssertionError("unreachable")


def _tidy(target: Path, pattern: str) -> None:
    """Give a part back its name that a killed check left, and remove what killed fetches of other days left."""
    checked = checked_in(target)
    if (held := checked / target.name).is_file() and not part_of(target).exists():
        held.rename(part_of(target))
    ours = {part_of(target).name, state_of(target).name}
    for path in target.parent.glob(f"{pattern}.part*"):
        if path.name not in ours and path.is_file():
            path.unlink()
    for path in target.parent.glob(f".check-{pattern}"):
        shutil.rmtree(path)


def _fill(text: str, values: dict[str, str]) -> str:
    for key, value in values.items():
        text = text.replace(f"{{{key}}}", value)
    return text
