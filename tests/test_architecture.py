"""The walls stand: direction, purity, one commit, sizes; and a planted hole is seen."""

from pathlib import Path

import pytest

from config import ROOT
from tests.architecture import FILE_MEDIAN, FILE_MOST, FUNCTION_MOST, VIEW_MOST, violations


def test_the_shop_has_the_shape_it_should() -> None:
    assert violations(ROOT / "shop") == []


def lines(number: int) -> str:
    return "".join(f"    x{line} = {line}\n" for line in range(number))


GROUND = {
    "__init__.py": "from shop import registry\n\n\n",
    "clock.py": "from datetime import datetime\n\nx = datetime.now()\n",
    "errors.py": "from datetime import date\n\nclass Busy(Exception): ...\n",
    "registry.py": "from shop.menu import services\n\n\n",
    "transaction.py": "def f(session):\n    session.commit()\n    session.rollback()\n",
    "orders/models.py": "from sqlalchemy import String\n\nclass Order: ...\n",
    "menu/rules.py": "from datetime import datetime\nfrom shop.errors import Busy\n\n",
    "menu/services.py": "from shop.clock import now\nfrom shop.menu import rules\n\n",
}
"""A small sound shop, to plant holes into."""

HOLES = {
    "upward": ("orders/services.py", "from shop.customer import views", "imports upward"),
    "upward by module": ("menu/queries.py", "import shop.orders.queries", "imports upward"),
    "upward from the package": ("members/services.py", "from shop import registry", "imports upward"),
    "upward within the ledger": ("ledger/books/rules.py", "from shop.ledger.sharing import rules", "upward"),
    "features into the ground": ("pages.py", "from shop.members import queries", "imports upward"),
    "the app itself": ("menu/services.py", "from shop import create_app", "imports upward"),
    "relative": ("menu/services.py", "from .rules import letter", "relative"),
    "no place": ("surprise.py", "", "stands on no floor"),
    "flask in rules": ("orders/rules.py", "from flask import request", "is pure"),
    "database in rules": ("orders/rules.py", "import sqlalchemy.orm", "is pure"),
    "tables in rules": ("orders/rules.py", "from shop.orders.models import Order", "is pure"),
    "tables in rules, by a detour": ("menu/rules.py", "from shop.menu.services import f", "is pure"),
    "clock in rules": ("orders/rules.py", "from shop import clock", "is pure"),
    "random in money": ("money.py", "import random", "is pure"),
    "system in weeks": ("weeks.py", "import os", "is pure"),
    "file in errors": ("errors.py", "open('x')", "is pure"),
    "import inside": ("menu/services.py", "def f():\n    import json", "imports inside"),
    "a commit": ("menu/services.py", "def f(session):\n    session.commit()", "commits"),
    "a hidden commit": ("tick.py", "f = db.session.commit", "commits"),
    "a rollback": ("orders/views.py", "db.session.rollback()", "rolls back"),
    "the time": ("orders/services.py", "from datetime import datetime\nx = datetime.now()", "asks the time"),
    "the day": ("orders/services.py", "import datetime as dt\nx = date.today()", "asks the time"),
    "a long file": ("menu/services.py", "x = 1\n" * (FILE_MOST + 1), "has 351 lines"),
    "a long function": ("menu/services.py", "def f():\n" + lines(FUNCTION_MOST), "f has 41 lines"),
    "a long view": (
        "menu/views.py",
        "@blueprint.get('/')\ndef view():\n" + lines(VIEW_MOST),
        "view has 26 lines",
    ),
    "a vague name": ("menu/helpers.py", "", "says nothing"),
    "stripe": ("payments/services.py", "from stripe import StripeClient", "stripe"),
}


@pytest.mark.parametrize("hole", HOLES)
def test_a_planted_hole_is_seen(hole: str, tmp_path: Path) -> None:
    path, source, words = HOLES[hole]
    plant(tmp_path, {**GROUND, path: source})
    found = violations(tmp_path)
    assert any(words in fault for fault in found), found


def test_files_that_are_long_on_the_whole_are_seen(tmp_path: Path) -> None:
    plant(tmp_path, dict.fromkeys(("money.py", "weeks.py", "errors.py"), "x = 1\n" * FILE_MEDIAN))
    assert any("half of the files" in fault for fault in violations(tmp_path))


def test_the_ground_alone_has_no_fault(tmp_path: Path) -> None:
    plant(tmp_path, GROUND)
    assert violations(tmp_path) == []


def plant(shop: Path, sources: dict[str, str]) -> None:
    for path, source in sources.items():
        (shop / path).parent.mkdir(parents=True, exist_ok=True)
        (shop / path).write_text(source)
