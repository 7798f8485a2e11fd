"""Pages of assets that are not drawn again while nothing on them has changed."""
