"""PDFs of a report's pages, in its folder `print/`, by a Chromium, Chrome or Edge that is on this machine.

They are no part of the report, and nobody checks their bytes, for every browser makes others. Of each page a copy is printed
whose links to other files are taken out: in a PDF they would lead to the folder of whoever printed it.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from cwb.base.errors import CwbError, Fault
from cwb.base.progress import Progress, quiet, written
from cwb.publish.check_value import INDEX, listed_hash
from cwb.publish.folder import PRINT
from cwb.publish.manifest import AGAIN, read_manifest

BY_HAND = (
    "Open the page in any browser, press Ctrl+P, choose “Save as PDF” with paper A4, headers and footers off: "
    "the page brings its own page numbers."
)
# As they are called on the path; where Windows and macOS put them.
_NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "msedge",
    "microsoft-edge",
)
_WINDOWS = (
    "Google/Chrome/Application/chrome.exe", "Microsoft/Edge/Application/msedge.exe", "Chromium/Application/chrome.exe"
)  # fmt: skip
_FOLDERS = ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA")
_MAC = (
    "Google Chrome.app/Contents/MacOS/Google Chrome", "Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    "Chromium.app/Contents/MacOS/Chromium",
)  # fmt: skip
_OPTIONS = (
    "--headless", "--disable-gpu", "--no-first-run", "--no-default-browser-check", "--disable-extensions",
    "--disable-background-networking", "--no-pdf-header-footer", "--export-tagged-pdf", "--generate-pdf-document-outline",
)  # fmt: skip
# What runs scripts is for screens.
_SCREEN_ONLY = ("explore.html",)
_ELSEWHERE = re.compile(r' href="(?!#|https?:|mailto:)[^"]*"')
_SECONDS = 180


def find_browser() -> Path | None:
    """A browser that prints without a window; None where none is found."""
    return next(_browsers(), None)


def _browsers() -> Iterator[Path]:
    yield from (Path(path) for name in _NAMES if (path := shutil.which(name)))
    roots = [Path(folder) for name in _FOLDERS if (folder := os.environ.get(name))]
    known = [root / path for path in _WINDOWS for root in roots]
    known += [root / path for path in _MAC for root in (Path("/Applications"), Path.home() / "Applications")]
    yield from (path for path in known if path.is_file())


def pages_of(report: Path, wanted: Sequence[str] = ()) -> list[str]:
    """The pages of a report that can be printed: all, or those whose names begin so ("index", "01").

    Raises `CwbError` for a report without manifest, a name that fits no page, and a page that is not as it was built.
    """
    manifest, faults = read_manifest(report)
    if manifest is None:
        raise CwbError(faults)
    hashes = {out.name: out.sha256 for out in manifest.outputs if out.name.endswith(".html")}
    pages = sorted(hashes.keys() - set(_SCREEN_ONLY), key=lambda name: (name != INDEX, name))
    for text in wanted:
        if not any(name.startswith(text) for name in pages):
            remedy = f"There are {', '.join(name.removesuffix('.html') for name in pages)}."
            raise CwbError(Fault(rule="no page of the report is called so", value=text, remedy=remedy))
    chosen = [name for name in pages if not wanted or any(name.startswith(text) for text in wanted)]
    changed = [
        name for name in chosen if not (report / name).is_file() or listed_hash(report, name) != hashes[name]
    ]
    if changed:
        rule = "the page is not as it was built"
        raise CwbError([Fault(file=name, rule=rule, remedy=AGAIN) for name in changed])
    return chosen


def print_pages(report: Path, pages: Sequence[str], browser: Path, progress: Progress = quiet) -> list[Path]:
    """Print pages of a report into its folder `print/`, each whole or not at all; raise `CwbError` where the browser fails."""
    printed = []
    # The browser's own folders go with it; on Windows it may hold a file for a moment longer.
    with tempfile.TemporaryDirectory(prefix="cwb-print-", ignore_cleanup_errors=True) as scratch:
        for number, name in enumerate(pages):
            progress(name, number, len(pages))
            copy = Path(scratch) / name
            copy.write_text(_ELSEWHERE.sub("", (report / name).read_text(encoding="utf-8")), encoding="utf-8")
            target = report / PRINT / Path(name).with_suffix(".pdf").name
            with written(target) as part:
                _print(browser, copy, part, Path(scratch) / "profile")
            printed.append(target)
    return printed


def _print(browser: Path, page: Path, target: Path, profile: Path) -> None:
    # Chromium's own walls do not stand for the system's administrator, as in a container.
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    command = [
        str(browser), *_OPTIONS, *(["--no-sandbox"] if is_root else []), f"--user-data-dir={profile}",
        f"--print-to-pdf={target}", page.as_uri(),
    ]  # fmt: skip
    try:
        done = subprocess.run(
            command, capture_output=True, timeout=_SECONDS, check=False, stdin=subprocess.DEVNULL
        )
        why = "" if done.returncode == 0 else f"it ended with {done.returncode}"
    except subprocess.TimeoutExpired:
        why = f"it was not done after {_SECONDS} seconds"
    except OSError as error:
        why = f"it cannot be started: {error.strerror}"
    if not why and not (target.is_file() and target.read_bytes().startswith(b"%PDF")):
        why = "it wrote no PDF"
    if why:
        raise CwbError(Fault(file=page.name, rule=f"{browser.stem} printed no PDF: {why}", remedy=BY_HAND))
