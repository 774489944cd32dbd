// Scripts that a page names with their hashes, loaded when they are first needed.

const preloaded = new Set();

// Import the script that an element's data name: "path hash". A browser that has been told the
// hash refuses any other bytes under that path.
export function late(element, name) {
  const [path, integrity] = element.dataset[name].split(" ");
  const { href } = new URL(path, document.baseURI);
  if (!preloaded.has(href)) {
    const link = document.createElement("link");
    Object.assign(link, { rel: "modulepreload", href, integrity });
    document.head.append(link);
    preloaded.add(href);
  }
  return import(href);
}
