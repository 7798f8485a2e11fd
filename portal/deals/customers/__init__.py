"""Customers: the companies deals are with."""
