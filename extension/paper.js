// @ts-check
/** On paper no fold can be opened: all are, while the page is printed. */

/** @type {HTMLDetailsElement[]} */
let closed = [];

addEventListener("beforeprint", () => {
  closed = [...document.querySelectorAll("details")].filter((fold) => !fold.open);
  for (const fold of closed) fold.open = true;
});

addEventListener("afterprint", () => {
  for (const fold of closed) fold.open = false;
  closed = [];
});
