"""All that a pack shows and recommends of a council, as plain text that a reader can go through: `shown.txt` of a case.

One block per exhibit: its heading, sentences, the rows of its chart, its table, and the numbers of its findings. The last has what
the pack gives to the first page.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import fields

from cwb.charts.charts import Chart
from cwb.charts.figure import Figure
from cwb.charts.tables import to_csv
from cwb.evidence.data import PackData
from cwb.evidence.definitions import definition
from cwb.evidence.finding import Finding
from cwb.packs import registry
from cwb.packs.advice import Recommendation
from cwb.packs.measure import Measure
from cwb.publish.brief.gather import gather
from cwb.publish.brief.model import PackPart


def shown_of(data: PackData, measures: Iterable[Measure]) -> str:
    """The text of one pack and period."""
    pack = registry.pack_of(data.pack)
    figures = {measure.id: measure(data).figure() for measure in measures}
    figures |= {"how_sure": pack.how_sure(data), "recommendations": pack.recommendations(data)}
    blocks = [_block("scorecard", pack.scorecard(data)), *(_block(*one) for one in figures.items())]
    first_page = "\n".join(("== first page", *_first_page(gather(pack, data))))
    return "\n\n".join([f"{data.settings.council.name}, {data.period.label}", *blocks, first_page]) + "\n"


def _first_page(part: PackPart) -> Iterator[str]:
    yield part.headline
    if part.line:
        yield part.line
    for place in part.places:
        yield f"- {place.sentence}"
        for field in fields(place):
            value = getattr(place, field.name)
            if field.name in ("finding", "pack", "label", "sentence") or value in (None, "", ()):
                continue
            said = value.text if isinstance(value, Recommendation) else value
            if field.name == "trend":
                said = [(point.label, point.text) for point in value]
            yield f"  {field.name}: {_plain(said)}"
    yield from (f"not known: {one.what}; {one.why}; {one.settles}" for one in part.unknown)


def _block(name: str, figure: Figure) -> str:
    return "\n".join(line.rstrip() for line in (f"== {name}", *_lines(figure)))


def _lines(figure: Figure) -> Iterator[str]:
    yield figure.title
    yield from (text for text in (figure.subtitle, figure.source) if text)
    yield from (f"- {text}" for text in figure.says)
    yield from (f"undefined: {text}" for text in (figure.undefined, figure.settles) if text)
    yield from (f"tile: {tile}" for tile in figure.tiles)
    if figure.chart is not None:
        yield from _drawn(figure.chart)
    if figure.undefined is None and figure.columns:
        yield f"table: {figure.caption}, {figure.most_rows or 'all'} rows, on paper {figure.paper}"
        yield from (f"  {row}" for row in to_csv(figure.table, figure.columns).splitlines())
    yield from (_number(finding) for finding in figure.findings)


def _drawn(chart: Chart) -> Iterator[str]:
    """The rows of a chart; outlines of areas are the same on every map."""
    yield f"chart: {chart.kind}"
    for field in fields(chart):
        value = getattr(chart, field.name)
        if field.name in ("kind", "outlines"):
            continue
        if isinstance(value, tuple) and not isinstance(next(iter(value), ""), str):
            yield from (f"  {_plain(row)}" for row in value)
        else:
            yield f"  {field.name}: {_plain(value)}"


def _plain(value: object) -> str:
    """A value as it is written in code: ten digits of a number, which are the same on every machine, and of an enum its text."""
    text = re.sub(r"<\w+\.\w+: ('[^']*')>", r"\1", repr(value))
    return re.sub(r"-?\d+\.\d+(e[+-]?\d+)?", lambda found: f"{float(found[0]):.10g}", text)


def _number(finding: Finding) -> str:
    numbers = " ".join(
        f"{value:.10g}" if value is not None else "-" for value in (finding.value, finding.low, finding.high)
    )
    caveats = "".join(f"; {caveat}" for caveat in finding.caveats)
    return f"{finding.id} v{definition(finding.id).version}: {finding} ({numbers}) {finding.state.value}{caveats}"
