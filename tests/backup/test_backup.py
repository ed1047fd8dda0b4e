"""A backup taken under load, restored elsewhere: the same books, and what was erased stays erased."""

import shutil
import sqlite3
import stat
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, insert, select, text

from shop.backup import rows
from shop.backup.restoring import restore
from shop.backup.saving import save
from shop.checks import State
from shop.clock import now
from shop.errors import CannotStart
from shop.extensions import db
from shop.ledger.books.queries import head
from shop.members.models import Member, SignIn, SignInLink
from shop.menu.models import Week
from shop.orders import services as orders
from shop.orders.models import Contact, Order
from shop.outbox import Letter, write_letter
from shop.transaction import transaction
from shop.treasury import receipts
from shop.treasury.drawing import Drawn
from shop.vault import Sealed, vault
from shop.verify import run
from tests.conftest import NOON, fresh_database, make_app
from tests.factories import make_member, make_order, make_week

OTHER = [pytest.param("other", marks=pytest.mark.postgres)]
into_the_other = pytest.mark.parametrize("elsewhere", OTHER, indirect=True)
"""From each database into the other: each is saved, and each is restored into."""

RECEIPT = "f" * 32
THURSDAY = NOON + timedelta(days=3, hours=8)


@pytest.fixture
def shop(app: Flask) -> Iterator[Flask]:
    """Stand in a shop where Nour (1001) and Salima (1002) ordered, and 1002 was handed over and paid."""
    with app.app_context():
        live()
        yield app
        db.session.remove()


def live() -> None:
    """Sell two mains in a week."""
    make_member()
    week = make_week()
    for name in ("Nour", "Salima"):
        number = make_order(week, contact={"name": name, "phone": "0470 00 00 00"}, B=1).number
        with transaction():
            write_letter(f"order:{number}:placed:1", Sealed(f"week-{week.id}", {"to": name}), NOON)
    with transaction():
        orders.hand_over(1002, THURSDAY, "organiser")
        receipts.keep(RECEIPT, "meals", [Drawn(b"a picture", b"a small one")], NOON.date())


