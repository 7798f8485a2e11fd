"""Several people at the same moment: threads that begin together, with commits that are real."""

import threading

from portal.db import db
from portal.errors import PortalError


def at_once(app, *works):
    """Do all of it in threads that begin together; returns what each came to."""
    gate, results = threading.Barrier(len(works)), [None] * len(works)

    def run(number):
        with app.app_context():
            gate.wait()
            try:
                results[number] = works[number]()
                db.session.commit()
            except PortalError as refusal:
                db.session.rollback()
                results[number] = refusal
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
