"""Two people wrote the same text at once: both texts, part by part, and one made of them."""
