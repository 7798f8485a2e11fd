"""People, teams and roles; who is signed in."""
