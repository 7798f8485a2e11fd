"""Moving a request on: seen, taken on, asked back, declined, accepted, reopened."""
