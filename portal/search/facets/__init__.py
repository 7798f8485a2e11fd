"""What results can be narrowed by: names, counts, what is shown at once and what behind it."""
