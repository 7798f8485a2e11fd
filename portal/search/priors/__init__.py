"""What moves a hit besides its words: rating, freshness, a standing check, use; never much."""
