"""The editor: a text begun from its kind's template, written, compared, restored."""
