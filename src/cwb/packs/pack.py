"""A pack: one notebook, the measures that it shows, and the numbers that come first in it.

    PACK = Pack(
        id="gap_analysis", notebook="02_gap_analysis.ipynb", question="…", measures=(demand, grades, …),
        headline="lines_served_share", first=("demand_count", …), title=title,
    )

In a notebook a pack is called for its exhibits by their names: `pack.demand(data)`, `pack.scorecard(data)`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cwb.charts.figure import Figure, short_heading
from cwb.charts.wording import sentence_case
from cwb.evidence.data import PackData, open_data
from cwb.evidence.definitions import family_of
from cwb.evidence.finding import Finding
from cwb.packs import advice, appendix
from cwb.packs.choices import beyond
from cwb.packs.headline import Headline
from cwb.packs.how_sure import how_sure
from cwb.packs.measure import Measure
from cwb.packs.remarks import remarks
from cwb.packs.track import tracks

# Exhibits that every pack has and that no measure produces.
APPENDIX = ("scorecard", "how_sure", "recommendations")


def _untitled(data: PackData, found: dict[str, Finding]) -> str:
    return ""


def _unchecked(data: PackData) -> None:
    """A pack whose tables are checked where they are read."""


def _silent(data: PackData) -> str:
    return ""


@dataclass(frozen=True, repr=False)
class Pack:
    """A pack's declaration. `first` are the findings of its first exhibit, `title` words that exhibit from them, and
    `headline` is the one that says most of the pack: a share, so that a quarter and a year can be compared. `headlines` are what it
    may tell on the first page; `chosen` are those of the first that the measure `sensitivity` has too, each with its column there. A
    pack that is not `on_spend` has no remarks on the ledger, one that is not `on_place` does not say what local means. The annex, which is the same for all packs, has none of them. A pack that
    `asks_others` for their findings is built after them; `check` raises for what must be mended before any pack is built; `line` is a
    sentence above the pack's headlines on the first page; its words up to a colon link to the pack."""

    id: str
    notebook: str
    question: str
    measures: tuple[Measure, ...]
    headline: str = ""
    first: tuple[str, ...] = ()
    title: Callable[[PackData, dict[str, Finding]], str] = _untitled
    headlines: tuple[Headline, ...] = ()
    chosen: tuple[tuple[str, str], ...] = ()
    asks_others: bool = False
    check: Callable[[PackData], None] = _unchecked
    line: Callable[[PackData], str] = _silent
    on_spend: bool = True
    on_place: bool = True

    def open(self, period: str, config: str = "cwb.toml") -> PackData:
        """A council's tables, brought up to date, as this pack's measures take them."""
        return open_data(self.id, period, config)

    def find(self, data: PackData, finding_id: str) -> Finding:
        """One finding of the pack; raise `KeyError` where none of its measures has it."""
        for measure in self.measures:
            if family_of(finding_id) in measure.finding_ids:
                return measure(data)[finding_id]
        raise KeyError(finding_id)

    def findings(self, data: PackData) -> list[Finding]:
        """All findings of the pack, in the order of its measures."""
        return [finding for measure in self.measures for finding in measure(data).findings.values()]

    @property
    def html_name(self) -> str:
        """The page of the pack in a report."""
        return Path(self.notebook).with_suffix(".html").name

    @property
    def exhibits(self) -> tuple[str, ...]:
        """Ids of the exhibits that the notebook must show."""
        every = APPENDIX if self.first else ()
        return tuple(name.replace("_", "-") for name in (*(m.id for m in self.measures), *every))

    def scorecard(self, data: PackData) -> Figure:
        """The first exhibit: the numbers that members ask for, each with its range or the reason why it is not known."""
        found = {name: self.find(data, name) for name in self.first}
        try:
            says = (
                *(remarks(data) if self.on_spend else ()), *self.find(data, self.headline).caveats, *self._beyond(data, tuple(found.values()))
            )  # fmt: skip
            followed = tracks(data, tuple(found.values()))
            title, whole = short_heading(sentence_case(self.title(data, found)), self.question)
            return appendix.scorecard(data, followed, title, tuple(dict.fromkeys((*whole, *says))), self.on_place)
        except Exception as error:
            return appendix.scorecard(data, {}, self.question, (), self.on_place).not_drawn(error)

    def recommendations(self, data: PackData) -> Figure:
        """What follows: what to do, why, who owns it and by when."""
        return advice.recommendations(self.measures, data)

    def _beyond(self, data: PackData, findings: tuple[Finding, ...]) -> tuple[str, ...]:
        return beyond(findings, self.sensitivity(data).table, dict(self.chosen)) if self.chosen else ()

    def how_sure(self, data: PackData) -> Figure:
        """How sure the pack is, in a few lines."""
        first = [self.find(data, name) for name in self.first]
        return how_sure(data, self.find(data, self.headline), first, self.findings(data), self.on_spend)

    def __getattr__(self, name: str) -> Measure:
        measures: tuple[Measure, ...] = self.__dict__.get("measures", ())
        found = next((measure for measure in measures if measure.id == name), None)
        if found is None:
            holder = next((one.id for one in measures if family_of(name) in one.finding_ids), None)
            also = f'; it is a finding: pack.{holder}(data)["{name}"]' if holder else ""
            raise AttributeError(f"the pack has no measure {name}{also}")
        return found

    def __repr__(self) -> str:
        return f"<pack {self.id}: {', '.join(one.id for one in self.measures)}>"

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *(measure.id for measure in self.measures)]
