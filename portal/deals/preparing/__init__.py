"""Preparing for a call on a deal: what fits it, what was used on it already."""
