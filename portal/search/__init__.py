"""Finding: analysis in three languages, the index, and the rep's home."""
