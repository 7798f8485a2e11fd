"""What closed deals say of an asset, told on its own page; given to the library by a hook."""
