"""How a kind of file that was not supplied is had: for who runs cwb the command that makes an empty form of it or fetches it, for who
reads a pack what can be done about it."""

from __future__ import annotations

from functools import cache

from cwb.sources.fetch.datasets import datasets
from cwb.sources.registry import sources


def how_to_get(name: str) -> str:
    """The command that gets a source's file or makes its form, in a sentence; "" where there is none."""
    command = _commands().get(name)
    if command is None:
        return ""
    return f"Get it with {command}." if " fetch " in command else f"Make an empty form with {command}."


def remedy_of(reason: str) -> str | None:
    """What settles a number that is not known because a kind of file was not supplied, for members; None for another reason."""
    absent = {source.absent: name for name, source in sources().items()}
    command = _commands().get(absent.get(reason, ""))
    if command is None:
        return None
    if " fetch " in command:
        return "It is published: those who build this report can fetch it."
    return "Those who keep such records can supply it: there is a form for it."


@cache
def _commands() -> dict[str, str]:
    fetched = {one.source: f"cwb fetch {one.name}" for one in datasets().values() if one.url}
    forms = {name: f"cwb template {name.replace('_', '-')}" for name, one in sources().items() if one.form()}
    return forms | fetched
