"""The library as a folder: what texts can not say, written beside them and taken back."""
