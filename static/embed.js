// An embedded chart: the theme that its address asks for, before anything is painted; and the
// mark of data that has gone stale since it was built. A plain script, so that nothing flashes.

(() => {
  const theme = new URLSearchParams(location.search).get("theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
  addEventListener("DOMContentLoaded", () => {
    for (const mark of document.querySelectorAll("[data-stale-mark]")) {
      if (Date.now() >= Date.parse(mark.dataset.staleAfter)) mark.hidden = false;
    }
  });
})();
