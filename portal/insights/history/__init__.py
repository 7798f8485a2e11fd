"""A move from another tool: its assets, deals, stages, uses and ratings read in from five files."""
