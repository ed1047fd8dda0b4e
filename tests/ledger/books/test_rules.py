"""What an entry is, without a database."""

import hashlib
import json
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.errors import EntryIncomplete, Unbalanced
from shop.ledger.books.rules import (
    GENESIS,
    AccountType,
    Entry,
    EntryKind,
    Leg,
    chain_hash,
    check_entry,
    fingerprint,
    in_natural_sign,
    next_generation,
    off_balance,
    reversal_of,
)
from tests.ledger.books.entries import BOX, CUSTOMERS, DAY, SALES, make_entry

cents = st.integers(-10_000_000, 10_000_000).filter(bool)
activities = st.sampled_from(["meals", "beer"])
legs = st.builds(
    Leg,
    account=st.from_regex(r"[1-7][0-9]{5}", fullmatch=True),
    cents=cents,
    activity=activities,
    subject=st.none() | st.from_regex(r"[a-z]{8}", fullmatch=True),
)


@st.composite
def balanced(draw: st.DrawFn) -> Entry:
    """Draw legs and, in each activity, one more that makes them balance."""
    some = draw(st.lists(legs, min_size=1, max_size=6))
    rest = [Leg("100000", -off_by, activity) for activity, off_by in off_balance(some).items()]
    return replace(make_entry(), legs=(*some, *rest, Leg("570100", 1), Leg("700100", -1)))


@given(balanced())
def test_what_balances_is_accepted_and_so_is_its_reversal(entry: Entry) -> None:
    check_entry(entry)
    undone = reversal_of(entry, 7, date(2026, 12, 1), "treasurer")
    check_entry(undone)
    assert undone.document == entry.document
    assert off_balance((*entry.legs, *undone.legs)) == {}
    assert [leg.cents for leg in undone.legs] == [-leg.cents for leg in entry.legs]
    assert (undone.key, undone.kind, undone.reverses) == ("reversal:7", EntryKind.REVERSAL, 7)


@given(balanced(), cents, activities)
def test_one_leg_more_is_refused_with_what_it_is_off_by(entry: Entry, more: int, activity: str) -> None:
    with pytest.raises(Unbalanced) as refused:
        check_entry(replace(entry, legs=(*entry.legs, Leg("570100", more, activity))))
    assert (refused.value.activity, refused.value.off_by) == (activity, more)


@given(balanced(), st.randoms())
def test_the_fingerprint_knows_no_order_no_date_no_label_and_no_role(entry: Entry, luck: object) -> None:
    shuffled = list(entry.legs)
    luck.shuffle(shuffled)  # type: ignore[attr-defined]
    same = replace(entry, legs=tuple(shuffled), date=date(2027, 1, 1), label="x", role="cook", key="y")
    assert fingerprint(same) == fingerprint(entry)


@pytest.mark.parametrize(
    "change",
    [
        {"kind": EntryKind.GIFT},
        {"document": "paper:1043"},
        {"reverses": 1},
        {"legs": (Leg(BOX, 851), Leg(SALES, -851))},
        {"legs": (Leg(CUSTOMERS, 850), Leg(SALES, -850))},
        {"legs": (Leg(BOX, 850, "beer"), Leg(SALES, -850, "beer"))},
        {"legs": (Leg(BOX, 850, subject="s"), Leg(SALES, -850))},
    ],
)
def test_the_fingerprint_knows_what_happened(change: dict[str, object]) -> None:
    assert fingerprint(replace(make_entry(), **change)) != fingerprint(make_entry())


def test_a_balance_across_two_activities_is_none() -> None:
    with pytest.raises(Unbalanced):
        check_entry(make_entry(Leg(BOX, 100), Leg(SALES, -100, "beer")))


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"legs": ()}, "legs"),
        ({"legs": (Leg(BOX, 0),)}, "legs"),
        ({"legs": (Leg(BOX, 0), Leg(SALES, 0))}, "zero"),
        ({"legs": (Leg(BOX, 0.5), Leg(SALES, -0.5))}, "zero"),
        ({"key": ""}, "key"),
        ({"key": "k" * 81}, "key"),
        ({"document": ""}, "document"),
        ({"document": "d" * 41}, "document"),
        ({"role": ""}, "role"),
        ({"label": "l" * 81}, "label"),
    ],
)
def test_an_incomplete_entry_is_refused_with_what_it_lacks(change: dict[str, object], reason: str) -> None:
    with pytest.raises(EntryIncomplete) as refused:
        check_entry(replace(make_entry(), **change))
    assert refused.value.reason == reason


