"""Members, their roles, sign-ins and one-time links; the activities they work for."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from shop.extensions import Base
from shop.pages import Role
from shop.vault import Envelope, Sealed


class Activity(Base):
    """Something that is sold, with books of its own and a rule for what is left.

    `name` is what the public reads. `sharing` is `needs` (shares by weight) or `funds`.
    """

    __tablename__ = "activity"

    code: Mapped[str] = mapped_column(String(12), primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    contact: Mapped[str] = mapped_column(String(120), default="")
    result_account: Mapped[str] = mapped_column(String(6))
    cash_account: Mapped[str] = mapped_column(String(6))
    sharing: Mapped[str] = mapped_column(String(12))
    demo: Mapped[bool] = mapped_column(default=False)


class Member(Base):
    """A member: a pseudonym, an emblem and nothing that leads to the person.

    `passphrase` seals an argon2id hash, `subject` the opaque id under which the books know who has a part.
    """

    __tablename__ = "member"

    id: Mapped[int] = mapped_column(primary_key=True)
    pseudonym: Mapped[str] = mapped_column(String(24), unique=True)
    emblem: Mapped[str] = mapped_column(String(16), unique=True)
    passphrase: Mapped[Sealed | None] = mapped_column(Envelope("member.passphrase"))
    subject: Mapped[Sealed | None] = mapped_column(Envelope("member.subject"))
    joined_on: Mapped[date]
    left_on: Mapped[date | None]

    roles: Mapped[list["MemberRole"]] = relationship(lazy="selectin", cascade="all, delete-orphan")


class MemberRole(Base):
    """A role that a member holds in an activity."""

    __tablename__ = "member_role"

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), primary_key=True)
    activity: Mapped[str] = mapped_column(ForeignKey("activity.code"), primary_key=True)
    role: Mapped[Role] = mapped_column(primary_key=True)


class SignIn(Base):
    """A signed-in browser; only the hash of its secret is kept, so that all can be ended at once.

    When it was last seen stands in its own cookie: here it would be a log of who worked when.
    """

    __tablename__ = "sign_in"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    started_at: Mapped[datetime]


class SignInLink(Base):
    """A one-time link to choose a passphrase.

    A link for who forgot needs two members: it is made (`token_hash`) once `confirmed_by` joins `asked_by`.
    """

    __tablename__ = "sign_in_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    token_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    made_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
