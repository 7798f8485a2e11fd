"""Claims: sentences with a figure or about a competitor, their sources, their contradictions."""
