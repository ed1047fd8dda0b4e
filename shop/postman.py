"""Sends the letters of the outbox: with a timeout, once each as far as a mail server lets anyone know."""

import logging
import smtplib
import ssl
import time
from datetime import datetime, timedelta
from email.utils import parseaddr

from flask import current_app
from flask_mail import BadHeaderError, Connection, Message

from shop import outbox
from shop.extensions import db
from shop.outbox import Claimed
from shop.transaction import transaction

TIMEOUT = 10.0
"""Seconds to wait for each answer of the mail server."""

AT_ONCE = 50
LEASE = timedelta(minutes=10)
"""Claimed letters are free again after this long, so a killed worker delays them and loses none."""

BUDGET = 240.0
"""Seconds after which no further letter of a claim is begun, well within the lease."""

OF_THE_LETTER = (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused, BadHeaderError, UnicodeError)
"""What one letter can be refused for; anything else is the line's fault."""

log = logging.getLogger(__name__)


class TimedConnection(Connection):
    """Flask-Mail's connection, which waits for ever and names this machine, made to do neither."""

    def configure_host(self) -> smtplib.SMTP:
        """Connect, with a timeout for each answer; with TLS the certificate is checked."""
        name = parseaddr(self.mail.default_sender)[1].rpartition("@")[2] or "localhost"
        host = smtplib.SMTP(self.mail.server, self.mail.port, local_hostname=name, timeout=TIMEOUT)
        try:
            if self.mail.use_tls:
                host.starttls(context=ssl.create_default_context())
            if self.mail.username and self.mail.password:
                host.login(self.mail.username, self.mail.password)
        except BaseException:
            host.close()
            raise
        return host

    def __exit__(self, problem: type[BaseException] | None, *_rest: object) -> None:
        """Hang up, with a goodbye where all went well; a server that is gone has its letters all the same."""
        if self.host is None:
            return
        try:
            if problem is None:
                self.host.quit()
        except (OSError, smtplib.SMTPException):
            log.debug("no-goodbye")
        finally:
            self.host.close()


def deliver(now: datetime) -> None:
    """Send the letters that are due; where no mail server is set they stay in the outbox.

    No network call happens in a transaction. A crash between sending and noting it repeats the letter under
    the same Message-ID, which is the most that mail allows.
    """
    if not current_app.config["MAIL_SERVER"] or not outbox.anything_due(now):
        db.session.rollback()
        return
    with transaction():
        letters = outbox.claim(now, now + LEASE, AT_ONCE)
    waiting = list(letters)
    try:
        with TimedConnection(current_app.extensions["mail"]) as connection:
            _send_each(connection, waiting, now)
    except (OSError, smtplib.SMTPException) as error:
        log.warning("letters-not-sent %s", type(error).__name__)
        if waiting:
            with transaction():
                outbox.put_off(waiting.pop(0).id, now)
    if waiting:
        with transaction():
            outbox.release([letter.id for letter in waiting])


def _send_each(connection: Connection, waiting: list[Claimed], now: datetime) -> None:
    """Send and note one letter after the other; what stays in `waiting` was not had through."""
    until = time.monotonic() + BUDGET
    while waiting and time.monotonic() < until:
        try:
            connection.send(_message(waiting[0]))
        except OF_THE_LETTER as error:
            log.warning("letter-refused %s", type(error).__name__)
            with transaction():
                outbox.put_off(waiting[0].id, now)
        else:
            with transaction():
                outbox.note_sent(waiting[0].id, now)
        del waiting[0]


def _message(letter: Claimed) -> Message:
    content = letter.content
    message = Message(
        subject=content["subject"],
        recipients=[content["to"]],
        body=content["text"],
        html=content.get("html"),
        extra_headers={"Auto-Submitted": "auto-generated"},
    )
    message.msgId = f"<{letter.message_id}>"
    return message
