"""`make mutants`: a seeded sample of mutants, each against the tests that matter to it."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from mutants.areas import AREAS, ROOT
from mutants.choose import Limits
from mutants.mutant import Outcome, Result
from mutants.recording import KEPT, record
from mutants.report import page, verdicts
from mutants.sample import sample
from mutants.trial import run

_PAGE = ROOT / "docs" / "mutants.md"
_SURVIVORS = KEPT / "survivors.json"


def main() -> int:
    parser = argparse.ArgumentParser(prog="make mutants", description=__doc__)
    parser.add_argument("--size", type=int, default=400, help="how many mutants (400)")
    parser.add_argument("--seed", type=int, default=12, help="another seed, another sample")
    parser.add_argument("--area", action="append", choices=[area.name for area in AREAS], help="only these areas")
    parser.add_argument("--module", default="", help="only modules whose path contains this")
    parser.add_argument("--at", default="", help="only mutants of the sample whose module:line contains this")
    parser.add_argument(
        "--against",
        action="append",
        default=[],
        help="ask all tests of this file, and record nothing; may be repeated",
    )
    parser.add_argument(
        "--tests", default="", help="only test files whose path contains this, if they are to be recorded"
    )
    parser.add_argument(
        "--within", type=float, default=float("inf"), help="ask only tests that take so many seconds at most"
    )
    parser.add_argument(
        "--most",
        type=float,
        default=float("inf"),
        help="ask of one mutant tests of so many seconds together at most",
    )
    parser.add_argument(
        "--again",
        type=float,
        default=0,
        help="ask of what survives further tests, of any length, of so many seconds together at most",
    )
    parser.add_argument(
        "--survivors",
        action="store_true",
        help="ask only of what survived the last run of the same sample and has no verdict; all else counts as that run found it",
    )
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--write", action="store_true", help=f"write {_PAGE.relative_to(ROOT)}")
    asked = parser.parse_args()
    if asked.write and (asked.against or asked.at or asked.module or asked.area):
        parser.error("--write writes the whole sample, and nothing less")
    if not asked.against:
        record(asked.tests, asked.workers)
    areas = [area for area in AREAS if not asked.area or area.name in asked.area]
    chosen = [
        mutant
        for mutant in sample(asked.size, asked.seed, areas, asked.module)
        if asked.at in f"{mutant.module}:{mutant.line}"
    ]
    KEPT.mkdir(exist_ok=True)
    earlier: list[Result] = []
    if asked.survivors:
        survived = {tuple(row[:4]) for row in json.loads(_SURVIVORS.read_text(encoding="utf-8"))}
        known = verdicts()
        for one in chosen:
            outcome = Outcome.SURVIVED if one.key in survived else Outcome.KILLED
            if outcome is Outcome.KILLED or one.key in known:
                earlier.append(Result(one, outcome, "an earlier run", 0.0, 0))
        asked_before = {result.mutant for result in earlier}
        chosen = [one for one in chosen if one not in asked_before]
    results = run(chosen, asked.workers, Limits(asked.within, asked.most, asked.again), asked.against) + earlier
    text = page(results, asked.seed, verdicts())
    (KEPT / "mutants.md").write_text(text, encoding="utf-8")
    _SURVIVORS.write_text(
        json.dumps([[*r.mutant.key, r.mutant.line, r.mutant.text] for r in results if not r.is_killed]),
        encoding="utf-8",
    )
    if asked.write:
        _PAGE.write_text(text, encoding="utf-8")
    else:
        print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
