"""The record of both sides: how each kept its promises, month by month."""
