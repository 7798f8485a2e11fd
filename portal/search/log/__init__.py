"""The log of searches: what people look for, what they do not find, and what to do about it."""
