"""What changed since the print: pure."""

from shop.kitchen.rules import changes


def test_only_what_changed_is_said() -> None:
    assert changes({"A": 24, "B": 14, "C": 3}, {"A": 25, "B": 14, "D": 2}) == {"A": 1, "C": -3, "D": 2}
    assert changes({"A": 24}, {"A": 24}) == {}
