"""The vocabulary kept by people: terms added, renamed, merged, retired, without breaking a link."""
