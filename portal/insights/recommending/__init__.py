"""What to use next on a deal: by fit, then by what helped; one in ten by chance, as a trial."""
