"""Messages out: by SMTP where it is configured, else as files in the outbox directory."""

from __future__ import annotations

import os
import re
import smtplib
import ssl
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path

from crawler.config import Smtp
from scheduler.alerts.digest import Digest

TIMEOUT = 600.0  # seconds; RFC 5321 §4.5.3.2 allows a server ten minutes after the final dot
PASSWORD_VARIABLE = "GONGKAI_SMTP_PASSWORD"  # noqa: S105 — the name of a variable


class DeliveryError(Exception):
    """A message was not taken. ``unknown``: it may have been; ``final``: the server will never take it."""

    def __init__(self, message: str, *, unknown: bool = False, final: bool = False) -> None:
        super().__init__(message)
        self.unknown = unknown
        self.final = final


def header_text(text: str, limit: int = 200) -> str:
    """Text fit for a header: no control, no bidirectional override, no lone surrogate, one line."""
    kept = "".join(" " if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp") else c for c in text)
    return re.sub(r"\s+", " ", kept).strip()[:limit]


def build(digest: Digest, *, sender: str, recipient: str, now: datetime) -> bytes:
    """The message as bytes, with a text and an HTML part."""
    message = EmailMessage(policy=SMTP)
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
    parsed = message_from_bytes(message, policy=SMTP)
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
        sent_text, of_message = False, False
        try:
            with self._connect() as server:
                server.ehlo_or_helo_if_needed()
                code, answer = server.mail(sender, ["BODY=8BITMIME"] if server.has_extn("8bitmime") else [])
                _expect(code, answer, 250)
                of_message = True
                code, answer = server.rcpt(recipient)
                _expect(code, answer, 250, 251)
                sent_text = True
                code, answer = server.data(message)
                _expect(code, answer, 250)
        except smtplib.SMTPResponseException as error:
            raise _refusal(error.smtp_code, error.smtp_error, of_message=of_message) from error
        except (smtplib.SMTPException, OSError) as error:
            said = getattr(error, "strerror", None) or str(error)
            raise DeliveryError(f"{self.smtp.host}:{self.smtp.port}: {said}", unknown=sent_text) from error
        except (
            ValueError
        ) as error:  # an address of other characters than SMTP has: no other message must wait for it
            raise DeliveryError(
                f"{recipient}: this address cannot be written to ({error})", final=True
            ) from error

    def _connect(self) -> smtplib.SMTP:
        context = ssl.create_default_context()
        if self.smtp.tls == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                self.smtp.host, self.smtp.port, timeout=self.timeout, context=context
            )
        else:
            server = smtplib.SMTP(self.smtp.host, self.smtp.port, timeout=self.timeout)
            if self.smtp.tls == "starttls":
                server.starttls(context=context)
        if self.smtp.username:
            server.login(self.smtp.username, self.password or "")
        return server


def _expect(code: int, answer: bytes, *wanted: int) -> None:
    if code not in wanted:
        raise smtplib.SMTPResponseException(code, answer)


def _refusal(code: int, answer: bytes | str, *, of_message: bool) -> DeliveryError:
    """A refusal for good is one of the recipient or the text: a wrong password, or a sender, is the operator's to mend."""
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    whose = "" if of_message else " to us, whatever the message"
    return DeliveryError(f"the server answered{whose} {code} {text}", final=of_message and 500 <= code < 600)


Transport = FileTransport | SmtpTransport


def transport(smtp: Smtp | None, outbox: Path) -> Transport:
    """SMTP where it is configured, else files in ``outbox``."""
    if smtp is None:
        return FileTransport(outbox)
    return SmtpTransport(smtp, os.environ.get(PASSWORD_VARIABLE))
