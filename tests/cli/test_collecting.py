"""Loading is not disturbed by collections, and what it made is left out of later ones."""

import gc
import subprocess
import sys

from portal.cli import collecting

LOOK = """
import gc
from portal.cli import main
begun = []
gc.callbacks.append(lambda phase, info: begun.append(phase))
main.commands["serve"]
print(len(begun) < 10, gc.isenabled(), gc.get_freeze_count() > 100_000)
"""


def test_hardly_anything_is_collected_while_the_commands_load():
    done = subprocess.run([sys.executable, "-c", LOOK], capture_output=True, text=True, check=True)
    assert done.stdout == "True True True\n"


def test_collecting_goes_on_where_it_was_paused():
    try:
        collecting.pause()
        assert not gc.isenabled()
        collecting.resume()
        assert gc.isenabled()
        assert gc.get_freeze_count()
    finally:
        gc.unfreeze()
