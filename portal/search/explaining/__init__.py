"""Why this result: the arithmetic behind one hit of a search."""
