"""The text of a new cwb.toml: what this council is, and every other setting with its default and meaning, commented out."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from textwrap import wrap

from cwb.council.config import Settings
from cwb.council.named import District
from cwb.council.sections import Section

# Sections whose defaults a council may want to change; the others are for who runs the machine.
_SECTIONS = ("evidence", "gap", "collaboration", "emissions", "matching", "report")
_WIDTH = 118
_LISTS = """\
# What you have published before, to be compared with what the rows say now; `finding` is an id of pack 01, as the list of
# definitions in the annex has them.
# [[published]]
# finding = "local_share"
# period = "2023-24"
# value = 0.18
# rounding = 0.01                       # the step to which it was rounded
# source = "Procurement strategy 2025, page 4"

# Other anchor institutions, each with every spelling of its name in notices; kind: council, combined authority, nhs, university,
# college, police, fire or other. Their files stand in data/raw/anchor_spend/ and anchor_contracts/, in a folder of the name. A
# long list is better kept in forms/anchors.csv: anchor_table = "forms/anchors.csv" as the first line of this file.
# [[anchors]]
# name = "Example County Council"
# kind = "council"
# threshold_gbp = 500                   # it publishes payments over this
# aliases = ["Example County Council", "Example CC"]

# Areas to which a below-threshold competition may be reserved, each for legal confirmation.
# [[reservation.areas]]
# name = "{home}"
# districts = ["{code}"]
"""


@dataclass(frozen=True)
class NewCouncil:
    """What a council says of itself first; `rule` tells by which rule the local area was proposed."""

    name: str
    home: District
    local_name: str
    local: Sequence[District]
    rule: str
    baseline: str


def new_settings(council: NewCouncil) -> str:
    """The text of cwb.toml; without its comments, or with every commented default put in force, it is valid."""
    districts = [f'    "{one.code}", # {one.name}' for one in council.local]
    lines = [
        "# The settings of one council. A line that begins with # is a comment: take the # away to change that default.",
        "# Afterwards: cwb check, then cwb run with a financial year (2025-26) or a quarter (2025-26-Q2).",
        "",
        "# The whole financial year with which others are compared; your files should hold all of it.",
        f"baseline = {_toml(council.baseline)}",
        "",
        "# Who the packs are about. buyer_names: every spelling under which your own notices are published.",
        "[council]",
        f"name = {_toml(council.name)}",
        f"home_district = {_toml(council.home.code):<24}# {council.home.name}",
        f"buyer_names = [{_toml(council.name)}]",
        "threshold_gbp = 250                     # payments over this are published",
        '# how_to_register = "…"                 # one sentence for suppliers: your own portal or contact',
        "",
        f'# What "local" means. Proposed: {council.rule}.',
        "# Edit the list and its name as members understand them; codes are those of the Office for National Statistics.",
        "[local]",
        f"name = {_toml(council.local_name)}",
        "districts = [",
        *districts,
        "]",
        "",
        "# Where files are, seen from this file.",
        "[data]",
        *(
            f"{name} = {_toml(path)}"
            for name, path in (("raw", "data/raw"), ("processed", "data/processed"), ("reports", "reports"))
        ),
        "",
    ]
    for name in _SECTIONS:
        lines += [*_defaults(name), ""]
    lists = _LISTS.replace("{home}", council.home.name).replace("{code}", council.home.code)
    return "\n".join([*lines, lists])


def _defaults(name: str) -> Iterator[str]:
    section = Settings.model_fields[name].default
    assert isinstance(section, Section)
    yield from (f"# {text}" for text in wrap(" ".join((type(section).__doc__ or "").split()), _WIDTH))
    yield f"# [{name}]"
    for key, field in type(section).model_fields.items():
        value = getattr(section, key)
        if value is None:
            yield f"# {key}: {field.description}"
        else:
            setting = f"# {key} = {_toml(value)}"
            yield f"{setting:<40}# {field.description}" if field.description else setting


def _toml(value: object) -> str:
    """A value as TOML writes it: of texts, numbers and lists of them the same as JSON."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
