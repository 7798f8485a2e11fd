"""What helped or was missing, asked once when a deal has ended."""
