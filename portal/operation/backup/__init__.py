"""Everything the portal knows in one file, made while it is in use; restored on either database."""
