"""What parts of a pack are made of, and its pictures."""
