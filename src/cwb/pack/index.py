"""The page that members open first: each pack's headline and where to find it."""

from __future__ import annotations

from typing import Any

from cwb.config import Settings
from cwb.pack.registry import Pack
from cwb.pack.render import environment, page_context
from cwb.periods import Period


def render_index(
    settings: Settings, period: Period, packs: tuple[Pack, ...], made: list[list[dict[str, Any]]]
) -> str:
    """`made` holds the exhibits of each pack, in the order of `packs`."""
    entries = []
    for pack, exhibits in zip(packs, made, strict=True):
        shown = [e for e in exhibits if e["is_chart"]]
        entries.append(
            {
                "question": pack.question,
                "href": pack.html_name,
                "headline": next(e["title"] for e in exhibits if e["id"] == "scorecard"),
                "titles": [e["title"] for e in shown][:6],
                "unknown": [(e["title"], e["undefined"]) for e in exhibits if e["undefined"]],
            }
        )
    context = page_context(settings, period) | {"packs": entries, "heading": f"Evidence packs, {period.label}"}
    return environment().get_template("index.html.j2").render(cwb=context)
