"""Sealed columns and the file of keys: what a stolen database, a wrong key or a crash may and may not do."""

import json
import logging
import multiprocessing
import os
import signal
import stat
from pathlib import Path
from typing import Any

import pytest
from cryptography.exceptions import InvalidTag
from flask import Flask

from shop.errors import CannotStart, KeyGone
from shop.extensions import db
from shop.keyfile import KeyFile, mark
from shop.outbox import write_letter
from shop.schema import database_file, require_ready
from shop.transaction import transaction
from shop.vault import Sealed, Vault, derive
from tests.conftest import NOON
from tests.factories import make_member, make_order, make_week

KEY = bytes(range(32))
FORK = multiprocessing.get_context("fork")


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    """Give an open vault with its first key."""
    made = Vault(tmp_path / "keys")
    made.make(KEY)
    return made


def test_what_is_sealed_opens_again(vault: Vault) -> None:
    sealed = Sealed("week-1", {"name": "Zoé", "flat": 3})
    assert vault.open(vault.seal(sealed, "contact.sealed"), "contact.sealed") == sealed


def test_no_two_envelopes_are_alike(vault: Vault) -> None:
    assert vault.seal(Sealed("house", 1), "a") != vault.seal(Sealed("house", 1), "a")


@pytest.mark.parametrize("text", ["", "a", "é" * 60, "x" * 250])
def test_lengths_say_nothing_up_to_a_step(vault: Vault, text: str) -> None:
    assert len(vault.seal(Sealed("house", text), "a")) == len(vault.seal(Sealed("house", ""), "a"))


def test_an_envelope_moved_to_another_column_does_not_open(vault: Vault) -> None:
    envelope = vault.seal(Sealed("house", "secret"), "member.passphrase")
    with pytest.raises(InvalidTag):
        vault.open(envelope, "member.subject")


@pytest.mark.parametrize("place", [-1, 20, 40])
def test_a_changed_envelope_does_not_open(vault: Vault, place: int) -> None:
    envelope = bytearray(vault.seal(Sealed("house", "secret"), "a"))
    envelope[place] ^= 1
    with pytest.raises(InvalidTag):
        vault.open(bytes(envelope), "a")


def test_a_deleted_key_takes_what_it_sealed_and_no_more(vault: Vault) -> None:
    one, two = (vault.seal(Sealed(key, "x"), "a") for key in ("week-1", "week-2"))
    vault.forget("week-1")
    assert vault.open(one, "a") == Sealed("week-1", None)
    assert vault.open(two, "a") == Sealed("week-2", "x")


def test_a_key_deleted_by_another_process_leaves_memory_too(vault: Vault) -> None:
    envelope = vault.seal(Sealed("week-1", "x"), "a")
    vault.open(envelope, "a")
    process = FORK.Process(target=Vault(vault.path).forget, args=("week-1",))
    process.start()
    process.join()
    assert vault.open(envelope, "a").value is None


def test_a_new_key_of_a_forgotten_name_opens_nothing_old(vault: Vault) -> None:
    envelope = vault.seal(Sealed("week-1", "x"), "a")
    vault.forget("week-1")
    vault.seal(Sealed("week-1", "y"), "a")
    with pytest.raises(InvalidTag):
        vault.open(envelope, "a")


def test_a_wrong_field_key_is_said_in_one_sentence(vault: Vault) -> None:
    other = Vault(vault.path)
    with pytest.raises(CannotStart, match=r"^FIELD_KEY does not open .*\.$"):
        other.unlock(bytes(32))
    assert not other.is_open
    with pytest.raises(KeyGone):
        other.seal(Sealed("house", 1), "a")


def test_a_passphrase_gives_the_same_key_with_the_files_salt(tmp_path: Path) -> None:
    first = Vault(tmp_path / "keys")
    key = first.key_from_passphrase("cheval agrafe batterie")
    first.make(key)
    second = Vault(tmp_path / "keys")
    second.unlock(second.key_from_passphrase("cheval agrafe batterie"))
    assert second.is_open
    with pytest.raises(CannotStart):
        second.unlock(second.key_from_passphrase("cheval agrafe batteries"))
    salt = KeyFile(tmp_path / "keys").read()["salt"]
    assert derive("cheval agrafe batterie", salt) == key
    assert derive("cheval agrafe batterie", "00" * 16) != key


