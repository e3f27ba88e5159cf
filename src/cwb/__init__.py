"""Evidence packs for community wealth building, from a council's own spend, contracts and public registers."""

__version__ = "0.2.0"
