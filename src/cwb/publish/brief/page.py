"""The brief as the page that members open first."""

from __future__ import annotations

from cwb.charts.tiles import sparkline
from cwb.council.config import Settings
from cwb.council.periods import Period, long_date
from cwb.publish.brief.model import Brief, Place
from cwb.publish.check_value import BLANK
from cwb.publish.render import environment, page_context

# Two pages hold so many further decisions, decisions of before, and things that are not known.
_MOST = 3


def render_brief(
    brief: Brief, settings: Settings, period: Period, further: tuple[tuple[str, str], ...] = ()
) -> str:
    """The page as HTML; `further` are other pages of the report (address, what it is)."""
    pages = environment()
    pages.filters |= {"day": long_date, "sentence": _sentence}
    arrows = [place.recommendation for place in brief.places if place.recommendation is not None]
    return pages.get_template("index.html.j2").render(
        # The check value is filled in once all else is written: it is the hash of it.
        cwb=page_context(settings, period) | {"check_value": BLANK},
        brief=brief,
        sparks=[_spark(place) for place in brief.places],
        has_arrows=bool(arrows),
        asked=[one for one in brief.asked if one not in arrows][:_MOST],
        further=further,
        most=_MOST,
    )


def _spark(place: Place) -> str:
    if not place.trend:
        return ""
    return sparkline([(point.label, point.value, point.text) for point in place.trend], place.label)


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."
