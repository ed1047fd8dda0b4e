"""Members join, sign in, forget, change and leave, on real databases."""

import statistics
import time
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select, text

from shop.errors import (
    EmblemTaken,
    LastAdmin,
    LinkSpent,
    MemberUnknown,
    OneMemberTwice,
    PassphraseTooShort,
    PseudonymTaken,
    SignInFailed,
)
from shop.extensions import db
from shop.members import queries, services
from shop.members.models import Member, SignIn, SignInLink
from shop.pages import Role, Viewer
from shop.transaction import transaction
from shop.vault import token_hash
from tests.conftest import HASHER, NOON
from tests.factories import PASSPHRASE, make_member

pytestmark = pytest.mark.usefixtures("context")
OTHER = "quatre autres mots encore"


def test_a_member_joins_by_a_link_that_works_once() -> None:
    with transaction():
        token = services.add_member("safran", [("meals", Role.COOK), ("meals", Role.COOK)], NOON)
    with pytest.raises(SignInFailed):
        services.sign_in("Safran", "", NOON)
    with transaction():
        services.choose_passphrase(token, PASSPHRASE, NOON)
    with transaction(), pytest.raises(LinkSpent):
        services.choose_passphrase(token, OTHER, NOON)
    with transaction():
        signed_in = services.sign_in(" SAFRAN", PASSPHRASE, NOON)
    found = queries.signed_in(token_hash(signed_in))
    assert found is not None
    assert found[1] == Viewer(1, "Safran", "basil", frozenset({("meals", Role.COOK)}))


def test_a_refused_passphrase_spends_no_link() -> None:
    with transaction():
        token = services.add_member("Safran", [("meals", Role.COOK)], NOON)
    with pytest.raises(PassphraseTooShort), transaction():
        services.choose_passphrase(token, "court", NOON)
    with transaction():
        services.choose_passphrase(token, PASSPHRASE, NOON + timedelta(days=6))


def test_two_members_share_neither_pseudonym_nor_emblem() -> None:
    make_member("Safran")
    with transaction(), pytest.raises(PseudonymTaken):
        services.add_member("SAFRAN", [], NOON)
    with transaction(), pytest.raises(EmblemTaken):
        services.add_member("Aneth", [], NOON, emblem="basil")
    assert make_member("Aneth").emblem == "mint"


def test_neither_passphrase_nor_subject_nor_secret_stands_in_the_database() -> None:
    member = make_member("Safran")
    with transaction():
        subject = services.subject_of(member)
        token = services.sign_in("Safran", PASSPHRASE, NOON)
        assert services.subject_of(member) == subject
    row = db.session.execute(text("SELECT * FROM member")).one()
    signed = db.session.execute(text("SELECT * FROM sign_in")).one()
    kept = repr([bytes(cell) if isinstance(cell, memoryview) else cell for cell in (*row, *signed)])
    for secret in (PASSPHRASE, "argon2", subject, token):
        assert secret not in kept
    assert queries.by_subject() == {subject: member}


