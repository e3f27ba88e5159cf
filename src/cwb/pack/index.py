"""The page that members open first: five headlines, what changed, what is restated, what is not known.

Earlier reports are read for their `findings.json` alone. A number is compared with an earlier one only where both have the
same version of their definition, and with the baseline only where both are of the same months.
"""

from __future__ import annotations

import json
import math
from typing import Any

from cwb.council.config import Settings
from cwb.council.periods import Period
from cwb.evidence.definitions import definition
from cwb.evidence.finding import number
from cwb.pack.registry import Pack
from cwb.pack.render import environment, page_context

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
# A range of a share wider than this, or a range of another number wider than this part of it, is told as not known.
_WIDE = 0.1
_WITHIN = "within what is not known"
_MOST_CHANGES = 3  # of each pack


def period_before(period: Period) -> Period:
    """The quarter before a quarter, the year before a year."""
    if period.quarter > 1:
        return Period(period.start_year, period.quarter - 1)
    return Period(period.start_year - 1, 4 if period.quarter else 0)


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


Told = dict[tuple[str, str], dict[str, Any]]


def render_index(
    settings: Settings,
    period: Period,
    made: dict[Pack, list[dict[str, Any]]],
    failed: dict[Pack, str],
    findings: list[dict[str, Any]],
) -> str:
    """`made` has the exhibits of each pack that was built, `failed` why the others were not."""
    now = {(f["pack"], f["id"]): f for f in findings}
    before, base = period_before(period), settings.baseline_period
    like = period.like(base)
    earlier = {p: earlier_findings(settings, p) for p in (before, like, base)}
    entries = []
    for pack, exhibits in made.items():
        card = next(e for e in exhibits if e["id"] == "scorecard")
        headline = now[pack.id, HEADLINES[pack.id]]
        entries.append(
            {
                "question": pack.question,
                "href": pack.html_name,
                "headline": card["title"],
                "titles": [e["title"] for e in exhibits if e["is_chart"]][:4],
                "unknown": unknowns(card["findings"]),
                "label": headline["label"],
                "now": _shown(headline),
                "before": then_and_now(headline, earlier[before], before),
                "base": _at_baseline(headline, earlier, period, like, base),
                "changed": changes(card["findings"], earlier[before]),
            }
        )
    context = page_context(settings, period) | {
        "heading": f"Evidence packs, {period.label}",
        "packs": entries,
        "failed": [(pack.question, reason) for pack, reason in failed.items()],
        "before": before.short_label,
        "has_before": earlier[before] is not None,
        "build_before": f"cwb run {before}",
        "baseline": like.short_label,
        "missing": missing([e for exhibits in made.values() for e in exhibits]),
        "restated": [text for f in findings if f["id"] in _RESTATED and (text := _restated(f))],
        "has_suppliers_page": any(pack.id == "gap_analysis" for pack in made),
    }
    return environment().get_template("index.html.j2").render(cwb=context)


def _shown(finding: dict[str, Any]) -> str:
    return (
        number(finding["value"], finding["unit"]) if "value" in finding else f"not known: {finding['undefined']}"
    )


def _at_baseline(
    now: dict[str, Any], earlier: dict[Period, Told | None], period: Period, like: Period, base: Period
) -> str:
    """The same part of the baseline year where its report was built; else the year, without a comparison."""
    if period == like:
        return "this period"
    if earlier[like] is None and earlier[base] is not None:
        then = (earlier[base] or {}).get((now["pack"], now["id"]))
        return f"{_shown(then)} in all of {base.short_label}" if then else NOT_BUILT
    return then_and_now(now, earlier[like], like)


def then_and_now(now: dict[str, Any], told: Told | None, period: Period) -> str:
    """What an earlier report said, and which way it has moved, where both say the same thing by the same definition."""
    if told is None:
        return NOT_BUILT
    then = told.get((now["pack"], now["id"]))
    if then is None:
        return "not in that report"
    if then["definition_version"] != now["definition_version"]:
        return "defined otherwise then"
    return _shown(then) + (f" ({moved(now, then)})" if "value" in then and "value" in now else "")


