"""Forgetting what is due, and erasing again what a restored backup brought back."""

from datetime import datetime

from sqlalchemy import delete, select, update

from shop.extensions import db
from shop.forgetting import rules
from shop.forgetting.queries import Due, due, keys_over, letters_of
from shop.members.models import SignIn, SignInLink
from shop.menu.models import Week
from shop.orders.models import Contact, Order
from shop.outbox import Letter, discard
from shop.treasury import receipts
from shop.vault import Sealed, vault


def forget_due(now: datetime) -> Due:
    """Forget everything that is due; gives what that was.

    The keys of weeks without contacts go last: once they are deleted, old backups cannot be read either.
    """
    found = due(now)
    db.session.execute(delete(Contact).where(Contact.number.in_(found.contacts)))
    for number in found.addresses:
        _trim(number)
    db.session.execute(update(Week).where(Week.id.in_(found.walls)).values(wall_token_hash=None))
    db.session.execute(delete(Letter).where(Letter.id.in_(found.letters)))
    db.session.execute(delete(SignIn).where(SignIn.token_hash.in_(found.sign_ins)))
    db.session.execute(delete(SignInLink).where(SignInLink.id.in_(found.links)))
    receipts.forget(found.receipts)
    db.session.flush()
    for key in keys_over(now):
        for letter in letters_of(key):
            db.session.delete(letter)
        vault().forget(key)
    return found


def forget_again() -> None:
    """Erase what was erased before a backup was restored, end its sign-ins, and spend its one-time links."""
    erased = select(Order.number).where(Order.form_id.in_(vault().erased()))
    for number in db.session.scalars(erased).all():
        db.session.execute(delete(Contact).where(Contact.number == number))
        discard(f"order:{number}:")
    for kept in (*db.session.scalars(select(Contact)), *db.session.scalars(select(Letter))):
        if kept.sealed is not None and kept.sealed.value is None:
            db.session.delete(kept)
    db.session.execute(delete(SignIn))
    db.session.execute(delete(SignInLink))


def _trim(number: int) -> None:
    contact = db.session.get(Contact, number)
    if contact is None:
        return
    if contact.sealed.value is None:
        db.session.delete(contact)
        return
    contact.sealed = Sealed(contact.sealed.key, rules.trim(contact.sealed.value))
    contact.trimmed = True
