"""Assets, their texts in several languages, and the vocabulary they are tagged with."""
