"""Suggestions while somebody types: titles, competitors, searches that led somewhere, one's own."""
