"""Asking once more who it is, before something that can not be taken back."""
