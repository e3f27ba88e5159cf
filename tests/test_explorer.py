"""The explorer: its rows add up to the report's numbers, it gives nobody away, and it works by keyboard, offline."""

from __future__ import annotations

import csv
import json
import re
from collections import defaultdict
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from cwb.base.privacy import NOT_STATED, WITHHELD
from cwb.council.config import Settings
from cwb.council.periods import Period
from cwb.evidence.data import open_data
from cwb.evidence.definitions import SINCE
from cwb.evidence.finding import Finding
from cwb.packs.local_supplier_base import PACK
from cwb.packs.registry import all_packs
from cwb.publish.explorer import PAGE, explore_link
from cwb.publish.explorer import rows as rows_module
from cwb.publish.explorer.page import render_explorer
from cwb.publish.explorer.payload import _labels, payload
from cwb.publish.explorer.rows import rows_of_pack
from cwb.publish.explorer.store import PackRows, Rows, Store

HOSTILE = "</script><img src=x onerror=\"document.title='ran'\"> Ltd"
IN, UNKNOWN = 1, 2
CASES = Path(__file__).parent / "cases"
Json = dict[str, Any]


def data_of(page: str) -> Json:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, flags=re.DOTALL)
    assert found
    return dict(json.loads(found[1]))


@pytest.fixture(scope="module")
def page(project: Path) -> str:
    return (project / "reports" / "2026-27-Q2" / PAGE).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def data(page: str) -> Json:
    return data_of(page)


def rows_of(data: Json, finding: Json) -> list[tuple[object, int, object, int, float]]:
    """Of each row: its thing, part, group, leg and amount (1 where things are counted)."""
    columns = {column["name"]: column for column in data["tables"][finding["table"]]["columns"]}
    runs = data["arrays"][finding["rows"]]
    places = [place for first, n in zip(runs[::2], runs[1::2], strict=True) for place in range(first, first + n)]
    of = {
        name: data["arrays"][finding[name]] for name in ("things", "groups", "amounts", "legs") if name in finding
    }
    column, amount = columns.get(finding.get("thing")), columns.get(finding.get("amount"))
    order: dict[object, int] = {}
    found: list[tuple[object, int, object, int, float]] = []
    for n, place in enumerate(places):
        thing = column["codes"][place] if column else of["things"][n] if "things" in of else n
        group = of["groups"][n] if "groups" in of else -1
        part = int(finding["parts"][order.setdefault((thing, group), len(order))])
        pounds = (amount["numbers"][place] or 0) / 100 if amount else of["amounts"][n] if "amounts" in of else 1
        found.append(((thing, group), part, group, of["legs"][n] if "legs" in of else 1, pounds))
    return found


def recomputed(data: Json, finding: Json) -> float | None:
    """The value of a finding by its kind's rule over its rows and pools; None for kinds with a rule in words."""
    is_counted = "amount" not in finding and "amounts" not in finding
    sums: dict[tuple[int, int, object], float] = defaultdict(float)
    seen = set()
    for thing, part, group, leg, amount in rows_of(data, finding):
        for one in (1, 2):
            if leg & one and (not is_counted or (thing, one) not in seen):
                sums[one, part, group] += amount
                seen.add((thing, one))
    for pool in finding.get("pools", []):
        group = finding["group_labels"].index(pool["group"]) if "group" in pool else -1
        for one, count, amount in ((1, "things", "amount"), (2, "then", "amount_then")):
            assert not is_counted or pool[count] is not None
            sums[one, pool["part"], group] += pool[count] if is_counted else pool[amount]

    def added(leg: int, *parts: int) -> float:
        return sum(value for (one, part, _), value in sums.items() if one == leg and part in parts)

    counted, everything = added(1, IN), added(1, 0, IN, UNKNOWN)
    match finding["kind"]:
        case "total" | "count":
            return counted
        case "share" | "survival" | "top":
            return counted / everything
        case "modelled":
            return counted / added(1, 0, IN) if finding.get("share") else counted
        case "change" if finding.get("share"):
            return counted / everything - added(2, IN) / added(2, 0, IN, UNKNOWN)
        case "change":
            return counted - added(2, IN)
        case "largest":
            most = max(value for (_, part, group), value in sums.items() if part == IN and group != -1)
            return most / everything if finding.get("share") else most
    return None


