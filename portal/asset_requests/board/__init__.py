"""The desk of requests: a table for everybody, a board for those who answer, many at once."""
