"""Words of imports: why a file or a row is not taken, what fields and words are called."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _

from portal.web.words import Table

REFUSALS: Table = {
    "empty": _("%(name)s is empty: there is nothing in it."),
    "unreadable": _("%(name)s can not be read: %(why)s."),
    "binary": _("%(name)s is no table: save it as CSV or XLSX and send that."),
    "pdf": _("%(name)s is a PDF: export the table itself as CSV or XLSX."),
    "old": _("%(name)s is an old Excel file: save it as XLSX or CSV and send that."),
    "packed": _("%(name)s is packed: unpack it and send the table in it."),
    "book": _("%(name)s can not be opened as a workbook: save it anew as XLSX, or as CSV."),
    "long-line": _(
        "Line %(row)s of %(name)s is longer than a million characters: this is no table."
    ),
    "columns": _(
        "Row %(row)s of %(name)s has more than %(most)s columns: this is no table of deals."
    ),
    "quotes": _("Row %(row)s of %(name)s opens a quotation mark that is never closed."),
    "pivot": _(
        "%(name)s is a pivot report, with sums instead of deals. "
        "Export the list of deals, one in a row."
    ),
    "no-header": _(
        "%(name)s has no header row: its first row has to say what the columns are "
        "(ID, name, stage …)."
    ),
    "two-tables": _(
        "These are several tables of deals: %(names)s. Import them one after the other."
    ),
    "no-field": _("There is no field “%(field)s”. Fields are: %(fields)s."),
    "no-column": _("There is no column “%(column)s”. The columns are: %(columns)s."),
    "no-id-column": _(
        "%(name)s has no column that tells deals apart. Say which: id=COLUMN. "
        "The columns are: %(columns)s."
    ),
    "no-file": _("Choose a file first."),
    "too-large": _("These files are larger than %(most)s MB together. Use `portal deals import`."),
    "no-currency": _(
        "“%(value)s” is no currency. Write its code of three letters, as EUR, USD or VND."
    ),
    "no-target": _("What a word is to stand for is not here: %(kind)s “%(target)s”. %(near)s"),
    "no-id-chosen": _("Choose which column is the ID: by it a deal is known again next time."),
}
REASONS: Table = {
    "no-id": _("it has no id"),
    "deleted": _("%(id)s is deleted there; here nothing is deleted"),
    "repeated": _("%(id)s comes again in row %(later)s, which counts"),
    "header-again": _("the headers once more"),
    "totals": _("a row of totals"),
    "note": _("a note, no deal"),
    "amount": _("“%(value)s” is no amount"),
    "negative": _("the amount is negative (%(value)s)"),
    "date": _("“%(value)s” is no date"),
    "date-range": _("%(value)s is not a date between 1970 and 2100"),
    "formula": _(
        "column %(column)s holds a formula without its value: open the file in Excel, save it, "
        "and send it again"
    ),
    "closed-first": _("it was closed (%(closed)s) before it was created (%(created)s)"),
}
DOUBTS: Table = {
    "currency": _("“%(value)s” is no currency we know: the deal is taken without its amount"),
}
FIELDS: Table = {
    "id": _("ID"),
    "name": _("Name of the deal"),
    "account": _("Customer"),
    "owner": _("Owner"),
    "owner_email": _("Owner’s e-mail"),
    "team": _("Team"),
    "region": _("Region"),
    "product": _("Product"),
    "competitor": _("Competitor"),
    "amount": _("Amount"),
    "currency": _("Currency"),
    "pipeline": _("Pipeline"),
    "stage": _("Stage"),
    "status": _("Won or lost"),
    "won": _("Won (yes or no)"),
    "closed": _("Closed (yes or no)"),
    "created": _("Created on"),
    "close": _("Closed on, or will be"),
    "expected": _("Closes on"),
    "ended": _("Ended on"),
    "stage_at": _("In its stage since"),
    "reason": _("Why it was lost"),
    "reason_words": _("Why, in words"),
    "industry": _("Industry"),
    "country": _("Country"),
    "employees": _("Employees"),
    "deleted": _("Deleted (yes or no)"),
}
KINDS: Table = {
    "product": _("Product"),
    "competitor": _("Competitor"),
    "person": _("Owner"),
    "stage": _("Stage"),
    "reason": _("Why it was lost"),
    "team": _("Team"),
    "pipeline": _("Pipeline"),
}
STATES: Table = {
    "running": _("Being imported"),
    "done": _("Imported"),
    "refused": _("Refused"),
}
ORDERS: Table = {
    "ymd": _("2026-11-30"),
    "dmy": _("30.11.2026, day first"),
    "mdy": _("11/30/2026, month first"),
}
DECIMALS: Table = {"": _("As it comes"), ".": _("1,234.56"), ",": _("1.234,56")}
DELIMITERS: Table = {
    ",": _("Comma"),
    ";": _("Semicolon"),
    "\t": _("Tab"),
    "|": _("Vertical bar"),
}


def said(table: Table, code: str, told: Mapping[str, object]) -> str:
    """Return a reason in words; whatever is missing in them stays out."""
    words = str(table.get(code, code))
    try:
        return words % told
    except (KeyError, TypeError, ValueError):
        return words