def test_the_rows_of_every_finding_add_up_to_it(data: Json, project: Path) -> None:
    told = json.loads((project / "reports" / "2026-27-Q2" / "findings.json").read_text(encoding="utf-8"))
    values = {one["id"]: one.get("value") for one in told}
    shown = {one["id"]: one for pack in data["packs"] for one in pack["findings"]}
    assert [pack["href"] for pack in data["packs"]] == [pack.html_name for pack in all_packs()]
    assert {name for name in values if "_since_" not in name} <= shown.keys()
    checked = 0
    for name, finding in shown.items():
        assert finding.get("value") == values.get(name, finding.get("value"))
        if "rows" not in finding:
            assert finding["why"]
        elif (value := recomputed(data, finding)) is not None and "value" in finding:
            assert value == pytest.approx(finding["value"], rel=1e-5, abs=0.01), name
            checked += 1
    assert checked > 100


def test_what_is_not_listed_is_said(page: str, data: Json, project: Path) -> None:
    told = json.loads((project / "reports" / "2026-27-Q2" / "findings.json").read_text(encoding="utf-8"))
    shown = {finding["id"] for pack in data["packs"] for finding in pack["findings"]}
    missing = {one["id"] for one in told} - shown
    assert missing
    assert all(SINCE in name for name in missing)
    assert "A change since an earlier period is not listed" in page


def test_nobody_is_given_away(page: str, data: Json) -> None:
    assert WITHHELD not in page
    assert NOT_STATED not in page
    assert not re.search(r"\b[A-Z]{1,2}[0-9][A-Z0-9]? [0-9][A-Z]{2}\b", json.dumps(data))
    # The illustrative council pays two people of its own district: they are among five payees that have no row.
    home = next(one for pack in data["packs"] for one in pack["findings"] if one["id"] == "home_supplier_count")
    assert min(pool["things"] for pool in home["pools"] if pool["part"] == IN) >= 5


def opened(browser: Browser, path: Path, finding: str = "", **context: Any) -> tuple[Page, list[str]]:
    page = browser.new_context(**context).new_page()
    noise: list[str] = []
    page.on("request", lambda r: noise.append(r.url) if not r.url.startswith(("file:", "blob:")) else None)
    page.on("console", lambda m: noise.append(m.text))
    page.on("pageerror", lambda e: noise.append(str(e)))
    page.goto(path.as_uri() + (f"#{finding}" if finding else ""))
    return page, noise


@pytest.mark.browser
def test_it_opens_at_a_finding_and_is_used_by_keyboard(browser: Browser, project: Path) -> None:
    assert explore_link("local_share") == "explore.html#local_share"
    path = project / "reports" / "2026-27-Q2" / PAGE
    assert path.stat().st_size < 4_000_000
    assert (project / "reports" / "2023-24" / PAGE).stat().st_size < 4_000_000
    page, noise = opened(browser, path, "local_share")
    page.wait_for_selector("#grid tbody tr")
    assert page.locator("#about-heading").inner_text() == "Local share of all spend (Chart A)"
    assert "that is 32%" in page.locator("#total").inner_text()
    page.locator("#group").focus()
    page.keyboard.type("Supplier")
    page.wait_for_selector("#grid td button")
    first = page.locator("#grid td button").first
    name = first.inner_text()
    first.focus()
    page.keyboard.press("Enter")
    assert page.locator("#column").evaluate("e => e === document.activeElement")
    assert {*page.locator("#grid tbody td:nth-child(2)").all_inner_texts()} == {name}
    page.locator("th .dt-column-order").first.focus()
    page.keyboard.press("Enter")
    assert page.locator("th[aria-sort]").count() == 1
    page.locator("#finding").select_option("pass_through_spend")
    page.wait_for_function("document.getElementById('table').hidden")
    assert "no list of decisions on money passed on was supplied" in page.locator("#said").inner_text()
    assert noise == []
    plain, _ = opened(browser, path, java_script_enabled=False)
    assert "an officer gets the rows behind a number" in plain.locator("noscript").inner_text()


