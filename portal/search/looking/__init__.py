"""One search of the log looked at: what it finds, what should have come, what to do."""
