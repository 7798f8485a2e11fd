"""The desk's page of background work: what waits, runs, has failed; tried again or dropped."""
