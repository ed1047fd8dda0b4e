"""The verbs about members: join, sign in, sign out, get a new link, change roles, leave."""

from collections.abc import Iterable
from datetime import datetime
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from sqlalchemy import delete, select

from shop.errors import (
    LastAdmin,
    LinkSpent,
    MemberUnknown,
    PassphraseTooLong,
    PassphraseTooShort,
    PseudonymTaken,
    PseudonymUnfit,
    SignInFailed,
)
from shop.extensions import db
from shop.members import queries, rules
from shop.members.models import Activity, Member, MemberRole, SignIn, SignInLink
from shop.pages import Role
from shop.vault import HOUSE, Sealed, new_token, token_hash
from shop.weeks import local_day

# OWASP's lighter setting: 19 MiB, so that a few sign-ins at once do not swell the serving processes.
hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


def add_member(
    pseudonym: str, roles: Iterable[tuple[str, Role]], now: datetime, emblem: str | None = None
) -> str:
    """Add a member with roles, pairs of activity and role; give the one-time link's token.

    Raises PseudonymUnfit, PseudonymTaken, EmblemTaken.
    """
    alias = rules.clean_pseudonym(pseudonym)
    if db.session.scalar(select(Member.id).where(Member.pseudonym == alias)):
        raise PseudonymTaken
    drawing = rules.pick_emblem(queries.emblems_taken(), emblem)
    member = Member(pseudonym=alias, emblem=drawing, joined_on=local_day(now), roles=_held(roles))
    db.session.add(member)
    db.session.flush()
    return _make_link(SignInLink(member_id=member.id), now)


def choose_passphrase(token: str, passphrase: str, now: datetime) -> Member:
    """Use a one-time link: set the passphrase and end the sign-ins that stood.

    Raises LinkSpent, PassphraseTooShort, PassphraseTooLong.
    """
    link = find_link(token, now)
    words = rules.clean_passphrase(passphrase)
    member = db.session.get_one(Member, link.member_id)
    member.passphrase = Sealed(HOUSE, hasher.hash(words))
    link.used_at = now
    end_sessions(member.id)
    db.session.flush()
    return member


def find_link(token: str, now: datetime) -> SignInLink:
    """Give the one-time link of a token, unspent. Raises LinkSpent."""
    link = db.session.scalar(select(SignInLink).where(SignInLink.token_hash == token_hash(token)))
    if link is None or db.session.get_one(Member, link.member_id).left_on:
        raise LinkSpent
    rules.check_link(link.made_at, link.used_at, now)
    return link


def check_passphrase(pseudonym: str, passphrase: str) -> int:
    """Give the id of the member whose passphrase this is. Raises SignInFailed.

    It takes as long for a pseudonym that nobody has. Apart from start_session, because it works for a while
    and must not hold the write lock meanwhile.
    """
    member = _by_pseudonym(pseudonym)
    kept = member.passphrase.value if member and member.passphrase else None
    try:
        hasher.verify(kept or _nobodys_hash(), _as_hashed(passphrase))
    except VerificationError as error:
        raise SignInFailed from error
    if member is None or kept is None or member.left_on:
        raise SignInFailed
    return member.id


def start_session(member_id: int, now: datetime) -> str:
    """Begin a sign-in of a member whose passphrase was checked; give its token. Raises SignInFailed."""
    member = db.session.get(Member, member_id)
    if member is None or member.left_on:
        raise SignInFailed
    token = new_token()
    db.session.add(SignIn(token_hash=token_hash(token), member_id=member_id, started_at=now))
    db.session.flush()
    return token


def sign_in(pseudonym: str, passphrase: str, now: datetime) -> str:
    """Check a passphrase and begin a sign-in; give its token. Raises SignInFailed."""
    return start_session(check_passphrase(pseudonym, passphrase), now)


def sign_out(token: str) -> None:
    """End one sign-in."""
    db.session.execute(delete(SignIn).where(SignIn.token_hash == token_hash(token)))


def end_sessions(member_id: int) -> None:
    """End every sign-in of a member."""
    db.session.execute(delete(SignIn).where(SignIn.member_id == member_id))


