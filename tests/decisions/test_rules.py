"""What may be decided of funds and of prices, without a database."""

import pytest

from shop.errors import FundsNotWhole, ValueUnfit
from shop.ledger.sharing import rules as sharing
from shop.ledger.sharing.rules import EQUAL_FUNDS, MARGIN_FUNDS, check_fund_shares, read_fund_shares
from shop.menu import rules as menu
from shop.money import allocate


def of(*texts: str) -> dict[str, str]:
    return dict(zip(MARGIN_FUNDS, texts, strict=True))


def test_the_four_funds_divide_the_whole() -> None:
    assert list(read_fund_shares(of("12.50", "37.50", "0.00", "50.00")).values()) == [1250, 3750, 0, 5000]
    assert read_fund_shares(of("100.00", "0.00", "0.00", "0.00"))["139100"] == sharing.HUNDRED


def test_undecided_they_get_the_same() -> None:
    assert allocate(150000, EQUAL_FUNDS) == dict.fromkeys(MARGIN_FUNDS, 37500)


@pytest.mark.parametrize(
    ("texts", "short"),
    [
        (("25.00", "25.00", "25.00", "20.00"), 500),
        (("25.00", "25.00", "25.00", "25.01"), -1),
        (("999.99", "0.00", "0.00", "0.00"), -89999),
        (("0.00", "0.00", "0.00", "0.00"), 10000),
    ],
)
def test_what_is_not_a_hundred_says_by_how_much(texts: tuple[str, ...], short: int) -> None:
    with pytest.raises(FundsNotWhole) as refused:
        check_fund_shares(of(*texts))
    assert refused.value.short == short


@pytest.mark.parametrize(
    "value",
    [
        *(None, 25, [], {}, of("25", "25", "25", "25"), of("25.000", "25.00", "25.00", "25.00")),
        *(of("٢٥.00", "25.00", "25.00", "25.00"), of("-5.00", "55.00", "25.00", "25.00")),
        {"139100": "100.00"},
        of("25.00", "25.00", "25.00", "25.00") | {"139500": "0.00"},
        dict.fromkeys(MARGIN_FUNDS, 25),
    ],
)
def test_what_is_no_percentage_of_each_is_unfit(value: object) -> None:
    with pytest.raises(ValueUnfit):
        check_fund_shares(value)


PRICES = next(kind.check for kind in menu.KINDS if kind.key == menu.PRICE_BOUNDS)


@pytest.mark.parametrize("value", [[50, 150], [0, 100], [100, 100], [100, 300]])
def test_prices_lie_around_the_full_one(value: list[int]) -> None:
    PRICES(value)


@pytest.mark.parametrize(
    "value",
    [[101, 150], [50, 99], [0, 301], [-1, 150], [150, 50], [50], [50.0, 150], "50", None, [True, 150]],
)
def test_other_bounds_of_prices_are_unfit(value: object) -> None:
    with pytest.raises(ValueUnfit):
        PRICES(value)


def test_both_are_kinds_of_decisions() -> None:
    keys = {kind.key for kind in (*sharing.KINDS, *menu.KINDS)}
    assert {sharing.FUND_SHARES, menu.PRICE_BOUNDS} <= keys
