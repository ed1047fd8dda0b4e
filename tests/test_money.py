"""Whole cents: every property and bound of dividing money, and the vectors (ledger.md: "Dividing money")."""

import random
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shop.errors import NotAnAmount
from shop.money import COINS, allocate, decimal, euros, notes_and_coins, parse_euros, round_cash

FOUR = {"a": 100, "b": 130, "c": 180, "d": 210}

people = st.sampled_from("abcdefgh")
weights = st.dictionaries(people, st.integers(1, 9999), min_size=1)
some_zero = st.dictionaries(people, st.integers(0, 9999), min_size=1).filter(
    lambda found: any(found.values())
)
totals = st.integers(1, 10_000_000)
carries = st.dictionaries(people, st.fractions(-2, 2))


def exact(total: int, by: dict[str, int], who: str) -> Fraction:
    """Give the exact share, in cents."""
    return Fraction(total * by[who], sum(by.values()))


class TestAllocate:
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
    def test_vectors(self, total: int, parts: list[int]) -> None:
        assert list(allocate(total, FOUR).values()) == parts

    def test_four_equal_funds(self) -> None:
        assert set(allocate(150000, dict.fromkeys("abcd", 1)).values()) == {37500}

    @given(totals, some_zero, carries)
    def test_the_sum_is_exact(self, total: int, by: dict[str, int], carry: dict[str, Fraction]) -> None:
        assert sum(allocate(total, by, carry).values()) == total

    @given(totals, some_zero, carries)
    def test_a_part_is_the_exact_share_rounded_one_way_or_the_other(
        self, total: int, by: dict[str, int], carry: dict[str, Fraction]
    ) -> None:
        for who, part in allocate(total, by, carry).items():
            assert abs(part - exact(total, by, who)) < 1

    @given(totals, some_zero, carries)
    def test_without_a_weight_there_is_no_part(
        self, total: int, by: dict[str, int], carry: dict[str, Fraction]
    ) -> None:
        parts = allocate(total, by, carry)
        assert parts.keys() == by.keys()
        assert all(parts[who] == 0 for who in by if by[who] == 0)

    @given(totals, some_zero, carries, st.integers(2, 1000))
    def test_scaling_the_weights_changes_nothing(
        self, total: int, by: dict[str, int], carry: dict[str, Fraction], factor: int
    ) -> None:
        scaled = {who: weight * factor for who, weight in by.items()}
        assert allocate(total, scaled, carry) == allocate(total, by, carry)

    @given(totals, some_zero, carries, st.randoms())
    def test_the_order_of_the_input_changes_nothing(
        self, total: int, by: dict[str, int], carry: dict[str, Fraction], luck: random.Random
    ) -> None:
        shuffled = list(by.items())
        luck.shuffle(shuffled)
        assert allocate(total, dict(shuffled), carry) == allocate(total, by, carry)

    @given(totals, weights)
    def test_without_carry_equals_differ_by_a_cent_and_more_weight_gets_no_less(
        self, total: int, by: dict[str, int]
    ) -> None:
        parts = allocate(total, by)
        for (one, weight), (other, other_weight) in product(by.items(), by.items()):
            if weight == other_weight:
                assert abs(parts[one] - parts[other]) <= 1
            if weight > other_weight:
                assert parts[one] >= parts[other]

    @given(st.integers(-1000, 0), some_zero, carries)
    def test_nothing_gives_nothing(self, total: int, by: dict[str, int], carry: dict[str, Fraction]) -> None:
        assert allocate(total, by, carry) == dict.fromkeys(by, 0)

    def test_without_anybody_nobody_gets_anything(self) -> None:
        assert allocate(100, {}) == {}
        assert allocate(100, {"a": 0}) == {"a": 0}

    def test_a_weight_below_zero_is_no_weight(self) -> None:
        with pytest.raises(ValueError, match=r"^a weight is never negative$"):
            allocate(100, {"a": 2, "b": -1})

    def test_a_tie_goes_by_the_id(self) -> None:
        assert allocate(1, {"b": 1, "a": 1}) == {"b": 0, "a": 1}
        assert allocate(2, {"c": 1, "b": 1, "a": 1}) == {"c": 0, "b": 1, "a": 1}

    def test_the_carry_decides_who_waits_no_longer(self) -> None:
        assert allocate(1, {"a": 1, "b": 1}, {"b": Fraction(1, 2)}) == {"a": 0, "b": 1}
        assert allocate(1, {"a": 1, "b": 1}, {"a": Fraction(-1, 100)}) == {"a": 0, "b": 1}
        assert allocate(1, {"a": 3, "b": 2}, {"b": Fraction(1, 10)}) == {"a": 1, "b": 0}
        assert allocate(1, {"a": 3, "b": 2}, {"b": Fraction(3, 10)}) == {"a": 0, "b": 1}

    def test_the_carry_gives_nothing_to_who_is_owed_no_fraction(self) -> None:
        """2 + 1 + 1 of 6 is 3, 1½, 1½: who came out even does not wait, however much is owed."""
        assert allocate(6, {"a": 2, "b": 1, "c": 1}, {"a": Fraction(2)}) == {"a": 3, "b": 2, "c": 1}

    def test_the_carry_of_who_left_changes_nothing(self) -> None:
        assert allocate(7, FOUR, {"z": Fraction(5)}) == allocate(7, FOUR)


