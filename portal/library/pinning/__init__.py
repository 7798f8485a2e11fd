"""What is pinned for a team: collections and assets on the home page of its people."""
