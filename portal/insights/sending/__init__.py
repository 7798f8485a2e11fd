"""Tables sent as files."""
