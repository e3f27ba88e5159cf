"""The page for local suppliers: opportunities.html shows an exhibit of the gap analysis, with its table as opportunities.csv."""

from __future__ import annotations

from cwb.charts.figure import ExhibitRecord
from cwb.council.config import Settings
from cwb.council.periods import Period
from cwb.publish.render import environment, page_context

EXHIBIT_ID = "opportunities"
PAGE, TABLE = "opportunities.html", "opportunities.csv"


def render_supplier_page(settings: Settings, period: Period, exhibit: ExhibitRecord, figure: str) -> str:
    """The page around the exhibit's `figure`, which is complete and already escaped."""
    context = page_context(settings, period, "Coming contracts") | {
        "heading": "Coming contracts",
        # The list is the purpose of this page, so it is open however long it is.
        "exhibit": figure.replace("<details>", "<details open>", 1),
        "has_csv": exhibit.csv is not None,
        "how_to_register": settings.council.how_to_register,
    }
    return environment().get_template("supplier_page.html.j2").render(cwb=context)
