"""How it is changing, and how far the answer depends on choices."""

from __future__ import annotations

import pandas as pd

from cwb.council.periods import Period
from cwb.dataset import Dataset
from cwb.evidence.finding import Finding
from cwb.measures.shares import (
    Split,
    mean_of_shares,
    ring_by_given_numbers,
    ring_if_review_taken,
    split,
)
from cwb.measures.workbench import Result, Workbench, measure
from cwb.places import LOCAL, REGION


@measure(
    "local_share_baseline",
    "local_share_change",
    "local_share_without_one_offs_baseline",
    "local_share_without_one_offs_change",
    "mean_of_quarter_shares",
)
def trend(data: Dataset, bench: Workbench) -> Result:
    """The local share quarter by quarter, up to the end of the period.

    One row per quarter and series: `quarter`, `label`, `series` ("All spend", "Without one-offs"), `local_share`,
    `local_gbp`, `pounds_gbp`. Quarters with a month missing are left out, and the series without one-offs where the
    year has no approved list.
    """
    rows = []
    for text in data.periods_with_spend():
        quarter = Period.parse(text)
        if not data.is_whole(quarter):
            continue
        lines = data.spend(quarter)
        series_of = {"All spend": lines}
        if data.has_one_offs(quarter):
            series_of["Without one-offs"] = _recurrent(lines)
        for series, own in series_of.items():
            parts = split(own)
            rows.append(
                {
                    "quarter": text,
                    "label": quarter.short_label,
                    "series": series,
                    "local_share": parts.local / parts.total if parts.total else None,
                    "local_gbp": parts.local,
                    "pounds_gbp": parts.total,
                }
            )
    table = pd.DataFrame(rows, columns=["quarter", "label", "series", "local_share", "local_gbp", "pounds_gbp"])
    now, before = data.spend(), data.spend(data.baseline)
    findings: list[Finding] = []
    whole = data.is_whole(data.period) and data.is_whole(data.baseline)
    listed = data.has_one_offs(data.period) and data.has_one_offs(data.baseline)
    missing = f"months are missing in {data.period.label} or in {data.baseline.label}"
    unlisted = f"{data.period.year.label} or {data.baseline.year.label} has no approved list of one-off projects"
    for name, later, earlier, reason in (
        ("local_share", split(now), split(before), None if whole else missing),
        (
            "local_share_without_one_offs",
            split(_recurrent(now)),
            split(_recurrent(before)),
            missing if not whole else None if listed else unlisted,
        ),
    ):
        if reason is None and not (later.total and earlier.total):
            reason = "there is nothing to take a share of"
        if reason is None:
            base = bench.share(
                f"{name}_baseline", earlier.local, earlier.total, period=str(data.baseline), **earlier.bounds
            )
            change = later.local / later.total - earlier.local / earlier.total
            findings += [base, bench.finding(f"{name}_change", change)]
        else:
            findings += [bench.finding(f"{name}_{end}", undefined=reason) for end in ("baseline", "change")]
    own = table[(table["series"] == "All spend") & table["quarter"].isin([str(q) for q in data.period.quarters()])]
    mean = mean_of_shares(own["local_gbp"], own["pounds_gbp"]) if len(own) else None
    findings.append(bench.finding("mean_of_quarter_shares", mean, of=len(own)))
    return table, findings


def _recurrent(lines: pd.DataFrame) -> pd.DataFrame:
    return lines[~lines["is_one_off"]] if len(lines) else lines


@measure("local_share_registered", "local_share_known", "local_share_gross")
def sensitivity(data: Dataset, bench: Workbench) -> Result:
    """The local share under other choices.

    One row per choice: `choice`, `local_share`, `share_low`, `share_high`, `without_one_offs`, `note`.
    """
    lines = data.spend()
    recurrent = _recurrent(lines)
    with_vat = lines.assign(amount_gbp=lines["gross_gbp"].fillna(lines["amount_gbp"]))
    has_gross = bool(lines["gross_gbp"].notna().any())
    has_companies = data.has("organisations")
    main, registered, gross = split(lines), split(lines, ring="registered_ring"), split(with_vat)
    own = split(recurrent)
    rows = [
        _row("As reported: paying address, unknown counted as not local", main, own),
        _row("Unknown left out of the base", _known(main), _known(own)),
        _row("All unknown taken as local", _all_local(main), _all_local(own)),
    ]
    if has_companies:
        rows.append(
            _row(
                "Registered office instead of paying address", registered, split(recurrent, ring="registered_ring")
            )
        )
    taken, strict = ring_if_review_taken(lines), ring_by_given_numbers(lines)
    rows += [
        _row("Matches under review taken", split(lines.assign(ring=taken)), split(recurrent.assign(ring=taken))),
        _row(
            "Only matches by a given number",
            split(lines.assign(ring=strict)),
            split(recurrent.assign(ring=strict)),
        ),
    ]
    if has_gross:
        rows.append(_row("Gross of VAT where stated", gross, split(_recurrent(with_vat))))
    rows.append(
        _row(
            f"Only {data.settings.home_name} counted as local",
            split(_home_only(lines)),
            split(_home_only(recurrent)),
        )
    )
    absent = "no register of organisations was supplied"
    if not data.has_one_offs(data.period):
        rows = [row | {"without_one_offs": None} for row in rows]
    findings = [
        bench.share("local_share_registered", registered.local, registered.total, **registered.bounds)
        if has_companies
        else bench.finding("local_share_registered", undefined=absent),
        bench.share("local_share_known", main.local, main.local + main.away),
        bench.share("local_share_gross", gross.local, gross.total, **gross.bounds)
        if has_gross
        else bench.finding("local_share_gross", undefined="no file of the period states gross amounts"),
    ]
    return pd.DataFrame(rows), findings


def _home_only(lines: pd.DataFrame) -> pd.DataFrame:
    return lines.assign(ring=lines["ring"].replace(LOCAL, REGION))


def _known(parts: Split) -> Split:
    return Split(parts.local, parts.away, 0.0)


def _all_local(parts: Split) -> Split:
    return Split(parts.local + parts.unknown, parts.away, 0.0)


def _row(choice: str, parts: Split, recurrent: Split) -> dict[str, object]:
    return {
        "choice": choice,
        "local_share": parts.local / parts.total if parts.total else None,
        "share_low": parts.bounds["low"],
        "share_high": parts.bounds["high"],
        "without_one_offs": recurrent.local / recurrent.total if recurrent.total else None,
    }
