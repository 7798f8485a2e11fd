"""Requests for content: asked, taken on, delivered, accepted; what Sales and Marketing share."""
