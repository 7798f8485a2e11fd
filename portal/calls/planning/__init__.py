"""Calls ahead and calls held: the lists, one call's page, planning, moving and calling off."""
