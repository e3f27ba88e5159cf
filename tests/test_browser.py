"""The packs as members meet them: in a browser, offline, without JavaScript, at three widths, and on paper."""

from __future__ import annotations

import re
import shutil
from itertools import pairwise
from pathlib import Path
from typing import Any

import nbformat
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from pypdf import PdfReader
from tinyhtml5.parser import HTMLParser

import gallery
from conftest import Opened, copy_places
from cwb.packs.pack import Pack
from cwb.packs.registry import all_packs
from cwb.publish.run import run

pytestmark = pytest.mark.browser
QUARTER = tuple(f"2026-27-Q2/{pack.html_name}" for pack in all_packs())
PACK_PAGES = ("2023-24/01_local_supplier_base.html", *QUARTER)
ON_PAPER = tuple(f"{period}/{pack.html_name}" for period in ("2023-24", "2026-27-Q2") for pack in all_packs())
MOST_SHEETS = 8
PAGES = (*QUARTER, "2026-27-Q2/index.html", "2026-27-Q2/opportunities.html")
HOSTILE = "<img src=x onerror=\"document.title='ran'\"> Ltd"


def open_page(browser: Browser, path: Path, width: int = 1280, **context: Any) -> tuple[Page, list[str]]:
    """A page, and all that it asked of a network or complained of."""
    page = browser.new_context(viewport={"width": width, "height": 900}, **context).new_page()
    noise: list[str] = []
    page.on("request", lambda r: noise.append(r.url) if not r.url.startswith("file:") else None)
    page.on("requestfailed", lambda r: noise.append(f"failed {r.url}"))
    page.on("console", lambda m: noise.append(m.text) if m.type in ("error", "warning") else None)
    page.on("pageerror", lambda e: noise.append(str(e)))
    page.goto(path.as_uri())
    return page, noise


@pytest.mark.parametrize("name", [*PAGES, PACK_PAGES[0]])
def test_what_holds_of_every_page(name: str, browser: Browser, project: Path) -> None:
    path = project / "reports" / name
    page, noise = open_page(browser, path)
    nothing_is_lost_without_javascript(page, browser, path)
    every_graphic_has_a_name(page)
    if name in PACK_PAGES:
        each_chart_has_table_source_and_csv(page, path)
        no_label_of_a_chart_is_cut(page)
    the_outline_is_whole(page, path)
    assert noise == []


def nothing_is_lost_without_javascript(page: Page, browser: Browser, path: Path) -> None:
    with_scripts = page.locator("main").inner_text()
    assert page.evaluate("performance.getEntriesByType('resource').length") == 0
    plain, noise = open_page(browser, path, java_script_enabled=False)
    assert noise == []
    assert plain.locator("main").inner_text() == with_scripts
    assert plain.locator("script").count() == 0


def every_graphic_has_a_name(page: Page) -> None:
    session = page.context.new_cdp_session(page)
    session.send("Accessibility.enable")
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    graphics = [
        node
        for node in nodes
        if not node.get("ignored")
        and node["role"]["value"]
        in ("image", "img", "graphics-document", "graphics-object", "graphics-symbol", "SvgRoot", "figure")
    ]
    unnamed = [node for node in graphics if not node.get("name", {}).get("value", "").strip()]
    assert unnamed == []
    graphics_drawn = page.locator(".chart, .spark").count()
    named = [n["name"]["value"] for n in graphics if n["role"]["value"] in ("image", "img")]
    assert len(named) == graphics_drawn
    # A name says what the chart shows: it carries numbers.
    assert all(re.search(r"\d", text) for text in named)


def each_chart_has_table_source_and_csv(page: Page, path: Path) -> None:
    for figure in page.locator("figure.exhibit:not(.undefined)").all():
        if not figure.locator(".tiles").count():
            assert figure.locator("table caption").count() == 1
            assert figure.locator('th[scope="col"]').count() >= 2
        assert figure.locator("p.source").inner_text().startswith("Source: ")
        link = figure.locator("p.source a").get_attribute("href")
        assert link
        assert (path.parent / link).is_file()


