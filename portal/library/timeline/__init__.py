"""All that happened to an asset in one line of time: texts, review, facts, and how it was used."""
