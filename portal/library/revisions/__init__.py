"""Revisions read, compared and restored."""