@pytest.fixture
def elsewhere(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    """Give another shop, still empty, with a file of keys of its own; on SQLite unless the test says."""
    (tmp_path / "elsewhere").mkdir()
    from_sqlite = request.getfixturevalue("database_url").startswith("sqlite")
    kind = "postgresql" if getattr(request, "param", None) == "other" and from_sqlite else "sqlite"
    with fresh_database(request, kind, tmp_path / "elsewhere") as url:
        other = make_app(url, tmp_path / "elsewhere")
        yield other
        with other.app_context():
            db.session.remove()
            db.engine.dispose()


def bring_back(app: Flask, path: Path) -> "Restored":
    """Restore a backup into this shop, and read what is there now."""
    with app.app_context():
        restore(path, lambda _salt: app.config["FIELD_KEY_BYTES"], now())
        contacts = {one.number: one.sealed.value["name"] for one in db.session.scalars(select(Contact))}
        letters = [one.key for one in db.session.scalars(select(Letter).order_by(Letter.id))]
        broken = [result for result in run() if result.state == State.BROKEN]
        db.session.rollback()
        return Restored(head(), contacts, letters, broken)


@dataclass
class Restored:
    head: tuple[int, str]
    contacts: dict[int, str]
    letters: list[str]
    broken: list[object]


def counts(app: Flask) -> dict[str, int]:
    """Count the rows of each table."""
    with app.app_context():
        connection = db.session.connection()
        found = {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in rows.tables(connection)
        }
        db.session.remove()
    return found


@into_the_other
def test_everything_comes_back_elsewhere(shop: Flask, elsewhere: Flask, tmp_path: Path) -> None:
    save(tmp_path / "copy")
    there = bring_back(elsewhere, tmp_path / "copy")
    assert there.head == head() != (0, "")
    assert there.broken == []
    assert there.contacts == {1001: "Nour", 1002: "Salima"}
    assert there.letters == ["order:1001:placed:1", "order:1002:placed:1"]
    gone = {"sign_in": 0, "sign_in_link": 0}
    assert counts(elsewhere) == {**counts(shop), **gone}
    with elsewhere.app_context():
        (page,) = receipts.shown([RECEIPT])[RECEIPT]
        assert receipts.picture(page.token, ["meals"], small=False) == b"a picture"
        db.session.remove()


@into_the_other
def test_the_restored_shop_works_on(shop: Flask, elsewhere: Flask, tmp_path: Path) -> None:
    save(tmp_path / "copy")
    bring_back(elsewhere, tmp_path / "copy")
    with elsewhere.app_context():
        week = db.session.scalars(select(Week)).one()
        assert make_order(week, B=1).number == 1003
        with transaction():
            orders.hand_over(1001, THURSDAY, "organiser")
        assert head()[0] > 2
        make_member("Cumin")
        assert [result for result in run() if result.state == State.BROKEN] == []
        with pytest.raises(Exception, match="never changes"), transaction():
            db.session.execute(text("UPDATE posting SET cents = cents + 1 WHERE entry = 1"))
        db.session.remove()


@pytest.mark.slow
@into_the_other
def test_a_backup_under_load_is_one_instant(shop: Flask, elsewhere: Flask, tmp_path: Path) -> None:
    """Three writers order, hand over and are paid while three backups are taken."""
    db.session.rollback()
    week_id = db.session.scalars(select(Week.id)).one()
    done = threading.Event()
    problems: list[BaseException] = []
    writers = [threading.Thread(target=_sell, args=(shop, week_id, done, problems)) for _ in range(3)]
    for writer in writers:
        writer.start()
    for _ in range(3):
        save(tmp_path / "copy")
    done.set()
    for writer in writers:
        writer.join()
    assert problems == []
    db.session.rollback()
    there = bring_back(elsewhere, tmp_path / "copy")
    assert there.broken == []
    seq, chain = there.head
    then = db.session.execute(text("SELECT hash FROM journal_entry WHERE seq = :seq"), {"seq": seq})
    assert then.scalar_one() == chain
    with elsewhere.app_context():
        # Each sale is one transaction of order, sale and payment: none is there by half.
        sold = db.session.scalar(select(func.count()).select_from(Order).where(Order.source == "desk"))
        assert seq == 2 * ((sold or 0) + 1)
        db.session.remove()


def _sell(app: Flask, week_id: int, done: threading.Event, problems: list[BaseException]) -> None:
    with app.app_context():
        line = next(line.id for line in db.session.get_one(Week, week_id).lines if line.letter == "A")
        try:
            while not done.is_set():
                with transaction():
                    form_id = str(threading.get_ident()) + str(head()[0])
                    orders.sell_at_desk(week_id, {line: 1}, THURSDAY, "organiser", form_id=form_id)
        except BaseException as error:  # told to the test, in whose thread it counts
            problems.append(error)
        finally:
            db.session.remove()


def test_what_was_erased_after_the_backup_stays_erased(shop: Flask, elsewhere: Flask, tmp_path: Path) -> None:
    """The older rows, with the keys of the newest backup: every backup overwrites them."""
    save(tmp_path / "copy")
    shutil.copy(tmp_path / "copy", tmp_path / "older")
    with transaction():
        orders.erase_contact(1001)
    save(tmp_path / "copy")
    shutil.copy(tmp_path / "copy.keys", tmp_path / "older.keys")
    there = bring_back(elsewhere, tmp_path / "older")
    assert there.contacts == {1002: "Salima"}
    assert there.letters == ["order:1002:placed:1"]
    assert there.broken == []


@pytest.mark.sqlite_only
def test_a_file_of_keys_already_there_remembers_too(shop: Flask, elsewhere: Flask, tmp_path: Path) -> None:
    """Old rows and old keys, but a newer file of keys beside the empty database."""
    save(tmp_path / "copy")
    with transaction():
        orders.erase_contact(1001)
    with elsewhere.app_context():
        shutil.copy(shop.extensions["vault"].path, vault().path)
    assert bring_back(elsewhere, tmp_path / "copy").contacts == {1002: "Salima"}


@pytest.mark.sqlite_only
def test_what_had_its_time_since_the_backup_is_not_there_for_a_moment(
    shop: Flask, elsewhere: Flask, tmp_path: Path, clock: time_machine.Traveller
) -> None:
    save(tmp_path / "copy")
    clock.move_to(NOON + timedelta(days=92))
    assert bring_back(elsewhere, tmp_path / "copy").contacts == {}


def test_a_forgotten_week_cannot_be_read_from_an_old_backup(
    shop: Flask, elsewhere: Flask, tmp_path: Path
) -> None:
    save(tmp_path / "copy")
    key = next(name for name in vault().key_names() if name != "house")
    vault().forget(key)
    with elsewhere.app_context():
        shutil.copy(shop.extensions["vault"].path, vault().path)
    there = bring_back(elsewhere, tmp_path / "copy")
    assert (there.contacts, there.letters) == ({}, [])
    with elsewhere.app_context():
        assert key not in vault().key_names()
        assert db.session.scalars(select(Member.pseudonym)).all() == ["Safran"]
        db.session.remove()


@pytest.mark.sqlite_only
def test_a_number_given_twice_does_not_erase_a_stranger(
    shop: Flask, elsewhere: Flask, tmp_path: Path
) -> None:
    """1003 was erased; a shop that went back to before it gives 1003 to somebody else."""
    save(tmp_path / "before")
    week = db.session.scalars(select(Week)).one()
    make_order(week, contact={"name": "Rim", "phone": "0470"}, B=1)
    with transaction():
        orders.erase_contact(1003)
    save(tmp_path / "after")
    shutil.copy(tmp_path / "after.keys", tmp_path / "before.keys")
    bring_back(elsewhere, tmp_path / "before")
    with elsewhere.app_context():
        week = db.session.scalars(select(Week)).one()
        assert make_order(week, contact={"name": "Ali", "phone": "0471"}, B=1).number == 1003
        save(tmp_path / "again")
        connection = sqlite3.connect(tmp_path / "again")
        kept = connection.execute("SELECT number FROM contact ORDER BY number").fetchall()
        connection.close()
        assert kept == [(1001,), (1002,), (1003,)]
        form_ids = select(Order.form_id).where(Order.number == 1003)
        assert db.session.scalar(form_ids) not in vault().erased()
        db.session.remove()


@pytest.mark.sqlite_only
def test_sign_ins_do_not_come_back(shop: Flask, elsewhere: Flask, tmp_path: Path) -> None:
    with transaction():
        member = db.session.scalars(select(Member.id)).one()
        db.session.execute(insert(SignIn).values(token_hash="x", member_id=member, started_at=NOON))
        db.session.execute(insert(SignInLink).values(token_hash="y", member_id=member, made_at=NOON))
    save(tmp_path / "copy")
    bring_back(elsewhere, tmp_path / "copy")
    assert counts(elsewhere).items() >= {"sign_in": 0, "sign_in_link": 0}.items()


@pytest.mark.sqlite_only
def test_the_files_are_private_and_alone(shop: Flask, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    for _ in range(2):
        save(folder / "copy")
    assert sorted(one.name for one in folder.iterdir()) == ["copy", "copy.keys"]
    assert {stat.S_IMODE(one.stat().st_mode) for one in folder.iterdir()} == {0o600}


def test_neither_file_holds_a_name_or_the_key(shop: Flask, tmp_path: Path) -> None:
    save(tmp_path / "copy")
    found = (tmp_path / "copy").read_bytes() + (tmp_path / "copy.keys").read_bytes()
    assert b"Salima" not in found
    assert b"0470" not in found
    assert shop.config["FIELD_KEY_BYTES"] not in found
    assert shop.config["SETTINGS"].field_key.encode() not in found


@pytest.mark.sqlite_only
def test_a_failed_backup_leaves_the_one_before(
    shop: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    save(folder / "copy")
    before = (folder / "copy").read_bytes()

    def fail(_path: Path) -> None:
        raise OSError("no space left")

    monkeypatch.setattr("shop.backup.saving.settle", fail)
    with pytest.raises(OSError, match="no space"):
        save(folder / "copy")
    assert (folder / "copy").read_bytes() == before
    assert sorted(one.name for one in folder.iterdir()) == ["copy", "copy.keys"]


def test_a_shop_in_use_is_not_replaced(shop: Flask, tmp_path: Path) -> None:
    save(tmp_path / "copy")
    with pytest.raises(CannotStart, match="holds data"):
        restore(tmp_path / "copy", lambda _salt: shop.config["FIELD_KEY_BYTES"], now())
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(Order)) == 2


@pytest.mark.sqlite_only
def test_a_wrong_field_key_restores_nothing(shop: Flask, elsewhere: Flask, tmp_path: Path) -> None:
    save(tmp_path / "copy")
    with elsewhere.app_context():
        before = vault().path.read_bytes()
        with pytest.raises(CannotStart, match=r"FIELD_KEY does not open copy\.keys"):
            restore(tmp_path / "copy", lambda _salt: bytes(32), now())
        assert vault().path.read_bytes() == before
        assert rows.is_empty(db.session.connection())
        db.session.remove()


@pytest.mark.sqlite_only
@pytest.mark.parametrize("missing", ["copy", "copy.keys"])
def test_a_missing_half_is_said(shop: Flask, elsewhere: Flask, tmp_path: Path, missing: str) -> None:
    save(tmp_path / "copy")
    (tmp_path / missing).unlink()
    with elsewhere.app_context(), pytest.raises(CannotStart, match="side by side"):
        restore(tmp_path / "copy", lambda _salt: shop.config["FIELD_KEY_BYTES"], now())


@pytest.mark.sqlite_only
def test_what_is_no_backup_is_refused(shop: Flask, elsewhere: Flask, tmp_path: Path) -> None:
    save(tmp_path / "copy")
    (tmp_path / "copy").write_bytes(b"not a database" * 100)
    with elsewhere.app_context(), pytest.raises(CannotStart, match="no backup"):
        restore(tmp_path / "copy", lambda _salt: shop.config["FIELD_KEY_BYTES"], now())


@pytest.mark.sqlite_only
def test_the_shops_own_files_are_not_written_over(shop: Flask) -> None:
    with pytest.raises(CannotStart, match="a file of its own"):
        save(vault().path)


def test_the_commands_tell_the_chain_head(app: Flask, elsewhere: Flask, tmp_path: Path) -> None:
    with app.app_context():
        live()
        expected = head()[1]
        db.session.remove()
    done = app.test_cli_runner().invoke(args=["shop", "backup", str(tmp_path / "copy")])
    assert done.exit_code == 0, done.output
    done = elsewhere.test_cli_runner().invoke(args=["shop", "restore", str(tmp_path / "copy")])
    assert done.exit_code == 0, done.output
    assert expected in done.output
    again = elsewhere.test_cli_runner().invoke(args=["shop", "restore", str(tmp_path / "copy")])
    assert again.exit_code == 1
    assert "holds data" in again.output
