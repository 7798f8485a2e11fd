"""Requests as rows of a CSV file: written for anybody to read, read back without doubling any."""
