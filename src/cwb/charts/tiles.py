"""Tiles: a number each, with its direction, what it is compared with, and a line of its last periods."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass

_WIDTH, _HEIGHT, _MARGIN = 96, 24, 3


@dataclass(frozen=True)
class Tile:
    """One number as it is shown first: `direction` is a shape and words ("▲ up 6.0 percentage points since Q2 2023/24"), `then`
    has what it is compared with, `trend` the last periods (label, value or None, text), earliest first."""

    label: str
    value: str
    note: str = ""
    direction: str = ""
    then: tuple[tuple[str, str], ...] = ()
    trend: tuple[tuple[str, float | None, str], ...] = ()

    def to_html(self) -> str:
        """One item of the list of tiles."""
        text = html.escape
        parts = [f"<span>{text(self.label)}</span> <b>{text(self.value)}</b>"]
        if self.trend:
            parts.append(sparkline(self.trend, self.label))
        if self.direction:
            parts.append(f"<small>{text(self.direction)}</small>")
        if self.note:
            parts.append(f"<small>{text(self.note)}</small>")
        if self.then:
            parts.append(f"<small>{text('; '.join(f'{what} {value}' for what, value in self.then))}</small>")
        return f"<li>{' '.join(parts)}</li>"


def sparkline(points: Sequence[tuple[str, float | None, str]], label: str) -> str:
    """A small line of a few periods, from the least to the most of them; a gap where a period is not known. Its name says every
    value, so that nobody needs to see it."""
    known = [value for _, value, _ in points if value is not None]
    low, high = min(known), max(known)
    wide, tall = _WIDTH - 2 * _MARGIN, _HEIGHT - 2 * _MARGIN
    places: list[tuple[float, float] | None] = []
    for place, (_, value, _) in enumerate(points):
        x = _MARGIN + wide * place / max(len(points) - 1, 1)
        y = _MARGIN + tall * (0.5 if high == low else 1 - ((value or 0.0) - low) / (high - low))
        places.append(None if value is None else (x, y))
    path, is_joined = "", False
    for point in places:
        if point is not None:
            path += f"{'L' if is_joined else 'M'}{point[0]:.1f} {point[1]:.1f}"
        is_joined = point is not None
    last = next(point for point in reversed(places) if point is not None)
    name = html.escape(f"{label}: " + ", ".join(f"{when} {text}" for when, _, text in points), quote=True)
    return (
        f'<svg class="spark" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{name}" focusable="false">'
        f'<path d="{path}" fill="none" stroke="currentColor" stroke-width="2" stroke-linejoin="round"/>'
        f'<circle cx="{last[0]:.1f}" cy="{last[1]:.1f}" r="3" fill="currentColor"/></svg>'
    )
