"""Which features the shop is made of: their pages, and the tables they bring."""

from flask import Blueprint, Flask

from shop import health, outbox, revision
from shop.announcing import views as announcing_views
from shop.collective import causes, closing, menus, paying, splitting, weeks
from shop.collective import views as collective_views
from shop.collective.deciding import views as deciding_views
from shop.collective.history import views as history_views
from shop.collective.report import views as report_views
from shop.collective.starting import house_views, opening_views
from shop.collective.starting import views as starting_views
from shop.collective.todo import views as todo_views
from shop.collective.undoing import views as undoing_views
from shop.customer import own_order
from shop.customer import views as customer_views
from shop.decisions import models as decisions_models
from shop.decisions.services import KINDS
from shop.kitchen import models as kitchen_models
from shop.kitchen import views as kitchen_views
from shop.ledger.books import models as books_models
from shop.ledger.books import views as books_views
from shop.ledger.exports import views as exports_views
from shop.ledger.exports.reads import SHOPS
from shop.ledger.exports.workbook import SHEETS, Sheet
from shop.ledger.sharing import models as sharing_models
from shop.ledger.sharing import rules as sharing_rules
from shop.members import doors
from shop.members import models as members_models
from shop.members import views as members_views
from shop.menu import models as menu_models
from shop.menu import rules as menu_rules
from shop.menu import views as menu_views
from shop.orders import entering, evening, rounds
from shop.orders import models as orders_models
from shop.orders import views as orders_views
from shop.orders.sheets import open_orders
from shop.settings import models as settings_models
from shop.settings import views as settings_views
from shop.treasury import models as treasury_models
from shop.treasury import receipt_views
from shop.treasury import views as treasury_views
from shop.treasury.naming import shop_paid

TABLES = (
    outbox,
    revision,
    members_models,
    settings_models,
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
    health.blueprint,
    doors.blueprint,
    members_views.blueprint,
    settings_views.blueprint,
    books_views.blueprint,
    exports_views.blueprint,
    customer_views.blueprint,
    own_order.blueprint,
    menu_views.blueprint,
    kitchen_views.blueprint,
    announcing_views.blueprint,
    collective_views.blueprint,
    starting_views.blueprint,
    opening_views.blueprint,
    house_views.blueprint,
    weeks.blueprint,
    menus.blueprint,
    orders_views.blueprint,
    evening.blueprint,
    entering.blueprint,
    rounds.blueprint,
    treasury_views.blueprint,
    receipt_views.blueprint,
    closing.blueprint,
    todo_views.blueprint,
    undoing_views.blueprint,
    report_views.blueprint,
    splitting.blueprint,
    paying.blueprint,
    deciding_views.blueprint,
    history_views.blueprint,
)


WORKBOOK: tuple[Sheet, ...] = (open_orders,)
"""What features add to the treasurer's workbook."""


def register(app: Flask) -> None:
    """Give the app every feature's pages, and its sheets."""
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    app.add_template_global(causes.cause)
    app.add_template_global(causes.shops_of)
    app.extensions[SHEETS] = WORKBOOK
    app.extensions[SHOPS] = shop_paid
    app.extensions[KINDS] = {kind.key: kind for kind in (*sharing_rules.KINDS, *menu_rules.KINDS)}
