"""Quality checks: what a careful reader would find wrong with an asset, each with its place."""
