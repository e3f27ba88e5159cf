"""Which mutants are made: a seeded sample of the places of each area, as many in SQL as in Python where there are so many.

A place is drawn by a hash of the seed and of what stands there: where code is changed, the sample changes there alone.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence

from mutants.areas import AREAS, ROOT, Area
from mutants.mutant import Language, Mutant, Site
from mutants.python_mutants import python_sites
from mutants.sql_mutants import sql_sites

WHOLE = sum(area.part for area in AREAS)


def sites_of(area: Area, only: str = "") -> list[Site]:
    """Every place of an area; `only` keeps the modules whose path contains it."""
    found: list[Site] = []
    for path in area.modules():
        name, text = path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")
        if only in name:
            found += [*sql_sites(area.name, name, text), *python_sites(area.name, name, text)]
    return found


def sample(size: int, seed: int, areas: Sequence[Area] = AREAS, only: str = "") -> list[Mutant]:
    """`size` mutants over the areas by their parts, in an order of chance; fewer where an area has no more places."""
    whole = sum(area.part for area in areas)
    chosen = [
        mutant for area in areas for mutant in draw(sites_of(area, only), round(size * area.part / whole), seed)
    ]
    return sorted(chosen, key=lambda mutant: _chance(seed, *mutant.key))


def draw(sites: Sequence[Site], size: int, seed: int) -> list[Mutant]:
    """`size` mutants of different places, half of them SQL where there are so many."""
    drawn = _by_chance(sites, seed)
    sql, python = (
        [(site, chance) for site, chance in drawn if site.language is language]
        for language in (Language.SQL, Language.PYTHON)
    )
    in_sql = min(len(sql), max(size // 2, size - len(python)))
    chosen: list[Mutant] = []
    for own, wanted in ((sql, in_sql), (python, size - in_sql)):
        made = (site.changes[chance % len(site.changes)]() for site, chance in own)
        chosen += [mutant for mutant, _ in zip((m for m in made if m is not None), range(wanted), strict=False)]
    return chosen


def _by_chance(sites: Sequence[Site], seed: int) -> list[tuple[Site, int]]:
    """The places in an order of chance, each with its number; of places at which the same stands each has its own."""
    alike: Counter[tuple[str, str, str]] = Counter()
    drawn = []
    for site in sites:
        known_by = (site.module, site.operator, site.text)
        alike[known_by] += 1
        drawn.append((site, _chance(seed, *known_by, str(alike[known_by]))))
    return sorted(drawn, key=lambda one: one[1])


def _chance(seed: int, *parts: str) -> int:
    return int.from_bytes(hashlib.sha256("\0".join((str(seed), *parts)).encode()).digest(), "big")
