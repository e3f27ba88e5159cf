"""What was tried and what moved, year by year; and an illustration of what money does that stays."""

from __future__ import annotations

import pandas as pd

from cwb.council.periods import Period
from cwb.dataset import Dataset
from cwb.measures.anchor_collaboration.bodies import like_for_like
from cwb.measures.anchor_collaboration.options import options
from cwb.measures.shares import split
from cwb.measures.workbench import Result, Undefined, Workbench, measure

RETAINED = (0.2, 0.4, 0.5, 0.6, 0.8)
# The middle of them, which the finding states; the ends are its range.
_MIDDLE = 0.5


def lm3(retained: float) -> float:
    """Local Multiplier 3 when the same share is kept local at each of two rounds: 1 + r + r².

    80% kept gives 2.44, 20% gives 1.24. A round is a payment: the council's, its suppliers', and theirs.
    """
    return 1 + retained + retained**2


@measure("illustrated_gain", needs=())
def multiplier(data: Dataset, bench: Workbench) -> Result:
    """An illustration and no finding: what the shift of the options would come to over three rounds.

    One row per share that local suppliers keep local: `retained`, `lm3`, `shift_gbp` (of `options`), `worth_gbp`. The shares are
    assumptions; what local suppliers really keep is not known.
    """
    told = options(data)
    if told.undefined:
        raise Undefined(told.undefined)
    shift = float(told["option_shift"].value or 0.0)
    made = pd.DataFrame(
        [{"retained": r, "lm3": lm3(r), "shift_gbp": shift, "worth_gbp": shift * lm3(r)} for r in RETAINED]
    )
    low, high = float(made["worth_gbp"].min()), float(made["worth_gbp"].max())
    return made, [bench.finding("illustrated_gain", shift * lm3(_MIDDLE), low=low, high=high)]


def _whole_bodies(data: Dataset, period: Period) -> set[str]:
    """The bodies that have a payment in every month of a period; the council is one where its ledger is whole."""
    lines = data.anchor_spend(period)
    months = (
        lines.groupby("body")["payment_date"].agg(lambda days: days.dt.month.nunique())
        if len(lines)
        else pd.Series(dtype=int)
    )
    return {data.settings.council.name, *(str(body) for body in months[months == period.months].index)}


@measure("journey_change", "initiative_count", needs=())
def journey(data: Dataset, bench: Workbench) -> Result:
    """Year by year: what was tried, and the local share of all bodies together, like for like.

    One row per financial year up to the period's: `year`, `local_share` (None for a year in which the bodies of the first year do
    not all have every month), `pounds_gbp`, `tried`, `outcome`. Only bodies present in every year shown are taken, so that a
    body which starts to publish does not look like change. What moved in a year was not moved by what was tried: no cause is shown.
    """
    tried = data.table("initiatives")
    years = sorted({int(q[:4]) for q in data.periods_with_spend()})
    if not years and tried.empty:
        raise Undefined("neither spending files nor a list of initiatives were supplied")
    whole_years = [year for year in years if data.is_whole(Period(year, data.period.quarter))]
    frames = {year: like_for_like(data, Period(year, data.period.quarter)) for year in whole_years}
    steady = (
        set.intersection(*(_whole_bodies(data, Period(y, data.period.quarter)) for y in frames))
        if frames
        else set()
    )
    rows = []
    told = sorted(set(years) | {int(p[:4]) for p in (tried["period"] if len(tried) else ())})
    for year in [y for y in told if y <= data.period.start_year]:
        period = Period(year)
        own = tried[tried["period"] == str(period)] if len(tried) else tried
        lines = frames.get(year)
        parts = split(lines[lines["body"].isin(steady)]) if lines is not None and len(lines) else None
        rows.append(
            {
                "year": Period(year, data.period.quarter).short_label,
                "local_share": parts.local / parts.total if parts and parts.total else None,
                "pounds_gbp": parts.total if parts else None,
                "tried": "; ".join(own["title"].dropna()) if len(own) else "",
                "outcome": "; ".join(own["outcome"].dropna()) if len(own) else "",
            }
        )
    if not rows:
        raise Undefined(f"no year up to {data.period.year.label} has payments or initiatives")
    made = pd.DataFrame(rows)
    known = made["local_share"].dropna()
    sources = data.source_names(("spend", "anchor_spend", "initiatives"))
    if len(known) > 1:
        moved = bench.finding("journey_change", float(known.iloc[-1] - known.iloc[0]), n=float(known.iloc[-1]), of=float(known.iloc[0]),
                              sources=sources)  # fmt: skip
    else:
        moved = bench.finding("journey_change", undefined="fewer than two years have every month")
    count = int((tried["period"] <= str(data.period.year)).sum()) if len(tried) else 0
    listed = (
        bench.finding("initiative_count", count, sources=data.source_names(("initiatives",)))
        if len(tried)
        else bench.finding("initiative_count", undefined="no list of initiatives was supplied")
    )
    return made, [moved, listed], {"bodies": ", ".join(sorted(steady))}
