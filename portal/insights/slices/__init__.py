"""What helps in some of the deals: ranges without claims."""
