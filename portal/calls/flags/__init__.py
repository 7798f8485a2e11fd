"""What reps say is wrong or outdated, and what its owner answers."""
