"""What static drawings share: rows as inline data, and an SVG prepared for a page with others: one name, unique ids."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from xml.etree import ElementTree

import altair as alt

_SVG = "http://www.w3.org/2000/svg"


def chart_of(rows: Sequence[Mapping[str, object]]) -> alt.Chart:
    """An Altair chart of plain rows. From a data frame Altair would make the same rows again for every layer."""
    return alt.Chart(alt.InlineData(values=rows))


def named(svg: str, name: str, identity: str) -> str:
    """The drawing with one accessible name, `identity` before every id and reference, numbers cut to two places."""
    ElementTree.register_namespace("", _SVG)
    root = ElementTree.fromstring(svg)
    width, height = float(root.attrib.pop("width")), float(root.attrib.pop("height"))
    root.attrib.clear()
    root.attrib |= {
        "viewBox": f"0 0 {width:g} {height:g}",
        "class": "chart",
        "role": "img",
        "aria-label": name,
        "focusable": "false",
    }
    for element in root.iter():
        if element is not root:
            for key in [k for k in element.attrib if k.startswith("aria-") or k in ("role", "class")]:
                del element.attrib[key]
        for key, value in list(element.attrib.items()):
            if key == "id":
                element.attrib[key] = f"{identity}-{value}"
            elif "url(#" in value:
                element.attrib[key] = value.replace("url(#", f"url(#{identity}-")
            elif key.endswith("href") and value.startswith("#"):
                element.attrib[key] = f"#{identity}-{value[1:]}"
    text = ElementTree.tostring(root, encoding="unicode")
    return re.sub(r"(\d+\.\d{2})\d+", r"\1", text)
