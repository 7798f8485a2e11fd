"""Cells of files that spreadsheets open: words none of them takes for a formula, and back."""

_RISKY = ("=", "+", "-", "@", "\t", "\r", "'")


def guarded(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula; `plain` gives it back."""
    return f"'{cell}" if cell.startswith(_RISKY) else cell


def plain(cell: str) -> str:
    """Return what a cell says, without the mark that keeps spreadsheets from computing it."""
    return cell[1:] if cell.startswith("'") and cell[1:2] in _RISKY else cell
