"""Sends tables as files to keep: CSV for spreadsheets, JSON with what columns mean."""

from flask import Response, current_app

from portal.web.tables import Table

FORMATS = ("csv", "json")


def sent(table: Table, asked: str, name: str = "") -> Response:
    """Return a table as a file to keep, in one of the formats; it is called as the table is."""
    note = current_app.extensions.get("arsenal.sent")  # the audit log is above us
    if note is not None:
        note(table.name, asked, len(table.rows))
    kind = "text/csv" if asked == "csv" else "application/json"
    answer = Response(table.lines() if asked == "csv" else table.json(), mimetype=kind)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name or table.name}.{asked}"'
    return answer