def the_outline_is_whole(page: Page, path: Path) -> None:
    assert page.locator("html").get_attribute("lang") == "en-GB"
    assert page.locator("h1").count() == 1
    levels = [
        int(t[1]) for t in page.evaluate("[...document.querySelectorAll('h1,h2,h3,h4')].map(e => e.tagName)")
    ]
    assert all(after - before <= 1 for before, after in pairwise(levels))
    for landmark in ("header", "nav", "main", "footer"):
        assert page.locator(f"body > {landmark}").count() == 1
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    nowhere = page.evaluate(
        """[...document.querySelectorAll("a[href^='#']")].map(link => link.getAttribute('href'))
            .filter(place => document.querySelectorAll(place).length !== 1)"""
    )
    assert nowhere == []
    parser = HTMLParser()
    parser.parse(path.read_text(encoding="utf-8"))
    assert parser.errors == []
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map(e => e.id)")
    assert len(ids) == len(set(ids))
    assert "Illustrative data" in page.locator("header").inner_text()


def no_label_of_a_chart_is_cut(page: Page) -> None:
    cut = page.evaluate(
        """[...document.querySelectorAll('.chart')].flatMap(svg => {
            const box = svg.getBoundingClientRect();
            return [...svg.querySelectorAll('text, span')].filter(text => {
                const t = text.getBoundingClientRect();
                return t.width && (t.left < box.left - 2 || t.right > box.right + 2 || t.top < box.top - 2
                    || t.bottom > box.bottom + 2);
            }).map(text => text.textContent);
        })"""
    )
    assert cut == []


# A telephone, a tablet, a laptop.
WIDTHS = (320, 768, 1280)


def violations(page: Page) -> list[tuple[str, list[str]]]:
    """What every rule of axe-core finds: WCAG 2.2 A and AA, and best practice."""
    found = Axe().run(page).response["violations"]
    return [(rule["id"], [node["target"] for node in rule["nodes"]][:3]) for rule in found]


@pytest.mark.parametrize("name", PAGES)
def test_no_accessibility_violation_and_no_sideways_scrolling(name: str, browser: Browser, project: Path) -> None:
    page, _ = open_page(browser, project / "reports" / name, bypass_csp=True)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert violations(page) == [], width


@pytest.mark.parametrize(
    "looks", [{"color_scheme": "dark"}, {"forced_colors": "active"}, {"reduced_motion": "reduce"}]
)
def test_other_ways_of_looking(looks: dict[str, Any], browser: Browser, project: Path) -> None:
    page, noise = open_page(browser, project / "reports" / PAGES[0], bypass_csp=True, **looks)
    assert violations(page) == []
    assert noise == []


@pytest.mark.parametrize("pack", all_packs(), ids=lambda pack: pack.id)
def test_figures_in_the_page_are_those_of_its_measures(
    pack: Pack, browser: Browser, project: Path, illustrative: Opened
) -> None:
    """The pages of the cells themselves are compared byte for byte in test_pack, for one pack; the others run under nbval."""
    data = illustrative(pack.id, "2026-27-Q2")
    figures = [measure(data).figure() for measure in pack.measures]
    page, _ = open_page(browser, project / "reports" / "2026-27-Q2" / pack.html_name)
    assert page.locator("figure.exhibit").count() == len(pack.exhibits)
    for figure in figures:
        shown = page.locator(f"#fig-{figure.id}")
        assert shown.locator("h3").inner_text() == figure.title
        chart = shown.locator(".chart")
        assert chart.count() == (figure.chart is not None)
        if figure.chart is not None:
            assert chart.bounding_box()["height"] > 40  # type: ignore[index]