@pytest.fixture
def hasher(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Hash as outside the tests."""
    monkeypatch.setattr(services, "hasher", HASHER)
    services._nobodys_hash.cache_clear()
    yield
    services._nobodys_hash.cache_clear()


@pytest.mark.usefixtures("hasher")
def test_passphrases_are_hashed_with_argon2id_in_19_mebibytes() -> None:
    member = make_member("Safran")
    assert member.passphrase is not None
    kept = member.passphrase.value
    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert PasswordHasher().verify(kept, PASSPHRASE)


@pytest.mark.usefixtures("hasher")
def test_known_and_unknown_pseudonyms_take_about_the_same_time() -> None:
    make_member("Safran")
    with transaction():
        services.add_member("Aneth", [], NOON)
    times = {name: took(name) for name in ("Safran", "Aneth", "Personne", "0487", "")}
    assert max(times.values()) < 2.5 * min(times.values()), times


def took(pseudonym: str, work: Callable[[str, str], object] = services.check_passphrase) -> float:
    """Give the median CPU seconds of a failed sign-in."""
    rounds = []
    for _ in range(7):
        start = time.thread_time_ns()
        with pytest.raises(SignInFailed):
            work(pseudonym, "not the passphrase at all")
        rounds.append(time.thread_time_ns() - start)
    return statistics.median(rounds)


@pytest.mark.usefixtures("hasher")
def test_the_control_an_early_answer_is_much_faster() -> None:
    make_member("Safran")

    def hasty(pseudonym: str, passphrase: str) -> None:
        if db.session.scalar(select(Member.id).where(Member.pseudonym == pseudonym)) is None:
            raise SignInFailed
        services.check_passphrase(pseudonym, passphrase)

    assert took("Safran", hasty) > 2.5 * took("Personne", hasty)


def test_a_new_passphrase_ends_what_stood_and_voids_older_links() -> None:
    safran, aneth, thym = make_member("Safran"), make_member("Aneth"), make_member("Thym")
    with transaction():
        signed_in = services.sign_in("Safran", PASSPHRASE, NOON)
        link = services.ask_link(safran.id, aneth.id, NOON)
        older = services.confirm_link(link, thym.id, NOON)
        again = services.ask_link(safran.id, thym.id, NOON)
        token = services.confirm_link(again, aneth.id, NOON)
    with transaction(), pytest.raises(LinkSpent):
        services.choose_passphrase(older, OTHER, NOON)
    assert queries.signed_in(token_hash(signed_in)) is not None
    with transaction():
        services.choose_passphrase(token, OTHER, NOON)
    assert queries.signed_in(token_hash(signed_in)) is None
    with pytest.raises(SignInFailed):
        services.check_passphrase("Safran", PASSPHRASE)
    assert services.check_passphrase("Safran", OTHER) == safran.id


def test_one_member_alone_makes_no_link() -> None:
    safran, aneth = make_member("Safran"), make_member("Aneth")
    with transaction(), pytest.raises(OneMemberTwice):
        services.ask_link(safran.id, safran.id, NOON)
    with transaction():
        link = services.ask_link(safran.id, aneth.id, NOON)
    for same in (aneth.id, safran.id):
        with transaction(), pytest.raises(OneMemberTwice):
            services.confirm_link(link, same, NOON)
    assert db.session.get_one(SignInLink, link).token_hash is None


def test_a_link_is_confirmed_once() -> None:
    safran, aneth, thym = make_member("Safran"), make_member("Aneth"), make_member("Thym")
    with transaction():
        link = services.ask_link(safran.id, aneth.id, NOON)
        services.confirm_link(link, thym.id, NOON)
    with transaction(), pytest.raises(LinkSpent):
        services.confirm_link(link, thym.id, NOON)
    with transaction(), pytest.raises(LinkSpent):
        services.confirm_link(999, thym.id, NOON)


def test_the_last_admin_stays() -> None:
    safran = make_member("Safran", [Role.ADMIN, Role.COOK])
    with transaction(), pytest.raises(LastAdmin):
        services.change_roles(safran.id, "meals", [Role.COOK])
    with transaction(), pytest.raises(LastAdmin):
        services.leave(safran.id, NOON)
    aneth = make_member("Aneth", [Role.ADMIN])
    with transaction():
        services.leave(safran.id, NOON)
    with transaction(), pytest.raises(LastAdmin):
        services.leave(aneth.id, NOON)


def test_roles_change_in_one_activity_only() -> None:
    safran = make_member("Safran", [Role.COOK, Role.COURIER, ("beer", Role.TREASURER)])
    with transaction():
        services.change_roles(safran.id, "meals", [Role.COURIER, Role.ORGANISER])
    held = {(held.activity, held.role) for held in queries.members()[0].roles}
    assert held == {("meals", Role.COURIER), ("meals", Role.ORGANISER), ("beer", Role.TREASURER)}


def test_who_left_has_no_way_in() -> None:
    make_member("Safran", [Role.ADMIN])
    aneth, thym = make_member("Aneth"), make_member("Thym")
    with transaction():
        signed_in = services.sign_in("Aneth", PASSPHRASE, NOON)
        link = services.ask_link(aneth.id, 1, NOON)
        token = services.confirm_link(link, thym.id, NOON)
        services.leave(aneth.id, NOON)
    assert queries.signed_in(token_hash(signed_in)) is None
    assert [member.pseudonym for member in queries.members()] == ["Safran", "Thym"]
    with pytest.raises(SignInFailed):
        services.check_passphrase("Aneth", PASSPHRASE)
    with transaction(), pytest.raises(LinkSpent):
        services.choose_passphrase(token, OTHER, NOON)
    with transaction(), pytest.raises(MemberUnknown):
        services.ask_link(aneth.id, thym.id, NOON)
    with transaction(), pytest.raises(SignInFailed):
        services.start_session(aneth.id, NOON)


def test_all_sessions_end_at_once() -> None:
    safran = make_member("Safran")
    make_member("Aneth")
    with transaction():
        tokens = [services.sign_in("Safran", PASSPHRASE, NOON) for _ in range(3)]
        other = services.sign_in("Aneth", PASSPHRASE, NOON)
        services.end_sessions(safran.id)
    assert [queries.signed_in(token_hash(token)) for token in tokens] == [None, None, None]
    assert queries.signed_in(token_hash(other)) is not None
    assert db.session.scalar(select(SignIn.member_id)) == 2


def test_who_keeps_the_beer_s_books_sees_nobody_of_the_meals() -> None:
    make_member("Safran", [Role.COOK])
    make_member("Aneth", [("beer", Role.TREASURER)])
    make_member("Thym", [("beer", Role.TREASURER), Role.COOK])
    beer = Viewer(2, "Aneth", "mint", frozenset({("beer", Role.TREASURER)}))
    assert [member.pseudonym for member in queries.colleagues(beer)] == ["Aneth", "Thym"]


def test_beneficiaries_come_by_pseudonym_gone_ones_too() -> None:
    make_member("Safran", [Role.ADMIN])
    aneth = make_member("Aneth")
    with transaction():
        services.leave(aneth.id, NOON)
    found = queries.beneficiaries_of({"1": "1.00", "2": "1.30"})
    assert [member.pseudonym for member in found] == ["Aneth", "Safran"]
