"""Calls on deals: planned, logged; what was used in them, what customers said."""
