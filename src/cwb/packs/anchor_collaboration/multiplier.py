"""An illustration of what pounds do that stay: Local Multiplier 3 of what the options could move."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd

from cwb.packs.anchor_collaboration.contracts import ask_pounds, may_move, shift
from cwb.packs.anchor_collaboration.doubtful import of_contracts_known
from cwb.packs.anchor_collaboration.option_groups import open_contracts, option_lines
from cwb.packs.anchor_collaboration.options import options
from cwb.packs.exhibits import bars
from cwb.packs.measure import Column, Definition, Measured, PackData, Paper, Result, Shown, Undefined, measure
from cwb.packs.questions import number, product

RETAINED = tuple(Decimal(text) for text in ("0.2", "0.4", "0.5", "0.6", "0.8"))
# The middle of them, which the finding states; the ends are its range.
_MIDDLE = Decimal("0.5")


def lm3(retained: Decimal) -> Decimal:
    """Local Multiplier 3 when the same share is kept local at each of two rounds: 1 + r + r².

    80% kept gives 2.44, 20% gives 1.24. A round is a payment: the council's, its suppliers', and theirs.
    """
    return 1 + retained + retained**2


@measure(
    Definition(
        "illustrated_gain", "Illustration: what could move, over three rounds", "gbp", "product",
        "What options could move times Local Multiplier 3 with half kept local at each round. Low and high: a "
        "fifth kept of the least that could move, four fifths of the most. An illustration, not a finding.",
    ),
    question="What would it be worth to the area?",
    needs=(),
    main=("illustrated_gain",),
    columns=(
        Column("retained", "Kept local at each round", "share"),
        Column("lm3", "LM3", "decimal2"),
        Column("shift_gbp", "Could move, as far as known (£)", "gbp"),
        Column("worth_gbp", "Over three rounds, as far as known (£)", "gbp"),
    ),
)  # fmt: skip
def multiplier(data: PackData) -> Result:
    """An illustration and no finding: what the shift of the options would come to over three rounds.

    One row per share that local suppliers keep local: `retained`, `lm3`, `shift_gbp` (of `options`), `worth_gbp`. The shares
    are assumptions; what local suppliers really keep is not known.
    """
    moved = options(data)["option_shift"]
    if moved.evidence is None:
        raise Undefined(moved.undefined or "")
    low, high = lm3(RETAINED[0]), lm3(RETAINED[-1])
    moves = may_move(option_lines(data).where("is_open"))
    gain = product("illustrated_gain", moves, shift(data, lm3(_MIDDLE), low, high))
    findings = of_contracts_known(data, ask_pounds(data, open_contracts(data), gain))
    pounds = moved.value
    rows = [] if pounds is None else [(float(r), float(lm3(r)), pounds, pounds * float(lm3(r))) for r in RETAINED]
    return Result(findings, pd.DataFrame(rows))


@multiplier.shown
def exhibit(m: Measured) -> Shown:
    labels = [
        f"{number(r.retained, 'share')} kept local (LM3 {number(r.lm3, 'intensity')})"
        for r in m.table.itertuples()
    ]
    gain = m["illustrated_gain"]
    least = "" if gain.is_stated else "at least "
    texts = [f"{least}{number(pounds, 'gbp')}" for pounds in m.table["worth_gbp"]]
    # A least is that of the least share.
    kept = "half" if gain.is_stated else number(float(RETAINED[0]), "share")
    title = f"Illustration only: {gain} over three rounds, if {kept} is kept local"
    return Shown(
        title=title if gain.value else "Illustration only: nothing can move, and so nothing is gained",
        subtitle=f"Local Multiplier 3 (LM3) applied to what the options could move, for shares that could stay local. {m.where}",
        chart=bars(labels, m.table["worth_gbp"], "gbp", texts, places={"": 3}),
        says=(
            "This is not a finding: nobody has measured what local suppliers keep local. Money that goes round twice is not new money.",
        ),
        caption="Local Multiplier 3, an illustration",
        paper=Paper.SENTENCES,
    )
