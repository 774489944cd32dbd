"""Pages about one model, lab or app; their indexes; their downloads."""
