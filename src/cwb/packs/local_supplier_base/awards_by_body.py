"""What the council and the other anchor institutions award locally."""

from __future__ import annotations

from cwb.packs.exhibits import bars, counted, range_sentence, sentence_case
from cwb.packs.local_supplier_base.awards import AWARD_COLUMNS, awards_by, in_no_notice, may_be_more_awards
from cwb.packs.measure import Column, Definition, Measured, PackData, Paper, Result, Shown, Undefined, ask, measure
from cwb.packs.questions import AWARD, IS_LOCAL, count


@measure(
    Definition(
        "anchor_award_count", "Awards by all bodies", "count", "count",
        "Awards with an award date in the period by the council and the anchor institutions named in the "
        "settings.",
    ),
    Definition(
        "anchor_award_local_count", "Local awards by all bodies", "count", "count",
        "Of these, awards with at least one local supplier.",
    ),
    question="What do the anchor institutions award locally?",
    needs=("award_lines",),
    columns=(Column("body", "Body"), *AWARD_COLUMNS),
)  # fmt: skip
def awards_by_body(data: PackData) -> Result:
    """Awards of the period by the council and each anchor institution of the settings.

    One row per body, most awards first: `body`, then the columns of `awards_by`. Buyers not named in the settings are left
    out. Undefined where the settings name no anchor.
    """
    if not data.settings.anchors:
        raise Undefined("the settings name no anchor institutions")
    lines = data.relation("award_lines").where("body IS NOT NULL")
    if not data.count(lines):
        raise Undefined(
            in_no_notice(data, f"no award of the council or an anchor institution in {data.period.label}")
        )
    table = awards_by(data, lines, "body")
    table = table.sort_values(["awards", "body"], ascending=[False, True], ignore_index=True)
    sql = f"SELECT count(*) AS n FROM (SELECT award_key FROM {lines.source} WHERE {lines.condition} GROUP BY award_key HAVING count(DISTINCT body) > 1)"
    joint = data.rows(sql)[0]["n"]
    answers = ask(
        data,
        count("anchor_award_count", of=lines, per=AWARD),
        count("anchor_award_local_count", of=lines, where=IS_LOCAL, per=AWARD),
    )
    return Result.of(answers, table, facts={"joint": _JOINT.format(joint)} if joint else {})


_JOINT = "Awards that several of these bodies made together ({:,}) stand at each of them and count once among all."


@awards_by_body.shown
def exhibit(m: Measured) -> Shown:
    awarded_count, local = m["anchor_award_count"], m["anchor_award_local_count"]
    floor = m.data.settings.evidence.floor_things
    awarded = counted(awarded_count, "award", "awards")
    title = (
        f"{sentence_case(f'{local}')} of {awarded} by the anchor institutions went to local suppliers"
        if local.value is not None
        else f"{awarded} by the anchor institutions; how many are local is not known"
    )
    return Shown(
        title=title,
        subtitle=f"Awards by the council and the anchor institutions. {m.data.period.label}",
        chart=bars(
            m.table["body"],
            m.table["awards"],
            "count",
            texts=[_label(r.awards, r.local_awards, r.unknown_awards, floor) for r in m.table.itertuples()],
            groups=["Awards"] * len(m.table),
            places={"Awards": 0},
        ),
        says=(
            *range_sentence("How many went to local suppliers", local),
            *m.facts.values(),
            *may_be_more_awards(m.data),
        ),
        caption="Awards by body",
        paper=Paper.SENTENCES,
    )


def _label(awards: int, local: int, unknown: int, floor: float) -> str:
    """A body's awards and how many are local, where enough of their places is known."""
    return (
        f"{awards:,}, place not known" if awards - unknown < floor * awards else f"{local:,} local of {awards:,}"
    )