@pytest.mark.browser
@pytest.mark.parametrize(
    "looks",
    [
        {"viewport": {"width": 320, "height": 900}, "color_scheme": "dark"},
        {"viewport": {"width": 768, "height": 900}, "forced_colors": "active"},
    ],
)
def test_no_accessibility_violation(looks: Json, browser: Browser, project: Path) -> None:
    page, _ = opened(browser, project / "reports" / "2026-27-Q2" / PAGE, "local_share", bypass_csp=True, **looks)
    page.wait_for_selector("#grid tbody tr")
    assert [one["id"] for one in Axe().run(page).response["violations"]] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= looks["viewport"]["width"]


def made_up(settings: Settings, *names: str) -> str:
    """A page of one finding, which counts suppliers of these names."""
    store = Store(("display_name", "amount_gbp"), ("payee_key",))
    for number, name in enumerate(names):
        store.add((number,), (name, 10.0 * number - 10, f"k{number}"))
    finding = Finding("supplier_count", "local_supplier_base", "2026-27-Q2", "count", value=float(len(names)))
    each = np.arange(len(names))
    rows = Rows("count", False, "", "suppliers", store.shape, each, np.ones_like(each), each, "display_name")
    many = Finding("local_spend", "local_supplier_base", "2026-27-Q2", "gbp", value=1e6)
    of_pack = ((finding, rows), (many, None))
    found = PackRows("local_supplier_base", {store.shape: store}, of_pack, {"local_spend": "suppliers"})
    return render_explorer(settings, Period.parse("2026-27-Q2"), {all_packs()[0]: found})


def test_one_to_four_people_are_never_counted(settings: Settings) -> None:
    # Of four suppliers two may be people, so none has a row; of seven the five smallest have none.
    (four, _), (seven, _) = (
        data_of(made_up(settings, WITHHELD, WITHHELD, *names))["packs"][0]["findings"]
        for names in (("Elm Ltd", "Oak Ltd"), ("Elm Ltd", "Oak Ltd", "Ash Ltd", "Fir Ltd", "Yew Ltd"))
    )
    assert (four["pools"][0]["things"], four["parts"]) == (None, "")
    assert (seven["pools"][0]["things"], seven["parts"]) == (5, "11")


@pytest.mark.browser
def test_a_name_never_runs(browser: Browser, settings: Settings, tmp_path: Path) -> None:
    path = tmp_path / PAGE
    path.write_text(made_up(settings, HOSTILE, "=1+1 Ltd"), encoding="utf-8")
    page, noise = opened(browser, path)
    assert HOSTILE in page.locator("#grid tbody").inner_text()
    with page.expect_download() as started:
        page.get_by_role("button", name="Download as CSV").click()
    rows = list(csv.DictReader(started.value.path().open(encoding="utf-8-sig", newline="")))
    assert [(row["Supplier"], row["Amount"]) for row in rows] == [(HOSTILE, "-10"), ("'=1+1 Ltd", "0")]
    assert page.title() != "ran"
    assert noise == []


@pytest.mark.browser
def test_what_has_more_things_than_a_page_holds_says_so(
    browser: Browser, settings: Settings, tmp_path: Path
) -> None:
    path = tmp_path / PAGE
    path.write_text(made_up(settings, "Elm Ltd", "Oak Ltd"), encoding="utf-8")
    page, noise = opened(browser, path, "local_spend")
    assert (
        page.locator("#said").inner_text()
        == "It rests on more suppliers than a page can hold: cwb rows gives them."
    )
    assert not page.locator("#table").is_visible()
    assert noise == []


