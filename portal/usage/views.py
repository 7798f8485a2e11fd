"""The ledger has no address of its own: `library.note` takes what pages tell, and checks it."""

from flask import Blueprint

bp = Blueprint("usage", __name__)
