"""A worker that only searches, told by lines of JSON: `warm` answers searches, `find` waits for a word."""

import json
import sys
import time
from pathlib import Path

from portal.app import from_environment
from portal.config import Language
from portal.db import db, reading
from portal.search import rules

PATIENCE = 60.0


def resident():
    """MB of this process, from the kernel's own account; and how much of it files that are mapped."""
    told = dict(
        line.split(":", 1)
        for line in Path("/proc/self/status").read_text().splitlines()
        if ":" in line
    )
    return [int(told[name].split()[0]) / 1024 for name in ("VmRSS", "RssFile")]


def found_at(finder, word):
    """When the word was first found."""
    end = time.time() + PATIENCE
    while time.time() < end:
        with reading():
            found = finder.find(rules.ask(word))
            db.session.remove()
        if found.hits:
            return time.time()
        time.sleep(0.001)
    raise RuntimeError(f"{word} was not found in {PATIENCE:.0f} s")


def main():
    app = from_environment()
    with app.app_context():
        finder = app.extensions["arsenal.finder"]
        for line in sys.stdin:
            told = json.loads(line)
            if "find" in told:
                answer = found_at(finder, told["find"])
            else:
                for text, filters, language in told["warm"]:
                    with reading():
                        finder.find(rules.ask(text, filters=filters, prefer=Language(language)))
                        db.session.remove()
                answer = resident()
            print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