def test_the_longest_texts_are_accepted() -> None:
    check_entry(replace(make_entry(), key="k" * 80, document="d" * 40, label="l" * 80, role="r" * 12))


def test_the_hash_is_the_one_that_was_published() -> None:
    """A hash once written stands for ever, so version 1 may never come out differently."""
    entry = make_entry(label="été")
    assert fingerprint(entry) == "041dfe264ee0001ad99b8474711ed09702ad105daa800389c26d85aaf042747b"
    assert (
        chain_hash(1, entry, fingerprint(entry), DAY, GENESIS)
        == "25774f57512172e359590bf9df392e268516b919277b3021ba2ee5e8fada89d6"
    )


@given(balanced(), st.text(max_size=20), st.none() | st.integers(1, 10**9))
def test_what_is_hashed_is_canonical_json(entry: Entry, text: str, reverses: int | None) -> None:
    entry = replace(entry, key=text, label=text, document=text, role=text, reverses=reverses)
    rows = [[leg.account, leg.cents, leg.activity, leg.subject] for leg in entry.legs]
    event = [entry.kind, text, reverses, sorted([*row[:3], row[3] or ""] for row in rows)]
    stated = digest(event)
    kept = {
        **dict.fromkeys(("key", "label", "document", "role"), text),
        "seq": 7,
        "fingerprint": stated,
        "date": str(DAY),
        "recorded_on": str(DAY),
        "kind": entry.kind,
        "reverses": reverses,
        "postings": rows,
        "prev_hash": GENESIS,
    }
    assert fingerprint(entry) == stated
    assert chain_hash(7, entry, stated, DAY, GENESIS) == digest(kept)


def digest(value: object) -> str:
    """Hash as version 1 says: canonical JSON."""
    text = json.dumps(value, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


@pytest.mark.parametrize(
    "change",
    [
        {"key": "k"},
        {"kind": EntryKind.GIFT},
        {"date": date(2026, 11, 24)},
        {"document": "d"},
        {"label": "l"},
        {"role": "cook"},
        {"reverses": 1},
        {"legs": (Leg(SALES, -850), Leg(BOX, 850))},
        {"legs": (Leg(BOX, 850, subject=""), Leg(SALES, -850))},
    ],
)
def test_the_hash_covers_every_field(change: dict[str, object]) -> None:
    assert chain_hash(1, replace(make_entry(), **change), "f", DAY, GENESIS) != chain_hash(
        1, make_entry(), "f", DAY, GENESIS
    )


def test_the_hash_covers_the_place_in_the_chain() -> None:
    entry = make_entry()
    seen = {
        chain_hash(1, entry, "f", DAY, GENESIS),
        chain_hash(2, entry, "f", DAY, GENESIS),
        chain_hash(1, entry, "g", DAY, GENESIS),
        chain_hash(1, entry, "f", date(2026, 11, 24), GENESIS),
        chain_hash(1, entry, "f", DAY, "1" * 64),
    }
    assert len(seen) == 5


def test_an_act_done_again_takes_the_next_generation() -> None:
    assert next_generation("settlement:2026-W41", "settlement:2026-W41") == "settlement:2026-W41#2"
    assert next_generation("settlement:2026-W41", "settlement:2026-W41#9") == "settlement:2026-W41#10"


@pytest.mark.parametrize(
    ("kind", "sign"),
    [
        (AccountType.ASSET, 1),
        (AccountType.EXPENSE, 1),
        (AccountType.LIABILITY, -1),
        (AccountType.EQUITY, -1),
        (AccountType.INCOME, -1),
    ],
)
def test_the_natural_sign_of_a_type(kind: AccountType, sign: int) -> None:
    assert in_natural_sign(kind, 5) == 5 * sign
