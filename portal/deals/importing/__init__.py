"""Deals out of other systems: tables read, understood, matched to what is known here, and kept."""
