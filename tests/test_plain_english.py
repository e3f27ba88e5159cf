"""Plain English on every page, and in every sentence of the code, printed by a fixture or not; terms and units are explained."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import pytest

from cwb.charts.wording import sentence_case
from cwb.council.config import Settings
from cwb.packs.registry import all_packs
from cwb.reference import table
from readability import readability
from texts import SOURCE, sentences_in, texts_of

ROOT = SOURCE.parents[1]
with (Path(__file__).parent / "plain_english.csv").open(encoding="utf-8", newline="") as _file:
    RULES = [(re.compile(row["pattern"]), row["instead"]) for row in csv.DictReader(_file)]
# Sentences of these are read by whoever runs the program, and not by members.
OFFICERS = (
    "publish/check_value.py", "publish/contradictions.py", "publish/differences.py", "publish/execute.py", "publish/intact.py",
    "publish/manifest.py", "publish/notebooks.py", "publish/placing.py", "publish/report.py", "publish/rows.py", "publish/run.py",
    "publish/losses.py", "publish/verify.py", "publish/work.py", "publish/engine.py", "publish/folder.py", "evidence/record.py", "packs/advice_rules.py",
    "packs/targets.py",
)  # fmt: skip
# What names and numbers of files, suppliers and contracts are made of is not ours to word.
NAMES = re.compile(r"<[^>]*>")
MODULES = sorted(
    path for folder in ("packs", "charts", "publish", "evidence") for path in (SOURCE / folder).rglob("*.py")
)
PAGES = ("2023-24", "2026-27-Q2")


def faults(text: str) -> list[str]:
    """What is wrong with a text, each with what to say instead."""
    return [
        f"{found[0]!r}: say {instead!r} in {text!r}" for rule, instead in RULES if (found := rule.search(text))
    ]


@pytest.mark.parametrize(
    ("text", "is_plain"),
    [
        ("6 approved projects lead from £14.3m to £10.9m", False),
        ("partners bring £4.4m of it", False),
        ("1 initiatives are listed", False),
        ("1 initiative is listed; 11 contracts of 1 business end", True),
        ("an assumption, set as gap.shift in the settings", False),
        ("and cwb verify recomputes every number", False),
        ("42 rows are kept, 3 refused", False),
        ("if half is kept local, it stays for years", True),
        ("Straight way allows", False),
        ("Awards told by notices", False),
        ("The notices tell of 12 awards", True),
    ],
)
def test_rules_find_what_they_are_for(text: str, is_plain: bool) -> None:
    assert (not faults(text)) is is_plain, faults(text)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(SOURCE).as_posix())
def test_sentences_of_the_code_are_plain(path: Path) -> None:
    name = path.relative_to(SOURCE).as_posix()
    found = (
        []
        if name in OFFICERS
        else [fault for _, text in sentences_in(path) for fault in faults(NAMES.sub("", text))]
    )
    assert not found, "\n".join(found)


def test_notebooks_and_tables_that_pages_print_are_plain() -> None:
    texts = []
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        if path.stem != "00_explore":
            cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
            texts += ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"]
    for name, columns in (
        ("assumptions", ("assumption", "why")),
        ("actions", ("action",)),
        ("routes", ("label", "what")),
        ("glossary", ("term", "meaning")),
        ("social_enterprise_rules", ("title", "how")),
    ):
        rows = table(name)
        texts += [text for column in columns for text in rows[column]]
    found = [fault for text in texts for fault in faults(text)]
    assert not found, "\n".join(found)


def _texts_of_the_council(settings: Settings) -> re.Pattern[str]:
    """What its list of decisions and its strategy state in their own words: pages print it as it is."""
    stated = []
    for path in sorted((settings.raw / "strategy").glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            words = [
                row[name] for row in csv.DictReader(file) for name in ("Words", "Note", "Settled by") if row[name]
            ]
        stated += [*words, *(sentence_case(text) for text in words)]
    for path in sorted((settings.raw / "decisions").glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            stated += [row[name] for row in csv.DictReader(file) for name in ("Decision", "Outcome") if row[name]]
    assert stated
    return re.compile("|".join(map(re.escape, sorted(set(stated), key=len, reverse=True))))


@pytest.mark.parametrize("period", PAGES)
def test_every_page_is_plain(project: Path, settings: Settings, period: str) -> None:
    found = []
    own = _texts_of_the_council(settings)
    for page in sorted((project / "reports" / period).glob("*.html")):
        texts = dict.fromkeys(own.sub("", text) for text in texts_of(page.read_text(encoding="utf-8")))
        found += [f"{page.name}: {fault}" for text in texts for fault in faults(NAMES.sub("", text))]
    assert not found, "\n".join(found)


def _shorts() -> list[tuple[str, str]]:
    rows = table("glossary")
    return [
        (term, short)
        for term, short in zip(rows["term"], rows["short"], strict=True)
        if short not in ("", "VAT", "SHA-256")
    ]


@pytest.mark.parametrize("period", PAGES)
def test_units_and_abbreviations_are_spelt_out_at_first_use(project: Path, period: str) -> None:
    """Members read the full words before the short ones on every page; the annex holds the glossary itself."""
    found = []
    for page in sorted((project / "reports" / period).glob("*.html")):
        text = " ".join(texts_of(page.read_text(encoding="utf-8"))[1:])
        for term, short in _shorts():
            first = re.search(rf"(?<![\w-]){re.escape(short)}s?\b", text)
            if page.name != "annex.html" and first and not _is_spelt_out(text[: first.start()], term):
                found.append(
                    f"{page.name}: {short} before {term}: …{text[max(0, first.start() - 60) : first.end()]}"
                )
    assert not found, "\n".join(found)


def _is_spelt_out(before: str, term: str) -> bool:
    """Whether the words before end with the term, in the singular or the plural, and an opening bracket."""
    words = re.findall(r"[a-z]+", term.casefold())
    ending = re.findall(r"[a-z]+", before.casefold())[-len(words) :]
    return before.endswith("(") and [w.rstrip("s") for w in words] == [w.rstrip("s") for w in ending]


@pytest.mark.parametrize("period", PAGES)
def test_thresholds_are_in_pounds_where_they_are_named(project: Path, period: str) -> None:
    for page in (project / "reports" / period / pack.html_name for pack in all_packs() if pack.first):
        text = " ".join(texts_of(page.read_text(encoding="utf-8")))
        if re.search(r"\b(above|below|near) the threshold\b", text, re.IGNORECASE):
            assert re.search(r"The threshold on \d+ \w+ \d{4} is £[\d,]+ for goods and services", text), page.name


# Words that a councillor may ask about; each has a row in the glossary, and the glossary has none that is not asked about.
TECHNICAL = (
    "anchor institution", "one-off project", "average factor", "award", "baseline", "threshold", "carbon reduction plan", "Chart A",
    "Common Procurement Vocabulary", "community interest compan", "continuing", "data-quality score", "doubtful match",
    "Greenhouse Gas Protocol", "Find a Tender", "deflator", "hash", "initiative", "influence", "leak", "light touch", "like for like",
    "local area", "Local Multiplier 3", "workable", "net zero", "notifiable amount", "Office for National Statistics",
    "buying together", "pipeline", "ProClass", "range", "reserve", "restated", "section 151 officer", "medium-sized enterprise",
    "social enterprise", "spend-based", "SIC", "carbon dioxide equivalent", "VAT",
)  # fmt: skip


def test_every_technical_term_of_the_pages_is_in_the_glossary(project: Path) -> None:
    rows = table("glossary")
    glossary = " ".join((*rows["term"], *rows["short"])).casefold()
    assert not [term for term in TECHNICAL if term.casefold() not in glossary]
    pages = " ".join(
        text
        for path in sorted((project / "reports" / "2026-27-Q2").glob("*.html"))
        for text in texts_of(path.read_text(encoding="utf-8"))
    ).casefold()
    assert not [term for term in TECHNICAL if term.casefold() not in pages]


def test_the_readability_index_is_the_known_one() -> None:
    """Seven words of 26 characters in two sentences: 4.71 × 26 ÷ 7 + 0.5 × 7 ÷ 2 − 21.43."""
    assert readability(["We buy from them. Local firms won."]) == pytest.approx(
        4.71 * 26 / 7 + 0.5 * 7 / 2 - 21.43
    )
    # A name counts as one short word, however long it is.
    named = readability(["We pay Hertfordshire County Council."], ["Hertfordshire County Council"])
    assert (
        named
        == pytest.approx(readability(["We pay It."]))
        == pytest.approx(readability(["We pay Luton Borough."]))
    )
    assert readability([]) == 0.0


def test_harder_words_and_longer_sentences_read_worse() -> None:
    easy, hard = (
        "We buy less. It stays.",
        "Notwithstanding considerable expenditure, localisation necessitates collaboration.",
    )
    assert readability([easy]) < 3
    assert readability([hard]) > 20
