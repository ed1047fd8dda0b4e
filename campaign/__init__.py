"""The long proofs that the suite only samples: `python3 dev.py campaign [NAME …]`."""
