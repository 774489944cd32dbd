// What every page does beyond what it says: mark data that has gone stale since it was built.

for (const mark of document.querySelectorAll("[data-stale-mark]")) {
  if (Date.now() >= Date.parse(mark.dataset.staleAfter)) mark.hidden = false;
}