def live(steps: list[tuple[int, dict[str, int]]]) -> Fraction:
    """Share out step by step; give the farthest that anybody ever was from their exact shares, in cents."""
    carry: dict[str, Fraction] = {}
    worst = Fraction(0)
    for total, by in steps:
        parts = allocate(total, by, carry)
        for who, part in parts.items():
            carry[who] = carry.get(who, Fraction(0)) + exact(total, by, who) - part
        worst = max(worst, *(abs(owed) for owed in carry.values()))
    return worst


class TestCarry:
    def test_ten_years_of_the_same_week_stay_within_half_a_cent(self) -> None:
        assert live([(30560, FOUR)] * 520) <= Fraction(1, 2)

    def test_ten_years_of_other_weeks_stay_under_a_cent(self) -> None:
        luck = random.Random(520)
        assert live([(luck.randrange(20000, 40000), FOUR) for _ in range(520)]) < 1

    @settings(max_examples=60)
    @given(st.lists(st.tuples(st.integers(1, 100_000), weights), min_size=1, max_size=200))
    def test_whatever_the_totals_weights_and_roster_nobody_is_two_cents_off(
        self, steps: list[tuple[int, dict[str, int]]]
    ) -> None:
        assert live(steps) < 2

    def test_up_to_eight_people_over_years_are_never_two_cents_off(self) -> None:
        luck = random.Random(8)
        for _ in range(20):
            steps = []
            for _week in range(150):
                there = luck.sample("abcdefgh", luck.randint(2, 8))
                steps.append((luck.randrange(1, 50_000), {who: luck.randint(1, 400) for who in there}))
            assert live(steps) < 2


class TestWords:
    @pytest.mark.parametrize(
        ("text", "cents"),
        [("0", 0), ("8", 800), ("8,5", 850), ("8.50", 850), (" 12,05 € ", 1205), ("999999,99", 99999999)],
    )
    def test_amounts_are_read(self, text: str, cents: int) -> None:
        assert parse_euros(text) == cents

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "-1",
            "+1",
            "1,234",
            "1.000,00",
            "1_0",
            "٣",
            "１",
            "1e3",
            ",5",
            "5,",
            "1000000",
            "1 2",
            "nan",
            "X1",
        ],
    )
    def test_what_is_no_amount_is_refused(self, text: str) -> None:
        with pytest.raises(NotAnAmount):
            parse_euros(text)

    @given(st.integers(0, 99_999_999))
    def test_what_is_written_is_read_again(self, cents: int) -> None:
        assert parse_euros(decimal(cents)) == parse_euros(decimal(cents, ".")) == cents

    @pytest.mark.parametrize(
        ("cents", "file", "page"),
        [
            (0, "0,00", "0,00\u00a0€"),
            (5, "0,05", "0,05\u00a0€"),
            (-5, "-0,05", "−0,05\u00a0€"),
            (-123456, "-1234,56", "−1\u202f234,56\u00a0€"),
            (123456789, "1234567,89", "1\u202f234\u202f567,89\u00a0€"),
        ],
    )
    def test_amounts_are_written(self, cents: int, file: str, page: str) -> None:
        assert decimal(cents) == file
        assert euros(cents) == page


class TestCash:
    @pytest.mark.parametrize(
        ("cents", "rounded"),
        [
            (0, 0), (1, 1), (2, 2), (3, 3), (4, 4), (5, 5), (6, 5), (7, 5), (8, 10), (9, 10), (10, 10),
            (11, 10), (12, 10), (13, 15), (2551, 2550), (2552, 2550), (2553, 2555), (2554, 2555),
        ],
    )  # fmt: skip
    def test_a_total_in_cash_is_rounded_to_five_cents(self, cents: int, rounded: int) -> None:
        assert round_cash(cents) == rounded

    @given(st.integers(0, 1_000_000), st.sampled_from(COINS))
    def test_notes_and_coins_make_the_amount_and_are_few(self, cents: int, largest: int) -> None:
        found = notes_and_coins(cents, largest)
        assert sum(value * many for value, many in found.items()) == cents
        assert list(found) == sorted(found, reverse=True)
        assert all(value <= largest and many > 0 for value, many in found.items())
        smaller = {value: COINS[place - 1] for place, value in enumerate(COINS) if place}
        assert all(value * many < smaller[value] for value, many in found.items() if value < largest)

    def test_an_envelope_has_no_note_above_fifty(self) -> None:
        assert notes_and_coins(20000) == {5000: 4}
        assert notes_and_coins(20000, 20000) == {20000: 1}
        assert notes_and_coins(8872) == {
            5000: 1,
            2000: 1,
            1000: 1,
            500: 1,
            200: 1,
            100: 1,
            50: 1,
            20: 1,
            2: 1,
        }
        assert notes_and_coins(0) == {}
