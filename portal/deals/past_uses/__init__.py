"""Past uses of assets on deals, loaded from a file of another system."""
