// What every page does beyond what it says: mark data that has gone stale since it was built.

import "./search.js";

for (const mark of document.querySelectorAll("[data-stale-mark]")) {
  if (Date.now() >= Date.parse(mark.dataset.staleAfter)) mark.hidden = false;
}

if (document.querySelector("table.ranked")) import("./table.js");
if (document.querySelector("section.share[data-words]")) import("./share.js");
if (document.querySelector("figure[data-renderer]")) {
  import("./picking.js");
  import("./waking.js");
}
