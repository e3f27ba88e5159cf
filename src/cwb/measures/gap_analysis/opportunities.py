"""What a local supplier may want to know: what is coming, when, and how big."""

from __future__ import annotations

import pandas as pd

from cwb.dataset import Dataset
from cwb.measures.demand import ENDING
from cwb.measures.gap_analysis.lines import purchases
from cwb.measures.workbench import Result, Undefined, Workbench, measure

_STEPS = (30_000, 100_000, 250_000, 500_000, 1_000_000, 5_000_000)


def size_of(value: float | None) -> str:
    """A stated value as a range: an estimate to the pound would promise what nobody knows."""
    if value is None or pd.isna(value):
        return "Not stated"
    steps = (0, *_STEPS)
    for low, high in zip(steps, _STEPS, strict=False):
        if value < high:
            return f"£{low:,} to £{high:,}" if low else f"Under £{high:,}"
    return f"£{_STEPS[-1]:,} or more"


@measure("opportunity_count", needs=())
def opportunities(data: Dataset, bench: Workbench) -> Result:
    """Planned purchases that are still open to a supplier, soonest first.

    One row per purchase: `title`, `what` (goods, services or works), `cpv_code`, `expected` (month and year), `starts`,
    `size` (a range), `suits` (SMEs, VCSEs, where a notice says so), `status`, `reference`. Left out: purchases already
    committed to a framework or contract, and lines without a title.
    """
    lines = purchases(data)
    is_open = lines["is_committed"].map(lambda flag: flag is not True).astype(bool)
    own = lines[is_open].sort_values(["tender_date", "title"], ignore_index=True)
    if own.empty:
        raise Undefined("every planned purchase is committed already")
    made = pd.DataFrame(
        {
            "title": own["title"],
            "what": [kind.capitalize() if isinstance(kind, str) else "" for kind in own["kind"]],
            "expected": [f"{day:%B %Y}" for day in own["tender_date"]],
            "size": [size_of(value) for value in own["value_gbp"]],
            "starts": [f"{pd.Timestamp(d):%B %Y}" if d is not None and o != ENDING else "" for d, o in
                       zip(own["start_date"], own["origin"], strict=True)],
            "suits": [_suits(sme, vcse) for sme, vcse in zip(own["suits_sme"], own["suits_vcse"], strict=True)],
            "status": ["A contract ends; whether it is bought again is not decided" if o == ENDING else "Planned"
                       for o in own["origin"]],
            "cpv_code": own["cpv_code"],
            "reference": own["reference"],
        }
    )  # fmt: skip
    sources = data.source_names(("pipeline", "contracts", "notices"))
    return made, [bench.finding("opportunity_count", len(made), of=len(lines), sources=sources)]


def _suits(sme: object, vcse: object) -> str:
    named = [name for flag, name in ((sme, "SMEs"), (vcse, "VCSEs")) if flag is True]
    return " and ".join(named)
