"""Which text of an asset is the original, what its translations lag behind, and the whole of it."""