def test_loading_on_a_slow_tablet(browser: Browser, project: Path) -> None:
    page = browser.new_context(viewport={"width": 768, "height": 1024}).new_page()
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    page.add_init_script(
        """window.seen = {shift: 0, blocked: 0};
        new PerformanceObserver(l => l.getEntries().forEach(e => window.seen.shift += e.value))
            .observe({type: 'layout-shift', buffered: true});"""
    )
    page.goto((project / "reports" / PAGES[0]).as_uri())
    # No timed assertion here: a layout that jumps is the page's fault on any machine.
    assert page.evaluate("window.seen.shift") < 0.1


@pytest.mark.parametrize("name", ON_PAPER)
def test_on_paper(name: str, browser: Browser, project: Path, tmp_path: Path) -> None:
    page, _ = open_page(browser, project / "reports" / name)
    page.emulate_media(media="print")
    # A4 less its margins is 182 mm wide: 688 CSS pixels. Nothing may stand out of it.
    page.set_viewport_size({"width": 688, "height": 1000})
    wide = page.evaluate(
        """[...document.querySelectorAll('table, .chart, .tiles, p')]
            .filter(e => e.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
            .map(e => e.outerHTML.slice(0, 80))"""
    )
    assert wide == []
    # What must not be parted (heading, chart, source) is lower than a page of 266 mm (1005 pixels).
    tall = page.evaluate(
        "[...document.querySelectorAll('.keep')].filter(e => e.getBoundingClientRect().height > 1000).length"
    )
    assert tall == 0
    keep = page.evaluate("[...document.querySelectorAll('.keep')].map(e => getComputedStyle(e).breakInside)")
    assert set(keep) == {"avoid"}
    assert page.evaluate("getComputedStyle(document.querySelector('thead')).display") == "table-header-group"
    target = tmp_path / "pack.pdf"
    page.pdf(path=str(target), prefer_css_page_size=True, tagged=True, outline=True)
    pdf = PdfReader(str(target))
    text = " ".join(" ".join(p.extract_text().split()) for p in pdf.pages)
    assert pdf.metadata is not None
    assert page.locator("h1").inner_text().partition(":")[0] in (pdf.metadata.title or "")
    assert pdf.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert len(pdf.outline) > 0
    # Closed details print: the last row that a table has on paper is there, the tenth or an earlier one.
    tables = page.evaluate(
        """[...document.querySelectorAll('table')].filter(table => table.checkVisibility())
            .map(table => [...table.querySelectorAll('tbody th')].filter(e => e.checkVisibility()).map(e => e.innerText))"""
    )
    # A long name may be broken anywhere.
    printed = "".join(text.split())
    assert [rows[-1] for rows in tables if "".join(rows[-1].split()) not in printed] == []
    # Points of 4/3 pixels, as drawn: what is inside a drawing is as large as the drawing is.
    small = page.evaluate(
        """[...document.querySelectorAll('body *')].filter(e => e.checkVisibility()
            && [...e.childNodes].some(node => node.nodeType === 3 && node.textContent.trim()))
            .map(e => [parseFloat(getComputedStyle(e).fontSize) * (e.getScreenCTM?.().a ?? 1), e.textContent])
            .filter(([size]) => size < 11.99)"""
    )
    assert small == []
    if "annex" not in name:
        assert len(pdf.pages) <= MOST_SHEETS
        assert all(len(rows) <= 10 for rows in tables)
    # Every sheet but the first has the running head, and each its number.
    heads = [" ".join(sheet.extract_text().split()) for sheet in pdf.pages]
    title, period = page.locator("h1").inner_text().partition(":")[0], page.locator("header p").nth(1).inner_text()
    assert all(f"{title}, " in head and period.partition(", ")[2] in head for head in heads[1:])
    assert all(f"{at} of {len(heads)}" in head for at, head in enumerate(heads, 1))


