"""A process that publishes: reads a word a line, publishes an asset with it, says when it was done."""

import sys
import tempfile
import time
from pathlib import Path

from portal.app import from_environment
from portal.db import db
from portal.library import loading
from portal.search import service

TEXT = "---\ntitle: Note about {word}\nkind: guide\nlanguage: en\nstate: published\n---\n\n## What\n\nSay {word}.\n"


def main():
    app = from_environment()
    with app.app_context(), tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for line in sys.stdin:
            word = line.strip()
            path = folder / f"{word}.md"
            path.write_text(TEXT.format(word=word), "utf-8")
            begun = time.time()
            loading.load_paths([path], loading.Options(publish=True))
            db.session.commit()
            committed = time.time()
            service.drain(app.extensions["arsenal.finder"].engine, wait=10)
            print(begun, committed, time.time(), flush=True)
            path.unlink()


if __name__ == "__main__":
    main()
