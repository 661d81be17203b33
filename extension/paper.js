// @ts-check
/** On paper no fold can be opened: all are, while the page is printed. */

/** @type {HTMLDetailsElement[]} */
let unfolded = [];

window.addEventListener("beforeprint", () => {
  unfolded = [...document.querySelectorAll("details")].filter((fold) => !fold.open);
  for (const fold of unfolded) fold.open = true;
});

window.addEventListener("afterprint", () => {
  for (const fold of unfolded) fold.open = false;
  unfolded = [];
});
