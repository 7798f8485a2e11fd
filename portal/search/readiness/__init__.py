"""Whether the portal can serve, for load balancers and those who watch over it."""
