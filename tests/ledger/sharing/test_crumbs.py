"""Crumbs: whole numbers give the same parts as exact fractions, however often the weights changed."""

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from math import gcd

from hypothesis import given
from hypothesis import strategies as st

from shop.ledger.sharing.crumbs import MOST, crumbs_of_a_cent, in_crumbs
from shop.ledger.sharing.rules import Past, carry, divide, exact_share
from shop.ledger.sharing.telling import Part

WEIGHTS = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(1, 9999), min_size=1)
GROUPS = [
    {"a": 100, "b": 130, "c": 180, "d": 210},
    {"a": 100, "b": 100, "c": 175},
    {"a": 7, "b": 11, "d": 13},
]


def sheet_of(past: Past, before: Mapping[str, Fraction]) -> list[Part]:
    unit, everything = gcd(*past.weights.values()), sum(past.weights.values())
    return [
        Part(
            member_id=None,
            pseudonym=who,
            emblem="",
            weight=weight,
            shares=weight // unit,
            of=everything // unit,
            cents=past.got[who],
            exact=exact_share(past.shared, past.weights, who),
            carried=before.get(who, Fraction(0)),
            turn=turn,
            envelope=0,
        )
        for turn, (who, weight) in enumerate(sorted(past.weights.items()), start=1)
    ]


def lived(weeks: list[tuple[int, dict[str, int]]]) -> list[list[Part]]:
    """Settle week after week; gives the sheets."""
    pasts: list[Past] = []
    sheets = []
    for shared, weights in weeks:
        before = carry(pasts)
        pasts.append(Past(shared, weights, divide(None, shared, weights, before)))
        sheets.append(sheet_of(pasts[-1], before))
    return sheets


def by_crumbs(sheet: list[Part], cut: int) -> list[int]:
    """Divide with whole numbers alone."""
    crumbs = [in_crumbs(part, cut) for part in sheet]
    assert all(one.rest + one.before == one.waits for one in crumbs)
    assert [one.rest for one in crumbs] == [int(part.rest * part.of) * cut // part.of for part in sheet]
    parts = [part.floor for part in sheet]
    waiting = [at for at, part in enumerate(sheet) if part.rest]
    waiting.sort(key=lambda at: (-crumbs[at].waits, sheet[at].turn))
    for at in waiting[: sum(part.cents for part in sheet) - sum(parts)]:
        parts[at] += 1
    return parts


@given(st.lists(st.tuples(st.integers(1, 90_000), WEIGHTS), min_size=1, max_size=6))
def test_whole_crumbs_divide_like_exact_fractions(weeks: list[tuple[int, dict[str, int]]]) -> None:
    for sheet in lived(weeks):
        assert by_crumbs(sheet, crumbs_of_a_cent(sheet)) == [part.cents for part in sheet]


def test_a_rest_is_crumbs_until_the_weights_change_and_few_are_enough_for_ever() -> None:
    weeks = [(30_560 + 7 * week, GROUPS[week // 5 % 3]) for week in range(40)]
    sheets = lived([*weeks, *((10_000 + sum(group.values()), group) for group in GROUPS)])
    cuts = [crumbs_of_a_cent(sheet) for sheet in sheets]

    assert cuts[:5] == [62] * 5
    assert max(cuts) <= MOST
    for sheet, cut in zip(sheets, cuts, strict=True):
        for part in sheet:
            assert Fraction(in_crumbs(part, cut).after, cut) == part.after or cut == 1000


def test_two_who_are_nearly_owed_the_same_are_told_apart() -> None:
    first, second = lived([(1, {"a": 5000, "b": 5007})])[0]
    sheet = [first, replace(second, exact=first.exact, carried=Fraction(1, 30_011_111))]
    cut = crumbs_of_a_cent(sheet)

    assert MOST < cut < 10**9
    assert in_crumbs(sheet[1], cut).waits > in_crumbs(sheet[0], cut).waits
    assert by_crumbs([replace(part, cents=part.turn - 1) for part in sheet], cut) == [0, 1]
