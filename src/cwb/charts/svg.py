"""Elements of static drawings as text: attributes in the order given, coordinates in two places, every text escaped.

Places along a chart are percentages, so that a drawing is as wide as its page and its text never shrinks. Colours are
attributes, as a page's policy forbids styles of its own to elements.
"""

from __future__ import annotations

import html

from cwb.charts.palette import FAINT, INK, PAPER


def element(name: str, inside: str = "", /, **attributes: str | float) -> str:
    """One element; `_` in a name stands for `-`, a number is a length in pixels."""
    parts = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{value if isinstance(value, str) else f"{round(value, 2):g}"}"'
        for key, value in attributes.items()
    )
    return f"<{name}{parts}>{inside}</{name}>" if inside else f"<{name}{parts}/>"


def percent(part: float) -> str:
    """A part of the width (0 to 1)."""
    return f"{round(100 * part, 2):g}%"


def text(words: str, x: str, y: float | str, anchor: str = "start", **attributes: str | float) -> str:
    """Words on a halo of paper, so that a line behind them does not cross them."""
    halo = {"stroke": PAPER, "stroke_width": "4", "paint_order": "stroke", "fill": INK}
    return element("text", html.escape(words), x=x, y=y, text_anchor=anchor, **(halo | attributes))


def line(
    x1: str, x2: str, y1: float | str, y2: float | str, colour: str = FAINT, width: float = 1, **more: str
) -> str:
    return element("line", x1=x1, x2=x2, y1=y1, y2=y2, stroke=colour, stroke_width=width, **more)


_LONGEST = 1_000


def span(kind: str, words: str) -> str:
    """A text of the chart outside its drawing, which the page wraps; one of absurd length is cut, and whole in the CSV."""
    shown = words if len(words) <= _LONGEST else f"{words[:_LONGEST]}…"
    return f'<span class="{kind}">{html.escape(shown)}</span>'


def key(entries: list[tuple[str, str]]) -> str:
    """The key: each entry's sign (16 by 16 pixels) and name."""
    signs = "".join(
        f"<span>{element('svg', sign, width=18, height=16)} {html.escape(name)}</span>" for sign, name in entries
    )
    return f'<span class="key">{signs}</span>'
