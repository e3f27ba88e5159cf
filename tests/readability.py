"""The automated readability index: how many years of school a text asks for. Names of organisations and places are one short word."""

from __future__ import annotations

import re
from collections.abc import Iterable

_NAME = "It"
# Words in capitals that follow one another within a sentence are a name, as are known ones wherever they stand.
_CAPITALS = re.compile(r"(?<=[a-z,;:0-9%)] )(?:[A-Z][\w'&-]*(?: (?:of|and|the|for|with) (?=[A-Z]))? ?)+")
_SENTENCE_END = re.compile(r"[.!?:;](?=\s|$)")
_WORD = re.compile(r"[A-Za-z0-9£%][\w£%'.,-]*")


def readability(texts: Iterable[str], names: Iterable[str] = ()) -> float:
    """The index of some sentences: 4.71 × characters ÷ words + 0.5 × words ÷ sentences − 21.43. A text without a full stop is a
    sentence; punctuation is no character."""
    characters = words = sentences = 0
    for text in texts:
        plain = _named(text, names)
        found = [re.sub(r"[^\w£%]", "", word) for word in _WORD.findall(plain)]
        if not found:
            continue
        words += len(found)
        characters += sum(map(len, found))
        ends = len(_SENTENCE_END.findall(plain))
        sentences += ends if re.search(r"[.!?:;]\s*$", plain) else ends + 1
    return 4.71 * characters / words + 0.5 * words / sentences - 21.43 if words else 0.0


def _named(text: str, names: Iterable[str]) -> str:
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(name, _NAME)
    return _CAPITALS.sub(lambda match: f"{_NAME} " if match[0].endswith(" ") else _NAME, text)
