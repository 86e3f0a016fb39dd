"""The process that reads files: a file on standard input, its text on standard output, until the input ends.

Parsers of binary formats meet whatever a site serves. They run here, where memory, processor time and writing are
limited by the kernel, and where a crash or a hang costs one file.
``python -m crawler.attachments.worker PARENT SECONDS``
"""

from __future__ import annotations

import logging
import math
import os
import resource
import signal
import sys
from typing import IO

import msgspec

from crawler.attachments.result import AttachmentText, File
from crawler.attachments.text import text_of
from crawler.processes import die_with_parent
from crawler.wire import read_frame, write_frame

MEMORY = 512 << 20  # bytes of data (heap, stack, private mappings) in all


def main() -> int:
    """Read files until the input ends."""
    die_with_parent(int(sys.argv[1]))
    seconds = int(sys.argv[2])
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent to handle
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    out: IO[bytes] = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # nothing that prints may get among the answers
    limit()
    decoder, encoder = msgspec.msgpack.Decoder(File), msgspec.msgpack.Encoder()
    while (frame := read_frame(sys.stdin.buffer)) is not None:
        file = decoder.decode(frame)
        _allow_seconds(seconds)
        found: AttachmentText = text_of(file.body, file.media_type, file.name)
        write_frame(out, encoder.encode(found))
    return 0


def limit() -> None:
    """What this process may use: no core file, no file written, bounded memory."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # A log on standard error may be a file: it may grow, by little.
    resource.setrlimit(resource.RLIMIT_FSIZE, (64 << 20, 64 << 20))
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))


def _allow_seconds(seconds: int) -> None:
    used = resource.getrusage(resource.RUSAGE_SELF)
    allowed = math.ceil(used.ru_utime + used.ru_stime) + seconds
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (allowed, hard))  # beyond it the kernel ends the process


if __name__ == "__main__":
    sys.exit(main())
