"""Guards of the books, the chart of accounts and the two activities.

The chart's codes follow the Belgian PCMN for associations where it has one; `pcmn` says which. One with (n)
is never negative, in its natural sign.
"""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

GUARDS = Path(__file__).parents[1] / "guards"

GOODS = "Marchandises et services"
SERVICES = "Services et biens divers"
SPENT = "Autres dépenses"
GIFTS = "Dons et legs"
EARNED = "Autres recettes"
INTERNAL = "Transferts internes"

CASH = "Liquidités"
CLAIMS = "Créances"
STOCK = "Stocks"
SUPPLIERS = "Dettes envers les fournisseurs"
MEMBERS = "Dettes envers les membres"
DEBTS = "Autres dettes"
FUNDS = "Fonds affectés"

# code, (n) where never negative, label | heading in the cash journal | heading in the statement of assets
CHART = f"""
asset
570100 (n) Caisse repas | {INTERNAL} | {CASH}
570200 (n) Caisse bière | {INTERNAL} | {CASH}
570300 (n) Caisse évènement | {INTERNAL} | {CASH}
550100 Compte repas | {INTERNAL} | {CASH}
550200 Compte bière | {INTERNAL} | {CASH}
580100 Stripe en attente | {INTERNAL} | {CASH}
400000 Clients | {EARNED} | {CLAIMS}
415100 Garanties locatives avancées | {SPENT} | {CLAIMS}
416100 Avances sur aide | {SPENT} | {CLAIMS}
288100 Cautions versées à la brasserie | {GOODS} | {CLAIMS}
340200 Stock bière | {GOODS} | {STOCK}
499100 Liaison repas–bière | {INTERNAL} | {CLAIMS}
liability
440000 Fournisseurs | {GOODS} | {SUPPLIERS}
460100 (n) Avances clients repas | {EARNED} | {DEBTS}
460200 (n) Avances clients bière | {EARNED} | {DEBTS}
488100 (n) Vidanges et bacs clients | {EARNED} | {DEBTS}
489110 (n) Aide attribuée | {SPENT} | {DEBTS}
489200 (n) Avances de membres à rembourser | {GOODS} | {MEMBERS}
489300 (n) Avoirs clients | {EARNED} | {DEBTS}
489400 (n) Plats suspendus | {GIFTS} | {DEBTS}
499000 Recettes non identifiées | {EARNED} | {DEBTS}
equity
139100 (n) Cartes téléphoniques Vottem | {SPENT} | {FUNDS}
139200 (n) Régularisation 9bis | {SPENT} | {FUNDS}
139300 Garanties locatives | {SPENT} | {FUNDS}
139400 (n) SECU solidaire | {SPENT} | {FUNDS}
139500 (n) Caisse de solidarité repas | {SPENT} | {FUNDS}
140100 Report repas | {EARNED} |
140200 Report bière | {EARNED} |
100000 Fonds de départ | {EARNED} |
income
700100 Ventes repas | {EARNED} |
700180 Remises solidaires | {EARNED} |
700190 Livraison | {EARNED} |
700200 Ventes bière | {EARNED} |
700210 Ventes bière évènement | {EARNED} |
731000 Dons | {GIFTS} |
731100 Contributions prix solidaire | {GIFTS} |
749100 Vidanges non réclamées | {EARNED} |
749900 Écarts positifs | {EARNED} |
791100 Prélèvement sur fonds affectés | {EARNED} |
expense
600100 Ingrédients | {GOODS} |
600110 Emballages | {GOODS} |
600200 Coût des bières vendues | {GOODS} |
609200 Pertes de stock | {GOODS} |
610000 Cuisine (participation) | {SERVICES} |
613100 Frais Stripe | {SERVICES} |
616100 Transport | {SERVICES} |
618000 Frais de bénévoles | {SERVICES} |
642000 Perte sur garantie | {SPENT} |
642100 Créances abandonnées | {SPENT} |
643100 Aide solidaire | {SPENT} |
643200 Dépenses des fonds | {SPENT} |
644100 Vidanges perdues | {SPENT} |
644900 Écarts négatifs | {SPENT} |
656000 Frais bancaires | {SPENT} |
691100 Transfert aux fonds affectés | {SPENT} |
"""

PCMN = ("139", "415", "416", "489", "643", "691", "731", "791")

ACTIVITIES = (
    ("meals", "Plats solidaires", "140100", "570100", "needs"),
    ("beer", "Bière solidaire", "140200", "570200", "funds"),
)


def upgrade() -> None:
    """Go forward."""
    connection = op.get_bind()
    connection.execute(
        sa.text(
            "INSERT INTO account (code, label, type, pcmn, cash_heading, statement_heading, never_negative)"
            " VALUES (:code, :label, :type, :pcmn, :cash_heading, :statement_heading, :never_negative)"
            " ON CONFLICT DO NOTHING"
        ),
        list(chart()),
    )
    connection.execute(
        sa.text(
            "INSERT INTO activity (code, name, contact, result_account, cash_account, sharing, demo)"
            " VALUES (:code, :name, '', :result_account, :cash_account, :sharing, :demo)"
            " ON CONFLICT DO NOTHING"
        ),
        [
            dict(
                zip(("code", "name", "result_account", "cash_account", "sharing"), row, strict=True),
                demo=False,
            )
            for row in ACTIVITIES
        ],
    )
    for statement in guards(connection.dialect.name):
        connection.execute(sa.text(statement))


def downgrade() -> None:
    """Go back: the guards. The chart and the activities stay, for whatever points to them."""
    drop_guards(op.get_bind())


def chart() -> list[dict[str, object]]:
    """Read the chart as rows of the table."""
    rows: list[dict[str, object]] = []
    kind = ""
    for line in CHART.strip().splitlines():
        if "|" not in line:
            kind = line
            continue
        account, cash, statement = (part.strip() for part in line.split("|"))
        code, label = account.split(" ", 1)
        rows.append(
            {
                "code": code,
                "label": label.removeprefix("(n) "),
                "type": kind,
                "pcmn": code[:3] if code.startswith(PCMN) else "",
                "cash_heading": cash,
                "statement_heading": statement,
                "never_negative": label.startswith("(n) "),
            }
        )
    return rows


def guards(dialect: str) -> list[str]:
    """Read the statements that make the guards of a database."""
    return (GUARDS / f"books.{dialect}.sql").read_text(encoding="utf-8").split("\n----\n")


def drop_guards(connection: sa.Connection) -> None:
    """Take every guard of the books away."""
    if connection.dialect.name == "sqlite":
        tables = "'journal_entry', 'posting', 'balance'"
        names = connection.exec_driver_sql(
            f"SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN ({tables})"
        ).scalars()
        for name in list(names):
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        return
    names = connection.exec_driver_sql(
        "SELECT proname FROM pg_proc WHERE proname LIKE 'books#_%%' ESCAPE '#'"
    ).scalars()
    for name in list(names):
        connection.exec_driver_sql(f"DROP FUNCTION {name} CASCADE")
