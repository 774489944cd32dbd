"""The three gateways, simulated as one local HTTP server that keeps their contracts."""

from leaderboard.simulator import damage
from leaderboard.simulator.answers import Request
from leaderboard.simulator.faults import Fault, mutated
from leaderboard.simulator.named import FAULTS
from leaderboard.simulator.server import Simulator

__all__ = ["FAULTS", "Fault", "Request", "Simulator", "damage", "mutated"]
