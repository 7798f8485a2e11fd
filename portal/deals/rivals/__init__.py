"""How deals against a competitor end: told on the competitor's page."""
