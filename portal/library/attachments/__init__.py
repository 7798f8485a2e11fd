"""Files and videos that belong to an asset: taken in, kept, read for search, handed out."""
