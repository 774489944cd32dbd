// The script of every page: its search, and what its tables, charts and files do where it has any.

import "./search.js";
import "./table.js";
import "./picking.js";
import "./share.js";
import "./waking.js";
