"""Calendar files: meetings with known customers become planned calls."""
