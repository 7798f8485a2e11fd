"""A pack as a mail."""
