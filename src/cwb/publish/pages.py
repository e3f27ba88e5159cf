"""Pages of a report that are not notebooks: the one that members open first, and the one for local suppliers.

index.html has one share of each pack, what changed, what is restated and what is not known; opportunities.html shows an
exhibit of the gap analysis, with its table as opportunities.csv.
"""

from __future__ import annotations

from collections.abc import Iterable

from cwb.charts.figure import ExhibitRecord
from cwb.council.config import Settings
from cwb.council.periods import Period
from cwb.evidence.finding import number
from cwb.evidence.record import FindingRecord
from cwb.packs.compare import period_before
from cwb.packs.pack import Pack
from cwb.publish.check_value import BLANK
from cwb.publish.first_page import FirstNumbers
from cwb.publish.render import environment, page_context
from cwb.sources.report import FileReport

EXHIBIT_ID = "opportunities"
_SKIPPED = "Nothing of the file {} is counted. {}"
PAGE, TABLE = "opportunities.html", "opportunities.csv"


def render_index(
    settings: Settings,
    period: Period,
    built: dict[Pack, FirstNumbers],
    failed: dict[Pack, str],
    findings: list[FindingRecord],
    reports: Iterable[FileReport] = (),
) -> str:
    """The page as HTML. `built` has the first numbers of each pack that was built, `failed` why the others were not; of the
    `reports` of raw files it tells those that were passed over."""
    context = page_context(settings, period) | {
        "heading": f"Evidence packs, {period.label}",
        "packs": [
            {"question": pack.question, "href": pack.html_name, "first": first} for pack, first in built.items()
        ],
        "failed": [(pack.question, reason) for pack, reason in failed.items()],
        "before": period_before(period).short_label,
        "baseline": period.like(settings.baseline_period).short_label,
        "remarks": list(dict.fromkeys(text for first in built.values() for text in first.remarks)),
        "restated": [text for f in findings if (text := restated(f))],
        "skipped": [text for report in reports if (text := _not_counted(report))],
        # Filled in once all else is written: it is the hash of it.
        "check_value": BLANK,
        "has_suppliers_page": any(pack.id == "gap_analysis" for pack in built),
    }
    return environment().get_template("index.html.j2").render(cwb=context)


def _not_counted(report: FileReport) -> str:
    """What is told of a file of which nothing is counted; "" for any other."""
    if report.is_skipped:
        return _SKIPPED.format(report.file, report.error)
    if not report.is_lost:
        return ""
    reasons = "; ".join(f"{reason}: {count:,}" for reason, count in report.refused_by_reason().items())
    return f"Nothing of the file {report.file} is counted: each of its rows was left out ({reasons})."


def restated(finding: FindingRecord) -> str:
    """What is restated, in words; "" where nothing is known to be."""
    if finding.id != "published_restated" or not finding.value:
        return ""
    value = number(finding.value, finding.unit)
    return f"{value} figures published before differ from what the rows say now; the annex shows which."


def render_supplier_page(settings: Settings, period: Period, exhibit: ExhibitRecord, figure: str) -> str:
    """The page around the exhibit's `figure`, which is complete and already escaped."""
    context = page_context(settings, period) | {
        "heading": "Coming contracts",
        # The list is the purpose of this page, so it is open however long it is.
        "exhibit": figure.replace("<details>", "<details open>", 1),
        "has_csv": exhibit.csv is not None,
        "how_to_register": settings.council.how_to_register,
    }
    return environment().get_template("supplier_page.html.j2").render(cwb=context)
