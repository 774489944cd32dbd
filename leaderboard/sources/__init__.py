"""One module per gateway."""
