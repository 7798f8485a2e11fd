"""All that hangs on a person who leaves, handed to somebody else at once."""
