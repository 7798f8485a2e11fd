"""Writing, review and publication of assets: revisions, drafts, moves, the timeline."""
