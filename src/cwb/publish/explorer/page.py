"""explore.html: one page that needs nothing else, with DataTables as itables brings it and one small script of ours.

Its policy allows the page's own script and styles by their hashes and nothing else: nothing is loaded, nothing is evaluated,
and no text of a file can become markup.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from cwb.base.characters import printable
from cwb.council.config import Settings
from cwb.council.periods import Period
from cwb.packs.pack import Pack
from cwb.publish.explorer.payload import payload
from cwb.publish.explorer.store import PackRows
from cwb.publish.render import environment, page_context, stylesheet

_TEMPLATE = files("cwb.publish") / "template" / "cwb"
_EXPORTS = re.compile(r"export\s*\{[^}]*?([\w$]+) as default[^}]*\};?")


def render_explorer(settings: Settings, period: Period, built: Mapping[Pack, PackRows]) -> str:
    """The page as HTML, with the rows of every finding of the packs that were built."""
    css = stylesheet() + "\n" + (_TEMPLATE / "explorer.css").read_text(encoding="utf-8").strip()
    context = page_context(settings, period, "The rows behind the numbers") | {
        "css": css,
        "script": script(),
        "policy": f"default-src 'none'; script-src {_hash(script())}; style-src {_hash(css)}; base-uri 'none'; form-action 'none'",
        "data": payload(settings, built),
        "name": str(period),
        "packs": [(pack.question, pack.html_name) for pack in built],
    }
    return environment().get_template("explorer.html.j2").render(cwb=context)


@cache
def script() -> str:
    """DataTables and our script after it, as one module: what the library exports is a name in ours.

    Raises `ValueError` for a version of itables whose bundle has no such exports.
    """
    library = (files("itables") / "html" / "dt_bundle.js").read_text(encoding="utf-8")
    exported = _EXPORTS.search(library)
    if exported is None:
        raise ValueError("the bundle of itables exports no DataTables")
    ours = (_TEMPLATE / "explorer.js").read_text(encoding="utf-8")
    whole = f"{library[: exported.start()]}const DataTable = {exported[1]};\n{library[exported.end() :]}\n{ours}"
    # Signatures of ZIP files stand in it as bare control characters, which a page may not hold.
    return "".join(f"\\x{ord(c):02x}" if printable(c) != c else c for c in whole.strip())


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
