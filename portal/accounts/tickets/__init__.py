"""Links that do one thing once: an invitation's first password, a forgotten password's next."""
