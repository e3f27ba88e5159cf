"""Where emissions are highest, by product group and by supplier; and whom to ask for data next."""

from __future__ import annotations

from collections import defaultdict

import pandas as pd

from cwb.base.privacy import WITHHELD
from cwb.dataset import Dataset
from cwb.emissions import SPEND_BASED, half_widths
from cwb.measures.contract_emissions.footprint import total_and_range
from cwb.measures.contract_emissions.totals import known, score_mix
from cwb.measures.workbench import Result, Undefined, Workbench, measure

_SHOWN = 12
_ASKED = 10
_ASKED_SCORE = 2  # a supplier's own figure, not assured


@measure("hot_spot_emissions", "hot_spot_share")
def hot_spots(data: Dataset, bench: Workbench) -> Result:
    """Where emissions are highest, by product group.

    One row per product group, most first, the rest as one row: `product`, `pounds_gbp`, `kgco2e`, `low_kgco2e`, `high_kgco2e`,
    `share`, `per_pound` (kgCO2e per £ paid), `score`, `suppliers`. Lines reported by suppliers stand in the group of what was
    bought.
    """
    own = known(data)
    total = float(own["kgco2e"].sum())
    own = own.assign(product=own["product"].fillna("Reported by suppliers, product not known"))
    order = own.groupby("product")["kgco2e"].sum().sort_values(ascending=False, kind="stable")
    rest = set(order.index[_SHOWN:])
    label = f"All {len(rest)} other product groups"
    own = own.assign(product=own["product"].where(~own["product"].isin(rest), label))
    shown = [*order.index[:_SHOWN], *([label] if rest else [])]
    made = pd.DataFrame([_row("product", name, own[own["product"] == name], total) for name in shown])
    return made, [
        bench.finding("hot_spot_emissions", float(order.iloc[0]), of=total),
        bench.share("hot_spot_share", float(order.iloc[0]), total),
    ], {"hot_spot": str(order.index[0])}  # fmt: skip


def _row(column: str, name: str, lines: pd.DataFrame, total: float) -> dict[str, object]:
    (kg, low, high), pounds = total_and_range(lines), float(lines["amount_gbp"].sum())
    return {
        column: name,
        "pounds_gbp": pounds,
        "kgco2e": kg,
        "low_kgco2e": low,
        "high_kgco2e": high,
        "share": kg / total,
        "per_pound": kg / pounds if pounds > 0 else None,
        "score": score_mix(lines),
        "suppliers": lines["supplier_key"].nunique(),
    }


@measure("supplier_hot_spot_share")
def supplier_hot_spots(data: Dataset, bench: Workbench) -> Result:
    """The suppliers whose supplies emit most.

    One row per supplier, most first, up to twelve: `supplier`, `pounds_gbp`, `kgco2e`, `low_kgco2e`, `high_kgco2e`, `share`, `per_pound`,
    `score`, `method` (of most of it). Names that may be individuals' are left out.
    """
    everything = known(data)
    own = everything.dropna(subset=["supplier_key"])
    own = own[own["display_name"] != WITHHELD]
    if own.empty:
        raise Undefined("no supplier whose emissions are known may be named")
    total = float(everything["kgco2e"].sum())
    order = own.groupby("supplier_key")["kgco2e"].sum().sort_values(ascending=False, kind="stable").head(_SHOWN)
    rows = []
    for key in order.index:
        lines = own[own["supplier_key"] == key]
        method = lines.groupby("method")["kgco2e"].sum().idxmax()
        rows.append(_row("supplier", str(lines["display_name"].iloc[0]), lines, total) | {"method": method})
    made = pd.DataFrame(rows).drop(columns="suppliers")
    return made, [bench.share("supplier_hot_spot_share", float(made["kgco2e"].sum()), total)]


@measure("ask_next_share")
def ask_next(data: Dataset, bench: Workbench) -> Result:
    """The ten suppliers whose own data would narrow the range of the total most, each chosen after those before it.

    One row per supplier, in the order of asking: `supplier`, `kgco2e`, `pounds_gbp`, `score` (now), `narrows_kgco2e` (how much
    narrower the range of the total is on either side when it too reports, unassured: score 2), `left_kgco2e` (what is then
    left of it). The range is a root of squares by product group and score (`half_range`), so that one more supplier of a group
    that is nearly settled brings little. Names that may be individuals' are left out.
    """
    own = known(data)
    asked = own[(own["method"] == SPEND_BASED) & (own["display_name"] != WITHHELD)].dropna(subset=["supplier_key"])
    if asked.empty:
        raise Undefined("every supplier of the period reports already")
    widths = half_widths()
    # As in `half_range`: pounds of one group and score are off together.
    sums = own.groupby([own["code"].fillna("reported"), "score"])["kgco2e"].sum().to_dict()
    groups: dict[tuple[str, int], float] = defaultdict(
        float, {(str(c), int(s)): kg for (c, s), kg in sums.items()}
    )
    parts: dict[str, dict[tuple[str, int], float]] = defaultdict(dict)
    for (key, code, score), kg in asked.groupby(["supplier_key", "code", "score"])["kgco2e"].sum().items():
        parts[str(key)][str(code), int(score)] = float(kg)
    square = sum((kg * widths[score]) ** 2 for (_, score), kg in groups.items())
    first = square**0.5
    about = asked.groupby("supplier_key").agg(
        supplier=("display_name", "first"), kgco2e=("kgco2e", "sum"), pounds_gbp=("amount_gbp", "sum"),
        score=("score", "min"),
    )  # fmt: skip
    rows = []
    for _ in range(min(_ASKED, len(parts))):
        left = {key: _without(groups, part, square, widths) for key, part in parts.items()}
        key = min(left, key=lambda k: (left[k], k))
        if left[key] >= square:
            break
        rows.append(
            {
                **about.loc[key].to_dict(),
                "narrows_kgco2e": square**0.5 - left[key] ** 0.5,
                "left_kgco2e": left[key] ** 0.5,
            }
        )
        for (code, score), kg in parts.pop(key).items():
            groups[code, score] -= kg
            groups[code, _ASKED_SCORE] += kg
        square = left[key]
    if not rows:
        raise Undefined("no supplier's own figure would narrow the range")
    made = pd.DataFrame(rows)
    return made, [bench.share("ask_next_share", first - square**0.5, first)]


def _without(
    groups: dict[tuple[str, int], float],
    part: dict[tuple[str, int], float],
    square: float,
    widths: dict[int, float],
) -> float:
    """The square of the range when the lines of one supplier are known as well as an unassured report of its own."""
    moved: dict[tuple[str, int], float] = defaultdict(float)
    for (code, score), kg in part.items():
        moved[code, score] -= kg
        moved[code, _ASKED_SCORE] += kg
    for (code, score), kg in moved.items():
        now = groups.get((code, score), 0.0)
        square += ((now + kg) ** 2 - now**2) * widths[score] ** 2
    return max(square, 0.0)
