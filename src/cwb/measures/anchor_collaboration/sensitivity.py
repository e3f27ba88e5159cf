"""The anchors' picture under other choices."""

from __future__ import annotations

import pandas as pd

from cwb.dataset import Dataset
from cwb.measures.anchor_collaboration.bodies import like_for_like, publication_threshold
from cwb.measures.anchor_collaboration.ending import clusters, ending_contracts
from cwb.measures.shares import split
from cwb.measures.workbench import Result, Undefined, Workbench, measure


@measure("option_count_least", "option_count_most", needs=())
def sensitivity(data: Dataset, bench: Workbench) -> Result:
    """How options and the local share of all bodies move under other choices.

    One row per choice: `choice`, `options` (groups of contracts; None where the choice is about spend alone), `local_share` (of
    all bodies; None where it is about contracts alone).
    """
    contracts, window = ending_contracts(data), data.settings.collaboration.window_months
    least = publication_threshold(data)
    lines = like_for_like(data)
    if contracts.empty and lines.empty:
        raise Undefined("neither contracts nor spending files were supplied")
    rows = [{"choice": "As reported", "options": len(clusters(contracts, window)), "local_share": _share(lines)}]
    for months in (window // 2, 2 * window):
        rows.append(
            {"choice": f"Ends within {months} months of each other", "options": len(clusters(contracts, months))}
        )
    named = contracts[contracts["origin"] == "register"]
    rows.append({"choice": "Registers alone, without award notices", "options": len(clusters(named, window))})
    for threshold in (0.0, 2 * least):
        shown = (
            "All payments, each body over its own threshold"
            if not threshold
            else f"Payments over £{threshold:,.0f}"
        )
        rows.append({"choice": shown, "local_share": _share(like_for_like(data, threshold=threshold))})
    made = pd.DataFrame(rows, columns=["choice", "options", "local_share"])
    counts = made["options"].dropna()
    if contracts.empty:
        reason = "no contract with a CPV code and an end within the horizon was supplied"
        return made, [
            bench.finding(name, undefined=reason) for name in ("option_count_least", "option_count_most")
        ]
    return made, [
        bench.finding("option_count_least", int(counts.min())),
        bench.finding("option_count_most", int(counts.max())),
    ]


def _share(lines: pd.DataFrame) -> float | None:
    parts = split(lines) if len(lines) else None
    return parts.local / parts.total if parts and parts.total else None
