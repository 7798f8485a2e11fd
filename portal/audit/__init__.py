"""The audit log: who changed what, chained so that nobody can change what was written."""
