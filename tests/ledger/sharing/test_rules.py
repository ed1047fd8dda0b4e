"""Weights, carry, division and envelopes, without a database."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.errors import MoreThanDistributable, NothingToShare, WeightOutOfRange
from shop.ledger.books.rules import check_entry
from shop.ledger.sharing.rules import (
    Past,
    carry,
    divide,
    envelope,
    parse_weight,
    settlement_entry,
    settlement_label,
    write_weight,
)
from shop.money import notes_and_coins

WEIGHTS = {"a": 100, "b": 130, "c": 180, "d": 210}


@pytest.mark.parametrize(
    ("text", "weight"),
    [("1", 100), ("1,3", 130), ("1.30", 130), (" 2,1 ", 210), ("0.01", 1), ("99,99", 9999)],
)
def test_a_weight_is_read_with_comma_or_point(text: str, weight: int) -> None:
    assert parse_weight(text) == weight


@pytest.mark.parametrize("text", ["", "0", "0,00", "100", "1,333", "-1", "1_0", "٣", "1e1", "1,3,1", "²"])
def test_other_weights_are_refused(text: str) -> None:
    with pytest.raises(WeightOutOfRange):
        parse_weight(text)


@given(st.integers(1, 9999))
def test_a_weight_is_written_as_it_is_read(weight: int) -> None:
    assert parse_weight(write_weight(weight)) == weight


@pytest.mark.parametrize(
    ("total", "parts"),
    [
        (31000, [5000, 6500, 9000, 10500]),
        (30560, [4929, 6408, 8872, 10351]),
        (27504, [4436, 5767, 7985, 9316]),
        (7, [1, 2, 2, 2]),
        (1, [0, 0, 0, 1]),
    ],
)
def test_the_vectors_hold(total: int, parts: list[int]) -> None:
    assert list(divide(None, total, WEIGHTS, {}).values()) == parts
    assert list(divide(total, 40000, WEIGHTS, {}).values()) == parts


def test_what_is_asked_lies_between_nothing_and_all() -> None:
    assert divide(0, -500, WEIGHTS, {}) == dict.fromkeys("abcd", 0)
    with pytest.raises(NothingToShare) as nothing:
        divide(None, -500, WEIGHTS, {})
    assert nothing.value.distributable == -500
    with pytest.raises(NothingToShare):
        divide(None, 0, WEIGHTS, {})
    with pytest.raises(NothingToShare):
        divide(-1, 100, WEIGHTS, {})
    with pytest.raises(MoreThanDistributable) as more:
        divide(101, 100, WEIGHTS, {})
    assert more.value.distributable == 100
    with pytest.raises(MoreThanDistributable) as more:
        divide(1, -100, WEIGHTS, {})
    assert more.value.distributable == 0


def test_carry_is_the_exact_share_minus_what_was_got() -> None:
    past = [Past(1, {"a": 100, "b": 100}, {"a": 1}), Past(1, {"b": 100, "c": 100}, {"b": 1})]

    assert carry(past) == {"a": Fraction(-1, 2), "b": Fraction(0), "c": Fraction(1, 2)}


@given(
    st.lists(
        st.tuples(
            st.integers(0, 100_000),
            st.dictionaries(st.sampled_from("abcdefgh"), st.integers(1, 9999), min_size=1, max_size=8),
        ),
        max_size=30,
    )
)
def test_nobody_is_ever_two_cents_short_whatever_the_weeks(weeks: list[tuple[int, dict[str, int]]]) -> None:
    past: list[Past] = []
    for total, weights in weeks:
        parts = divide(total, total, weights, carry(past))
        assert sum(parts.values()) == total
        past.append(Past(total, weights, parts))

    short = carry(past)
    assert sum(short.values()) == 0
    assert all(abs(cents) < 2 for cents in short.values())


def test_the_entry_has_a_leg_for_each_part_that_is_not_0() -> None:
    day = date(2026, 11, 29)
    entry = settlement_entry("settlement:2026-W48#2", {"b": 2, "a": 3, "c": 0}, "meals", day, "treasurer")

    check_entry(entry)
    assert entry.document == "settlement:2026-W48"
    assert [(leg.account, leg.cents, leg.subject) for leg in entry.legs] == [
        ("643100", 5, None),
        ("489110", -3, "a"),
        ("489110", -2, "b"),
    ]


def test_a_settlement_is_named_after_its_weeks() -> None:
    assert settlement_label(["2026-W48"]) == "2026-W48"
    assert settlement_label(["2026-W50", "2026-W48", "2026-W49"]) == "2026-W48..2026-W50"


def test_the_envelopes_of_the_example_take_these_notes_and_coins() -> None:
    pieces: dict[int, int] = {}
    for part in (4929, 6408, 8872, 10351):
        for value, many in notes_and_coins(envelope(0, part)).items():
            pieces[value] = pieces.get(value, 0) + many

    assert pieces == {5000: 4, 2000: 3, 1000: 2, 500: 2, 200: 6, 100: 2}


@given(st.lists(st.integers(0, 50_000), max_size=20))
def test_what_an_envelope_leaves_over_is_in_a_later_one(parts: list[int]) -> None:
    before = paid = 0
    for part in parts:
        put = envelope(before, part)
        before, paid = before + part, paid + put
        assert put % 100 == 0
        assert 0 <= before - paid < 100
