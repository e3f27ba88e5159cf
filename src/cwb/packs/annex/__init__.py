"""The annex of a period: what is the same for all packs and stands once. It states no headline, and the index does not count it."""

from cwb.packs.account import coverage, matches
from cwb.packs.annex.method import assumptions, definitions, glossary, sources
from cwb.packs.annex.revisions import revisions
from cwb.packs.pack import Pack

PACK = Pack(
    id="annex",
    notebook="annex.ipynb",
    question="How were the figures of all packs made?",
    measures=(matches, coverage, revisions, assumptions, definitions, glossary, sources),
)
