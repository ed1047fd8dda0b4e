"""What the shop forgets, and when: contacts, addresses, letters, sign-ins, links and past weeks' keys."""