def ask_link(member_id: int, asked_by: int, now: datetime) -> int:
    """Ask for a new link for who forgot their passphrase; a second member confirms. Gives the asking's id.

    Raises MemberUnknown, OneMemberTwice.
    """
    if member_id == asked_by:
        rules.check_two(member_id, asked_by, asked_by)
    _here(member_id)
    db.session.execute(
        delete(SignInLink).where(SignInLink.member_id == member_id, SignInLink.token_hash.is_(None))
    )
    link = SignInLink(member_id=member_id, asked_by=asked_by, made_at=now)
    db.session.add(link)
    db.session.flush()
    return link.id


def confirm_link(link_id: int, confirmed_by: int, now: datetime) -> str:
    """Confirm what another member asked for; give the one-time link's token, to hand over.

    Raises LinkSpent, OneMemberTwice.
    """
    link = db.session.get(SignInLink, link_id)
    if link is None or link.asked_by is None or link.confirmed_by is not None:
        raise LinkSpent
    rules.check_link(link.made_at, link.used_at, now)
    rules.check_two(link.member_id, link.asked_by, confirmed_by)
    link.confirmed_by = confirmed_by
    return _make_link(link, now)


def change_roles(member_id: int, activity: str, roles: Iterable[Role]) -> None:
    """Give a member these roles in an activity and no other. Raises MemberUnknown, LastAdmin."""
    member = _here(member_id)
    wanted = set(roles)
    if activity == "meals" and Role.ADMIN not in wanted:
        _keep_an_admin(member_id)
    kept = [held for held in member.roles if held.activity != activity or held.role in wanted]
    missing = wanted - {held.role for held in kept if held.activity == activity}
    member.roles = [*kept, *_held((activity, role) for role in missing)]
    db.session.flush()


def change_emblem(member_id: int, emblem: str) -> None:
    """Give a member another emblem. Raises MemberUnknown, EmblemTaken."""
    member = _here(member_id)
    member.emblem = rules.pick_emblem(queries.emblems_taken() - {member.emblem}, emblem)
    db.session.flush()


def leave(member_id: int, now: datetime) -> None:
    """End a membership: no role, no passphrase, no sign-in; past shares keep the pseudonym.

    Raises MemberUnknown, LastAdmin.
    """
    member = _here(member_id)
    _keep_an_admin(member_id)
    member.left_on = local_day(now)
    member.passphrase = None
    member.roles = []
    end_sessions(member_id)
    db.session.flush()


def subject_of(member: Member, first: str | None = None) -> str:
    """Give the opaque name under which the books know a member; made the first time.

    It is random; only a simulated shop, whose books are the same each time, gives the `first` itself.
    """
    if member.subject is None:
        member.subject = Sealed(HOUSE, first or new_token())
        db.session.flush()
    return str(member.subject.value)


def write_front(code: str, name: str, contact: str, demo: bool) -> None:
    """Write what the public reads of an activity, and whether it is a demonstration."""
    activity = db.session.get_one(Activity, code)
    activity.name, activity.contact, activity.demo = name, contact, demo
    db.session.flush()


def _as_hashed(passphrase: str) -> str:
    """Give a typed passphrase as it was hashed; one of a length that nobody can have becomes none."""
    try:
        return rules.clean_passphrase(passphrase)
    except (PassphraseTooLong, PassphraseTooShort):
        return ""


@cache
def _nobodys_hash() -> str:
    return hasher.hash(new_token())


def _by_pseudonym(text: str) -> Member | None:
    try:
        alias = rules.clean_pseudonym(text)
    except PseudonymUnfit:
        return None
    return db.session.scalar(select(Member).where(Member.pseudonym == alias))


def _here(member_id: int) -> Member:
    member = db.session.get(Member, member_id)
    if member is None or member.left_on:
        raise MemberUnknown
    return member


def _keep_an_admin(member_id: int) -> None:
    if list(queries.admins()) == [member_id]:
        raise LastAdmin


def _held(roles: Iterable[tuple[str, Role]]) -> list[MemberRole]:
    return [MemberRole(activity=activity, role=role) for activity, role in dict.fromkeys(roles)]


def _make_link(link: SignInLink, now: datetime) -> str:
    """Give the link its secret; links made before for the same member are void."""
    db.session.execute(
        delete(SignInLink).where(
            SignInLink.member_id == link.member_id,
            SignInLink.used_at.is_(None),
            SignInLink.token_hash.is_not(None),
        )
    )
    token = new_token()
    link.token_hash, link.made_at = token_hash(token), now
    db.session.add(link)
    db.session.flush()
    return token
