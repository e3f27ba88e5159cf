"""Bars: plain, joined, bridging, with ranges, and divided into parts of a whole."""

from __future__ import annotations

from cwb.charts.charts import Bar, Bars, Stack
from cwb.charts.palette import INK, PAPER, SEQUENCE, text_on
from cwb.charts.svg import element, key, line, percent, span, text

THICK = 18
# The narrowest page leaves a bar this many pixels; a letter takes so many of them.
NARROW, _LETTER = 280, 8.5


def swatch(position: int) -> str:
    return element("rect", x=1, y=2, width=14, height=13, **_fill(position))


def _fill(position: int) -> dict[str, str | float]:
    """The third colour is as dark as the first where there are no colours: it is hollow."""
    colour = SEQUENCE[position]
    return {"fill": PAPER, "stroke": colour, "stroke_width": 2.5} if position == 2 else {"fill": colour}


def row(label: str, value: str, drawing: str) -> str:
    """A row of a chart: its label, its printed value, and what is drawn as wide as the page leaves."""
    return f"{span('label', label)}{span('value', value)}{element('svg', drawing, class_='plot')}"


def draw_bars(chart: Bars) -> str:
    """One row a bar and those that join it; bars reach from zero or from where they start."""
    rows: list[list[Bar]] = []
    for bar in chart.bars:
        if bar.joins and rows:
            rows[-1].append(bar)
        else:
            rows.append([bar])
    ends = [end for b in chart.bars for end in (b.start, b.value, b.low or 0.0, b.high or 0.0)]
    low, high = min(0.0, *ends), max(0.0, *ends)
    size = (high - low) or 1.0

    def at(value: float) -> float:
        return (value - low) / size

    drawn = [
        row(
            bars[0].label,
            ", ".join(bar.text for bar in bars if bar.text),
            "".join(_bar(at(bar.start), at(bar.value), chart.groups[bar.group]) for bar in bars)
            + line(percent(at(0.0)), percent(at(0.0)), "0", "100%")
            + "".join(
                _range(at(b.low), at(b.high))
                for b in bars
                if b.low is not None and b.high is not None and b.low < b.high
            ),
        )
        for bars in rows
    ]
    legend = (
        key([(swatch(place), group) for group, place in chart.groups.items()]) if len(chart.groups) > 1 else ""
    )
    return f'{legend}<div class="rows">{"".join(drawn)}</div>'


def _bar(start: float, end: float, position: int) -> str:
    left, width = min(start, end), abs(end - start)
    if not width:
        return ""
    # What is not nothing is seen, however little it is.
    shown = max(width, 0.004)
    return element(
        "rect", x=percent(min(left, 1 - shown)), y="50%", width=percent(shown), height=THICK, **_fill(position), transform=f"translate(0 -{THICK // 2})"
    )  # fmt: skip


def _range(low: float, high: float) -> str:
    """A range as a line with ends, ink on paper, so that it is read on a bar of any colour and without colours."""
    strokes = [(low, high, 0), (low, low, 6), (high, high, 6)]
    parts = [
        line(percent(x1), percent(x2), -half, half, colour, width, stroke_linecap="square")
        for colour, width in ((PAPER, 5.0), (INK, 2.0))
        for x1, x2, half in strokes
    ]
    return element("svg", "".join(parts), y="50%", overflow="visible")


def _with_sign(part: str, words: str) -> str:
    """A part's text with the sign with which its name begins ("▼ behind"), by which it is known where colours look alike, as in grey."""
    return words if part[:1].isalnum() or not words else f"{part[:1]} {words}"


def draw_stack(chart: Stack) -> str:
    """Each bar is a whole. A part's text is printed in it where it fits on the narrowest page, else below the bar with its name."""
    drawn, parts = [], list(dict.fromkeys(part for _, pieces in chart.bars for part, _, _ in pieces))
    for label, pieces in chart.bars:
        start, inside, small = 0.0, [], []
        for position, (part, share, words) in enumerate(pieces):
            if share > 0:
                fill: dict[str, str | float] = {"stroke": PAPER, **_fill(position)}
                inside.append(element("rect", x=percent(start), y=2, width=percent(share), height=26, **fill))
            words_inside = _with_sign(part, words)
            if share * NARROW >= len(words_inside) * _LETTER + 4:
                ink = text_on(str(fill["fill"]))
                middle = percent(start + share / 2)
                inside.append(
                    text(words_inside, middle, 20, "middle", fill=ink, stroke="none", font_weight="bold")
                )
            elif share > 0:
                small.append(f"{part} {words}")
            start += share
        below = text(", ".join(small), "100%", 45, "end") if small else ""
        height = 50 if small else 32
        drawn.append(
            f"{span('label', label)}{span('value', '')}"
            f"{element('svg', ''.join(inside) + below, class_='plot parts', height=height)}"
        )
    legend = key([(swatch(position), part) for position, part in enumerate(parts)])
    return f'{legend}<div class="rows">{"".join(drawn)}</div>'
