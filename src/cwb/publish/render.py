"""An executed notebook as one HTML page: no script, no network, no code, every text escaped or cleaned.

Exhibits of the library are used unchanged. Anything else that a cell shows (a DataFrame, a Styler, plain HTML) and all
Markdown go through a cleaner that keeps text and tables and removes everything that could run or load.
"""

from __future__ import annotations

import base64
import hashlib
import html
import re
from importlib.resources import files

import jinja2
import nbformat
import nh3
from nbconvert.exporters import TemplateExporter
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from traitlets.config import Config

from cwb.charts.figure import EXHIBIT, ExhibitRecord, read_exhibit
from cwb.council.config import Settings
from cwb.council.periods import Period

_TAGS = frozenset(
    [
        "a",
        "b",
        "br",
        "caption",
        "code",
        "div",
        "em",
        "h1",
        "h2",
        "h3",
        "h4",
        "hr",
        "i",
        "li",
        "ol",
        "p",
        "pre",
        "span",
        "strong",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)
_ATTRIBUTES = {
    "a": {"href"},
    "th": {"scope", "colspan", "rowspan"},
    "td": {"colspan", "rowspan"},
    "*": {"id"},
}

# A section that begins with an exhibit which is not known: the heading of that is its question.
_UNKNOWN_FIRST = re.compile(
    r'(<h2 id="(?P<place>[^"]+)">(?P<section>[^<]+)</h2>(?:(?!<h2|<figure|<section).)*)(?P<figure><figure class="exhibit undefined" id="[^"]+")'
    r' aria-labelledby="[^"]+"><h3 id="[^"]+">(?P<question>[^<]+)</h3>',
    re.DOTALL,
)

# A longer title is cut by browsers and search engines (html-validate's rule long-title).
_LONGEST_TITLE = 70


def clean(markup: str) -> str:
    """Markup of unknown origin with only harmless tags and attributes left; what runs or loads is removed."""
    return nh3.clean(
        markup,
        tags=set(_TAGS),
        attributes=_ATTRIBUTES,
        url_schemes={"https", "http", "mailto"},
        link_rel=None,
    )


def markdown(text: str) -> str:
    """A Markdown cell as cleaned HTML; h2 headings get ids for the page's navigation."""
    rendered = MarkdownWithMath(renderer=IPythonRenderer(escape=False, exclude_anchor_links=True)).render(text)
    cleaned = re.sub(r'<(h[1-4]) id="[^"]*">', r"<\1>", clean(rendered))
    return re.sub(r"<h2>(.*?)</h2>", lambda m: f'<h2 id="{anchor(m[1])}">{m[1]}</h2>', cleaned, flags=re.DOTALL)


def anchor(heading: str) -> str:
    words = re.sub(r"<[^>]+>", "", html.unescape(heading)).lower()
    return "s-" + "-".join(re.findall(r"[a-z0-9]+", words))


def asked_once(page: str) -> str:
    """A page on which no section and the exhibit that it begins with ask the same: the section's heading is the exhibit's too."""

    def once(found: re.Match[str]) -> str:
        if anchor(found["section"]) != anchor(found["question"]):
            return found[0]
        return f'{found[1]}{found["figure"]} aria-labelledby="{found["place"]}">'

    return _UNKNOWN_FIRST.sub(once, page)


def output(shown: nbformat.NotebookNode) -> str:
    """One output of a code cell as HTML: our exhibits whole, other HTML cleaned, other text escaped."""
    data = shown.get("data", {})
    if EXHIBIT in data:
        return str(data["text/html"])
    if "text/html" in data:
        return f'<section class="scroll" tabindex="0" aria-label="Output">{clean(data["text/html"])}</section>'
    if "text/markdown" in data:
        return markdown(data["text/markdown"])
    text = data.get("text/plain") or (shown.get("text", "") if shown.get("name") == "stdout" else "")
    return f"<pre>{html.escape(text)}</pre>" if text.strip() else ""


def exhibits_of(notebook: nbformat.NotebookNode) -> list[tuple[ExhibitRecord, str]]:
    """The exhibits that an executed notebook shows, each with its markup."""
    return [
        (read_exhibit(shown.data[EXHIBIT]), str(shown.data["text/html"]))
        for cell in notebook.cells
        if cell.cell_type == "code"
        for shown in cell.outputs
        if EXHIBIT in shown.get("data", {})
    ]


def stylesheet(running_head: str = "") -> str:
    """The style of a page; on paper every sheet but the first bears the running head."""
    css = (files("cwb.publish") / "template" / "cwb" / "pack.css").read_text(encoding="utf-8").strip()
    # A browser takes no text of the page into a margin, so that it stands in the style, as a CSS string.
    text = re.sub(r"[^\w .,:;?!()/-]", lambda odd: f"\\{ord(odd[0]):x} ", running_head)
    return css.replace("RUNNING HEAD", text)


def content_policy(css: str) -> str:
    """Nothing may load or run; the page's one style sheet is allowed by its hash."""
    digest = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def title_of(heading: str, settings: Settings, period: Period) -> str:
    """A page's title: what its heading says before a colon, the period, and the council where a window or a tab has room for it."""
    short = f"{heading.partition(':')[0]}, {period.short_label}"
    whole = f"{short}, {settings.council.name}"
    return whole if len(whole) <= _LONGEST_TITLE else short[:_LONGEST_TITLE]


def page_context(settings: Settings, period: Period, heading: str = "") -> dict[str, object]:
    """What every page needs; `heading` is the running head's, which has the council and the period besides."""
    short = heading.partition(":")[0]
    css = stylesheet(", ".join(filter(None, (short, settings.council.name, period.label))))
    return {
        "council": settings.council.name,
        "illustrative": settings.council.illustrative,
        "period": period.label,
        "title": title_of(heading or "Community wealth building", settings, period),
        "css": css,
        "policy": content_policy(css),
    }


def render_notebook(notebook: nbformat.NotebookNode, settings: Settings, period: Period) -> str:
    """The pack's page. The first heading of the notebook is the page's only h1 and its title."""
    texts = [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]
    joined = "\n".join(texts)
    title = re.search(r"^# (.+)$", joined, flags=re.MULTILINE)
    sections = re.findall(r"^## (.+)$", joined, flags=re.MULTILINE)
    exporter = TemplateExporter(
        config=Config({"TemplateExporter": {"extra_template_basedirs": [str(files("cwb.publish") / "template")]}}),
        # The others of the default have nothing to do here, and after each the whole notebook would be validated.
        default_preprocessors=["nbconvert.preprocessors.CoalesceStreamsPreprocessor"],
        template_name="cwb",
        file_extension=".html",
    )
    exporter.template_file = "pack.html.j2"
    exporter.register_filter("cwb_markdown", markdown)
    exporter.register_filter("cwb_output", output)
    heading = title[1].strip() if title else "Evidence pack"
    context = page_context(settings, period, heading) | {
        "heading": heading,
        "sections": [(anchor(name), name.strip()) for name in sections],
    }
    page, _ = exporter.from_notebook_node(notebook, resources={"cwb": context})
    return asked_once(str(page))


def environment() -> jinja2.Environment:
    """Jinja for pages that are not notebooks, with everything escaped."""
    loader = jinja2.FileSystemLoader(str(files("cwb.publish") / "template" / "cwb"))
    return jinja2.Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True)
