"""Servers that are no good: one that sends without end, one that only encrypts."""

import contextlib
import socket
import ssl
import struct
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID


class _Listener:
    """Accepts connections on a free port, each served in a thread."""

    def __init__(self):
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = self._server.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        with contextlib.suppress(OSError):
            while True:
                client, _address = self._server.accept()
                threading.Thread(
                    target=self._serve_quietly, args=(client,), daemon=True
                ).start()

    def _serve_quietly(self, client):
        with contextlib.suppress(OSError, struct.error), client:
            self.serve(client)

    def stop(self):
        self._server.close()


class _FalsePostgres(_Listener):
    """Lets everybody in, and begins a transaction."""

    def serve(self, client):
        while struct.unpack("!II", client.recv(8))[1] != 196608:
            client.sendall(b"N")
        client.recv(65536)
        client.sendall(_message(b"R", struct.pack("!I", 0)))
        settings = {"client_encoding": "UTF8", "server_version": "17.0"}
        settings |= {"DateStyle": "ISO", "standard_conforming_strings": "on"}
        for name, value in settings.items():
            client.sendall(_message(b"S", f"{name}\0{value}\0".encode()))
        client.sendall(_message(b"K", struct.pack("!II", 1, 1)))
        client.sendall(_message(b"Z", b"I"))
        client.recv(65536)
        client.sendall(_message(b"C", b"BEGIN\0") + _message(b"Z", b"T"))
        client.recv(65536)
        self.answer(client)


class SilentPostgres(_FalsePostgres):
    """Never answers a question, nor anybody who comes later."""

    def answer(self, client):
        self._server.listen(0)
        threading.Event().wait(60)


class FloodingPostgres(_FalsePostgres):
    """Answers every question with a value of a gigabyte."""

    sent = 0

    def answer(self, client):
        column = b"x\0" + struct.pack("!IhIhih", 0, 0, 25, -1, -1, 0)
        client.sendall(_message(b"T", struct.pack("!h", 1) + column))
        client.sendall(b"D" + struct.pack("!Ihi", 10**9 + 10, 1, 10**9))
        block = b"x" * 1_000_000
        for _number in range(1000):
            client.sendall(block)
            self.sent += len(block)


class EncryptingProxy(_Listener):
    """Encrypts on the way to a server that can't."""

    def __init__(self, port, certificate, key):
        self._target = port
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(certificate, key)
        super().__init__()

    def serve(self, client):
        client.recv(8)
        client.sendall(b"S")
        inside = self._context.wrap_socket(client, server_side=True)
        with inside, socket.create_connection(("127.0.0.1", self._target)) as server:
            back = threading.Thread(target=_pump, args=(server, inside), daemon=True)
            back.start()
            _pump(inside, server)
            back.join()


def make_certificate(folder, host):
    """Make a certificate that signs itself; return its path and that of its key."""
    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "billing")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), False)
        .add_extension(x509.BasicConstraints(True, None), True)
        .sign(key, hashes.SHA256())
    )
    paths = Path(folder, "server.pem"), Path(folder, "server.key")
    paths[0].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    paths[1].write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return paths


def _pump(source, target):
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_RDWR)


def _message(kind, body):
    return kind + struct.pack("!I", len(body) + 4) + body
