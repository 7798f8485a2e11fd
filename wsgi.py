"""What any WSGI server can load: `wsgi:app`."""

from portal.app import from_environment

app = from_environment()
