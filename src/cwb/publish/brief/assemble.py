"""The brief of a period from the parts of its packs: ranked, with its heading, and what members decided before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from cwb.charts.wording import listed, sentence_case
from cwb.council.config import Settings
from cwb.council.periods import Period
from cwb.evidence.finding import number
from cwb.evidence.record import FindingRecord
from cwb.packs.advice import Recommendation
from cwb.packs.decisions import Decision
from cwb.publish.brief.model import Brief, PackPart, Place, Unknown
from cwb.publish.brief.ranking import rank
from cwb.sources.report import FileReport

# Of so many files each is told with its reason; of more, so many are named.
_MOST_FILES, _MOST_NAMES = 3, 12


def assemble(
    settings: Settings,
    period: Period,
    parts: Sequence[PackPart],
    failed: Mapping[str, str],
    findings: Sequence[FindingRecord],
    reports: Iterable[FileReport] = (),
    taken: tuple[Decision, ...] = (),
    none_taken: str = "",
) -> Brief:
    """The brief. `failed` is why packs (by their questions) were not built; `findings` are all of the report; of the `reports` of raw
    files it tells those of which nothing is counted."""
    day = settings.report.as_of or period.end
    places = [place for part in parts for place in part.places]
    ranked = rank(places, settings.brief, day, _year_gbp(period, findings))
    advice = [one for part in parts for one in part.recommendations]
    return Brief(
        council=settings.council.name,
        is_illustrative=settings.council.illustrative,
        period=period.label,
        heading=_heading(ranked.first),
        places=ranked.first,
        also_worse=ranked.also_worse,
        asked=tuple(
            sorted((one for one in advice if not one.is_find_out), key=lambda one: (one.start_by, one.rule))
        ),
        taken=taken,
        none_taken=none_taken,
        unknown=_unknown(ranked.first, parts, [one for one in advice if one.is_find_out]),
        restated=tuple(text for finding in findings if (text := restated(finding))),
        remarks=tuple(dict.fromkeys(text for part in parts for text in part.remarks)),
        skipped=_not_counted(reports),
        failed=tuple(failed.items()),
        packs=tuple(parts),
    )


def _year_gbp(period: Period, findings: Sequence[FindingRecord]) -> float:
    """A year's spend, from that of the period; 0 where it is not known."""
    spent = next((f.value for f in findings if f.id == "total_spend" and f.value is not None), 0.0)
    return spent * (12 // period.months)


def _heading(places: Sequence[Place]) -> str:
    """What the page says first: the first thing that is better and the first that is worse, both for certain."""
    better = next((place.clause for place in places if place.clause and place.is_better), "")
    worse = next((place.clause for place in places if place.clause and place.is_worse), "")
    clauses = [clause for clause in (better, worse) if clause]
    if clauses:
        return f"{sentence_case(', but '.join(clauses))}."
    if all(not place.now for place in places):
        return "What matters most is not known yet."
    return "Of what matters most, nothing is sure to have moved."


def _unknown(
    shown: Sequence[Place], parts: Sequence[PackPart], find_out: Sequence[Recommendation]
) -> tuple[Unknown, ...]:
    """What is not known: first what someone is asked to find out, then what the packs' first numbers lack. What a place has said
    with what would settle it is not said again."""
    already_shown = {(place.finding.undefined, place.finding.settles) for place in shown if not place.now}
    arrows = [place.recommendation for place in shown]
    lines = [Unknown("", f"{one.text} {one.because}".strip(), one.role) for one in find_out if one not in arrows]
    # A find-out has the reason in its words; what no rule asks for is told here. Remarks on a number come last.
    others = [
        one
        for part in parts
        for one in part.unknown
        if (one.why, one.settles or None) not in already_shown and not any(one.why in line.why for line in lines)
    ]
    return tuple(dict.fromkeys([*lines, *sorted(others, key=lambda one: not one.what)]))


def _not_counted(reports: Iterable[FileReport]) -> tuple[str, ...]:
    """Raw files of which nothing is counted, each with its reason; of many only their names."""
    left_out = [(report.file, why) for report in reports if (why := _why_not_counted(report))]
    if len(left_out) <= _MOST_FILES:
        return tuple(f"Nothing of the file {name} is counted{why}" for name, why in left_out)
    names = listed([name for name, _ in left_out[:_MOST_NAMES]])
    more = f" and {len(left_out) - _MOST_NAMES} others" if len(left_out) > _MOST_NAMES else ""
    return (f"Nothing of {len(left_out)} files is counted, and the annex says why: {names}{more}.",)


def _why_not_counted(report: FileReport) -> str:
    if report.is_skipped:
        return f". {report.error}"
    if not report.is_lost:
        return ""
    reasons = "; ".join(f"{reason}: {count:,}" for reason, count in report.refused_by_reason().items())
    return f": each of its rows was left out ({reasons})."


def restated(finding: FindingRecord) -> str:
    """What is restated, in words; "" where nothing is known to be."""
    if not finding.value:
        return ""
    if finding.id == "published_restated":
        value = number(finding.value, finding.unit)
        figures = "figure published before differs" if finding.value == 1 else "figures published before differ"
        return f"{value} {figures} from what the rows say now; the annex shows which."
    if finding.id == "emissions_restatement":
        size, side = number(abs(finding.value), finding.unit), "more" if finding.value > 0 else "less"
        return f"By newer factors the purchases of the baseline gave off {size} {side} than was first worked out; pack 05 shows it."
    return ""
