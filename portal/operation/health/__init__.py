"""Whether this process lives and can serve, for load balancers and those who watch over it."""
