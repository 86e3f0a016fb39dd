"""Mail goes over TLS as the settings say, to a server that proves who it is, and never in plain text instead."""

from __future__ import annotations

import ipaddress
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from crawler.config import Smtp
from scheduler.alerts.mailer import DeliveryError, SmtpTransport

Mode = Literal["tls", "starttls"]
MESSAGE = b"Subject: 1\r\n\r\n2\r\n"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Key and certificate of 127.0.0.1, which nobody else has signed."""
    key, name = (
        ec.generate_private_key(ec.SECP256R1()),
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail")]),
    )
    begins = datetime.now(UTC) - timedelta(days=1)
    signed = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(begins).not_valid_after(begins + timedelta(days=9))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    kind = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file = tmp_path_factory.mktemp("tls") / "mail.pem"
    file.write_bytes(key.private_bytes(*kind) + signed.public_bytes(serialization.Encoding.PEM))
    return file


class Server:
    """Keeps what it takes, and whether it came encrypted."""

    def __init__(self) -> None:
        self.taken: list[tuple[bytes, bool]] = []

    async def handle_DATA(self, server, session, envelope) -> str:
        self.taken.append(
            (
                envelope.content,
                session.ssl is not None or server.transport.get_extra_info("sslcontext") is not None,
            )
        )
        return "250 OK"


@contextmanager
def listening(
    certificate: Path, mode: Mode | None, known: LoginPassword | None = None
) -> Iterator[tuple[Server, int]]:
    """``known``: a name and its password, which are asked for then."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    given: dict[str, Any] = {"tls": {"ssl_context": context}, "starttls": {"tls_context": context}, None: {}}[
        mode
    ]
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = Server()
    if known is not None:
        given |= {
            "auth_required": True,
            "authenticator": lambda *asked: AuthResult(success=asked[-1] == known, handled=False),
        }
    controller = Controller(server, hostname="127.0.0.1", port=port, **given)
    if mode == "tls":  # it looks whether it answers, and does not know the certificate
        controller._trigger_server = lambda: _greet(certificate, port)
    controller.start()
    try:
        yield server, port
    finally:
        controller.stop()


def _greet(certificate: Path, port: int) -> None:
    trusting = ssl.create_default_context(cafile=str(certificate))
    with socket.create_connection(("127.0.0.1", port), 10) as connection:
        trusting.wrap_socket(connection, server_hostname="127.0.0.1").close()


def send(port: int, mode: Mode) -> None:
    SmtpTransport(Smtp(host="127.0.0.1", port=port, tls=mode), None, 10).deliver(
        MESSAGE, "a@b.example", "c@d.example", "1"
    )


@pytest.mark.parametrize("mode", ["tls", "starttls"])
def test_a_server_is_believed_by_its_certificate(
    certificate: Path, mode: Mode, monkeypatch: pytest.MonkeyPatch
) -> None:
    with listening(certificate, mode) as (server, port):
        with pytest.raises(DeliveryError, match=r"(?i)certificate") as refused:
            send(port, mode)
        assert (server.taken, refused.value.unknown, refused.value.final) == ([], False, False)
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        send(port, mode)
        assert server.taken == [(MESSAGE, True)]


@pytest.mark.parametrize("mode", ["tls", "starttls"])
def test_nothing_goes_in_plain_text_to_a_server_without_tls(certificate: Path, mode: Mode) -> None:
    with listening(certificate, None) as (server, port):
        with pytest.raises(DeliveryError):
            send(port, mode)
        assert server.taken == []


def test_a_server_that_asks_who_we_are_is_told(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with listening(certificate, "starttls", LoginPassword(b"editor", b"a word")) as (server, port):
        smtp = Smtp(host="127.0.0.1", port=port, tls="starttls", username="editor")
        for password in (None, "another"):
            with pytest.raises(DeliveryError, match="535") as refused:
                SmtpTransport(smtp, password, 10).deliver(MESSAGE, "a@b.example", "c@d.example", "1")
            assert not refused.value.final  # it is the operator's to mend
        SmtpTransport(smtp, "a word", 10).deliver(MESSAGE, "a@b.example", "c@d.example", "1")
        assert server.taken == [(MESSAGE, True)]
