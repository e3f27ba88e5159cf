"""Whether a word is the initials of others: "NMTF" of "National Market Traders Federation"."""

from __future__ import annotations

import re

_FEWEST, _MOST = 2, 8
_EMPTY = frozenset("the and of for in at a to on by".split())
# Initials often leave out the end, which says what kind of body it is.
_ENDS = frozenset("co op operative cooperative society association club limited ltd cic llp plc".split())
# These are words.
_NONE = frozenset("co uk gb it".split())


def are_initials(short: str, full: str) -> bool:
    """Whether `short` has the first letter of every word of `full` in order, three at least; those of words like "of" and of the
    kind of body at the end may be left out."""
    letters = re.sub(r"[\W_]+", "", short).lower()
    words = re.findall(r"[^\W_]+", re.sub(r"['’]", "", full).lower())
    if len(letters) <= _FEWEST or len(words) < len(letters) or letters.isdigit():
        return False
    return _match(letters, words)


def _match(letters: str, words: list[str]) -> bool:
    if not letters:
        return all(word in _ENDS for word in words)
    if not words:
        return False
    if words[0][0] == letters[0] and _match(letters[1:], words[1:]):
        return True
    return words[0] in _EMPTY and _match(letters, words[1:])


def without_initials(own: list[str], other: list[str]) -> tuple[list[str], list[str]]:
    """Two names' words without those of one that are the initials of words beside one another in the other: "Southport FC"
    and "Southport Football Club"."""
    for one, more in ((own, other), (other, own)):
        for word in one:
            size = len(word)
            if size not in range(_FEWEST, _MOST) or word in more or word in _NONE:
                continue
            for at in range(len(more) - size + 1):
                run = more[at : at + size]
                if "".join(part[0] for part in run) == word and not set(run) & set(one):
                    left = [part for part in one if part != word], more[:at] + more[at + size :]
                    return left if one is own else (left[1], left[0])
    return own, other
