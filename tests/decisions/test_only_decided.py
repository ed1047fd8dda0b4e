"""No number that the meeting decides changes by anything but a decision that two members made."""

from collections import Counter
from random import Random

import pytest
from flask import Flask
from hypothesis import Phase, given, note, settings
from hypothesis import strategies as st

from shop.decisions.services import KINDS
from tests.decisions.meeting import W42, W48, Meeting
from tests.decisions.posts import RIGHT, TAMPERED, confirm, contest, send, tampered, write
from tests.test_routes import fill, rules

pytestmark = pytest.mark.sqlite_only

LEAVING = {"doors.sign_out", "members.end_sessions", "members.leave", "members.change_roles"}


@pytest.fixture
def meeting(app: Flask) -> Meeting:
    """Give a shop in which everything is decided."""
    return Meeting(app)


def test_whatever_is_posted_only_two_members_change_what_is_decided(meeting: Meeting) -> None:
    """A drawn number stands for the posts, which a failure lists."""
    seen = Counter[str]()

    @settings(max_examples=30, derandomize=True, phases=[Phase.generate])
    @given(st.integers(0, 10**9))
    def whatever_is_posted(number: int) -> None:
        chance = Random(number)
        meeting.begin()
        try:
            for act in [write, confirm, *chance.choices([confirm, contest, send], k=4)]:
                seen[act(meeting, chance)] += 1
                meeting.stands()
            meeting.holds()
        finally:
            note("\n".join(meeting.posted))

    whatever_is_posted()
    assert min(seen[what] for what in ("written", "confirmed", "contested", "sent")) > 4, seen


def test_no_address_takes_a_decided_number(app: Flask, meeting: Meeting) -> None:
    """Each address of the shop, by who may do everything, with all that a tampered form brings along."""
    done = 0
    meeting.begin()
    for path, fields in meeting.forms:
        done += meeting.post("e", path, {**fields, **tampered(fields)})[0] == 303
    meeting.holds()
    meeting.begin()
    for rule, _, method in rules(app):
        if method == "POST" and rule.endpoint not in LEAVING and not rule.endpoint.startswith("deciding."):
            for week, number in ((W42, "1001"), (W48, "1")):
                if week == W48 or "<label>" in rule.rule:
                    status, _ = meeting.post("e", fill(rule, number, week), TAMPERED)
                    done += status == 303
            meeting.stands()
    meeting.holds()
    assert done > 10


def test_each_kind_of_decision_is_posted(app: Flask) -> None:
    assert {said["kind"] for said in RIGHT} == set(app.extensions[KINDS])
