"""Notices of Find a Tender and Contracts Finder in OCDS: release packages, record packages, or one release a line.

Notices have the columns `ocid`, `notice_id`, `notice_type` ("UK7", "older regime" for a CELEX release, "award" and other tags
for Contracts Finder), `notice_date`, `buyer_name`, `buyer_id`, `buyer_postcode`, `other_buyers` (JSON of the
buyers beside the first, in a joint procurement), `title`, `notice_url`, `cpv_code`, the source columns, and of a purchase that is planned or open (UK1 to UK4) `value_gbp`
(excluding VAT where stated, else `value_basis` says), `value_gross_gbp` (including VAT, where stated so), `tender_date` (when
bids are invited or were), `bids_until`, `start_date`, `end_date` (with all extensions), `kind` ("goods", "services", "works"), `is_above_threshold`, `is_light_touch`,
`suits_sme`, `suits_vcse` (True where any lot says so; the notice never says no), `reserved` (participation reserved, as
coded), `lot_count`, `is_withdrawn` (this notice or a later one of the process ends the purchase), `withdrawn_date` (when), `awarded_date` (when a later one
left no lot of it open). Awards have the columns of
the source `awards`. Rules: formats.md 2.3 to 2.9, `ocds_status`, `ocds_latest`. Refused, each by itself: a release without
ocid or kind of notice, one whose awards have no buyer or are dated implausibly. Contact points are never read.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

import pandas as pd

from cwb.sources.datasets.awards import IMPLAUSIBLE, is_implausible
from cwb.sources.datasets.awards import SOURCE as AWARDS
from cwb.sources.fields import DAY, FLAG, NUMBER, RAW, WHOLE, computed
from cwb.sources.ocds import Json, cpv_of, day_of, gross_of, items_of, moment_of, part_of, text_of, value_of
from cwb.sources.ocds_awards import ReadAwards, award_kind, awards_of, notice_type
from cwb.sources.ocds_buyers import buyers_of, other_buyers, postcode_of_buyer
from cwb.sources.ocds_contracts import NoticeTables, write_tables_of
from cwb.sources.ocds_files import REMEDIES, nothing_kept, read_items
from cwb.sources.ocds_latest import AwardVersion, Event, settle
from cwb.sources.ocds_lots import LotsOfRelease, lots_by_process, lots_of_release, with_what_is_left
from cwb.sources.ocds_status import taken_back
from cwb.sources.ocds_unread import unread_in_release
from cwb.sources.refusal import Refusal
from cwb.sources.report import Amount, FileReport, RawFile
from cwb.sources.source import Job
from cwb.sources.tables import TableSource
from cwb.sources.unread import Tally

_REMEDY = "Nothing to do, or ask the buyer to correct the notice."
_TEXTS = (
    "ocid", "notice_id", "notice_type", "buyer_name", "buyer_id", "buyer_postcode", "other_buyers", "title", "cpv_code", "value_basis", "kind",
    "reserved", "notice_url",
)  # fmt: skip
FIELDS = {
    **dict.fromkeys(_TEXTS, computed(RAW)),
    **dict.fromkeys(
        ("notice_date", "tender_date", "bids_until", "start_date", "end_date", "withdrawn_date", "awarded_date"),
        computed(DAY),
    ),
    **dict.fromkeys(
        ("is_above_threshold", "is_light_touch", "suits_sme", "suits_vcse", "is_withdrawn"), computed(FLAG)
    ),
    "value_gbp": computed(NUMBER),
    "value_gross_gbp": computed(NUMBER),
    "lot_count": computed(WHOLE),
}


# What tells one notice of an award from another, beside the columns of the table of awards.
_OF_VERSION = ("award_id", "lots", "place", "contract_ids", "moment", "is_update")


@dataclass(frozen=True)
class ReadNotices:
    """The notices of one file, the awards that they tell, what they take back, and the file's account. Rows of the report
    are releases."""

    notices: pd.DataFrame
    awards: pd.DataFrame
    report: FileReport
    events: list[Event] = field(default_factory=list)
    lots: list[LotsOfRelease] = field(default_factory=list)
    tables: NoticeTables = field(default_factory=NoticeTables)


def read_notices(file: RawFile, seen: dict[tuple[str, str], str] | None = None) -> ReadNotices:
    """Read one file of releases.

    `seen` remembers (ocid, release id) over the pages of a download: a release given twice is a duplicate.
    """
    seen = {} if seen is None else seen
    report = FileReport(file.label, "notices", file.sha256)
    try:
        items, notes = read_items(file.path, file.bounds)
    except ValueError as error:
        return ReadNotices(pd.DataFrame(), pd.DataFrame(), replace(report, error=f"{file.label}: {error}"))
    read, refusals, repeated = _File(), [], []
    for number, item in enumerate(items, start=1):
        release = item.release
        # A release without an id is known by all that it says.
        identity = text_of(release.get("id")) or json.dumps(release, sort_keys=True, default=str)
        place = f"{file.label}#{number}"
        if (ocid := text_of(release.get("ocid"))) and seen.setdefault((ocid, identity), place) != place:
            repeated.append(seen[ocid, identity].rpartition("#")[0])
            continue
        try:
            refused = (item.reason, None) if item.reason else read.add(release, file.label, number)
        except (TypeError, ValueError, AttributeError, ArithmeticError) as error:
            # Whatever a publisher may write: it costs this release and no other.
            refused = (f"the release cannot be read ({type(error).__name__})", None)
        if refused:
            reason = str(refused[0])
            refusals.append(Refusal(number, reason, REMEDIES.get(reason, _REMEDY), value=refused[1]))
    report = report.account(Amount(len(read.notices)), refusals, Amount(len(repeated)), repeated)
    report = replace(report, notes=notes + read.notes(), unread=read.unread.account(), error=nothing_kept(report))
    return ReadNotices(
        pd.DataFrame(read.notices, columns=list(SOURCE.types), dtype=object),
        pd.DataFrame(read.awards, columns=[*AWARDS.types, *_OF_VERSION], dtype=object),
        report,
        read.events,
        read.lots,
        read.tables,
    )


class _File:
    """What the releases of one file tell."""

    def __init__(self) -> None:
        self.notices: list[Json] = []
        self.awards: list[Json] = []
        self.events: list[Event] = []
        self.lots: list[LotsOfRelease] = []
        self.tables = NoticeTables()
        self._left_out: Counter[str] = Counter()
        self._without_value: Counter[str] = Counter()
        self.unread = Tally()

    def add(self, release: Json, label: str, number: int) -> tuple[str, str | None] | None:
        """Take a release; why it is refused and the text at fault where it is."""
        ocid, kind, buyers = text_of(release.get("ocid")), notice_type(release), buyers_of(release)
        if not ocid:
            return "no ocid", None
        if kind is None:
            return "neither a notice type nor a legal basis is stated", None
        awarding = award_kind(release)
        if awarding and not buyers:
            return "an award without a buyer", None
        awards = awards_of(release, awarding) if awarding else ReadAwards()
        wrong = [(award, why) for award in awards.rows if (why := _misdated(award, release))]
        right = [award for award in awards.rows if not _misdated(award, release)]
        if wrong and not right:
            return wrong[0][1]
        name, buyer_id = buyers[0] if buyers else (None, text_of(part_of(release, "buyer").get("id")))
        common = {
            "buyer_name": name, "buyer_id": buyer_id, "buyer_postcode": postcode_of_buyer(release, name), "other_buyers": other_buyers(buyers),
            "source_file": label, "source_sheet": None, "source_row": number,
        }  # fmt: skip
        notice = {**_notice(release, kind), **common}
        moment = moment_of(release)
        events = [Event(ocid, moment, text_of(release.get("id")), what) for what in taken_back(release)]
        self._left_out.update(awards.left_out)
        self._left_out.update(why for why, _ in {(why[0], award["award_key"]) for award, why in wrong})
        self._without_value.update(awards.without_value)
        for field_name, text in unread_in_release(release):
            self.unread.add(field_name, text, number)
        self.notices.append(notice)
        self.tables.add(release, notice)
        self.awards += [{**award, **common} for award in right]
        self.events += events
        self.lots.append(lots_of_release(release, ocid, [award["lots"] for award in awards.rows]))
        return None

    def notes(self) -> tuple[str, ...]:
        """What of the kept releases is not counted, and why."""
        notes = [f"{_awards(count)} not counted: {why}" for why, count in sorted(self._left_out.items())]
        without = sorted(self._without_value.items())
        return (*notes, *(f"value not stated in pounds for {_awards(count)}: {why}" for why, count in without))


def _awards(count: int) -> str:
    return f"{count:,} award{'' if count == 1 else 's'}"


def _misdated(award: Json, release: Json) -> tuple[str, str | None] | None:
    """Why an award's date cannot stand, and the date."""
    if award["award_date"] is None:
        return "an award without a date", None
    is_wrong = is_implausible(award["award_date"], day_of(release.get("date")))
    return (IMPLAUSIBLE, str(award["award_date"])) if is_wrong else None


