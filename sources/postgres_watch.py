"""Ends what lasts too long or sends too much, whatever the other server does."""

import contextlib
import os
import socket
import threading
import time

#: So long the server may take to end what was cancelled.
_GRACE = 2
#: So often it is looked how much came.
_LOOK = 0.1
#: In what Linux tells of a TCP connection: where the bytes received are.
_RECEIVED = slice(128, 136)


class Watch:
    """Watches a connection while the ``with`` lasts, from a thread of its own.

    The time is over: the server is asked to cancel; then the socket is shut, so that
    whoever waits on this side goes on. ``is_late`` and ``is_flooded`` say why.
    """

    def __init__(self, connection, cancel, seconds, most_bytes):
        """
        :param connection: of psycopg2
        :param cancel: what asks the server to end its work; it may take its time
        """
        self.seconds = seconds
        self.is_late = False
        self.is_flooded = False
        self._cancel = cancel
        self._end = time.monotonic() + seconds
        self._most_bytes = most_bytes
        # A handle of our own: that of the connection can be closed, and be another
        # one's, in the moment we use it.
        self._socket = socket.socket(fileno=os.dup(connection.fileno()))
        self._is_done = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_error):
        self._is_done.set()
        self._thread.join()
        self._socket.close()

    def _run(self):
        while not self._is_done.wait(_LOOK):
            self.is_late = time.monotonic() > self._end
            self.is_flooded = self._received() > self._most_bytes
            if self.is_late or self.is_flooded:
                return self._stop()
        return None

    def _stop(self):
        threading.Thread(target=self._cancel, daemon=True).start()
        if self.is_flooded or not self._is_done.wait(_GRACE):
            with contextlib.suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)

    def _received(self):
        """Return the bytes that came, 0 where nobody tells (sockets of one machine)."""
        if self._socket.family == socket.AF_UNIX or not hasattr(socket, "TCP_INFO"):
            return 0
        told = self._socket.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 256)
        return int.from_bytes(told[_RECEIVED], "little")
