"""What can be fetched, from where, and what makes a file the right one."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

import httpx

from cwb.base.errors import Fault, SourceError, fault
from cwb.base.progress import Progress
from cwb.council.config import Settings
from cwb.council.raw_files import SIDECAR
from cwb.reference import table
from cwb.sources.database import connect
from cwb.sources.fetch.download import FetchError, Line, download
from cwb.sources.registers import RegisterSource
from cwb.sources.registry import sources
from cwb.sources.report import RawFile, sha256_of
from cwb.sources.source import Job


@dataclass(frozen=True)
class Dataset:
    """One row of the table of downloads; `url` and `file` may hold {month}, {day} and {districts}."""

    name: str
    source: str
    url: str
    file: str
    publisher: str
    licence: str
    page: str
    checked: str
    valid_from: str
    attachment: str = ""


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
    if address:
        found = replace(found, url=address, file=_file_of(address, found.file))
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
    if not usual:
        return last.name
    return f"{PurePosixPath(usual).stem}{last.suffix}" if last.suffix in (".csv", ".zip", ".json") else usual


def _attached(line: Line, wanted: Dataset) -> Dataset:
    """The dataset with the address of its newest attachment, where its own address is a page that lists them."""
    if not wanted.attachment:
        return wanted
    remedy = f"Download it by hand from {wanted.page} into data/raw/{wanted.source}/."
    try:
        page = line.client.get(wanted.url)
        page.raise_for_status()
        found = [url for url in _addresses(page.json()) if re.search(wanted.attachment, url, re.IGNORECASE)]
    except (httpx.HTTPError, ValueError) as error:
        raise FetchError(
            Fault(rule=f"{wanted.name}: the publisher's page cannot be read ({error})", remedy=remedy)
        ) from None
    if not found:
        raise FetchError(Fault(rule=f"{wanted.name}: no file on the publisher's page fits", remedy=remedy))
    return replace(wanted, url=found[-1], file=PurePosixPath(urlsplit(found[-1]).path).name)


def _addresses(content: object) -> list[str]:
    """Every address of an attachment in a page's content, in order."""
    if isinstance(content, dict):
        here = [content["url"]] if isinstance(content.get("url"), str) else []
        return here + [url for value in content.values() for url in _addresses(value)]
    if isinstance(content, list):
        return [url for value in content for url in _addresses(value)]
    return []


def fetch_file(settings: Settings, name: str, line: Line, progress: Progress, today: date | None = None) -> Path:
    """Fetch one dataset into its folder of data/raw, check that it is what it should be, write its sidecar.

    A monthly file that is not out yet is taken from the month before. Raises `FetchError` or `SourceError`; then
    data/raw holds nothing new but the part to resume from.
    """
    wanted, today = _attached(line, dataset(name, settings)), today or date.today()
    months = [today, date(today.year - (today.month == 1), (today.month - 2) % 12 + 1, 1)]
    for attempt, month in enumerate(months):
        filled = {
            "month": f"{month:%Y-%m}",
            "day": f"{today:%Y-%m-%d}",
            "districts": ",".join(settings.local.districts),
            # Of a year of snapshots employers report until 4 April of the next one.
            "reporting_year": f"{today.year - (1 if (today.month, today.day) > (4, 4) else 2)}",
        }
        url, target = _fill(wanted.url, filled), settings.raw / wanted.source / _fill(wanted.file, filled)
        try:
            part = download(line, url, target, progress)
        except FetchError as error:
            is_last = attempt == len(months) - 1 or "{month}" not in wanted.url
            if is_last or "answered 404" not in str(error):
                raise
            continue
        put_in_place(part, target, wanted, url, today, partial(check_file, wanted.source, target=target))
        return target
    raise AssertionError("unreachable")


def _fill(text: str, values: dict[str, str]) -> str:
    for key, value in values.items():
        text = text.replace(f"{{{key}}}", value)
    return text


def check_file(source: str, part: Path, target: Path) -> None:
    """Raise `SourceError` unless the file reads as its source: a login page or an old layout must not pass."""
    with part.open("rb") as handle:
        head = handle.read(512).lstrip().lower()
    if head.startswith((b"<!doctype", b"<html", b"<?xml")):
        raise SourceError(
            fault("the address gave a web page and not the data", "Find the file on the publisher's page.", target)
        )
    kind = sources()[source]
    if not isinstance(kind, RegisterSource) and source != "factors":
        return
    with tempfile.TemporaryDirectory() as folder:
        # The reader goes by the name's ending, and names the file in its faults: for the check it has its own name.
        beside = part.with_name(f".check-{target.name}")
        beside.mkdir(exist_ok=True)
        shown = beside / target.name
        part.rename(shown)
        scratch = Path(folder)
        con = connect(scratch=scratch / "duckdb")
        try:
            (report,) = kind.store(Job(con, scratch, scratch), [RawFile(target.name, shown, "")])
        finally:
            con.close()
            shown.rename(part)
            beside.rmdir()
    if report.error or not report.kept:
        rule = report.error or f"{target.name}: the file holds no entry."
        remedy = "The file was not kept: the publisher may have changed its form."
        raise SourceError(Fault(rule=rule.rstrip("."), remedy=remedy))


def put_in_place(
    part: Path, target: Path, wanted: Dataset, url: str, today: date, check: Callable[[Path], None]
) -> None:
    """Check a part, write the sidecar and give the file its name; a file that fails its check is removed."""
    try:
        check(part)
    except SourceError:
        part.unlink(missing_ok=True)
        raise
    beside = target.with_name(target.name + SIDECAR)
    beside_part = beside.with_name(beside.name + ".part")
    beside_part.write_text(
        f'publisher = "{wanted.publisher}"\nurl = "{url}"\nretrieved = "{today:%Y-%m-%d}"\n'
        f'licence = "{wanted.licence}"\nsha256 = "{sha256_of(part)}"\n',
        encoding="utf-8",
    )
    beside_part.replace(beside)
    part.replace(target)
