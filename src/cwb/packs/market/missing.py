"""What is said of planned purchases where a source of them was not supplied: there may be more, nobody knows how many."""

from __future__ import annotations

from collections.abc import Iterable

from cwb.charts.wording import listed, sentence_case
from cwb.packs.market.demand import SOURCES
from cwb.packs.measure import PackData
from cwb.packs.questions import Answers, at_least, undefined
from cwb.sources.remedies import how_to_get

_KINDS = {"pipeline_lines": "pipeline", "contract_lines": "contracts", "notices": "notices"}


def why_not_all(data: PackData) -> str:
    """Why not all planned purchases are known, as a clause; "" where every source of them was supplied."""
    return listed([why for name in SOURCES if not data.has(name) and (why := data.why_not(name))])


def may_be_more(data: PackData) -> tuple[str, ...]:
    """The sentence that there may be more planned purchases; none where every source was supplied."""
    why = why_not_all(data)
    return (f"{sentence_case(why)}: there may be more purchases than these.",) if why else ()


def as_far_as_known(data: PackData, answers: Answers, ids: Iterable[str]) -> Answers:
    """The answers, of which these are about all planned purchases: where a source of purchases is missing, a count or a total is
    the least that it can be, and a share of all is not known."""
    why = why_not_all(data)
    settles = " ".join(filter(None, (how_to_get(_KINDS[name]) for name in SOURCES if not data.has(name))))
    for name in ids if why else ():
        found = answers[name]
        if found.value is None:
            continue
        is_share = found.unit == "share"
        least = undefined(data, (name,), why)[name] if is_share else at_least(found, settles, why)
        answers.findings[name] = least
    return answers
