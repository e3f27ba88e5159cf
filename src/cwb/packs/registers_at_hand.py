"""Which public registers are at hand in full: what is asked for names no other."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from cwb.charts.wording import listed, sentence_case
from cwb.evidence.data import PackData
from cwb.evidence.questions import Question


def sources_lacking(data: PackData, of: Collection[str]) -> list[str]:
    """The sources of these that are registers of which no file, or only a part, was supplied."""
    return [
        source
        for source in of
        if not data.source_files((source,)) or (source == "companies" and not has_whole_register(data))
    ]


def has_whole_register(data: PackData) -> bool:
    """Whether the register of companies has as many as the settings say that a whole one has."""
    return data.has("organisations") and companies_at_hand(data) >= data.settings.matching.whole_register


def companies_at_hand(data: PackData) -> int:
    """How many companies the registers that were supplied have. Every question asks it: it is counted once."""
    return data.cached(
        "companies_at_hand", lambda of: of.count(of.relation("organisations").where("company_number IS NOT NULL"))
    )


def still_asked(data: PackData, question: Question) -> Question:
    """The question, whose fact asks for no register that is at hand in full."""
    fact = question.fact
    lacking = sources_lacking(data, fact.registers)
    if len(lacking) == len(fact.registers):
        return question
    if fact.listed and not lacking:
        return replace(question, fact=replace(fact, settles=fact.listed))
    registers = f"the public register{'s' * (len(lacking) > 1)} of {listed(lacking)}"
    settles = f"{registers} would settle it, and {fact.rest}." if lacking else f"{fact.rest} would settle it."
    return replace(question, fact=replace(fact, settles=sentence_case(settles)))