def _notice(release: Json, kind: str | None) -> Json:
    tender = part_of(release, "tender")
    of_awards = (code for award in items_of(release, "awards") if (code := cpv_of(award)))
    return {
        "ocid": text_of(release.get("ocid")),
        "notice_id": text_of(release.get("id")),
        "notice_type": kind,
        "notice_date": day_of(release.get("date")),
        "title": text_of(tender.get("title")),
        "notice_url": _address(release),
        "cpv_code": cpv_of(tender) or next(of_awards, None),
        **_planned(release),
    }


def _address(release: Json) -> str | None:
    """Where the notice itself can be read, as it says of its own document."""
    parts = [part_of(release, "planning"), part_of(release, "tender")]
    own = [
        one
        for part in parts
        for one in items_of(part, "documents")
        if text_of(one.get("id")) == text_of(release.get("id"))
    ]
    stated = (text_of(one.get("url")) or "" for one in own)
    return next((url for url in stated if url.startswith("https://")), None)


def _planned(release: Json) -> Json:
    """What a release states of a purchase that is planned or open; formats.md 2.4 and 2.5."""
    tender = part_of(release, "tender")
    lots = items_of(tender, "lots")
    value, basis = value_of(part_of(tender, "value"))
    gross = gross_of(part_of(tender, "value"))
    if value is None:
        of_lots = [part_of(lot, "value") for lot in lots if value_of(part_of(lot, "value"))[0] is not None]
        basis = value_of(of_lots[0])[1] if of_lots else basis
        value, gross = sum(value_of(one)[0] or 0 for one in of_lots) or None, gross_of(*of_lots)
    periods = [part_of(lot, "contractPeriod") for lot in lots] or [part_of(tender, "contractPeriod")]
    starts = [day for period in periods if (day := day_of(period.get("startDate")))]
    ends = [day for period in periods if (day := day_of(period.get("maxExtentDate") or period.get("endDate")))]
    bids_until = day_of(part_of(tender, "tenderPeriod").get("endDate")) or day_of(
        tender.get("expressionOfInterestDeadline")
    )
    future = day_of(part_of(tender, "communication").get("futureNoticeDate"))
    suits = [part_of(lot, "suitability") for lot in lots] + [part_of(tender, "suitability")]
    reserved = part_of(tender, "otherRequirements").get("reservedParticipation")
    regimes = tender.get("specialRegime")
    above = tender.get("aboveThreshold")
    return {
        "value_gbp": value,
        "value_gross_gbp": gross,
        "value_basis": basis,
        "tender_date": future or day_of(release.get("date")),
        "bids_until": bids_until,
        "start_date": min(starts, default=None),
        "end_date": max(ends, default=None),
        "kind": text_of(tender.get("mainProcurementCategory")),
        "is_above_threshold": above if isinstance(above, bool) else None,
        "is_light_touch": True if isinstance(regimes, list) and "lightTouch" in regimes else None,
        "suits_sme": True if any(s.get("sme") is True for s in suits) else None,
        "suits_vcse": True if any(s.get("vcse") is True for s in suits) else None,
        "reserved": " ".join(str(r) for r in reserved) if isinstance(reserved, list) and reserved else None,
        "lot_count": len(lots) or None,
    }


