"""The ``gongkai`` program. What Ctrl-C does while the rest still loads, or when all is done, is decided here."""

from __future__ import annotations

import gc
import os
import signal
import sys

_INTERRUPTED = "Interrupted before it began; run the command again."


def _leave(*_: object) -> None:
    """End at once: nothing was begun that would have to be ended."""
    if "--json" in sys.argv[1:]:
        os.write(1, f'{{"error": "{_INTERRUPTED}", "exit_status": 130}}\n'.encode())
    os.write(2, f"{_INTERRUPTED}\n".encode())
    os._exit(130)


def main() -> None:
    """Run the command line. Ctrl-C never ends it in a traceback, whenever it comes."""
    handled = signal.getsignal(signal.SIGINT) is signal.default_int_handler  # else ignored, as of `nohup`
    if handled:
        signal.signal(signal.SIGINT, _leave)
    from scheduler.cli import main as run  # noqa: PLC0415 — takes a tenth of a second and more

    try:
        if handled:
            signal.signal(signal.SIGINT, signal.default_int_handler)
        run()
    except KeyboardInterrupt:  # beside what the commands handle
        sys.exit(130)
    finally:
        gc.freeze()  # all of it ends: looking for what nobody uses any more would take a tenth of a second
        if handled:  # the interpreter's own end
            signal.signal(signal.SIGINT, signal.SIG_DFL)


if __name__ == "__main__":
    main()
