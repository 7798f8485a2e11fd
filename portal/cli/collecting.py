"""When garbage is collected: not while modules load, and never among what stays for good.

Loading makes some 400,000 objects and no garbage; looking through them over and over takes a
tenth of a command's start. Those that are there once all is loaded are left out for ever, so
that a worker's collections are short and its memory stays shared with the process it came from.
"""

import gc


def pause() -> None:
    """Collect nothing until `resume`."""
    gc.disable()


def resume() -> None:
    """Collect what becomes garbage from now on; what is there now stays."""
    gc.freeze()
    gc.enable()
