"""What each anchor spends, like for like, and how much of it is local."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

import pandas as pd

from cwb.council.sections import BUSINESS
from cwb.evidence.bounded import ONE, Bounded, exactly
from cwb.packs.anchor_collaboration.payments import (
    BODY,
    bodies_of,
    local_share,
    local_sums,
    months_held,
    passed_on,
    payments_of,
)
from cwb.packs.exhibits import Stack, or_why, range_text
from cwb.packs.measure import Column, Definition, Measured, PackData, Result, Shown, ask, measure
from cwb.packs.questions import (
    IS_LOCAL,
    Fact,
    Relation,
    as_float,
    as_table,
    bound_below,
    count,
    derived,
    number,
    share,
    total,
)

_COLUMNS = [
    "body", "kind", "threshold_gbp", "pounds_gbp", "local_gbp", "away_gbp", "unknown_gbp", "local_share", "share_low",
    "share_high", "coverage", "suppliers", "status",
]  # fmt: skip
_STATED = Fact("CASE WHEN threshold_gbp IS NULL THEN NULL ELSE TRUE END")
_HIGHEST = (
    "The value is the largest weight of the rows that are in: the amounts that bodies with payments state. A body that is "
    "unknown states none. Low and high are the value, for it is the amount to which all are cut."
)


@dataclass(frozen=True)
class PublishedAmount:
    """Over which amount a body with payments publishes them, and which body of the settings it is."""

    body: str
    threshold_gbp: Decimal | None
    source_file: str
    source_sheet: str | None
    source_row: int


@measure(
    Definition(
        "anchor_spend_total", "Spend of all anchors, like for like", "gbp", "total",
        "Payments of the council and of every anchor with a spending file, each over the highest amount over "
        "which any of them publishes. Where a body has no payment in a month of the period, it is at least that.",
        excluded="Payments under that amount; bodies without a file.",
        version=2,
    ),
    Definition(
        "anchor_local_share", "Local share of all anchors", "share", "share",
        "Local payments of all bodies divided by all their payments, like for like. Range as for Chart A.",
        excluded="Payments under the common amount.",
    ),
    Definition(
        "anchor_body_count", "Anchors with a spending file", "count", "count",
        "Bodies, the council among them, with a payment in the period.",
    ),
    Definition(
        "anchor_threshold", "Amount over which payments are compared", "gbp", "derived",
        "The highest amount over which any of the bodies with payments publishes.",
    ),
    question="What do the anchors spend, and how much of it is local?",
    needs=(),
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
)  # fmt: skip
def bodies(data: PackData) -> Result:
    """Spend of the council and each anchor, like for like.

    One row per body, most spend first, bodies without a file last: `body`, `kind`, `threshold_gbp` (own), `pounds_gbp` (over
    the common threshold), `local_gbp`, `away_gbp`, `unknown_gbp`, `local_share`, `share_low`, `share_high` (all three None
    where too few places are known), `coverage`, `suppliers`, `status`. A body that publishes nothing has a row that says so (a
    business need not), and so has one that supplied payments and is not in the settings. The share of all is pounds over pounds.
    """
    lines = payments_of(data, 1)
    table = pd.DataFrame(_rows(data, lines), columns=_COLUMNS)
    table = table.sort_values("pounds_gbp", ascending=False, na_position="last", ignore_index=True)
    has_paid = table["pounds_gbp"].notna()
    every = bodies_of(data)
    lost = "; ".join(body.name for body in every if body.why_not)
    without = set(table.loc[~has_paid, "body"]) - {body.name for body in every if body.why_not}
    silent = "; ".join(body.name for body in every if body.name in without and body.kind != BUSINESS)
    businesses = "; ".join(body.name for body in every if body.name in without and body.kind == BUSINESS)
    parts = "; ".join(
        f"{name} ({months})" for name, held in months_held(data).items() if (months := _part_of(data, held))
    )
    in_part = _caveat(_IN_PART, parts)
    unread = "; ".join(f"{body.name}: {name}" for body in every for name in body.not_read)
    left_out = (
        *_caveat(_SILENT, silent),
        *_caveat(_BUSINESSES, businesses),
        *_caveat(_REFUSED, lost),
        *_caveat(_UNREAD, unread),
    )
    unstated = ", ".join(sorted(table.loc[has_paid & table["threshold_gbp"].isna(), "body"]))
    answers = ask(
        data,
        total("anchor_spend_total", of=lines, caveats=in_part),
        share("anchor_local_share", of=lines, where=IS_LOCAL, caveats=in_part),
        count("anchor_body_count", of=lines, per=BODY, caveats=(*left_out, *in_part)),
        derived(
            "anchor_threshold", of=_published(data), rule=_HIGHEST, compute=_highest, where=_STATED,
            by="coalesce(threshold_gbp, 0)", per=BODY, caveats=_caveat(_UNSTATED, unstated),
        ),
    )  # fmt: skip
    if in_part:
        bound_below(answers, _EVERY_MONTH, "months of some bodies are missing", "anchor_spend_total")
    return Result.of(
        answers,
        table,
        facts={
            "left_out": " ".join(left_out),
            "in_part": " ".join(in_part),
            "passed_on": " ".join(passed_on(data)),
        },
    )


_BUSINESSES = (
    "A business need publish nothing: what it spends is known only where it hands over its payments, for which there is a form. "
    "None of this period came from: {}."
)
_SILENT = "No spending file of this period was supplied by: {}."
_REFUSED = (
    "What these bodies spend is not known, because too much of what their files state had to be left out: {}."
)
_IN_PART = "These have no payment in some months of the period: {}."
_EVERY_MONTH = "Spending files of every month of the period would settle it."
_UNREAD = "Of these a file could not be read and is missing: {}."
_UNSTATED = "Over which amount these publish is not stated: {}."


def _caveat(text: str, names: str) -> tuple[str, ...]:
    return (text.format(names),) if names else ()


def _part_of(data: PackData, months: int) -> str:
    """ "1 of 3 months" of the period; "" for all of them."""
    return "" if months == data.period.months else f"{months} of {data.period.months} months"


def _rows(data: PackData, lines: Relation) -> Iterator[dict[str, object]]:
    sums, months = local_sums(data, lines, "body"), months_held(data)
    named = "count(DISTINCT CASE WHEN supplier_key IS NOT NULL THEN organisation_key END)"
    suppliers = {
        row["body"]: row["n"]
        for row in data.rows(
            f"SELECT body, {named} AS n FROM {lines.source} WHERE {lines.condition} GROUP BY body"
        )
    }
    for body in bodies_of(data):
        row: dict[str, object] = {"body": body.name, "kind": body.kind, "threshold_gbp": body.threshold_gbp}
        if (paid := sums.get(body.name)) is None:
            ask_it = "It need publish nothing: ask it for its payments" if body.kind == BUSINESS else ""
            yield row | {"status": body.why_not or ask_it or "No spending file supplied for this period"}
            continue
        part = local_share(data, paid)
        part_of = _part_of(data, months[body.name])
        missing = f"; holds {part_of}" if part_of else ""
        missing += "; another could not be read" if body.not_read else ""
        yield row | {
            "pounds_gbp": float(paid.all), "local_gbp": float(paid.true), "away_gbp": float(paid.false),
            "unknown_gbp": float(paid.unknown), "local_share": part,
            "share_low": None if part is None else float(paid.low / paid.all),
            "share_high": None if part is None else float(paid.high / paid.all),
            "coverage": as_float(paid.coverage), "suppliers": suppliers[body.name], "status": f"Spending file supplied{missing}",
        }  # fmt: skip


def _published(data: PackData) -> Relation:
    rows = [
        PublishedAmount(
            body.name,
            None if body.threshold_gbp is None else Decimal(str(body.threshold_gbp)),
            "cwb.toml",
            None,
            place,
        )
        for place, body in enumerate(bodies_of(data), start=1)
        if body.has_payments
    ]
    return data.add_table("published_amounts", as_table(PublishedAmount, rows), ())


@exactly
def _highest(rows: pd.DataFrame) -> Bounded:
    value = max(rows.loc[rows["part"] == "in", "weight"])
    return Bounded(value, value, value, ONE)


@bodies.shown
def exhibit(m: Measured) -> Shown:
    spend, share, least = m["anchor_spend_total"], m["anchor_local_share"], m["anchor_threshold"]
    is_alone = not m.data.settings.anchors
    spent = f"{spend} spent by " + (
        "the council" if is_alone else f"{m['anchor_body_count']} of {len(m.table)} anchors"
    )
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
    together = f"Together: {share}{range_text(share)}, all their local pounds divided by all their pounds."
    title = f"{share} of {spent} is local" if share.is_stated else f"{spent}; its local share is not known"
    return Shown(
        title=title if spend.value is not None else "What the anchors spend together is not known",
        subtitle=f"Local share of payments over {least}, like for like, for each body. {m.where}",
        chart=Stack(bars),
        says=(
            f"{or_why(share, together, 'The local share of all together')} Only payments over {least}, the "
            "highest amount over which any of them publishes; smaller payments are missing from all.",
            "The settings name no other anchor."
            if is_alone
            else m.facts["left_out"] or "Every body supplied its payments.",
            *filter(None, (m.facts["in_part"], m.facts["passed_on"])),
            *least.caveats,
        ),
        caption="Spend of each anchor, like for like",
    )
