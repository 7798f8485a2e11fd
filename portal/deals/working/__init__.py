"""The deal a person is working on: what they open, copy and print meanwhile is tied to it."""
