"""Groups of words that mean the same, in three languages: shipped, and edited by marketers."""
