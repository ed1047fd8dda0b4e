"""What members, and others, may post where decisions are made: right, wrong and tampered with."""

from collections.abc import Callable

from hypothesis import strategies as st

from shop.ledger.sharing.rules import MARGIN_FUNDS
from tests.decisions.meeting import DECIDERS, EVERYONE, Meeting
from tests.factories import PASSPHRASE

DECISIONS = "/collective/decisions"
OF_THE_MEALS = "octrae"
"""Whoever may confirm: each who does something for the meals, and has not left."""

RIGHT = (
    {"kind": "weights", "w-1": "1", "w-2": "1,30"},
    {"kind": "weights-shown", "shown": "n"},
    {"kind": "secu", "rate": "12,5"},
    {"kind": "advance-bound", "bound": "20,00"},
    {"kind": "cap-bounds", "least": "50", "most": "60"},
    {"kind": "funds", **{f"fund-{fund}": "25" for fund in MARGIN_FUNDS}},
    {"kind": "price-bounds", "lowest": "80", "highest": "120"},
)
"""What may be typed where a decision is written."""

WRONG = (
    {"kind": "weights", "w-1": "9,99", "w-2": "100"},
    {"kind": "secu", "rate": "100"},
    {"kind": "advance-bound", "bound": "500,01"},
    {"kind": "cap-bounds", "least": "60", "most": "50"},
    {"kind": "price-bounds", "lowest": "0", "highest": "999"},
    {"kind": "payout-step", "step": "1"},
    {"kind": "", "value": "1"},
)
"""What may not."""

SINCE = ["2026-10-12", "2026-10-12", "2026-10-19", "2026-10-05", "2026-01-05", "2026-10-14", "x"]
"""Open, open, open, shared already, before everything, no Monday, and no day."""

TAMPERED = {
    **{name: text for said in RIGHT for name, text in said.items()}, "holds_from": "2026-01-05",
    "weight-1": "9,99", "weights": "9.99", "weight": "9,99", "1": "9.99", "value": '{"1": "9.99"}',
    "secu": "50.00", "advance-bound": "50000", "cap-bounds": "1", "cap": "999", "price": "0,01",
    "key": "weights", "decision_id": "1", "decision": "1", "confirmed_at": "2026-01-05",
    "contested_at": "2026-01-05", "written_by": "1", "written_by_id": "1", "present": "1",
    "form_id": "d" * 32, "cents": "1,00", "amount": "1,00", "taken_back": "0", "step": "100",
    "role": "admin", "activity": "meals",
}  # fmt: skip
"""What a tampered form brings along."""

WRITER = "w"
SOMEBODY = st.sampled_from(DECIDERS * 3 + "rbaxks")
MORE = st.lists(st.sampled_from(sorted(TAMPERED)), max_size=2).map(
    lambda names: {name: TAMPERED[name] for name in names}
)
Step = Callable[[Meeting], str]
"""Something posted; gives what came of it, or nothing where it was refused."""


def write(who: str, said: dict[str, str], since: str, more: dict[str, str]) -> Step:
    """Write a decision down."""

    def step(meeting: Meeting) -> str:
        form = {**more, **said, "holds_from": since}
        status, location = meeting.post(who, f"{DECISIONS}/new", form)
        if status == 303:
            meeting.written(who, location)
        return "written" if status == 303 else ""

    return step


def confirm(who: str, place: int, second: str, phrase: str) -> Step:
    """Confirm a decision, oneself or through somebody's passphrase; `second` may be nobody."""

    def step(meeting: Meeting) -> str:
        number = meeting.number(place, lambda one: one.confirmed or one.contested)
        known = meeting.known[number]
        asking, by = (known.writer or "e" if one == WRITER else one for one in (who, second or who))
        typed = {"pseudonym": EVERYONE[by], "passphrase": phrase} if second else {}
        status, _ = meeting.post(asking, f"{DECISIONS}/{number}/confirm", TAMPERED | typed)
        if status != 303:
            return ""
        assert asking in DECIDERS
        assert by in OF_THE_MEALS
        assert phrase == PASSPHRASE or not second
        assert known.confirmed or by != known.writer, "one member alone decided"
        assert not known.contested
        meeting.became(number, confirmed=True)
        return "confirmed" if known.writer and not known.confirmed else ""

    return step


def contest(who: str, place: int) -> Step:
    """Disagree with a decision."""

    def step(meeting: Meeting) -> str:
        number = meeting.number(place, lambda one: one.contested)
        status, _ = meeting.post(who, f"{DECISIONS}/{number}/contest", TAMPERED)
        assert (status == 303) == (who in DECIDERS)
        if status == 303:
            meeting.became(number, contested=True)
        return "contested" if status == 303 else ""

    return step


def send(who: str, place: int, more: dict[str, str]) -> Step:
    """Send one of the forms that a page shows, with more than it has."""

    def step(meeting: Meeting) -> str:
        path, fields = meeting.forms[place % len(meeting.forms)]
        status, _ = meeting.post(who, path, {**fields, **more})
        return "sent" if status == 303 else ""

    return step


WRITES = st.builds(write, SOMEBODY, st.sampled_from(RIGHT + WRONG), st.sampled_from(SINCE), MORE)
CONFIRMS = st.builds(
    confirm,
    st.sampled_from(DECIDERS * 2 + WRITER * 3 + "x"),
    st.sampled_from([0, 0, 0, 1]),
    st.sampled_from([*[""] * 9, WRITER, *EVERYONE]),
    st.sampled_from([PASSPHRASE, PASSPHRASE, "autre chose"]),
)
CONTESTS = st.builds(contest, SOMEBODY, st.sampled_from([0, 0, 0, 1, 4]))
SENDS = st.builds(send, st.sampled_from("eeeeoctrbaxks"), st.integers(0, 99), MORE)
FIRST = st.builds(
    write, st.sampled_from(DECIDERS), st.sampled_from(RIGHT * 2 + WRONG), st.just(SINCE[0]), MORE
)
"""What a sequence begins with, so that there mostly is something to confirm."""

THEN = st.one_of(SENDS, CONFIRMS, CONTESTS, WRITES, SENDS, CONFIRMS)
