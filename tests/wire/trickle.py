"""A server on loopback that sends an answer piece by piece, and sees when its caller hangs up."""

from __future__ import annotations

import re
import socket
import threading
import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class Trickle:
    """What is sent, how it ends, and what was seen of the caller."""

    pieces: Sequence[bytes]
    media: str = "text/event-stream"
    status: str = "200 OK"
    end: str = "whole"  # or `cut`: closed in the middle; or `open`: nothing more comes
    pause: float = 0.0
    head_pause: float = 0.0  # after each line of the head
    headers: Sequence[str] = ()
    requests: list[bytes] = field(default_factory=list[bytes])
    hung_up: threading.Event = field(default_factory=threading.Event)
    url: str = ""

    def serve(self, connection: socket.socket) -> None:
        with connection:
            connection.settimeout(10)
            request = b""
            while not _is_whole(request):  # what is left unread would reset the connection
                if not (received := connection.recv(65536)):
                    return
                request += received
            self.requests.append(request)
            head = [f"HTTP/1.1 {self.status}", f"Content-Type: {self.media}", *self.headers]
            head += ["Transfer-Encoding: chunked", "Connection: close"]
            lines = [f"{line}\r\n" for line in [*head, ""]]
            for line in lines if self.head_pause else ["".join(lines)]:
                connection.sendall(line.encode())
                time.sleep(self.head_pause)
            for piece in filter(None, self.pieces):
                connection.sendall(b"%x\r\n%s\r\n" % (len(piece), piece))
                time.sleep(self.pause)
            if self.end == "whole":
                connection.sendall(b"0\r\n\r\n")
            if self.end != "cut":
                self.wait(connection)

    def wait(self, connection: socket.socket) -> None:
        try:
            if not connection.recv(1):
                self.hung_up.set()
        except ConnectionError:
            self.hung_up.set()
        except TimeoutError:
            pass


def _is_whole(request: bytes) -> bool:
    head, end, body = request.partition(b"\r\n\r\n")
    told = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
    return bool(end) and len(body) >= (int(told[1]) if told else 0)


@contextmanager
def trickling(*pieces: bytes, **how: object) -> Generator[Trickle]:
    """Serve every connection the same until the block ends."""
    trickle = Trickle(pieces, **how)  # pyright: ignore[reportArgumentType]  # as named above
    with socket.create_server(("127.0.0.1", 0)) as listener:
        trickle.url = f"http://127.0.0.1:{listener.getsockname()[1]}"

        def accept() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                threading.Thread(target=_quietly, args=(trickle, connection), daemon=True).start()

        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        try:
            yield trickle
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join(2)


def _quietly(trickle: Trickle, connection: socket.socket) -> None:
    try:
        trickle.serve(connection)
    except ConnectionError:
        trickle.hung_up.set()
