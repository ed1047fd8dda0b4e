"""The shop with its migrations: `flask --app migrations.app db revision --autogenerate` writes a new one."""

from shop import create_app
from shop.upgrade import know_migrations

app = create_app()
know_migrations(app)
