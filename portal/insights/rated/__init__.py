"""What reps say of assets: ratings, what they wrote, remarks still open; by asset and owner."""