def moved(now: dict[str, Any], then: dict[str, Any]) -> str:
    """Which way a number has moved, in words; a move that what is not known could undo is told as such."""
    step = now["value"] - then["value"]
    unit = "points" if now["unit"] == "share" else now["unit"]
    if number(abs(step), unit) == number(0.0, unit):
        return "level"
    said = f"now {'up' if step > 0 else 'down'} {number(abs(step), unit)}"
    bounds = [f[side] for f in (now, then) for side in ("low", "high")]
    if None in bounds or now["unit"] not in ("share", "rate"):
        return said
    overlaps = now["low"] <= then["high"] and then["low"] <= now["high"]
    return f"{said}, {_WITHIN}" if overlaps and now["low"] < now["high"] else said


def changes(card: list[dict[str, Any]], told: Told | None) -> list[tuple[str, str, str, str]]:
    """The numbers of a pack's first exhibit that moved most since the report before: label, then, now, and how.

    Left out: moves within what is not known, and numbers that are changes themselves.
    """
    rows: list[tuple[float, tuple[str, str, str, str]]] = []
    for now in card:
        then = (told or {}).get((now["pack"], now["id"]))
        is_alike = then is not None and then["definition_version"] == now["definition_version"]
        if then is None or not is_alike or _shown(then) == _shown(now):
            continue
        if "value" not in now or "value" not in then:
            rows.append((math.inf, (now["label"], _shown(then), _shown(now), "not comparable")))
        elif now["unit"] not in ("points", "change") and not now["id"].endswith("_change"):
            how = moved(now, then)
            if _WITHIN not in how:
                step = abs(now["value"] - then["value"]) / (abs(then["value"]) or 1.0)
                rows.append((step, (now["label"], _shown(then), _shown(now), how)))
    return [row for _, row in sorted(rows, key=lambda ranked: -ranked[0])[:_MOST_CHANGES]]


def missing(exhibits: list[dict[str, Any]]) -> list[tuple[str, list[str]]]:
    """What could not be computed, by reason: the reason, then the numbers that stand first and the questions it leaves open."""
    found: dict[str, list[str]] = {}
    for exhibit in exhibits:
        for finding in exhibit["findings"] if exhibit["id"] == "scorecard" else ():
            if "undefined" in finding:
                found.setdefault(finding["undefined"], []).append(finding["label"])
        if exhibit["undefined"]:
            found.setdefault(exhibit["undefined"], []).append(exhibit["title"].rstrip("?"))
    return [(reason, list(dict.fromkeys(names))) for reason, names in found.items()]


def unknowns(card: list[dict[str, Any]]) -> list[str]:
    """What is not known of the numbers that stand first and have a value: wide ranges, and caveats."""
    told = []
    for finding in card:
        if "value" in finding and finding["low"] is not None and finding["high"] is not None:
            width = finding["high"] - finding["low"]
            relative = width if finding["unit"] == "share" else width / (abs(finding["value"]) or 1.0)
            if relative > _WIDE:
                low, high = (number(finding[side], finding["unit"]) for side in ("low", "high"))
                told.append(f"{finding['label']}: {_shown(finding)}, between {low} and {high}.")
        told += [f"{finding['label']}: {caveat}" for caveat in finding["caveats"]]
    return list(dict.fromkeys(told))


def _restated(finding: dict[str, Any]) -> str:
    """What is restated and why, in words; "" where nothing is."""
    if not finding.get("value"):
        return ""
    value = number(abs(finding["value"]), finding["unit"])
    if finding["id"] == "published_restated":
        return f"{value} figures published before differ from what the rows say now; pack 01 shows which, under Can these figures be trusted."
    word = "lower" if finding["value"] < 0 else "higher"
    return f"The emissions of the baseline are {value} {word} with the factors in use than as first computed; {definition(finding['id'])['label'].lower()} in pack 05."
