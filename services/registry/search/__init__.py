"""Finding people by name: how names are compared and sorted, and the table in the vault."""
