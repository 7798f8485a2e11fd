"""What every page shares: base template, static files, errors, paging, charts."""
