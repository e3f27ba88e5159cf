"""Who buys in a release: every buyer of a joint procurement, and where the first of them is."""

from __future__ import annotations

import json

from cwb.base.values import clean_text
from cwb.sources.ocds import Json, items_of, part_of, postcode_of, text_of, words_of


def buyers_of(release: Json) -> list[tuple[str, str | None]]:
    """Name and id of every buyer: the one named as such first, then all parties in that role (joint procurement).

    Some notices (UK9, UK11, UK12) name the buyer only among the parties.
    """
    parties = [p for p in items_of(release, "parties") if "buyer" in words_of(p, "roles")]
    names = {text_of(p.get("id")): clean_text(text_of(p.get("name"))) for p in parties}
    found: dict[str | None, str] = {}
    for one in (part_of(release, "buyer"), *items_of(release, "buyers"), *parties):
        name = text_of(one.get("name")) or names.get(text_of(one.get("id")))
        if name:
            found.setdefault(text_of(one.get("id")) or name, name)
    ids = {text_of(one.get("id")) for one in (part_of(release, "buyer"), *items_of(release, "buyers"), *parties)}
    return [(name, key if key in ids else None) for key, name in found.items()]


def postcode_of_buyer(release: Json, name: str | None) -> str | None:
    """The postcode of the party in the role of buyer that bears a name; None where none of them does."""
    for party in items_of(release, "parties"):
        if "buyer" in words_of(party, "roles") and text_of(party.get("name")) == name:
            return postcode_of(part_of(party, "address"))
    return None


def other_buyers(buyers: list[tuple[str, str | None]]) -> str | None:
    """The buyers beside the first, as JSON; None where there is one."""
    return (
        json.dumps([{"name": name, "id": key} for name, key in buyers[1:]], ensure_ascii=False)
        if buyers[1:]
        else None
    )
