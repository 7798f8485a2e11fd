"""Ordered lists of assets that people make and share."""
