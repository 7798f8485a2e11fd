"""The Monday pack: what both departments look at together each week and each month."""
