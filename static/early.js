// What must be there at the first paint: the chosen colours, and the marks of data that has gone
// stale since the page was built. A classic script in the head, for a module would come after
// the page has been painted: in the system's colours, and moving when the marks appear.

(() => {
  const root = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)");
  const key = "theme";

  function remembered() {
    try {
      const theme = localStorage.getItem(key);
      return theme === "light" || theme === "dark" ? theme : null;
    } catch {
      return null; // storage is refused: the system's wish is followed
    }
  }

  function remember(theme) {
    try {
      if (theme === null) localStorage.removeItem(key);
      else localStorage.setItem(key, theme);
    } catch {
      // storage is refused: the choice lasts as long as the page
    }
  }

  function wear(theme) {
    if (theme === null) delete root.dataset.theme;
    else root.dataset.theme = theme;
    const shown = theme ?? (system.matches ? "dark" : "light");
    const colours = {};
    const metas = document.querySelectorAll('meta[name="theme-color"]');
    for (const meta of metas) {
      meta.dataset.own ??= meta.content;
      colours[meta.media.includes("dark") ? "dark" : "light"] = meta.dataset.own;
    }
    for (const meta of metas) meta.content = theme === null ? meta.dataset.own : colours[theme];
    const button = document.querySelector("[data-theme-switch]");
    if (button) button.ariaPressed = String(shown === "dark");
    document.dispatchEvent(new CustomEvent("themechange", { detail: shown }));
  }

  function mark(records) {
    for (const { addedNodes } of records) {
      for (const node of addedNodes) {
        if (node.dataset?.staleMark === undefined) continue;
        if (Date.now() >= Date.parse(node.dataset.staleAfter)) node.hidden = false;
      }
    }
  }

  root.dataset.scripted = "";
  wear(remembered());
  const reading = new MutationObserver(mark);
  reading.observe(root, { childList: true, subtree: true });

  document.addEventListener("DOMContentLoaded", () => {
    mark(reading.takeRecords());
    reading.disconnect();
    wear(remembered());
    document.querySelector("[data-theme-switch]")?.addEventListener("click", () => {
      const shown = root.dataset.theme ?? (system.matches ? "dark" : "light");
      const wanted = shown === "dark" ? "light" : "dark";
      // Back at what the system wants, the system is followed again.
      const theme = (wanted === "dark") === system.matches ? null : wanted;
      remember(theme);
      wear(theme);
    });
  });
  system.addEventListener("change", () => wear(root.dataset.theme ?? null));
  addEventListener("storage", (event) => {
    if (event.key === key || event.key === null) wear(remembered());
  });
})();
