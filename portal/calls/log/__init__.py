"""Logging a call in fifteen seconds: what was used, how it went, what was said."""
