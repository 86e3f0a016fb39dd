"""Messages out: by SMTP where it is configured, else as files in the outbox directory."""

from __future__ import annotations

import os
import re
import smtplib
import ssl
import unicodedata
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.header import Header
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime
from pathlib import Path

from crawler.config import Smtp
from scheduler.alerts.digest import LONGEST_SUBJECT, Digest

TIMEOUT = 600.0  # seconds; RFC 5321 §4.5.3.2 allows a server ten minutes after the final dot
_FAREWELL = 10.0  # seconds that an answer to QUIT is waited for: nothing depends on it
PASSWORD_VARIABLE = "GONGKAI_SMTP_PASSWORD"  # noqa: S105 — the name of a variable


class DeliveryError(Exception):
    """A message was not taken. ``unknown``: it may have been; ``final``: the server will never take it.

    ``of_text``: the server would have taken a message from us for this recipient; another one may fare better.
    """

    def __init__(
        self, message: str, *, unknown: bool = False, final: bool = False, of_text: bool = False
    ) -> None:
        super().__init__(message)
        self.unknown = unknown
        self.final = final
        self.of_text = of_text


class _Policy(EmailPolicy):
    """Folds the subject itself: the library loses the space between two words that it encodes (“新增1”), or begins with an empty line."""

    def fold_binary(self, name: str, value: str) -> bytes:
        # A header that was read is folded as it came.
        if name.casefold() != "subject" or "=?" in value:
            return super().fold_binary(name, value)
        text = Header(str(value), "utf-8", header_name=name).encode(linesep="\r\n")
        return f"{name}: {text}\r\n".encode("ascii")


_POLICY = _Policy(linesep="\r\n")


def header_text(text: str) -> str:
    """Text fit for a header: no control, no bidirectional override, no lone surrogate, one line."""
    kept = "".join(" " if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp") else c for c in text)
    return re.sub(r"\s+", " ", kept).strip()[:LONGEST_SUBJECT]


def build(digest: Digest, *, sender: str, recipient: str, now: datetime) -> bytes:
    """The message as bytes, with a text and an HTML part."""
    message = EmailMessage(policy=_POLICY)
    message["Subject"] = header_text(digest.subject)
    message["From"] = sender
    message["To"] = recipient
    message["Date"] = format_datetime(now)
    message["Message-ID"] = digest.message_id
    message["Auto-Submitted"] = "auto-generated"
    message["List-Unsubscribe"] = _unsubscribe(sender)
    message["Precedence"] = "bulk"
    message.set_content(_encodable(digest.text), charset="utf-8", cte="base64")
    message.add_alternative(_encodable(digest.html), subtype="html", charset="utf-8", cte="base64")
    return message.as_bytes()


def readdressed(message: bytes, *, sender: str, recipient: str) -> bytes:
    """The same message from and to others; the same bytes where nothing differs."""
    parsed = message_from_bytes(message, policy=_POLICY)
    wanted = {"From": sender, "To": recipient, "List-Unsubscribe": _unsubscribe(sender)}
    if all(parsed[name] == value for name, value in wanted.items()):
        return message
    for name, value in wanted.items():
        del parsed[name]
        parsed[name] = value
    return parsed.as_bytes()


def _unsubscribe(sender: str) -> str:
    return f"<mailto:{sender}?subject=unsubscribe>"


def _encodable(text: str) -> str:
    return text.encode("utf-8", "replace").decode()


@dataclass(frozen=True, slots=True)
class FileTransport:
    """Writes each message as an .eml file; what is there under its final name is whole."""

    directory: Path

    def deliver(self, message: bytes, sender: str, recipient: str, name: str) -> None:
        """Raises DeliveryError when the file cannot be written."""
        try:
            self.directory.mkdir(parents=True, exist_ok=True)
            target = self.directory / f"{name}.eml"
            partial = target.with_suffix(".part")
            with partial.open("wb") as file:
                file.write(message)
                file.flush()
                os.fsync(file.fileno())
            partial.replace(target)
        except OSError as error:
            raise DeliveryError(f"{error.filename or self.directory}: {error.strerror}") from error


@dataclass(frozen=True, slots=True)
class SmtpTransport:
    """One connection per message: digests are few, and a broken connection spoils only one."""

    smtp: Smtp
    password: str | None
    timeout: float = TIMEOUT

    def deliver(self, message: bytes, sender: str, recipient: str, name: str) -> None:
        """Raises DeliveryError, which says whether the message may have arrived all the same."""
        of_message, of_text = False, False
        try:
            server = self._connect()
            try:
                self._greet(server)
                code, answer = server.mail(sender, ["BODY=8BITMIME"] if server.has_extn("8bitmime") else [])
                _expect(code, answer, 250)
                of_message = True
                code, answer = server.rcpt(recipient)
                _expect(code, answer, 250, 251)
                of_text = True
                code, answer = server.data(message)
                _expect(code, answer, 250)
            finally:
                _leave(server)
        except smtplib.SMTPResponseException as error:
            raise _refusal(
                error.smtp_code, error.smtp_error, of_message=of_message, of_text=of_text
            ) from error
        except (smtplib.SMTPException, OSError) as error:
            said = getattr(error, "strerror", None) or str(error)
            raise DeliveryError(
                f"{self.smtp.host}:{self.smtp.port}: {said}", unknown=of_text, of_text=of_text
            ) from error
        except (
            ValueError
        ) as error:  # characters that SMTP has not: in an address no other message must wait for it
            what = f"{recipient}: this address" if of_message else f"{self.smtp.host}: this server"
            raise DeliveryError(f"{what} cannot be written to ({error})", final=of_message) from error

    def _connect(self) -> smtplib.SMTP:
        if self.smtp.tls == "tls":
            context = ssl.create_default_context()
            return smtplib.SMTP_SSL(self.smtp.host, self.smtp.port, timeout=self.timeout, context=context)
        return smtplib.SMTP(self.smtp.host, self.smtp.port, timeout=self.timeout)

    def _greet(self, server: smtplib.SMTP) -> None:
        if self.smtp.tls == "starttls":
            server.starttls(context=ssl.create_default_context())
        if self.smtp.username:
            server.login(self.smtp.username, self.password or "")
        server.ehlo_or_helo_if_needed()


def _leave(server: smtplib.SMTP) -> None:
    """End a dialogue; whatever the server says to that changes nothing about the message."""
    with suppress(smtplib.SMTPException, OSError):
        if server.sock is not None:
            server.sock.settimeout(min(_FAREWELL, server.sock.gettimeout() or _FAREWELL))
        server.quit()
    server.close()


def _expect(code: int, answer: bytes, *wanted: int) -> None:
    if code not in wanted:
        raise smtplib.SMTPResponseException(code, answer)


def _refusal(code: int, answer: bytes | str, *, of_message: bool, of_text: bool) -> DeliveryError:
    """A refusal for good is one of the recipient or the text: a wrong password, or a sender, is the operator's to mend."""
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    whose = "" if of_message else " to us, whatever the message"
    return DeliveryError(
        f"the server answered{whose} {code} {text}", final=of_message and 500 <= code < 600, of_text=of_text
    )


Transport = FileTransport | SmtpTransport


def transport(smtp: Smtp | None, outbox: Path) -> Transport:
    """SMTP where it is configured, else files in ``outbox``."""
    if smtp is None:
        return FileTransport(outbox)
    return SmtpTransport(smtp, os.environ.get(PASSWORD_VARIABLE))
