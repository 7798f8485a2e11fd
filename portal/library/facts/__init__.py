"""The facts of an asset: what it is, whose it is, what it is about, when it was last checked."""
