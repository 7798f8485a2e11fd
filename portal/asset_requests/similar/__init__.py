"""What may answer a request before it is asked: published assets, and requests like it."""
