"""What became of requests: asked, delivered, how soon, by what, and whether it was used."""
