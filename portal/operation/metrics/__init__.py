"""Figures for Prometheus: off without `PORTAL_METRICS_TOKEN`, right with several processes."""
