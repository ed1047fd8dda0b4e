"""A part, a payout, a split and a decision are there for their own people, and for nobody else."""

from dataclasses import asdict, dataclass
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from shop.decisions.models import Decision
from shop.decisions.services import propose
from shop.extensions import db
from shop.ledger.books.queries import head
from shop.ledger.sharing.models import Payout
from shop.ledger.sharing.paying import pay_out
from shop.ledger.sharing.rules import ADVANCE_BOUND
from shop.members.models import Member
from shop.transaction import transaction
from tests.conftest import NOON
from tests.decisions.meeting import EVERYONE, Meeting
from tests.factories import PASSPHRASE
from tests.ledger.sharing.life import MONDAY
from tests.route_table import ACTORS, TABLE
from tests.test_routes import rules

pytestmark = pytest.mark.sqlite_only

OF_THE_SPLIT = {
    "splitting.split": "/collective/split",
    "splitting.show": "/collective/split/1",
    "splitting.sheet": "/collective/split/1/sheet",
    "splitting.attempt": "/collective/split/try",
    "history.weeks": "/collective/history",
    "deciding.decisions": "/collective/decisions",
    "deciding.new": "/collective/decisions/new",
    "deciding.write": "/collective/decisions/new",
    "deciding.reckon": "/collective/decisions/reckon",
    "deciding.show": "/collective/decisions/{decision}",
    "deciding.confirm": "/collective/decisions/{decision}/confirm",
    "deciding.contest": "/collective/decisions/{decision}/contest",
    "paying.payouts": "/collective/payouts",
    "paying.step": "/collective/payouts/step",
    "paying.pay": "/collective/payouts/to/{member}",
    "paying.give": "/collective/payouts/to/{member}",
    "paying.ahead": "/collective/payouts/to/{member}/advance",
    "paying.give_ahead": "/collective/payouts/to/{member}/advance",
    "paying.handed": "/collective/payouts/{payout}",
    "paying.received": "/collective/payouts/{payout}/received",
    "paying.mine": "/collective/payouts/mine",
}
"""What tells of parts, or changes them."""


@dataclass(frozen=True)
class Theirs:
    """What there is of Basilic, who cooks: their number, a payout that waits for its tap, and a decision."""

    member: int
    payout: int
    decision: int


@pytest.fixture
def meeting(app: Flask) -> Meeting:
    """Give a shop in which a week is shared, with everybody at its door."""
    meeting = Meeting(app)
    meeting.begin()
    return meeting


def things_of(app: Flask, pseudonym: str) -> Theirs:
    """Hand somebody some of their part, and let them write a decision down."""
    with app.app_context(), transaction():
        member = db.session.scalars(select(Member.id).where(Member.pseudonym == pseudonym)).one()
        payout = pay_out(f"{member:032x}", member, 1000, NOON.date(), "treasurer").id
        since = MONDAY + timedelta(weeks=1)
        decision = propose(ADVANCE_BOUND, 2000, since, NOON, written_by=member, present=[]).id
    return Theirs(member, payout, decision)


def standing(app: Flask) -> tuple[object, ...]:
    """Read what an act on a part or a decision would change."""
    with app.app_context():
        taps = db.session.scalars(select(Payout.confirmed)).all()
        told = db.session.execute(select(Decision.id, Decision.confirmed_at, Decision.contested_at)).all()
        return head(), list(taps), [tuple(row) for row in told]


def test_the_list_has_every_page_of_the_split(app: Flask) -> None:
    ours = {"splitting", "history", "deciding", "paying"}
    assert {name for name in TABLE if name.partition(".")[0] in ours} == set(OF_THE_SPLIT)


def test_another_s_part_payout_and_decision_are_not_there(app: Flask, meeting: Meeting) -> None:
    """Neither for a cook, who may not pay even themselves, nor for who left, with the cookie from before."""
    theirs, own = things_of(app, "Basilic"), things_of(app, EVERYONE["c"])
    before, form = standing(app), {"form_id": "b" * 32, "cents": "1,00", "step": "5", "kind": ADVANCE_BOUND}
    for endpoint, method in [(r.endpoint, how) for r, _, how in rules(app) if r.endpoint in OF_THE_SPLIT]:
        for whose in (theirs, own) if "{" in OF_THE_SPLIT[endpoint] else (theirs,):
            path = OF_THE_SPLIT[endpoint].format(**asdict(whose))
            for who in set(ACTORS) - set(TABLE[endpoint]):
                form["csrf_token"] = meeting.tokens[who]
                answer = meeting.clients[who].open(
                    path, method=method, data=form if method == "POST" else None
                )
                assert answer.status_code == 404, (ACTORS[who], method, path)
        if method == "GET":
            path = OF_THE_SPLIT[endpoint].format(**asdict(theirs))
            assert meeting.clients[TABLE[endpoint][-1]].get(path).status_code == 200, path
    assert standing(app) == before
    mine = meeting.clients["c"].get("/collective/payouts/mine").text
    assert [cents for cents in ("57,67", "44,36", "79,85", "93,16", "275,04") if cents in mine] == ["57,67"]


def test_a_decision_is_confirmed_by_a_second_of_the_meals_and_contested_by_any(
    app: Flask, meeting: Meeting
) -> None:
    number = things_of(app, EVERYONE["c"]).decision
    path = f"/collective/decisions/{number}"
    for other in "bx":
        typed = {"pseudonym": EVERYONE[other], "passphrase": PASSPHRASE}
        assert meeting.post("o", f"{path}/confirm", typed)[0] == 422, ACTORS[other]
    statuses = {who: meeting.post(who, f"{path}/confirm", {})[0] for who in "crbaxksot"}
    assert statuses == {"c": 422, **dict.fromkeys("rbaxks", 404), "o": 303, "t": 303}
    assert {who: meeting.post(who, f"{path}/contest", {})[0] for who in "rbaxks"} == dict.fromkeys(
        "rbaxks", 404
    )
    with app.app_context():
        assert db.session.get_one(Decision, number).contested_at is None
    assert meeting.post("c", f"{path}/contest", {})[0] == 303


def test_who_leaves_is_a_stranger_with_the_next_page(app: Flask, meeting: Meeting) -> None:
    """Their sessions end at once; the cookie from before opens what a stranger's does: the way to sign in."""
    cook, pages = meeting.clients["c"], ("/collective/split/1", "/collective/payouts/mine", "/collective/")
    assert [cook.get(path).status_code for path in pages] == [200] * 3
    with app.app_context():
        number = db.session.scalars(select(Member.id).where(Member.pseudonym == EVERYONE["c"])).one()
    assert meeting.post("a", f"/settings/members/{number}/leave", {})[0] == 303
    for path in pages:
        gone = cook.get(path)
        assert (gone.status_code, 'href="/sign-in"' in gone.text) == (404, True)
    knocks = {"pseudonym": EVERYONE["c"], "passphrase": PASSPHRASE}
    assert meeting.post("s", "/sign-in", knocks)[0] == 422
