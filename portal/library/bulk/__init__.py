"""Changes to many assets at once: previewed, done as far as each may be changed, and undone."""
