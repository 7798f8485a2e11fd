"""What the use of assets tells; only reads."""
