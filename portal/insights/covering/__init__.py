"""Where there is content and where none: by competitor, stage and industry, with its use."""
