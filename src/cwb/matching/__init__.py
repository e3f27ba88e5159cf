"""supplier → organisation: numbers given, names that are the same, names that are probably the same, decisions."""

from cwb.matching.exact import supplier_key
from cwb.matching.names import normalise_name
from cwb.matching.resolve import resolve_suppliers

__all__ = ["normalise_name", "resolve_suppliers", "supplier_key"]
