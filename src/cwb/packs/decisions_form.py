"""The form `decisions`, filled with what the newest report's packs recommend: members strike out what they do not decide."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from cwb.base.characters import neutral
from cwb.base.errors import ConfigError
from cwb.base.progress import Progress
from cwb.council.config import Settings
from cwb.council.periods import Period
from cwb.evidence.data import PackData
from cwb.lines.build import prepare_lines
from cwb.lines.engine import Engine
from cwb.packs.advice import advise
from cwb.packs.registry import all_packs
from cwb.sources.forms import new_form, write_form
from cwb.sources.registry import sources

FORM = "decisions"


def write_decisions_form(settings: Settings, folder: Path, progress: Progress) -> tuple[Path, str]:
    """Write the form into a folder; its path, and what it is filled with. Raises `CwbError` where it is there.

    One row a recommendation for the period of the newest report, without a day; before the first report, of the newest quarter with
    payments. An empty form where nothing was paid.
    """
    path = new_form(FORM, folder)
    lineage = prepare_lines(settings, progress)
    engine = Engine(settings)
    period = _newest_report(settings) or _newest_paid(engine)
    rows: list[tuple[str, ...]] = []
    message = "it is empty"
    if period is not None:
        for number, pack in enumerate(all_packs()):
            progress(pack.question, number, len(all_packs()))
            recommendations = advise(pack.measures, PackData(settings, period, pack.id, lineage, engine))
            rows += [
                ("", neutral(one.text), one.role, f"{one.start_by}", "", one.finding, "")
                for one in recommendations
            ]
        message = f"it has what is recommended for {period.label}: give the day to what members decide, and take the rest out"
    write_form(path, [sources()[FORM].form(), *rows])
    return path, message


def _newest_report(settings: Settings) -> Period | None:
    """The period of the report that ends last, of those that are complete: members have that one before them."""
    found = []
    for manifest in settings.reports.glob("*/manifest.json"):
        with suppress(ConfigError):
            found.append(Period.parse(manifest.parent.name))
    return max(found, key=lambda period: (period.end, period.quarter), default=None)


def _newest_paid(engine: Engine) -> Period | None:
    """The newest quarter with payments, which may be that of a day typed wrong."""
    sql = "SELECT financial_year, quarter_number FROM spend_lines ORDER BY financial_year DESC, quarter_number DESC LIMIT 1"
    return next((Period(row["financial_year"], row["quarter_number"]) for row in engine.rows(sql)), None)