def test_processes_that_make_a_key_at_once_make_one(vault: Vault) -> None:
    results: Any = FORK.Queue()
    start = FORK.Barrier(6)
    makers = [FORK.Process(target=_seal_many, args=(vault.path, start, results)) for _ in range(6)]
    for maker in makers:
        maker.start()
    envelopes = [one for _ in makers for one in results.get(timeout=30)]
    for maker in makers:
        maker.join()
    assert {vault.open(envelope, "a").value for envelope in envelopes} == {"x"}
    assert len(vault.key_names()) == 21


def _seal_many(path: Path, start: Any, results: Any) -> None:
    own = Vault(path)
    own.unlock(KEY)
    start.wait()
    results.put([own.seal(Sealed(f"week-{number}", "x"), "a") for number in range(20)])


def test_a_crash_while_the_file_is_written_leaves_it_whole(vault: Vault) -> None:
    for number in range(8):
        victim = FORK.Process(target=_write_for_ever, args=(vault.path,))
        victim.start()
        victim.join(timeout=0.05 + number / 200)
        os.kill(victim.pid or 0, signal.SIGKILL)
        victim.join()
        content = json.loads(vault.path.read_text())
        assert "house" in content["keys"]
        vault.note_erased(f"after-{number}")


def _write_for_ever(path: Path) -> None:
    number = 0
    while True:
        number += 1
        KeyFile(path).note_erased(str(number))


def test_the_file_is_its_owners_alone(vault: Vault) -> None:
    vault.seal(Sealed("week-1", 1), "a")
    assert stat.S_IMODE(vault.path.stat().st_mode) == 0o600


def test_a_backups_keys_bring_back_none_that_was_deleted(vault: Vault, tmp_path: Path) -> None:
    vault.seal(Sealed("week-1", 1), "a")
    vault.seal(Sealed("week-2", 1), "a")
    copied = vault.file.read()
    vault.forget("week-1")
    vault.note_erased("form-1")
    vault.file.adopt({**copied, "erased": ["form-2"]})
    assert vault.key_names() == {"house", "week-2"}
    assert vault.erased() == ["form-1", "form-2"]
    assert mark(copied["keys"]["week-1"]) in vault.file.read()["forgotten"]


def test_without_its_keys_the_shop_does_not_start_but_can_be_verified(app: Flask) -> None:
    app.extensions["vault"].lock()
    app.config["VAULT_ERROR"] = "FIELD_KEY does not open the file of keys beside the database."
    with pytest.raises(CannotStart, match="FIELD_KEY"):
        require_ready(app)
    runner = app.test_cli_runner()
    assert runner.invoke(args=["shop", "verify"]).exit_code == 0
    for command in ("worker", "tick"):
        refused = runner.invoke(args=["shop", command])
        assert refused.exit_code == 1
        assert refused.output.strip().splitlines() == [f"Error: {app.config['VAULT_ERROR']}"]


def test_upgrade_makes_no_new_keys_for_sealed_rows(app: Flask) -> None:
    with app.app_context():
        make_member()
        db.session.remove()
    app.extensions["vault"].path.unlink()
    refused = app.test_cli_runner().invoke(args=["shop", "upgrade"])
    assert refused.exit_code == 1
    assert "is missing: put back" in refused.output
    assert not app.extensions["vault"].path.exists()


@pytest.mark.sqlite_only
def test_a_name_is_never_in_the_clear(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    canary = "Canari-Zéphyrine"
    with app.app_context():
        number = make_order(make_week(), contact={"name": canary, "phone": "0470 99 88 77"}, B=1).number
        with transaction():
            write_letter(f"order:{number}:placed:1", Sealed("house", {"text": canary}), NOON)
        file = database_file()
        assert file
        written = b"".join(one.read_bytes() for one in file.parent.iterdir() if one.is_file())
        db.session.remove()
    for secret in (canary, "Zéphyrine", "0470 99 88 77"):
        assert secret.encode() not in written
        assert secret not in caplog.text
