"""Who reviews what: named by managers for a kind, a department, or both."""
