"""What the page of results says about how a search was understood."""
