"""Assets that marketing puts first for a search, until a day."""
