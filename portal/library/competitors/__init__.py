"""The page of a competitor: all that is published against them, the battlecard first."""