def test_a_thing_that_is_written_in_two_ways_has_the_same_name_in_every_process() -> None:
    """A contract whose two rows differ in a capital alone: `cwb verify` found another name than `cwb run` had written."""
    written = [(7, "Cash In Transit"), (7, "Cash in Transit"), (2, "Bins")]
    assert (
        list(_labels(written).items())
        == [(2, "Bins"), (7, "Cash in Transit")]
        == list(_labels(written[::-1]).items())
    )


@pytest.mark.parametrize("is_workbook", [True, False])
def test_a_row_of_a_workbook_has_its_sheet(
    council: Callable[..., Path], tmp_path: Path, is_workbook: bool
) -> None:
    """Beside the row, in the page and in `cwb rows`; where all is text there is no such column in the page."""
    frames = {
        month: pd.DataFrame(
            [["Elm Ltd", date(2025, number, 6), 100.0 * number]],
            columns=["Supplier Name", "Payment Date", "Net Amount"],
        )
        for number, month in ((5, "May"), (6, "June"))
    }
    path = tmp_path / ("ledger.xlsx" if is_workbook else "ledger.csv")
    if is_workbook:
        with pd.ExcelWriter(path) as book:
            for month, frame in frames.items():
                frame.to_excel(book, sheet_name=month, index=False)
    else:
        pd.concat(frames.values()).to_csv(path, index=False)
    toml = (CASES / "pack_01" / "cwb.toml").read_text(encoding="utf-8")
    opened_data = open_data("local_supplier_base", "2025-26", str(council(toml, spend=[path]) / "cwb.toml"))
    total = PACK.find(opened_data, "total_spend")
    told = json.loads(payload(opened_data.settings, {PACK: rows_of_pack(PACK.id, [total])}))
    columns = {column["name"]: column.get("values") for column in told["tables"][0]["columns"]}
    assert columns.get("source_sheet") == (["June", "May"] if is_workbook else None)
    # The largest line of the one supplier is that of June.
    rows = total.rows()
    assert (rows["source_file"].tolist(), rows["source_row"].tolist()) == (
        [f"spend/{path.name}"],
        [2 if is_workbook else 3],
    )
    assert rows["source_sheet"].dropna().tolist() == (["June"] if is_workbook else [])


def test_very_many_lines_are_told_by_thing_and_very_many_things_not_at_all(
    council: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = tmp_path / "ledger.csv"
    lines = [
        f"{name} Ltd,{day:02}/05/2025,{day}00.00,{name}{day}" for name in ("Elm", "Oak", "Ash") for day in (1, 2)
    ]
    ledger.write_text(
        "\n".join(["Supplier Name,Payment Date,Net Amount,Transaction Number", *lines]), encoding="utf-8"
    )
    toml = (CASES / "pack_01" / "cwb.toml").read_text(encoding="utf-8")
    opened_data = open_data("local_supplier_base", "2025-26", str(council(toml, spend=[ledger]) / "cwb.toml"))
    total = PACK.find(opened_data, "total_spend")

    def told(most: int) -> Json:
        monkeypatch.setattr(rows_module, "MOST_LINES", most)
        found = rows_of_pack(PACK.id, [total])
        ((one,),) = (
            pack["findings"] for pack in json.loads(payload(opened_data.settings, {PACK: found}))["packs"]
        )
        return dict(one)

    assert ("too_many" in told(6), "by_thing" in told(6), len(told(6)["parts"])) == (False, False, 3)
    assert ("too_many" in told(5), "by_thing" in told(5), len(told(5)["parts"])) == (False, True, 3)
    assert ("too_many" in told(3), "by_thing" in told(3), len(told(3)["parts"])) == (False, True, 3)
    # Three suppliers are more than two rows.
    assert (told(2)["too_many"], "rows" in told(2), "why" in told(2)) == ("suppliers", False, False)
