"""The claims of what was done, audited."""

from __future__ import annotations

from cwb.packs.exhibits import or_why
from cwb.packs.measure import Column, Definition, Measured, PackData, Paper, Result, Shown, ask, measure
from cwb.packs.questions import always, count, number
from cwb.packs.strategy_tracker.rules import Status
from cwb.packs.strategy_tracker.statuses import ITEM, SHAPES, lines_of, relation_of

_CLAIM = "progress claim"
_VERDICTS = {Status.ON_TRACK: "evidenced", Status.BEHIND: "contradicted", Status.NO_DATA: "not shown"}


@measure(
    Definition(
        "claims_evidenced", "Claims evidenced", "count", "count",
        "Of the strategy's claims of what was done those whose evidence, all of it, is as the claim says (rule K7).",
    ),
    question="Is what the strategy says was done, done?",
    needs=("strategy",),
    main=("claims_evidenced",),
    columns=(
        Column("item", "Item"),
        Column("words", "Claim"),
        Column("verdict", "Verdict"),
        Column("why", "Why"),
        Column("figure", "Figures"),
        Column("files", "Files that say so", on_paper=False),
    ),
)  # fmt: skip
def claims(data: PackData) -> Result:
    """The strategy's claims with verdicts.

    One row per claim, in the order of the strategy: `item`, `words`, `verdict` (evidenced; contradicted; not shown, which is also what
    is shown in part), `why`, `figure`, `files` (raw files that say so). A claim is audited on the files of the period, whenever it was
    made.
    """
    of = relation_of(data).where(f"kind = '{_CLAIM}'")
    none = None if data.count(of) else "the table of the strategy has no claim of what was done"
    evidenced = count("claims_evidenced", of=of, where=always(f"status = '{Status.ON_TRACK}'"), per=ITEM)
    rows = [
        (
            one.item,
            one.words,
            f"{SHAPES[Status(one.status)]} {_VERDICTS[Status(one.status)]}",
            "" if one.status == Status.ON_TRACK else one.why,
            one.figure,
            one.files,
        )
        for one in lines_of(data)
        if one.kind == _CLAIM
    ]
    return Result.of(ask(data, evidenced.unless(none)), rows)


@claims.shown
def exhibit(m: Measured) -> Shown:
    evidenced = m["claims_evidenced"]
    wrong = sum("contradicted" in verdict for verdict in m.table["verdict"])
    verb = "is" if evidenced.value == 1 else "are"
    sentence = (
        f"{evidenced} of {number(evidenced.of or 0, 'count')} claims {verb} evidenced, {wrong} contradicted. The others are not shown, "
        "which does not mean that they are untrue."
    )
    return Shown(
        title=f"{evidenced} of {number(evidenced.of or 0, 'count')} claims of what was done {verb} evidenced by files",
        subtitle=f"Claims of the strategy, with the verdict and the file that says so. {m.where}",
        says=(or_why(evidenced, sentence, "Which claims are evidenced"),),
        caption="The strategy's claims, audited",
        paper=Paper.ALL_ROWS,
    )
