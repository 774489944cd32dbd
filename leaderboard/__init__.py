"""A public leaderboard of LLM usage over the gateways that publish theirs."""
