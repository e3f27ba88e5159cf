"""What every pack rests on: every file's rows and pounds, and how suppliers were matched to organisations."""

from cwb.packs.account.files import coverage
from cwb.packs.account.matches import matches

__all__ = ["coverage", "matches"]
