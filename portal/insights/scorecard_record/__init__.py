"""The record half of the scorecard: how both sides kept their word, from asking to use."""
