"""Which assets help to win: like for like, kept up to date, judged with care."""
