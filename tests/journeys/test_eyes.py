"""The controls: what a journey must not overlook, it sees."""

import pytest

from tests.journeys.conftest import Open

pytestmark = pytest.mark.journey

FAULTS = {
    "sideways": "<p style='width: 500px'>Trop large</p>",
    "without-words": "<button></button>",
    "pale": "<p style='color: #ccc; background: #fff'>Trop pâle</p>",
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_seen(monday: str, visit: Open, fault: str) -> None:
    nour = visit(monday)
    nour.page.set_content(
        f"<html lang=fr><title>x</title><meta name=viewport content='width=device-width'>{FAULTS[fault]}"
    )
    with pytest.raises(AssertionError):
        nour.look(fault)


def test_another_host_is_seen(monday: str, visit: Open) -> None:
    nour = visit(monday)
    nour.page.route("https://elsewhere.example/**", lambda route: route.abort())
    nour.page.set_content("<html lang=fr><title>x</title><img alt='' src='https://elsewhere.example/x.png'>")
    with pytest.raises(AssertionError, match=r"elsewhere\.example"):
        nour.look("elsewhere")
