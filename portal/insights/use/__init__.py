"""Use of assets: counts rolled up by day, and what they tell."""
