"""The packs that there are: for each its notebook, its measures and its figures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from cwb.config import Settings
from cwb.errors import Fault, PackError
from cwb.evidence import Measure, MeasureFunction
from cwb.figures import local_supplier_base as local_figures
from cwb.figures.figure import Figure
from cwb.measures import local_supplier_base as local_measures


@dataclass(frozen=True)
class Pack:
    """One pack. `figures` holds a function of a measure's name for every measure, and a `scorecard`."""

    id: str
    notebook: str
    question: str
    measures: tuple[MeasureFunction, ...]
    figures: ModuleType
    others: tuple[str, ...] = ("scorecard", "assumptions", "definitions", "sources")

    @property
    def html_name(self) -> str:
        return Path(self.notebook).with_suffix(".html").name

    def figure_of(self, measure: Measure) -> Figure:
        draw: Callable[[Measure], Figure] = getattr(self.figures, measure.id)
        return draw(measure)

    @property
    def exhibits(self) -> tuple[str, ...]:
        """Ids of the exhibits that the notebook must show."""
        names = [function.__name__ for function in self.measures] + list(self.others)
        return tuple(name.replace("_", "-") for name in names)


PACKS = (
    Pack(
        id=local_measures.PACK,
        notebook="01_local_supplier_base.ipynb",
        question="How much of our spend stays local, and with whom?",
        measures=local_measures.MEASURES,
        figures=local_figures,
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
