"""The three gateways, simulated as one local HTTP server that keeps their contracts."""
