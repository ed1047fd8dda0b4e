"""No number that the meeting decides changes by anything but a decision that two members made."""

from collections.abc import Sequence
from random import Random

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from shop.decisions.models import Decision
from shop.decisions.queries import in_force
from shop.decisions.services import decide
from shop.extensions import db
from shop.ledger.sharing.rules import ADVANCE_BOUND, FUND_SHARES, MARGIN_FUNDS, SECU, WEIGHTS, WEIGHTS_SHOWN
from shop.ledger.sharing.services import settle
from shop.members.models import Member
from shop.menu.rules import CAP_BOUNDS, PRICE_BOUNDS
from shop.pages import Role
from shop.transaction import transaction
from tests.conftest import NOON
from tests.factories import csrf, knock, make_member, make_order, make_week
from tests.ledger.sharing.life import MONDAY, decide_needs, live_week, make_beneficiaries
from tests.test_routes import fill, rules

DECIDED = {
    SECU: {"rate": "10.00"},
    ADVANCE_BOUND: 3000,
    WEIGHTS_SHOWN: False,
    CAP_BOUNDS: [40, 90],
    FUND_SHARES: dict(zip(MARGIN_FUNDS, ("40.00", "30.00", "20.00", "10.00"), strict=True)),
    PRICE_BOUNDS: [50, 150],
}
KEYS = (WEIGHTS, *DECIDED)

WAY = {"deciding.confirm", "deciding.contest"}
"""The two acts that change what holds: the second member's, and any member's disagreement."""

LEAVING = {"doors.sign_out", "members.end_sessions", "members.leave", "members.change_roles"}

EXTRA = {
    "weight-1": "9,99", "weights": "9.99", "weight": "9,99", "1": "9.99", "value": '{"1": "9.99"}',
    "rate": "50,00", "secu": "50.00", "bound": "500,00", "advance-bound": "50000", "shown": "y",
    "least": "1", "most": "999", "cap-bounds": "1", "lowest": "1", "highest": "299", "price-bounds": "1",
    "fund-139100": "100", "funds": "1", "decision_id": "1", "decision": "1", "key": WEIGHTS,
    "holds_from": "2026-01-05", "confirmed_at": "2026-01-05", "contested_at": "2026-01-05",
    "form_id": "d" * 32, "cents": "1,00", "amount": "1,00", "taken_back": "0", "step": "100",
    "role": "admin", "activity": "meals",
}  # fmt: skip
"""What a tampered form brings along."""


@pytest.fixture
def keeper(app: Flask, client: FlaskClient) -> FlaskClient:
    """Sign in who may do everything, in a shop where everything is decided and a week is shared."""
    with app.app_context():
        decide_needs(make_beneficiaries())
        with transaction():
            for key, value in DECIDED.items():
                decide(key, value, MONDAY, NOON)
        week = live_week(0, 59950, 29390)
        live_week(1, 10000)
        with transaction():
            settle([week], None, NOON.date(), "treasurer")
        make_order(make_week(), B=1)
        make_member("Origan", [(seller, role) for seller in ("meals", "beer") for role in Role])
        db.session.remove()
    knock(client, "Origan")
    return client


def holding(app: Flask) -> dict[str, object]:
    """Give what holds today of all that is decided."""
    with app.app_context():
        found = {key: in_force(key, NOON.date()) for key in KEYS}
        return {key: (one.id, one.value.value) if one else None for key, one in found.items()}


def post_everything(
    app: Flask, keeper: FlaskClient, seed: int, without: set[str], numbers: Sequence[str] = ("1", "1001")
) -> int:
    """Post to every address in a drawn order, with all that a form could bring; count what was done."""
    chance, done = Random(seed), 0
    posts = [rule for rule, _, method in rules(app) if method == "POST" and rule.endpoint not in without]
    before = holding(app)
    for rule in chance.sample(posts, len(posts)):
        path = fill(rule, chance.choice(numbers), chance.choice(["2026-W41", "2026-W48"]))
        token = csrf(keeper, "/settings/members")
        answer = keeper.post(path, data={**EXTRA, "csrf_token": token})
        done += answer.status_code == 303
        assert holding(app) == before, (rule.endpoint, path)
    return done


def test_nothing_that_is_posted_changes_what_was_decided(app: Flask, keeper: FlaskClient) -> None:
    assert post_everything(app, keeper, 2, WAY | LEAVING) > 5
    with app.app_context():
        written = db.session.scalars(select(Decision).where(Decision.confirmed_at.is_(None))).all()
        origan = db.session.scalar(select(Member.id).where(Member.pseudonym == "Origan"))
        assert {one.told.value["written_by"] for one in written if one.told} <= {origan}
        numbers = [one.id for one in written]
    before = holding(app)
    for number in numbers:
        path = f"/collective/decisions/{number}/confirm"
        keeper.post(path, data={**EXTRA, "csrf_token": csrf(keeper, "/settings/members")})
    assert holding(app) == before


def test_the_control_a_disagreement_is_seen(app: Flask, keeper: FlaskClient) -> None:
    with pytest.raises(AssertionError, match=r"deciding\.contest"):
        post_everything(app, keeper, 1, LEAVING | {"deciding.confirm"}, numbers=["1"])
