"""Notices by mail: who wants which, what waits to be sent, and how it is handed over once."""
