"""How near a seller's turnover comes to the VAT franchise threshold."""
