"""Which features the shop is made of: their pages, and the tables they bring."""

from flask import Blueprint, Flask

from shop import outbox
from shop.customer import own_order
from shop.customer import views as customer_views
from shop.decisions import models as decisions_models
from shop.kitchen import models as kitchen_models
from shop.ledger.books import models as books_models
from shop.ledger.sharing import models as sharing_models
from shop.members import doors
from shop.members import models as members_models
from shop.members import views as members_views
from shop.menu import models as menu_models
from shop.orders import models as orders_models
from shop.treasury import models as treasury_models

TABLES = (
    outbox,
    members_models,
    decisions_models,
    books_models,
    sharing_models,
    treasury_models,
    menu_models,
    orders_models,
    kitchen_models,
)
"""Importing them is what makes their tables known."""

BLUEPRINTS: tuple[Blueprint, ...] = (
    doors.blueprint,
    members_views.blueprint,
    customer_views.blueprint,
    own_order.blueprint,
)


def register(app: Flask) -> None:
    """Give the app every feature's pages."""
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
