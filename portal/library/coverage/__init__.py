"""All assets by language: which are published, in the works, lagging or missing."""
