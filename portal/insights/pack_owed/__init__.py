"""What is owed, stale, flagged, thanked for and to be decided, in words."""
