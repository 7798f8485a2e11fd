"""What is looked for in vain and asked for: gaps in the content, by the deals that wait for it."""
