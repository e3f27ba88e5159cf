"""What each anchor spends, like for like, and how much of it is local."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd
import pyarrow as pa

from cwb.evidence.bounded import ONE, Bounded, exactly
from cwb.evidence.data import PackData
from cwb.evidence.facts import IS_LOCAL
from cwb.evidence.finding import number
from cwb.evidence.questions import count, derived, share, total
from cwb.evidence.relation import Fact, Relation
from cwb.figures.charts import Stack
from cwb.figures.wording import or_why, range_text
from cwb.lines.engine import as_float
from cwb.packs.anchor_collaboration.payments import (
    BODY,
    amounts,
    body_kinds,
    comparable,
    local_sums,
    published_amounts,
    stated_share,
)
from cwb.packs.measure import Measured, Result, Shown, ask, measure
from cwb.tables import Column

_COLUMNS = [
    "body", "kind", "threshold_gbp", "pounds_gbp", "local_gbp", "away_gbp", "unknown_gbp", "local_share", "share_low",
    "share_high", "coverage", "suppliers", "status",
]  # fmt: skip
_STATED = Fact("CASE WHEN threshold_gbp IS NULL THEN NULL ELSE TRUE END")
_HIGHEST = (
    "The value is the largest weight of the rows that are in: the amounts that bodies with payments state. A body that is "
    "unknown states none. Low and high are the value, for it is the amount to which all are cut."
)


@measure(
    "anchor_spend_total", "anchor_local_share", "anchor_body_count", "anchor_threshold",
    question="What do the anchors spend, and how much of it is local?", needs=(),
)  # fmt: skip
def bodies(data: PackData) -> Result:
    """Spend of the council and each anchor, like for like.

    One row per body, most spend first, bodies without a file last: `body`, `kind`, `threshold_gbp` (own), `pounds_gbp` (over
    the common threshold), `local_gbp`, `away_gbp`, `unknown_gbp`, `local_share`, `share_low`, `share_high` (all three None
    where too few places are known), `coverage`, `suppliers`, `status`. A body that publishes nothing has a row that says so,
    and so has one that supplied payments and is not in the settings. The share of all is pounds over pounds.
    """
    lines = comparable(data)
    table = pd.DataFrame(_rows(data, lines), columns=_COLUMNS)
    table = table.sort_values("pounds_gbp", ascending=False, na_position="last", ignore_index=True)
    paid = table["pounds_gbp"].notna()
    silent = "; ".join(table.loc[~paid, "body"])
    unstated = ", ".join(sorted(table.loc[paid & table["threshold_gbp"].isna(), "body"]))
    asked = ask(
        data,
        total("anchor_spend_total", of=lines),
        share("anchor_local_share", of=lines, where=IS_LOCAL),
        count("anchor_body_count", of=lines, per=BODY, caveats=_caveat(_SILENT, silent)),
        derived(
            "anchor_threshold", of=_published(data), rule=_HIGHEST, compute=_highest, where=_STATED,
            by="coalesce(threshold_gbp, 0)", per=BODY, caveats=_caveat(_UNSTATED, unstated),
        ),
    )  # fmt: skip
    return Result(asked.findings, table, {"silent": silent}, tuple(asked.sql))


_SILENT = "No spending file of this period was supplied by: {}."
_UNSTATED = "Over which amount these publish is not stated: {}."


def _caveat(text: str, names: str) -> tuple[str, ...]:
    return (text.format(names),) if names else ()


def _rows(data: PackData, lines: Relation) -> list[dict[str, object]]:
    kinds, sums = body_kinds(data), local_sums(data, lines, "body")
    named = "count(DISTINCT CASE WHEN supplier_key IS NOT NULL THEN organisation_key END)"
    suppliers = data.rows(
        f"SELECT body, {named} AS n FROM {lines.source} WHERE {lines.condition} GROUP BY body ORDER BY body"
    )
    paid = {row["body"]: row["n"] for row in suppliers}
    rows: list[dict[str, object]] = []
    for body, amount in amounts(data).items():
        row: dict[str, object] = {
            "body": body,
            "kind": kinds.get(body, "not in the settings"),
            "threshold_gbp": amount,
        }
        own = sums.get(body)
        if own is None:
            rows.append(row | {"status": "No spending file supplied for this period"})
            continue
        unknown = own.unknown_low + own.unknown_high
        row |= {
            "pounds_gbp": float(own.all), "local_gbp": float(own.true), "unknown_gbp": float(unknown),
            "away_gbp": float(own.all - own.true - unknown), "local_share": stated_share(data, own),
            "coverage": as_float(own.coverage), "suppliers": paid[body], "status": "Spending file supplied",
        }  # fmt: skip
        if row["local_share"] is not None:
            row |= {"share_low": float(own.low / own.all), "share_high": float(own.high / own.all)}
        rows.append(row)
    return rows


def _published(data: PackData) -> Relation:
    """Amounts over which the council and the bodies with payments publish, one row a body, as the settings list them."""
    stated = published_amounts(data)
    columns = {
        "body": pa.array(stated, pa.string()),
        "threshold_gbp": pa.array(
            [None if a is None else Decimal(str(a)) for a in stated.values()], pa.decimal128(18, 2)
        ),
        "source_file": ["cwb.toml"] * len(stated),
        "source_sheet": [""] * len(stated),
        "source_row": list(range(1, len(stated) + 1)),
    }
    return data.give("published_amounts", pa.table(columns), ())


@exactly
def _highest(rows: pd.DataFrame) -> Bounded:
    value = max(rows.loc[rows["part"] == "in", "weight"])
    return Bounded(value, value, value, ONE)


@bodies.shown
def exhibit(m: Measured) -> Shown:
    spend, share, least = m["anchor_spend_total"], m["anchor_local_share"], m["anchor_threshold"]
    spent = f"{spend} spent by {m['anchor_body_count']} of {len(m.table)} anchors"
    bars = tuple(
        (
            f"{r.body}, {number(r.pounds_gbp, 'gbp')}",
            tuple(
                (part, max(pounds, 0.0) / r.pounds_gbp, number(pounds / r.pounds_gbp, "share"))
                for part, pounds in (
                    ("Local", r.local_gbp),
                    ("Not local", r.away_gbp),
                    ("Not known", r.unknown_gbp),
                )
            ),
        )
        for r in m.table.itertuples()
        if pd.notna(r.local_share)
    )
    together = f"Together: {share}{range_text(share)}, pounds over pounds."
    silent = m.facts["silent"]
    return Shown(
        title=f"{share} of {spent} is local" if share.is_stated else f"{spent}; how much is local is not known",
        subtitle=f"Local share of payments over {least}, like for like, for each body. {m.where}",
        chart=Stack(bars),
        says=(
            f"{or_why(share, together, 'The local share of all together')} All bodies are cut to payments over {least}, the "
            "highest amount over which any of them publishes; smaller payments, which are more often local, are missing from "
            "all.",
            _SILENT.format(silent) if silent else "Every body supplied its payments.",
            *least.caveats,
        ),
        columns=(
            Column("body", "Body"),
            Column("kind", "Kind"),
            Column("threshold_gbp", "Publishes over (£)", "gbp", missing="not stated"),
            Column("pounds_gbp", "Spend, like for like (£)", "gbp"),
            Column("local_share", "Local share", "share"),
            Column("share_low", "Low", "share", missing=""),
            Column("share_high", "High", "share", missing=""),
            Column("coverage", "Place known", "share", missing=""),
            Column("suppliers", "Suppliers", "count", missing=""),
            Column("status", "File"),
        ),
        caption="Spend of each anchor, like for like",
    )
