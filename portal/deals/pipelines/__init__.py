"""The ways deals go: pipelines, their stages in order, and why deals are lost."""
