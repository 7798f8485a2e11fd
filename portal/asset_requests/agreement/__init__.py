"""The agreement of both sides: how long each has, in working hours, and how it was kept."""
