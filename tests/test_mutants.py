"""The tool of `make mutants`: it makes the faults that it says, and tells one that tests notice from one that they do not."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

pytest.importorskip("cosmic_ray")

from mutants import report
from mutants.areas import AREAS, ROOT, Area
from mutants.choose import Chooser, Limits
from mutants.mutant import Language, Mutant, Outcome, Result
from mutants.places import Module
from mutants.python_mutants import python_sites
from mutants.sample import draw, sites_of
from mutants.sql_mutants import sql_sites
from mutants.sql_texts import sql_texts
from mutants.worker import Worker

MODULE = '''"""A docstring: SELECT a FROM b WHERE c = 1."""

from __future__ import annotations

from dataclasses import dataclass

LIMIT: int | None = 3


@dataclass(frozen=True)
class Pair:
    a: int


def lines(table: str, more: str) -> str:
    """One row a line."""
    shown = ", b" if more else ""
    return f"""SELECT DISTINCT a{shown}, max(d) AS last FROM {table}
        WHERE a >= 1 AND (b IS NULL OR c = 'x') AND day < DATE '2024-03-31' ORDER BY a DESC"""


def part(is_in: bool) -> int:
    return 1 if is_in and LIMIT else -1
'''


def made(language: Language) -> list[Mutant]:
    sites = (sql_sites if language is Language.SQL else python_sites)("area", "src/cwb/made.py", MODULE)
    return [mutant for site in sites for change in site.changes if (mutant := change()) is not None]


def after(mutants: list[Mutant], operator: str) -> list[str]:
    return [mutant.after for mutant in mutants if mutant.operator == operator]


def test_the_faults_of_a_sql_text() -> None:
    mutants = made(Language.SQL)
    assert {m.operator for m in mutants} == {
        "DISTINCT dropped", "least, greatest", "comparison", "bound by one", "AND, OR", "predicate dropped", "NULL", "order",
    }  # fmt: skip
    assert after(mutants, "DISTINCT dropped") == ["SELECT a{shown}, max(d) AS last FROM {table}"]
    assert any("day < DATE '2024-04-01'" in text for text in after(mutants, "bound by one"))
    assert any("day < DATE '2024-03-30'" in text for text in after(mutants, "bound by one"))
    assert any("b IS NOT NULL" in text for text in after(mutants, "NULL"))
    assert any("FROM {table} WHERE TRUE AND" in text for text in after(mutants, "predicate dropped"))
    assert any("AND TRUE AND day" in text for text in after(mutants, "predicate dropped"))
    assert any("AND TRUE ORDER BY" in text for text in after(mutants, "predicate dropped"))
    assert {m.function for m in mutants} == {"lines"}
    # Each stands on the line of the module on which a reader finds it.
    lines = MODULE.splitlines()
    for mutant in mutants:
        assert any(word in lines[mutant.line - 1] for word in ("SELECT DISTINCT", "WHERE a >= 1"))


def test_a_mutant_differs_in_one_place_only() -> None:
    whole = ast.unparse(ast.parse(MODULE)).splitlines()
    for mutant in made(Language.SQL):
        changed = ast.unparse(ast.parse(mutant.text)).splitlines()
        assert len(changed) == len(whole)
        assert sum(a != b for a, b in zip(whole, changed, strict=True)) == 1, mutant.after


def test_the_faults_of_python_spare_types_checks_and_texts() -> None:
    mutants = made(Language.PYTHON)
    assert after(mutants, "and, or") == ["return 1 if is_in or LIMIT else -1"]
    assert "LIMIT: int | None = 4" in after(mutants, "number by one")
    assert not any("frozen=False" in m.after or "int & None" in m.after for m in mutants)
    assert all(m.text != MODULE for m in mutants)


def test_docstrings_are_no_sql() -> None:
    assert [text.line for text in sql_texts(ast.parse(MODULE))] == [18]


@pytest.mark.parametrize("area", AREAS, ids=lambda area: area.name)
def test_each_area_can_be_mutated(area: Area) -> None:
    # The smallest of its modules that has so many places.
    modules = sorted(area.modules(), key=lambda path: path.stat().st_size)
    drawn = (draw(sites_of(area, path.relative_to(ROOT).as_posix()), 6, seed=1) for path in modules)
    chosen = next(found for found in drawn if len(found) == 6)
    for mutant in chosen:
        compile(mutant.text, mutant.module, "exec")
        assert mutant.before != mutant.after


def test_a_sample_is_the_same_for_a_seed() -> None:
    sites = sites_of(AREAS[-3])
    first, again, other = (draw(sites, 10, seed) for seed in (1, 1, 2))
    assert [m.key for m in first] == [m.key for m in again] != [m.key for m in other]


def test_a_sample_changes_only_where_code_does() -> None:
    sites = sites_of(AREAS[-3])
    whole = {m.key for m in draw(sites, 20, seed=1)}
    without = {m.key for m in draw(sites[1:], 20, seed=1)}
    assert len(whole - without) <= 1
    moved = [replace(site, line=site.line + 7) for site in sites]
    assert {m.key for m in draw(moved, 20, seed=1)} == whole


# --- what is killed, and what survives ---------------------------------------------------------------------------

PERIODS = "src/cwb/council/periods.py"
TESTS = "tests/test_periods.py"


def of_periods(old: str, new: str) -> Mutant:
    """A mutant of the periods by hand."""
    text = (ROOT / PERIODS).read_text(encoding="utf-8")
    assert text.count(old) == 1
    line = text[: text.index(old)].count("\n") + 1
    at = Module(text)
    return Mutant(
        "periods", Language.PYTHON, "by hand", PERIODS, at.function(line), line, *at.statement(line), old, new,
        text.replace(old, new),
    )  # fmt: skip


@pytest.mark.skipif(not hasattr(os, "fork"), reason="in new processes it takes too long")
def test_killed_survived_and_no_test(tmp_path: Path) -> None:
    # A worker is a process of its own: this one has imported cwb already.
    code = "from test_mutants import outcomes; from pathlib import Path; import sys; outcomes(Path(sys.argv[1]))"
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)],
        cwd=ROOT / "tests",
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.splitlines()[-5:] == [
        "killed by tests/test_periods.py::test_a_period[2025-26-start0-end0-2025/26]",
        "survived",
        "survived: no test runs the line",
        "killed at import",
        "the source is as it was",
    ], done.stdout + done.stderr


def outcomes(places: Path) -> None:
    """Print what becomes of four mutants: run by the test above in a process of its own."""
    worker = Worker.start(places)
    first = f"{TESTS}::test_a_period[2025-26-start0-end0-2025/26]"
    blind = f"{TESTS}::test_like_for_like"
    year_end = of_periods("return date(self.start_year + 1, 3, 31)", "return date(self.start_year + 1, 3, 30)")
    for tests in ([first], [blind], []):
        result = worker.test(year_end, tests, {})
        print(f"{result.outcome.value}{' by ' + result.by if result.by else ''}")
    broken = of_periods("return 3 if self.quarter else 12", "return nothing")
    broken = Mutant(**{**vars(broken), "text": "raise RuntimeError"})
    print(f"killed at {worker.test(broken, [first], {}).by.split(':')[0]}")
    same = (worker.folder / PERIODS).read_text(encoding="utf-8") == (ROOT / PERIODS).read_text(encoding="utf-8")
    print("the source is as it was" if same else "the source is left changed")
    worker.stop()


def test_tests_that_run_the_line_are_asked_the_fastest_first() -> None:
    mutant = of_periods("return 3 if self.quarter else 12", "return 12")
    lines = {PERIODS: {str(mutant.line): ["slow", "fast"], "1": ["other"]}}
    chooser = Chooser(lines, {"slow": 9.0, "fast": 0.1, "other": 0.1})
    assert chooser.tests(mutant) == ["fast", "slow"]
    chooser.learn(mutant, "slow")
    assert chooser.tests(mutant) == ["slow", "fast"]
    # Of so many seconds together, but one at least.
    chooser = Chooser(lines, {"slow": 9.0, "fast": 0.1, "other": 0.1}, limits=Limits(most=9.0, again=8.0))
    assert chooser.tests(mutant) == ["fast"]
    assert Chooser(lines, {"slow": 9.0}, limits=Limits(most=1.0)).tests(mutant) == ["slow"]
    # What survives is asked of those that were left out, with the same exception.
    assert chooser.further_tests(mutant) == ["slow"]
    quick = Chooser(lines, {"slow": 9.0, "fast": 0.1, "other": 0.1}, limits=Limits(within=1.0))
    assert (quick.tests(mutant), quick.further_tests(mutant)) == (["fast"], ["slow"])


# --- the report --------------------------------------------------------------------------------------------------


def test_the_interval_of_a_share() -> None:
    # 90 of 100: (0.9 + 1.96²/200 ± 1.96 √(0.09/100 + 1.96²/40000)) ÷ (1 + 1.96²/100)
    low, high = report.wilson(90, 100)
    assert (round(low, 3), round(high, 3)) == (0.826, 0.945)
    assert report.wilson(0, 0) == (0.0, 1.0)
    assert report.wilson(10, 10)[1] == pytest.approx(1.0)


def test_equivalent_mutants_are_counted_apart_and_survivors_listed_with_why() -> None:
    one, two, three = made(Language.PYTHON)[:3]
    results = [
        Result(one, Outcome.KILLED, "a test", 1.0, 2),
        Result(two, Outcome.SURVIVED, "", 1.0, 2),
        Result(three, Outcome.NO_TEST, "", 0.0, 0),
    ]
    known = {two.key: report.Verdict("equivalent", "both are nought")}
    (score,) = report.scores(results, lambda mutant: "all", known)
    assert (score.killed, score.survived, score.equivalent) == (1, 1, 1)
    text = report.page(results, 12, known)
    assert "both are nought" in text.split("## Equivalent")[1]
    assert "not looked at yet (no test runs the line)" in text.split("## Survivors")[1].split("## Equivalent")[0]


def test_verdicts_say_why() -> None:
    for verdict in report.verdicts().values():
        assert verdict.verdict in (report.EQUIVALENT, "accepted")
        assert verdict.why