@pytest.fixture(scope="module")
def hostile(project: Path, place_tables: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A council whose largest supplier is called like an attack, told by every route a notebook has."""
    folder = tmp_path_factory.mktemp("hostile")
    shutil.copy(project / "cwb.toml", folder)
    shutil.copytree(project / "notebooks", folder / "notebooks")
    raw = folder / "data" / "raw" / "illustrative"
    (raw / "spend").mkdir(parents=True)
    (raw / "vendors").mkdir()
    name = HOSTILE.replace('"', '""')
    (raw / "spend" / "spend.csv").write_text(
        f'Supplier ID,Supplier Name,Payment Date,Net Amount,Category\nV1,"{name}",04/04/2023,900.00,"{name}"\n',
        encoding="utf-8",
    )
    (raw / "vendors" / "vendors.csv").write_text(
        f'Supplier ID,Supplier Name,Postcode,Company number\nV1,"{name}",SG1 1AA,99000001\n', encoding="utf-8"
    )
    copy_places(place_tables, folder)
    path = folder / "notebooks" / all_packs()[0].notebook
    notebook = nbformat.read(path, as_version=4)
    for source in (
        "data.sql('SELECT display_name FROM spend_lines')",
        "data.sql('SELECT display_name FROM spend_lines').style",
        "from IPython.display import HTML, Markdown, display\n"
        "name = data.sql('SELECT display_name FROM spend_lines')['display_name'].iloc[0]",
        "display(HTML(f'<b>{name}</b>'), Markdown(name))",
        "print(name)",
    ):
        notebook.cells.append(nbformat.v4.new_code_cell(source))
    notebook.cells.append(nbformat.v4.new_markdown_cell(HOSTILE))
    nbformat.write(notebook, path)
    return run("2023-24", folder / "cwb.toml")


def test_a_hostile_name_runs_nothing_by_any_route(hostile: Path, browser: Browser) -> None:
    page, noise = open_page(browser, hostile / all_packs()[0].html_name)
    assert "ran" not in page.title()
    assert noise == []
    assert page.locator("img").count() == 0
    assert page.locator("[onerror]").count() == 0
    # The name is shown, as text.
    assert "<img src=x" in page.locator("#fig-concentration").inner_text()
    policy = page.locator("meta[http-equiv='Content-Security-Policy']").get_attribute("content") or ""
    assert policy.startswith("default-src 'none'")
    assert "script" not in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize("width", [320, 1280])
def test_charts_of_awkward_data_are_whole_at_every_width(width: int, browser: Browser, tmp_path: Path) -> None:
    path = tmp_path / "gallery.html"
    path.write_text(gallery.page(), encoding="utf-8")
    page, noise = open_page(browser, path, width)
    assert noise == []
    assert "…" not in page.locator("main").inner_text()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    faults = page.evaluate(
        """[...document.querySelectorAll('.chart')].flatMap(chart => {
            const box = chart.getBoundingClientRect(), name = chart.getAttribute('aria-label') || '';
            // A map may be wider than the page: its own drawing is its box.
            const map = chart.querySelector('svg[viewBox]'), right = map ? box.left + map.clientWidth : box.right;
            const words = [...chart.querySelectorAll('text, span, i')].filter(e => e.getClientRects().length);
            const own = words.flatMap(e => {
                const t = e.getBoundingClientRect(), size = parseFloat(getComputedStyle(e).fontSize);
                const out = t.left < box.left - 2 || t.right > Math.max(right, box.right) + 2
                    || t.top < box.top - 2 || t.bottom > box.bottom + 2;
                return [out && 'outside', size < 12 && 'small', e.scrollWidth > e.clientWidth + 2 && e.clientWidth && 'cut']
                    .filter(Boolean).map(fault => `${name.slice(0, 20)}: ${fault}: ${e.textContent}`);
            });
            const texts = [...chart.querySelectorAll('text')].map(e => [e, e.getBoundingClientRect()]);
            const over = texts.flatMap(([e, t], n) => texts.slice(n + 1)
                .filter(([, o]) => t.left < o.right - 1 && o.left < t.right - 1 && t.top < o.bottom - 4 && o.top < t.bottom - 4)
                .map(([o]) => `${name.slice(0, 20)}: ${e.textContent} is over ${o.textContent}`));
            return [...own, ...over, ...(name ? [] : ['no name'])];
        })"""
    )
    assert faults == []
