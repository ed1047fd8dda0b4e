"""What members, and others, may post where decisions are made: right, wrong and tampered with."""

from random import Random

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
    "secu": "50.00", "advance-bound": "50000", "cap-bounds": "1", "cap": "95", "price": "0,01",
    "key": "weights", "decision_id": "1", "decision": "1", "confirmed_at": "2026-01-05",
    "contested_at": "2026-01-05", "written_by": "1", "written_by_id": "1", "present": "1",
    "form_id": "d" * 32, "cents": "1,00", "amount": "1,00", "taken_back": "0", "step": "100",
    "role": "admin", "activity": "meals",
}  # fmt: skip
"""What a tampered form brings along."""

ANYBODY = "octe" * 6 + "rbaxks"
NOTHING = ""
"""What comes of a post that is refused."""


def more(chance: Random) -> dict[str, str]:
    """Draw what a form brings along."""
    return {name: TAMPERED[name] for name in chance.sample(sorted(TAMPERED), chance.choice([0, 0, 1, 2, 4]))}


def tampered(fields: dict[str, str]) -> dict[str, str]:
    """Give what a form itself has, tampered with."""
    return {name: TAMPERED[name] for name in fields if name in TAMPERED}


def write(meeting: Meeting, chance: Random) -> str:
    """Write a decision down."""
    who, said = chance.choice(ANYBODY), chance.choice(RIGHT * 3 + WRONG)
    since = chance.choice(SINCE[:1] * 20 + SINCE)
    status, location = meeting.post(who, f"{DECISIONS}/new", {**more(chance), **said, "holds_from": since})
    if status != 303:
        return NOTHING
    meeting.written(who, location)
    return "written"


def confirm(meeting: Meeting, chance: Random) -> str:
    """Confirm a decision, mostly the one that waits: who wrote it, another, or through a passphrase."""
    number = meeting.number(chance.choice([0, 0, 0, 1]), lambda one: one.confirmed or one.contested)
    known, phrase = meeting.known[number], chance.choice([PASSPHRASE, PASSPHRASE, "autre chose"])
    who = chance.choice([known.writer or "e", chance.choice(ANYBODY), chance.choice(DECIDERS)])
    second = chance.choice([None, None, None, known.writer or "e", chance.choice([*EVERYONE])])
    typed = {"pseudonym": EVERYONE[second], "passphrase": phrase} if second else {}
    status, _ = meeting.post(who, f"{DECISIONS}/{number}/confirm", {**more(chance), **typed})
    if status != 303:
        return NOTHING
    assert who in DECIDERS
    assert (second or who) in OF_THE_MEALS
    assert phrase == PASSPHRASE or not second
    assert known.confirmed or (second or who) != known.writer, "one member alone decided"
    assert not known.contested
    meeting.became(number, confirmed=True)
    return NOTHING if known.confirmed else "confirmed"


def contest(meeting: Meeting, chance: Random) -> str:
    """Disagree with a decision, mostly one that nobody contested."""
    number = meeting.number(chance.choice([0, 0, 0, 1, 4]), lambda one: one.contested)
    who = chance.choice(ANYBODY)
    status, _ = meeting.post(who, f"{DECISIONS}/{number}/contest", more(chance))
    assert (status == 303) == (who in DECIDERS)
    if status != 303:
        return NOTHING
    meeting.became(number, contested=True)
    return "contested"


def send(meeting: Meeting, chance: Random) -> str:
    """Send one of the forms that a page shows, with more than it has, or with what it has tampered with."""
    (path, fields), who = chance.choice(meeting.forms), chance.choice(["e", chance.choice(ANYBODY)])
    status, _ = meeting.post(who, path, {**fields, **chance.choice([more(chance), tampered(fields)])})
    return "sent" if status == 303 else NOTHING
