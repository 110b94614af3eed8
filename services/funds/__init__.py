"""Funds: contributions, awards and payments, integer dong, and what an auditor can replay."""
