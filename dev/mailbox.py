"""A mail server of the demo: takes every mail, keeps it in a folder, sends none."""

import contextlib
import socketserver
import threading

from . import state

HOST = "127.0.0.1"


class _Conversation(socketserver.StreamRequestHandler):
    """SMTP as far as a client needs it that has mail to give away."""

    timeout = 60

    def handle(self):
        self.say("220 mailbox")
        while line := self.rfile.readline(4096):
            verb = line[:4].upper()
            if verb == b"DATA":
                self.say("354 go on")
                self.server.keep(self.content())
                self.say("250 kept")
            elif verb == b"QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 mailbox")

    def say(self, line):
        self.wfile.write(f"{line}\r\n".encode())

    def content(self):
        lines = iter(self.rfile.readline, b"")
        kept = []
        for line in lines:
            if line.rstrip(b"\r\n") == b".":
                break
            kept.append(line[1:] if line.startswith(b"..") else line)
        return b"".join(kept)


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True

    def __init__(self, folder):
        super().__init__((HOST, 0), _Conversation)
        self.folder = folder
        self.count = 0
        self.lock = threading.Lock()

    def keep(self, content):
        with self.lock:
            self.count += 1
            name = f"{self.count:05d}.eml"
        (self.folder / name).write_bytes(content)


@contextlib.contextmanager
def serving():
    """Take mail while the block runs.

    :return: the options of Odoo's server that lead its mail here, and the folder
    """
    folder = state.sub("mails")
    for old in folder.glob("*.eml"):
        old.unlink()
    with _Server(folder) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        port = server.server_address[1]
        try:
            yield [f"--smtp={HOST}", f"--smtp-port={port}"], folder
        finally:
            server.shutdown()
