"""Folders of files, under version control perhaps, that are the source of chosen assets."""
