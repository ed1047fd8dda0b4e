"""docs/split-by-hand.md: each line that it works out is what the page of the split says."""

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from config import ROOT
from shop.decisions.services import decide
from shop.ledger.sharing.explaining import explain
from shop.ledger.sharing.queries import standing
from shop.ledger.sharing.rules import SECU
from shop.ledger.sharing.services import settle
from shop.transaction import transaction
from tests.conftest import NOON
from tests.factories import knock
from tests.ledger.sharing.life import MONDAY, NEEDS, SUNDAY, decide_needs, live_week, make_beneficiaries

BLOCKS = re.findall(r"```\n(.*?)```", (Path(ROOT) / "docs" / "split-by-hand.md").read_text(), re.DOTALL)
NAMES = dict(zip(NEEDS, ("Safran", "Menthe", "Cumin", "Cannelle"), strict=True))
PENCIL = re.compile(
    r'data-pencil="(\w+)".*?data-exact="[^"]+"><bdi dir="ltr">([^<]+)</bdi>, reste (\d+)<'
    r'.*?data-before="[^"]+">([^<]+)<.*?data-waits="[^"]+">([^<]+)<.*?data-part="(\d+)"',
    re.DOTALL,
)
BEFORE = {" miettes en moins": " too little", " miettes en trop": " too much", "ni trop ni trop peu": "0"}


def worked_out(page: str) -> str:
    """Write what a page says as the document does."""
    text = "".join(
        f"{NAMES[name]:<10}{exact}, rest {rest} | before {before} | together {waits} | part {part}\n"
        for name, exact, rest, before, waits, part in PENCIL.findall(page)
    )
    for french, english in BEFORE.items():
        text = text.replace(french, english)
    return text


def share(*weeks: int) -> None:
    for week in weeks:
        with transaction():
            settle([week], None, SUNDAY, "treasurer")


@pytest.mark.parametrize("with_secu", [False, True])
def test_the_document_works_out_what_the_page_says(client: FlaskClient, with_secu: bool) -> None:
    with client.application.app_context():
        decide_needs(make_beneficiaries())
        if with_secu:
            with transaction():
                decide(SECU, {"rate": "10.00"}, MONDAY, NOON)
        share(live_week(0, 59950, 29390))
        share(live_week(1, 30560))
        envelopes = [[part.envelope // 100 for part in explain(one).parts] for one in standing()]
    knock(client, "Basilic")

    first, second = (worked_out(client.get(f"/collective/split/{number}").text) for number in (1, 2))
    if with_secu:
        assert first == BLOCKS[2]
    else:
        assert [first, second] == BLOCKS[:2]
        assert [line.split()[2:] for line in BLOCKS[3].splitlines()] == [
            [str(euros) for euros in row] for row in reversed(envelopes)
        ]
