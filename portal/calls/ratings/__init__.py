"""How reps rate the assets they used, and what they say is wrong with them."""
