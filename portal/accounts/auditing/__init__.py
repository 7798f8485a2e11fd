"""The page of the audit log: what was done, by whom, and whether it is as it was written."""
