"""Province-wide statistics. Owns no facts: only views of what the other services published."""
