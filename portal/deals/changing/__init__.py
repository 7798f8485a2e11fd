"""Changing the facts of a deal by hand: name, customer, amount, what it is about, whose it is."""
