"""The frame of the pages of use: days to look back over, ways from page to page, files."""
