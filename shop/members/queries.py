"""Who is there: the shop's front, members for pages, and who a sign-in belongs to."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import g
from sqlalchemy import bindparam, select
from sqlalchemy.exc import SQLAlchemyError

from shop.extensions import db, read
from shop.members.models import Activity, Member, MemberRole, SignIn, SignInLink
from shop.pages import Role, Viewer


@dataclass(frozen=True)
class Front:
    """What the public reads of an activity: its name, how to reach it, and whether it is a demonstration."""

    name: str
    contact: str
    demo: bool


NOBODY_HOME = Front("Tablée", "", False)

_FRONT = select(Activity.name, Activity.contact, Activity.demo).where(Activity.code == bindparam("code"))


def front(activity: str = "meals") -> Front:
    """Give an activity's front, read once a request; a plain one where the database does not answer."""
    known: dict[str, Front] = g.setdefault("fronts", {})
    if activity not in known:
        known[activity] = _read_front(activity)
    return known[activity]


def _read_front(activity: str) -> Front:
    # Error pages ask too, and must stand whatever has fallen.
    try:
        row = read(_FRONT, {"code": activity}).one_or_none()
    except SQLAlchemyError:
        return NOBODY_HOME
    return Front(row.name, row.contact, row.demo) if row else NOBODY_HOME


def signed_in(token_hash: str) -> tuple[datetime, Viewer] | None:
    """Give when a sign-in started and whose it is, in one statement; None where it was ended."""
    rows = db.session.execute(
        select(
            SignIn.started_at,
            Member.id,
            Member.pseudonym,
            Member.emblem,
            MemberRole.activity,
            MemberRole.role,
        )
        .join(Member, Member.id == SignIn.member_id)
        .outerjoin(MemberRole, MemberRole.member_id == Member.id)
        .where(SignIn.token_hash == token_hash, Member.left_on.is_(None))
    ).all()
    if not rows:
        return None
    roles = frozenset((row.activity, row.role) for row in rows if row.role)
    first = rows[0]
    return first.started_at, Viewer(first.id, first.pseudonym, first.emblem, roles)


def members() -> list[Member]:
    """List the members that are there, by pseudonym."""
    return list(db.session.scalars(select(Member).where(Member.left_on.is_(None)).order_by(Member.pseudonym)))


def colleagues(who: Viewer) -> list[Member]:
    """List who shares an activity with somebody: who keeps the beer's books sees nobody of the meals.

    An admin, who looks after the members, sees everybody.
    """
    if who.has(Role.ADMIN):
        return members()
    own = {activity for activity, _ in who.roles}
    return [
        one
        for one in members()
        if one.id == who.id or not own.isdisjoint(role.activity for role in one.roles)
    ]


def by_subject() -> dict[str, Member]:
    """Give the members, gone ones too, by the opaque subject under which the books know them."""
    everyone = db.session.scalars(select(Member).where(Member.subject.is_not(None)))
    return {one.subject.value: one for one in everyone if one.subject and one.subject.value}


def beneficiaries_of(weights: Mapping[str, str]) -> list[Member]:
    """List who has a weight, by pseudonym; `weights` maps a member's id as text to a weight."""
    wanted = [int(member_id) for member_id in weights]
    return list(db.session.scalars(select(Member).where(Member.id.in_(wanted)).order_by(Member.pseudonym)))


def links_asked() -> dict[int, SignInLink]:
    """Give the links that wait for a second member, by whose passphrase was forgotten."""
    rows = db.session.scalars(
        select(SignInLink).where(SignInLink.asked_by.is_not(None), SignInLink.confirmed_by.is_(None))
    )
    return {link.member_id: link for link in rows}


def emblems_taken() -> set[str]:
    """Name the emblems that members have, gone ones too: they stand beside past shares."""
    return set(db.session.scalars(select(Member.emblem)))


def admins() -> Iterable[int]:
    """List who is admin of the meals."""
    return db.session.scalars(
        select(MemberRole.member_id).where(MemberRole.activity == "meals", MemberRole.role == Role.ADMIN)
    ).all()
