"""The page that members open first: five headlines, what changed, what is restated, what is not known.

Earlier reports are read for their `findings.json` alone. A number is compared with an earlier one only where both have the
same version of their definition.
"""

from __future__ import annotations

import json
from typing import Any

from cwb.config import Settings
from cwb.evidence import definition, number
from cwb.pack.registry import Pack
from cwb.pack.render import environment, page_context
from cwb.periods import Period

# For each pack the share that tells most of it: shares of a quarter and of a year can stand side by side.
HEADLINES = {
    "local_supplier_base": "local_share_without_one_offs",
    "gap_analysis": "lines_served_share",
    "social_enterprise_mapping": "se_spend_share",
    "anchor_collaboration": "anchor_local_share",
    "contract_emissions": "plan_spend_share",
}
_RESTATED = ("published_restated", "emissions_restatement")
NOT_BUILT = "no report built"


def previous_period(period: Period) -> Period:
    """The quarter before a quarter, the year before a year."""
    if not period.quarter:
        return Period(period.start_year - 1)
    return (
        Period(period.start_year, period.quarter - 1) if period.quarter > 1 else Period(period.start_year - 1, 4)
    )


def earlier_findings(settings: Settings, period: Period) -> dict[tuple[str, str], dict[str, Any]] | None:
    """The findings of another period's report by (pack, id); None where none was built."""
    path = settings.reports / str(period) / "findings.json"
    if not path.is_file():
        return None
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        return {(f["pack"], f["id"]): f for f in told}
    except (ValueError, TypeError, KeyError):
        return None


def render_index(
    settings: Settings,
    period: Period,
    made: dict[Pack, list[dict[str, Any]]],
    failed: dict[Pack, str],
    findings: list[dict[str, Any]],
) -> str:
    """`made` has the exhibits of each pack that was built, `failed` why the others were not."""
    now = {(f["pack"], f["id"]): f for f in findings}
    before, base = previous_period(period), settings.baseline_period
    earlier = {p: earlier_findings(settings, p) for p in (before, base)}
    entries = [
        {
            "question": pack.question,
            "href": pack.html_name,
            "headline": next(e["title"] for e in exhibits if e["id"] == "scorecard"),
            "titles": [e["title"] for e in exhibits if e["is_chart"]][:4],
            "unknown": [(e["title"], e["undefined"]) for e in exhibits if e["undefined"]],
            "trend": _trend(pack, period, now, before, base, earlier),
        }
        for pack, exhibits in made.items()
    ]
    context = page_context(settings, period) | {
        "heading": f"Evidence packs, {period.label}",
        "packs": entries,
        "failed": [(pack.question, reason) for pack, reason in failed.items()],
        "before": before.short_label,
        "baseline": base.short_label,
        "restated": [text for f in findings if f["id"] in _RESTATED and (text := _restated(f))],
        "has_suppliers_page": any(pack.id == "gap_analysis" for pack in made),
    }
    return environment().get_template("index.html.j2").render(cwb=context)


def _trend(
    pack: Pack,
    period: Period,
    now: dict[tuple[str, str], dict[str, Any]],
    before: Period,
    base: Period,
    earlier: dict[Period, dict[tuple[str, str], dict[str, Any]] | None],
) -> dict[str, str]:
    key = (pack.id, HEADLINES[pack.id])
    own = now[key]
    return {
        "label": own["label"],
        "now": _shown(own),
        "before": _then(own, (earlier[before] or {}).get(key), earlier[before] is not None),
        "base": "this period"
        if period == base
        else _then(own, (earlier[base] or {}).get(key), earlier[base] is not None),
    }


def _shown(finding: dict[str, Any]) -> str:
    return (
        number(finding["value"], finding["unit"]) if "value" in finding else f"not known: {finding['undefined']}"
    )


def _then(now: dict[str, Any], then: dict[str, Any] | None, is_built: bool) -> str:
    if not is_built:
        return NOT_BUILT
    if then is None:
        return "not in that report"
    if then["definition_version"] != now["definition_version"]:
        return "defined otherwise then"
    shown = _shown(then)
    if "value" in then and "value" in now:
        moved = now["value"] - then["value"]
        word = "up" if moved > 0.0005 else "down" if moved < -0.0005 else "level"
        shown += f" ({word if word == 'level' else f'now {word} ' + number(moved, 'points')})"
    return shown


def _restated(finding: dict[str, Any]) -> str:
    """What is restated and why, in words; "" where nothing is."""
    if not finding.get("value"):
        return ""
    value = number(abs(finding["value"]), finding["unit"])
    if finding["id"] == "published_restated":
        return f"{value} figures published before differ from what the rows say now; pack 01 shows which, under Can these figures be trusted."
    word = "lower" if finding["value"] < 0 else "higher"
    return f"The emissions of the baseline are {value} {word} with the factors in use than as first computed; {definition(finding['id'])['label'].lower()} in pack 05."
