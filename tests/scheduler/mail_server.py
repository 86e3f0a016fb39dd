"""An SMTP server on loopback that fails in every way that one can, and knows what it took."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass

# What each fault does to the dialogue: the step at which it strikes, and how.
REFUSALS = {
    "busy": ("hello", b"421 4.3.2 busy"),
    "mail451": ("mail", b"451 later"),
    "mail550": ("mail", b"550 5.7.1 sender not allowed"),
    "rcpt450": ("rcpt", b"450 mailbox busy"),
    "rcpt550": ("rcpt", b"550 no such user"),
    "data451": ("data", b"451 later"),
    "dot451": ("dot", b"451 local error"),
    "dot554": ("dot", b"554 looks like spam"),
    "quit421": ("quit", b"421 closing"),
    "quit500": ("quit", b"500 what"),
}
BREAKS = {
    "drop_hello": "hello",
    "drop_rcpt": "rcpt",
    "drop_data": "data",
    "drop_text": "text",
    "drop_quit": "quit",
}
# The text was taken, and nobody can tell the client.
UNDECIDED = ("drop_dot", "slow_dot", "garbage_dot")
FAULTS = ("ok", *REFUSALS, *BREAKS, *UNDECIDED, "slow_hello", "slow_quit")


@dataclass(frozen=True)
class Taken:
    recipient: str
    content: bytes
    fault: str


class FailingServer:
    """Each connection has the fault that ``fault`` names when it comes."""

    def __init__(self, patience: float) -> None:
        self.taken: list[Taken] = []
        self.stumbled: set[str] = set()  # recipients of whom a text was refused, or not taken for certain
        self.fault: Callable[[], str] = lambda: "ok"
        self._slow = patience * 2
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port = self._door.getsockname()[1]
        self._open = True
        threading.Thread(target=self._serve, daemon=True).start()

    def stop(self) -> None:
        self._open = False
        with suppress(OSError):
            socket.create_connection(("127.0.0.1", self.port), 1).close()
        self._door.close()

    def _serve(self) -> None:
        while self._open:
            connection, _ = self._door.accept()
            if self._open:
                threading.Thread(target=self._talk, args=(connection, self.fault()), daemon=True).start()

    def _talk(self, connection: socket.socket, fault: str) -> None:
        with closing(connection), closing(connection.makefile("rb")) as lines, suppress(OSError):
            connection.settimeout(5)
            _Dialogue(self, connection, lines, fault).hold()

    def slow(self) -> None:
        threading.Event().wait(self._slow)


class _Dialogue:
    def __init__(self, server: FailingServer, connection: socket.socket, lines, fault: str) -> None:
        self._server, self._connection, self._lines, self._fault = server, connection, lines, fault
        self._recipient = ""

    def hold(self) -> None:
        if self._fault == "slow_hello":
            self._server.slow()
            return
        if not self._answer("hello", b"220 here"):
            return
        while line := self._lines.readline():
            word = line[:4].upper()
            if word == b"EHLO":
                self._say(b"250-here\r\n250 8BITMIME")
            elif word == b"RSET":
                self._say(b"250 OK")
            elif word == b"MAIL":
                if not self._answer("mail", b"250 OK"):
                    return
            elif word == b"RCPT":
                self._recipient = line.decode().partition("<")[2].partition(">")[0]
                if not self._answer("rcpt", b"250 OK"):
                    return
            elif word == b"DATA":
                if not self._text():
                    return
            elif word == b"QUIT":
                if self._fault == "slow_quit":
                    self._server.slow()
                self._answer("quit", b"221 bye")
                return
            else:
                self._say(b"502 no such command")

    def _text(self) -> bool:
        """Take a message; whether the dialogue goes on."""
        if self._fault in ("data451", "dot451", "drop_data", "drop_text", *UNDECIDED):
            self._server.stumbled.add(self._recipient)
        if self._fault == "data451":
            return self._answer("data", b"")
        if not self._answer("data", b"354 go on"):
            return False
        content = b""
        while (line := self._lines.readline()) and line != b".\r\n":
            content += line.removeprefix(b".")
            if self._fault == "drop_text":
                return False
        if not line:
            return False
        if REFUSALS.get(self._fault, ("",))[0] != "dot":
            self._server.taken.append(Taken(self._recipient, content, self._fault))
        if self._fault == "drop_dot":
            return False
        if self._fault == "slow_dot":
            self._server.slow()
            return False
        if self._fault == "garbage_dot":
            self._say(b"banana")
            return False
        return self._answer("dot", b"250 taken")

    def _answer(self, step: str, usual: bytes) -> bool:
        if BREAKS.get(self._fault) == step:
            return False
        at, said = REFUSALS.get(self._fault, ("", b""))
        self._say(said if at == step else usual)
        return not (at == step and said.startswith(b"421"))

    def _say(self, text: bytes) -> None:
        self._connection.sendall(text + b"\r\n")
