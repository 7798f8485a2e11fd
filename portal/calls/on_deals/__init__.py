"""Calls as the page of their deal lists them."""
