"""Findings: what a pack may state, how each kind is computed from rows, and its bounds."""
