// The address, changed seldom: browsers refuse more than some hundred changes in half a minute,
// and a drag makes more.

let due = null; // gives the address that is still to be written
let timer = 0;

// Write what *address* gives by then, in a moment.
export function soon(address) {
  due = address;
  clearTimeout(timer);
  timer = setTimeout(now, 150);
}

// Write at once what is still to be written.
export function now() {
  clearTimeout(timer);
  const url = due?.();
  due = null;
  if (url && url.href !== location.href) history.replaceState(history.state, "", url);
}

addEventListener("pagehide", now);
