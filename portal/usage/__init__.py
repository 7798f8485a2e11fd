"""The append-only ledger of what people did with assets."""
