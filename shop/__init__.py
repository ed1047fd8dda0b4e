"""Tablée: create_app reads like a table of contents."""

import getpass
import os
import sys
from collections.abc import Mapping
from datetime import timedelta

from dotenv import dotenv_values
from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from config import ROOT, Settings, WrongSetting, field_key_bytes, read_settings
from shop import registry
from shop.cli import shop_commands
from shop.errors import CannotStart
from shop.extensions import KeptSigner, babel, csrf, db, login, mail
from shop.logs import DiscreetFlask, init_logs
from shop.pages import choose_language, init_pages
from shop.static_files import init_static_files
from shop.vault import Vault

MEBIBYTE = 1024 * 1024


def create_app(environ: Mapping[str, str] | None = None) -> Flask:
    """Build the shop from the environment (and `.env`). Raises CannotStart."""
    try:
        settings = read_settings(environ if environ is not None else _environment())
    except WrongSetting as error:
        raise CannotStart(str(error)) from error
    init_logs()
    app = DiscreetFlask(__name__, root_path=str(ROOT), static_folder="static", template_folder="templates")
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    app.config.from_mapping(_flask_config(settings))
    app.config["SETTINGS"] = settings
    if not settings.on_loopback:
        # nginx says who comes; else everybody would share one address, and its failed sign-ins.
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1)  # type: ignore[method-assign]
    _prepare_database_folder(settings)

    app.session_interface = KeptSigner()
    db.init_app(app)
    csrf.init_app(app)
    mail.init_app(app)
    babel.init_app(app, locale_selector=choose_language, timezone_selector=lambda: "Europe/Brussels")
    # Pages ask for the viewer when they show one, and error pages must not ask at all costs.
    login.init_app(app, add_context_processor=False)
    init_pages(app)
    init_static_files(app)
    registry.register(app)
    app.cli.add_command(shop_commands)
    _open_vault(app, settings)
    return app


def _environment() -> dict[str, str]:
    from_file = {name: value for name, value in dotenv_values(ROOT / ".env").items() if value is not None}
    return {**from_file, **os.environ}


def _flask_config(settings: Settings) -> dict[str, object]:
    secure = not settings.on_loopback
    postgres = settings.database_url.startswith("postgresql")
    return {
        "SECRET_KEY": settings.secret_key,
        "ON_LOOPBACK": settings.on_loopback,
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        # A restarted PostgreSQL is noticed before a query and not by it; SQLite never goes away.
        "SQLALCHEMY_ENGINE_OPTIONS": {"pool_pre_ping": True} if postgres else {},
        "MAX_CONTENT_LENGTH": MEBIBYTE,
        "MAX_FORM_PARTS": 1000,
        "SESSION_COOKIE_NAME": "__Host-session" if secure else "session",
        "SESSION_COOKIE_SECURE": secure,
        "SESSION_COOKIE_SAMESITE": "Lax",
        # Flask bounds every session by this. A menu left open overnight must still be sendable; how long a
        # member stays signed in is bounded by the sign-in itself.
        "PERMANENT_SESSION_LIFETIME": timedelta(days=31),
        "WTF_CSRF_TIME_LIMIT": None,
        # The own check of the referer would refuse what our own Referrer-Policy leaves out.
        "WTF_CSRF_SSL_STRICT": False,
        "BABEL_DEFAULT_LOCALE": "fr_BE",
        "BABEL_TRANSLATION_DIRECTORIES": str(ROOT / "shop" / "translations"),
        "MAIL_SERVER": settings.mail_server,
        "MAIL_PORT": settings.mail_port,
        "MAIL_USERNAME": settings.mail_username or None,
        "MAIL_PASSWORD": settings.mail_password or None,
        "MAIL_USE_TLS": settings.mail_use_tls,
        "MAIL_DEFAULT_SENDER": settings.mail_default_sender or None,
        "TRUSTED_HOSTS": None if settings.on_loopback else [settings.base_url.split("://", 1)[1]],
    }


def _prepare_database_folder(settings: Settings) -> None:
    settings.key_file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)


def _open_vault(app: Flask, settings: Settings) -> None:
    """Unlock the vault where its file exists; why it stays locked is kept for who needs it open."""
    vault = app.extensions["vault"] = Vault(settings.key_file)
    app.config["VAULT_ERROR"] = "The file of keys beside the database is missing."
    if settings.field_key != "prompt":
        app.config["FIELD_KEY_BYTES"] = field_key_bytes(settings.field_key)
    elif sys.stdin.isatty():
        app.config["FIELD_KEY_BYTES"] = vault.key_from_passphrase(getpass.getpass("FIELD_KEY: "))
    else:
        app.config["VAULT_ERROR"] = "FIELD_KEY=prompt needs a terminal to ask on."
        return
    if vault.path.exists():
        try:
            vault.unlock(app.config["FIELD_KEY_BYTES"])
            app.config["VAULT_ERROR"] = ""
        except CannotStart as error:
            app.config["VAULT_ERROR"] = str(error)
