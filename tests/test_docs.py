"""Each setting, command and account is written down."""

import re
from dataclasses import fields

import click
import pytest
from flask import Flask
from sqlalchemy import select

from config import ROOT, Settings
from shop.cli import shop_commands
from shop.extensions import db
from shop.ledger.books.models import Account

README = ROOT / "README.md"


def documentation() -> str:
    return "\n".join(path.read_text() for path in (README, *sorted((ROOT / "docs").rglob("*.md"))))


@pytest.mark.parametrize("setting", [field.name.upper() for field in fields(Settings)])
def test_each_setting_is_in_the_readme_and_in_the_example(setting: str) -> None:
    assert re.search(rf"`{setting}`", README.read_text())
    assert re.search(rf"^#? ?{setting}=", (ROOT / ".env.example").read_text(), re.MULTILINE)


def commands(group: click.Group = shop_commands, before: str = "") -> list[tuple[str, click.Command]]:
    """List every command with its whole name."""
    found = []
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command, name
        if isinstance(command, click.Group):
            found += commands(command, f"{name} ")
        else:
            found.append((before + name, command))
    return found


@pytest.mark.parametrize(("name", "command"), commands())
def test_each_command_is_documented_and_explains_itself(name: str, command: click.Command) -> None:
    assert re.search(rf"`(?:[^`]* )?{name}\b[^`]*`", documentation()), f"`{name}` is in no document"
    assert command.help


@pytest.mark.sqlite_only
def test_each_account_is_documented(app: Flask) -> None:
    known = set(re.findall(r"\b\d{6}\b", documentation()))
    with app.app_context():
        assert set(db.session.scalars(select(Account.code))) - known == set()
