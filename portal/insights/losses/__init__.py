"""Why deals are lost and to whom, and whether there is content for it."""
