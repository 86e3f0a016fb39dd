"""Reads files in a worker process that can be killed; see :mod:`crawler.attachments.worker`."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from typing import IO, Self

import msgspec

from crawler.attachments.result import SECONDS, AttachmentText, File, UnreadableError, too_large
from crawler.wire import WireError, read_frame, write_frame

LONGEST = 120.0  # seconds on the clock for one file, on a machine that may be busy
_FILES = 200  # of one process, after which another is started: parsers leak


class TextReader:
    """Gives the text of files, one at a time, by a process that is started when first needed.

    Not for several threads at once. Call :meth:`start` in a thread that lives on: on Linux the worker dies with the
    thread that started it.
    """

    def __init__(self, *, longest: float = LONGEST, seconds: int = SECONDS) -> None:
        """``longest`` is seconds on the clock for one file, ``seconds`` of processor time."""
        self._seconds = seconds
        self._longest = longest
        self._process: subprocess.Popen[bytes] | None = None
        self._read = 0
        self._encoder = msgspec.msgpack.Encoder()
        self._decoder = msgspec.msgpack.Decoder(AttachmentText)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def start(self) -> None:
        """Have a process ready."""
        if self._process is not None and (self._process.poll() is not None or self._read >= _FILES):
            self.close()
        if self._process is None:
            self._read = 0
            self._process = subprocess.Popen(  # noqa: S603 — our own interpreter and module
                [sys.executable, "-m", "crawler.attachments.worker", str(os.getpid()), str(self._seconds)],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            )  # fmt: skip

    def read(self, body: bytes, media_type: str | None, name: str) -> AttachmentText:
        """The text of a file as :func:`crawler.attachments.text.text_of` gives it. Blocks; raises nothing.

        A file that brings the process down, or to its bounds, gives a problem that says so.
        """
        self.start()
        assert (
            self._process is not None and self._process.stdin is not None and self._process.stdout is not None
        )
        self._read += 1
        late = threading.Event()
        timer = threading.Timer(self._longest, self._give_up, [late])
        timer.daemon = True
        timer.start()
        try:
            found = self._ask(self._process.stdin, self._process.stdout, File(body, media_type, name))
        finally:
            timer.cancel()
        if found is None:
            return AttachmentText(problem=self._ended(late.is_set()).problem())
        if found.problem is not None and found.problem.code == "attachment_too_large":
            self.close()  # its memory is in pieces
        return found

    def _ask(self, stdin: IO[bytes], stdout: IO[bytes], file: File) -> AttachmentText | None:
        try:
            write_frame(stdin, self._encoder.encode(file))
            answer = read_frame(stdout)
            return self._decoder.decode(answer) if answer is not None else None
        except (OSError, WireError, msgspec.DecodeError):
            return None

    def _give_up(self, late: threading.Event) -> None:
        late.set()
        if self._process is not None:
            self._process.kill()

    def _ended(self, late: bool) -> UnreadableError:
        """Why the process gave no answer."""
        assert self._process is not None
        self._process.kill()
        status = self._process.wait()
        self.close()
        if late:
            return too_large(f"reading it took longer than {self._longest:g} seconds")
        if status == -signal.SIGXCPU:
            return too_large(f"reading it took more than {self._seconds} seconds of processor time")
        return UnreadableError("attachment_damaged", f"its reader broke down on it (status {status})")

    def close(self) -> None:
        """End the process, if there is one."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()  # it has nothing to save
        process.wait()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                try:
                    stream.close()
                except OSError:
                    continue  # what was not sent yet has nowhere to go
