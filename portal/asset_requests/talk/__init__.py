"""What is said about requests: comments with mentions, thanks, a page of both sides' wins."""
