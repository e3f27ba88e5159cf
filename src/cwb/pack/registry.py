"""The packs that there are: for each its notebook, its measures and its figures."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cwb.base.errors import Fault, PackError
from cwb.council.config import Settings
from cwb.council.periods import Period
from cwb.dataset import Dataset
from cwb.evidence.data import PackData
from cwb.holdings import holdings_of
from cwb.measures import ON_KERNEL, measures_of
from cwb.measures.workbench import Measure, MeasureFunction
from cwb.packs.measure import Measured
from cwb.sources.store import Lineage

if TYPE_CHECKING:
    from cwb.figures.figure import Figure


@dataclass(frozen=True)
class Pack:
    """One pack. The module `cwb.figures.<id>` holds a function of each measure's name, and those of `others`."""

    id: str
    notebook: str
    question: str
    others: tuple[str, ...] = ("scorecard", "assumptions", "definitions", "sources")

    @property
    def measures(self) -> Sequence[MeasureFunction]:
        return measures_of(self.id)

    @property
    def html_name(self) -> str:
        return Path(self.notebook).with_suffix(".html").name

    def figure_of(self, measure: Measure | Measured) -> Figure:
        if isinstance(measure, Measured):
            return measure.figure()
        module = importlib.import_module(f"cwb.figures.{self.id}")
        draw: Callable[[Measure], Figure] = getattr(module, measure.id)
        return draw(measure)

    def open(self, settings: Settings, period: Period, lineage: Lineage) -> Dataset | PackData:
        """The council's tables as this pack's measures take them."""
        dataset = Dataset(settings, period, self.id, lineage, holdings_of(settings, lineage))
        return dataset.kernel if self.id in ON_KERNEL else dataset

    @property
    def exhibits(self) -> tuple[str, ...]:
        """Ids of the exhibits that the notebook must show."""
        names = [function.__name__ for function in self.measures] + list(self.others)
        return tuple(name.replace("_", "-") for name in names)


PACKS = (
    Pack(
        "local_supplier_base", "01_local_supplier_base.ipynb", "How much of our spend stays local, and with whom?"
    ),
    Pack("gap_analysis", "02_gap_analysis.ipynb", "What are we about to buy, and who local could supply it?"),
    Pack(
        "social_enterprise_mapping",
        "03_social_enterprise_mapping.ipynb",
        "How many social enterprises are there, and do we buy from them?",
    ),
    Pack(
        "anchor_collaboration", "04_anchor_collaboration.ipynb", "What could the anchor institutions buy together?"
    ),
    Pack(
        "contract_emissions",
        "05_contract_emissions.ipynb",
        "What do our purchases emit, and what have suppliers really cut?",
    ),
)


def notebook_path(settings: Settings, pack: Pack) -> Path:
    """The pack's notebook: beside the settings, in the folder at work, or in the project that holds the library."""
    for folder in (settings.folder, Path.cwd(), Path(__file__).parents[3]):
        path = folder / "notebooks" / pack.notebook
        if path.is_file():
            return path
    raise PackError(
        Fault(
            rule=f"no notebook {pack.notebook}",
            remedy="Run the command in the project's folder, which holds notebooks/.",
        )
    )
