"""What lies behind the figures of one asset: its moments, its deals, how it went over time."""
