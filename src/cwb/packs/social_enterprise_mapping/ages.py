"""How old social enterprises are."""

from __future__ import annotations

from itertools import pairwise

import pandas as pd

from cwb.base.days import months_after
from cwb.council.periods import long_date
from cwb.packs.account.listed import none_listed, none_listed_by
from cwb.packs.account.register_dates import registers_end
from cwb.packs.exhibits import bars, range_text
from cwb.packs.measure import Column, Definition, Measured, PackData, Result, Shown, measure, undefined
from cwb.packs.questions import ORGANISATION, Fact, share
from cwb.packs.social_enterprise_mapping.bodies import (
    ORGANISATIONS,
    SURE,
    as_far_as_placed,
    ask_registers,
    counts_by,
    here,
    local_and_sure,
    unplaced,
    whose,
)

_YOUNG = 5
# From so many years on, youngest first.
_BANDS = {
    "Under 2 years": 0, "2 to 4 years": 2, "5 to 9 years": _YOUNG, "10 to 24 years": 10, "25 years or more": 25,
}  # fmt: skip


@measure(
    Definition(
        "se_young_share", "Social enterprises under five years old", "share", "share",
        "Social enterprises of grades A and B registered less than five years before the end of the period "
        "divided by all registered by then. High: those of unknown age are too.",
        excluded="Bodies whose place is not known.",
        version=2,
    ),
    question="How old are they?",
    needs=("organisations",),
    main=("se_young_share",),
    columns=(Column("age", "Age"), ORGANISATIONS, Column("share", "Share", "share")),
)  # fmt: skip
def ages(data: PackData) -> Result:
    """How old social enterprises of grades A and B are on the last day of the period, by date of registration.

    One row per age band: `age`, `organisations`, `share` (both None where none is listed and one of no known place is, or a register is not
    at hand in full, or ends before the youngest are of age). A body is five years old on the fifth anniversary of its registration. A
    society that took another form counts from the newer date. Bodies registered after the period are left out; those without a date may be
    of any age. Where registers end before the youngest band begins it has no row, and the share is not known.
    """
    last, bodies = data.period.end, local_and_sure(data)
    is_young = Fact(
        f"registered_date > DATE '{months_after(last, -12 * _YOUNG)}'",
        "days of registration are known",
        "Registers with the day of registration would settle it.",
    )
    answers = ask_registers(data, share("se_young_share", of=bodies, where=is_young, by=None, per=ORGANISATION))
    names, end = list(_BANDS), registers_end(data)
    # Registers that end before the youngest band begins cannot list anybody of it.
    is_over = end is not None and end <= months_after(last, -12 * _BANDS[names[1]])
    if end and is_over:
        why = f"no register that was supplied goes on after {long_date(end)}"
        answers.findings |= undefined(data, ("se_young_share",), why)
    bands = " ".join(
        f"WHEN registered_date > DATE '{months_after(last, -12 * _BANDS[older])}' THEN '{band}'"
        for band, older in pairwise(names)
    )
    age = f"CASE WHEN registered_date IS NULL THEN 'Not known' {bands} ELSE '{names[-1]}' END"
    found = counts_by(data, bodies, age)
    # A body of no known place may be local, and of the youngest a register cannot list all that ends before the period does.
    more = counts_by(data, unplaced(data).where(SURE), age)
    none = {names[0]: none_listed_by(data, last), **dict.fromkeys(more)}
    counts = [found.get(name, none.get(name, none_listed(data))) for name in (*names, "Not known")]
    table = pd.DataFrame({"age": [*names, "Not known"], "organisations": counts})
    table["share"] = table["organisations"] / sum(found.values()) if found else None
    if is_over:
        table = table.iloc[1:]
    return Result.of(answers, table)


@ages.shown
def exhibit(m: Measured) -> Shown:
    young = m["se_young_share"]
    return Shown(
        title=f"{young} of {whose(m.data)} are under five years old",
        subtitle=f"Organisations of grades A and B by age at the end of the period{as_far_as_placed(m.data, SURE)}. {here(m)}",
        chart=bars(m.table["age"], m.table["organisations"], "count"),
        says=(
            f"By date of registration{range_text(young)}: a body that took a new legal form looks younger than it is.",
        ),
        caption="Social enterprises by age",
    )
