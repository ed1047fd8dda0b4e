"""The words in the files that treasurers take away: French, because the files go to Belgian treasurers."""

from shop.ledger.books.rules import EntryKind, ReversalReason

EVENTS = {
    EntryKind.OPENING: "Solde d’ouverture",
    EntryKind.HAND_OVER: "Remise",
    EntryKind.PAYMENT: "Paiement",
    EntryKind.NO_SHOW: "Pas venu",
    EntryKind.COST: "Achat",
    EntryKind.REIMBURSEMENT: "Remboursement",
    EntryKind.BILL_PAID: "Facture payée",
    EntryKind.GIFT: "Don",
    EntryKind.TRANSFER: "Transfert",
    EntryKind.LIAISON: "Règlement entre vendeurs",
    EntryKind.COUNT: "Caisse comptée",
    EntryKind.SETTLEMENT: "Partage",
    EntryKind.PAYOUT: "Part remise",
    EntryKind.ADVANCE: "Avance sur une part",
    EntryKind.CLOSING: "Clôture de l’année",
    EntryKind.REVERSAL: "Annulation",
}

REASONS = {
    ReversalReason.AMOUNT: "montant faux",
    ReversalReason.TWICE: "inscrit deux fois",
    ReversalReason.PLACE: "mauvais compte",
    ReversalReason.DAY: "mauvais jour",
    ReversalReason.NEVER: "n’a pas eu lieu",
}

DOCUMENTS = {"order": "commande", "week": "semaine", "settlement": "partage"}
"""What a document is called that people know by its number."""


def entry_words(kind: EntryKind, event: EntryKind, document: str, label: str, shop: str = "") -> str:
    """Say in one line what happened: `Paiement, commande 1042`, `Achat, Boucherie`.

    For a reversal, what it undoes and why.
    """
    what, _, which = document.partition(":")
    known = DOCUMENTS.get(what)
    parts = [EVENTS[event], f"{known} {which}" if known and which else shop, label]
    if kind == EntryKind.REVERSAL:
        undone = EVENTS[event]
        parts[0] = f"{EVENTS[kind]} : {undone[0].lower()}{undone[1:]}"
        parts[2] = REASONS.get(label, label)  # type: ignore[call-overload]
    return ", ".join(part for part in parts if part)
