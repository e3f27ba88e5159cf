"""The form `decisions`, filled with what the newest quarter's packs recommend: members strike out what they do not decide."""

from __future__ import annotations

from pathlib import Path

from cwb.base.characters import neutral
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

    One row a recommendation of the newest quarter with payments, without a day; an empty form where nothing was paid.
    """
    path = new_form(FORM, folder)
    lineage = prepare_lines(settings, progress)
    engine = Engine(settings)
    newest = engine.rows(
        "SELECT financial_year, quarter_number FROM spend_lines ORDER BY financial_year DESC, quarter_number DESC LIMIT 1"
    )
    rows: list[tuple[str, ...]] = []
    said = "it is empty"
    if newest:
        period = Period(newest[0]["financial_year"], newest[0]["quarter_number"])
        for number, pack in enumerate(all_packs()):
            progress(pack.question, number, len(all_packs()))
            recommendations = advise(pack.measures, PackData(settings, period, pack.id, lineage, engine))
            rows += [
                ("", neutral(one.text), one.role, f"{one.start_by}", "", one.finding, "")
                for one in recommendations
            ]
        said = f"it has what is recommended for {period.label}: give the day to what members decide, and take the rest out"
    write_form(path, [sources()[FORM].form(), *rows])
    return path, said
