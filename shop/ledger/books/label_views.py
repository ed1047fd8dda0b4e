"""How a page says what an account is called: in the reader's language, and as the group calls it."""

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from shop.ledger.books.names import CALLED, renamed
from shop.ledger.books.reading import blueprint
from shop.settings.naming import AidName, aid_name

CHART = (
    _l("Caisse repas"), _l("Caisse bière"), _l("Caisse évènement"), _l("Compte repas"), _l("Compte bière"),
    _l("Stripe en attente"), _l("Clients"), _l("Garanties locatives avancées"),
    _l("Cautions versées à la brasserie"), _l("Stock bière"), _l("Liaison repas–bière"), _l("Fournisseurs"),
    _l("Avances clients repas"), _l("Avances clients bière"), _l("Vidanges et bacs clients"),
    _l("Avances de membres à rembourser"), _l("Avoirs clients"), _l("Plats suspendus"),
    _l("Recettes non identifiées"), _l("Régularisation 9bis"), _l("Garanties locatives"),
    _l("SECU solidaire"), _l("Caisse de solidarité repas"), _l("Report repas"), _l("Report bière"),
    _l("Fonds de départ"), _l("Ventes repas"), _l("Remises solidaires"), _l("Livraison"),
    _l("Ventes bière"), _l("Ventes bière évènement"), _l("Dons"), _l("Contributions prix solidaire"),
    _l("Vidanges non réclamées"), _l("Écarts positifs"), _l("Prélèvement sur fonds affectés"),
    _l("Ingrédients"), _l("Emballages"), _l("Coût des bières vendues"), _l("Pertes de stock"),
    _l("Cuisine (participation)"), _l("Frais Stripe"), _l("Transport"), _l("Frais de bénévoles"),
    _l("Perte sur garantie"), _l("Créances abandonnées"), _l("Dépenses des fonds"), _l("Vidanges perdues"),
    _l("Écarts négatifs"), _l("Frais bancaires"), _l("Transfert aux fonds affectés"),
)  # fmt: skip
"""The chart's labels, so that each language says them. What a group calls a fund of its own stays."""

AID = (
    _l("Aide solidaire"), _l("Aide attribuée"), _l("Avances sur aide"), _l("Part solidaire"),
    _l("Part attribuée"), _l("Avances sur part"), _l("Soutien solidaire"), _l("Soutien attribué"),
    _l("Avances sur soutien"), _l("Solidarité"), _l("Solidarité attribuée"), _l("Avances sur solidarité"),
)  # fmt: skip
"""What the cooks receive, by each of the names that there are."""


@blueprint.app_template_filter("account_label")
def account_label(label: str) -> str:
    """Say what an account is called, from its label in the chart."""
    said: str = gettext(renamed(aid_name()).get(label, label))
    return said


@blueprint.app_template_global("aid_words")
def aid_words() -> str:
    """Say what the group calls that which the cooks receive; nothing where it chose no name of its own."""
    name = aid_name()
    return "" if name is AidName.AID else gettext(CALLED[name][0])
