"""Arsenal: a sales-enablement content portal; each folder below is a feature (see README's map)."""
