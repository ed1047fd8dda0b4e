"""A real SMTP server on loopback that fails as it is told."""

import asyncio
import email
import email.policy
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass
class Mailbox:
    """What arrived, and how the server behaves: `mode` is fine, refusing, dropping, hanging or rude.

    `refusing` says no to each letter, `dropping` hangs up before it says that it took one, `hanging` never
    answers, `rude` answers and hangs up without goodbye.
    """

    port: int = 0
    mode: str = "fine"
    letters: list[EmailMessage] = field(default_factory=list)
    senders: list[str | None] = field(default_factory=list)
    greeting: str = ""

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Take a letter."""
        if self.mode == "refusing":
            return "554 5.7.1 Not this letter"
        if self.mode == "hanging":
            await asyncio.sleep(60)
        assert isinstance(envelope.content, bytes)
        parsed: Any = email.message_from_bytes(envelope.content, policy=email.policy.default)
        self.letters.append(parsed)
        self.senders.append(envelope.mail_from)
        self.greeting = str(session.host_name)
        if self.mode == "dropping":
            server.transport.abort()
        if self.mode == "rude":
            asyncio.get_running_loop().call_later(0.05, server.transport.abort)
        return "250 OK"

    @property
    def message_ids(self) -> list[str]:
        """List the Message-IDs of what arrived."""
        return [str(letter["Message-ID"]) for letter in self.letters]


@contextmanager
def mail_server() -> Iterator[Mailbox]:
    """Serve SMTP on a free port of this machine."""
    box = Mailbox(port=free_port())
    controller = Controller(box, hostname="127.0.0.1", port=box.port)
    controller.start()
    try:
        yield box
    finally:
        controller.stop()


def free_port() -> int:
    """Find a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
