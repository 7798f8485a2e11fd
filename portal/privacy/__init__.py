"""Personal data: what is kept of a person and why, given to her, and taken out."""
