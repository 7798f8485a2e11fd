"""How fresh an asset is: when it was checked, when the next check is due, who is reminded."""
