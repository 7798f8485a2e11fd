"""Requests as the page of the deal that waits for them lists them."""
