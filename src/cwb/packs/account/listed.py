"""Counts of organisations while a register that may list more of them is missing, or is at hand in part: some are the least that there
are, and that none is listed tells nothing."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from cwb.charts.wording import listed
from cwb.evidence.data import PackData
from cwb.packs.account.register_dates import REGISTERS, ending_before, registers_lacking, registers_missing
from cwb.packs.questions import Answers, bound_below


def least_listed(
    data: PackData, answers: Answers, name: str, registers: Collection[str] = tuple(REGISTERS)
) -> None:
    """Make a count the least that it can be while one of the registers that can list what it counts is not at hand in full."""
    if lacking := registers_lacking(data, registers):
        is_part = lacking != registers_missing(data, registers)
        more = f"not all {lacking} are on them" if is_part else f"that of {lacking} was not supplied"
        settles = f"The {'whole ' * is_part}register of {lacking} would settle it."
        bound_below(answers, settles, f"the registers supplied list none for certain, and {more}", name)


def none_listed(data: PackData, registers: Collection[str] = tuple(REGISTERS)) -> int | None:
    """How many there are where none is listed: 0, and not known while one of the registers is not at hand in full."""
    return None if registers_lacking(data, registers) else 0


def least_by(data: PackData, answers: Answers, name: str, day: date) -> None:
    """Make a count of whoever registered up to a day the least that it can be while a register ends before that day."""
    early = ending_before(data, day)
    if early and answers[name].is_stated:
        registers = f"register{'s' * (len(early) > 1)} of {listed([one.name for one in early])}"
        why = f"none is listed for certain, and the {registers} of {min(one.day for one in early):%B %Y} end{'s' * (len(early) == 1)} before"
        bound_below(answers, f"A newer file of the {registers} would settle it.", why, name)


def none_listed_by(data: PackData, day: date) -> int | None:
    """As `none_listed`, of whoever registered up to a day: not known either while a register ends before it."""
    return None if ending_before(data, day) else none_listed(data)


def as_far_as_listed(data: PackData, registers: Collection[str] = tuple(REGISTERS)) -> str:
    """What subtitles add to the registers while one of them is not at hand in full; "" where all are."""
    return ", as far as these list them" * bool(registers_lacking(data, registers))
