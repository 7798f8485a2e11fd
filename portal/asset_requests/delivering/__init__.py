"""Delivering: an asset that answers a request, the search it began with replayed, all told."""