class _Notices(TableSource):
    def store(self, job: Job, files: Sequence[RawFile]) -> list[FileReport]:
        """The table of notices; awards that they state wait in the job for the table of awards."""
        seen: dict[tuple[str, str], str] = {}
        read = []
        for number, file in enumerate(files):
            job.progress(file.label, number, len(files))
            read.append(read_notices(file, seen))
        awards = [one.awards for one in read if len(one.awards)]
        of_lots = [one_lot for one in read for one_lot in one.lots]
        notes: dict[str, list[str]] = {}
        if awards:
            events = [event for one in read for event in one.events]
            settled = settle(pd.concat(awards, ignore_index=True), events, lots_by_process(of_lots))
            notes = _notes_of_taken_back(settled.taken_back)
            if len(settled.awards):
                job.awards.append(settled.awards)
        write_tables_of(job, [one.tables for one in read])
        tables = [one.notices for one in read if len(one.notices)]
        table = with_what_is_left(pd.concat(tables, ignore_index=True), of_lots) if tables else pd.DataFrame()
        self.write(job, table)
        return [replace(one.report, notes=(*one.report.notes, *notes.get(one.report.file, ()))) for one in read]


def _notes_of_taken_back(versions: Iterable[AwardVersion]) -> dict[str, list[str]]:
    """File → what it tells that a later notice took back, awards in the order of the file."""
    by_file: dict[str, list[AwardVersion]] = defaultdict(list)
    for version in versions:
        by_file[version.rows[0]["source_file"]].append(version)
    notes = {}
    for file, found in by_file.items():
        first = min(found, key=lambda one: (one.rows[0]["source_row"], one.rows[0]["place"]))
        assert first.by is not None
        notes[file] = [
            f"{_awards(len(found))} not counted: taken back by a later notice (first: {first.rows[0]['notice_id']}, "
            f"{first.by.what.reason} by {first.by.notice_id})"
        ]
    return notes


SOURCE = _Notices(
    name="notices",
    may_lack_a_file=True,
    absent="no Find a Tender notices were supplied",
    by_folder=True,
    turn=0,
    fields=FIELDS,
)
