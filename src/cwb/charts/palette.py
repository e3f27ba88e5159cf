"""Colours that pass 3:1 on white and against their neighbours, checked by `tests/test_pack.py`."""

from __future__ import annotations

NAVY, TEAL, PLUM, ORANGE = "#12436D", "#28A197", "#801650", "#F46A25"
# In the order of adjacent parts of a bar.
SEQUENCE = (NAVY, TEAL, PLUM, ORANGE)
INK, FAINT, PAPER = "#0b0c0c", "#505a5f", "#ffffff"
WIDTH = 680  # of a map, in CSS pixels
TINTS = ("#eef3f8", "#b9cde0", "#7fa3c5")


def luminance(colour: str) -> float:
    """Relative luminance of WCAG 2.2 for "#rrggbb"."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast ratio of WCAG 2.2, from 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def text_on(colour: str) -> str:
    """White or ink, whichever reads better on a colour."""
    return PAPER if contrast(PAPER, colour) >= contrast(INK, colour) else INK
