"""What teams and their people have open, for who manages them."""
