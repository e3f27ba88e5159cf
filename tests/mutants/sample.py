"""Which mutants are made: a seeded sample of the places of each area, as many in SQL as in Python where there are so many."""

from __future__ import annotations

import random
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
    chance = random.Random(seed)
    whole = sum(area.part for area in areas)
    chosen: list[Mutant] = []
    for area in areas:
        chosen += draw(sites_of(area, only), round(size * area.part / whole), chance)
    chance.shuffle(chosen)
    return chosen


def draw(sites: Sequence[Site], size: int, chance: random.Random) -> list[Mutant]:
    """`size` mutants of different places, half of them SQL where there are so many."""
    by_language = {
        language: [site for site in sites if site.language is language]
        for language in (Language.SQL, Language.PYTHON)
    }
    sql, python = by_language[Language.SQL], by_language[Language.PYTHON]
    in_sql = min(len(sql), max(size // 2, size - len(python)))
    chosen: list[Mutant] = []
    for own, wanted in ((sql, in_sql), (python, size - in_sql)):
        left = list(own)
        chance.shuffle(left)
        while left and wanted > 0:
            made = chance.choice(left.pop().changes)()
            if made is not None:
                chosen.append(made)
                wanted -= 1
    return chosen
