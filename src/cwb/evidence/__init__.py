"""Findings: what a pack may state, how each kind is made of rows, and its bounds."""
