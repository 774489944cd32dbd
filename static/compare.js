// The comparison page beyond what it says: weights a reader sets, and a choice to look at.

import "./compare-weights.js";
import "./compare-pick.js";
