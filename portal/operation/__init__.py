"""Keeping the portal running: backups, health, figures for those who watch over it."""
