// @ts-check
/**
 * Runs in a shown message: draws the banner above it and says whom a link belongs to. Knows nothing but what the background
 * answers. The mail around it is hostile HTML without scripts: all that is drawn stands in a closed shadow root and, above
 * whatever the mail paints, in the top layer. Nothing that the mail's style sheet can select differs with the verdict.
 */
(() => {
  const here = /** @type {{sekishoBanner?: boolean}} */ (globalThis);
  // A feed may show a web page in the message's place.
  if (here.sekishoBanner || /^(?:https?|about|chrome|moz-extension):/.test(document.URL)) return;
  here.sekishoBanner = true;
  const gone = new AbortController();
  const { signal } = gone;
  // The one that an earlier version of the extension has left here, which nobody answers any more.
  document.dispatchEvent(new Event("sekisho-leave"));

  /** Before what is under the mouse or the focus is told, in milliseconds: who only passes by is not followed. */
  const PAUSE = 250;
  /** A mail cannot take the banner away; what else does so this often wants it gone. */
  const MAX_RETURNS = 10;

  const STYLE = `
    /* Important rules of a shadow tree come before the document's important ones, whatever these select (CSS Cascade 4, 6.1).
       Names of families are left out: a mail can bring a font of any name, but not a generic one. */
    :host {
      all: initial !important; display: block !important; direction: ltr !important; unicode-bidi: isolate !important;
      transition: none !important; animation: none !important; color-scheme: light dark !important;
      font: 13px/1.45 system-ui, sans-serif !important;
    }
    .layer { box-sizing: border-box; position: fixed; margin: 0; border: 0; padding: 0; overflow: visible; width: auto; height: auto; color: inherit; }
    .layer:not(:popover-open) { display: none; }
    #bar {
      --wash: #edf4f5; --ink: #1c2126; --edge: #22525e; --mark: #22525e; --mark-ink: #fff; --link: #1d5c93;
      inset: 0 0 auto 0; max-height: 60vh; overflow: auto; background: var(--wash); color: var(--ink); border-bottom: 2px solid var(--edge);
    }
    #bar.danger { --wash: #fdecee; --edge: #b3192b; --mark: #b3192b; --mark-ink: #fff; }
    #bar.caution { --wash: #fff5dc; --edge: #9a5b00; --mark: #9a5b00; --mark-ink: #fff; }
    .line { display: flex; flex-wrap: wrap; align-items: center; gap: 4px 10px; padding: 5px 10px; }
    .said { flex: 1 1 240px; min-width: 0; overflow-wrap: anywhere; }
    .level { display: inline-block; font-weight: 700; padding: 0 7px; margin-inline-end: 6px; border-radius: 3px; background: var(--mark); color: var(--mark-ink); }
    .doing { display: flex; flex-wrap: wrap; gap: 4px 8px; }
    button {
      font: inherit; color: var(--ink); background: transparent; border: 1px solid var(--edge); border-radius: 4px; padding: 2px 9px;
      min-height: 24px; cursor: pointer;
    }
    button:hover { background: var(--mark); color: var(--mark-ink); }
    button:focus-visible { outline: 2px solid var(--link); outline-offset: 1px; }
    ul { margin: 0; padding: 0 10px 7px 28px; overflow-wrap: anywhere; }
    #owner {
      --paper: #fff; --ink: #1c2126; --soft: #59636d; --edge: #59636d; --hot: #a11425;
      inset: 0 auto auto 0; max-width: min(420px, calc(100vw - 16px)); padding: 6px 9px; border: 1px solid var(--edge); border-radius: 4px;
      background: var(--paper); color: var(--ink); overflow-wrap: anywhere; pointer-events: none; box-shadow: 0 2px 6px #0004;
    }
    #owner.warn { --edge: #b3192b; border-inline-start-width: 5px; }
    #owner p { margin: 0; }
    #owner .about { color: var(--soft); }
    #owner.warn .note { color: var(--hot); }
    #owner .around { color: var(--soft); }
    #owner b { font-weight: 700; color: var(--ink); }
    #spoken { position: fixed; clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden; }
    [hidden] { display: none; }
    @media (prefers-color-scheme: dark) {
      #bar { --wash: #273438; --ink: #e8eaed; --edge: #a5d2dd; --mark: #a5d2dd; --mark-ink: #1b1e22; --link: #8cc4f5; }
      #bar.danger { --wash: #43232a; --edge: #ff8f9b; --mark: #ff8f9b; --mark-ink: #2a0a0f; }
      #bar.caution { --wash: #3b3220; --edge: #f3c968; --mark: #f3c968; --mark-ink: #241900; }
      #owner { --paper: #25292e; --ink: #e8eaed; --soft: #a6afb8; --edge: #a6afb8; --hot: #ffa7b0; }
      #owner.warn { --edge: #ff8f9b; }
    }
    @media (forced-colors: active) { .level { border: 1px solid; } }
    @media print { :host { display: none !important; } }
  `;

  /** What would be done to the banner with the whole page; no transition, which would come before what is important. */
  const PAGE = { transition: "none", animation: "none", display: "block", zoom: "1", "content-visibility": "visible", filter: "none" };

  const words = (/** @type {string} */ key, /** @type {string[]} */ ...values) => browser.i18n.getMessage(key, values);
  const make = (/** @type {string} */ name, /** @type {Record<string, string>} */ attributes = {}, /** @type {(Node | string)[]} */ ...inner) => {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.append(...inner);
    return element;
  };

  const host = make("div");
  const root = host.attachShadow({ mode: "closed" });
  const space = make("div"); // as high as the banner, so that it covers nothing of the mail
  const bar = make("section", { id: "bar", class: "layer", popover: "manual", "aria-label": words("name"), lang: words("locale") });
  const owner = make("div", { id: "owner", class: "layer", popover: "manual", role: "tooltip", lang: words("locale") });
  const spoken = make("div", { id: "spoken", "aria-live": "polite", lang: words("locale") });
  root.append(make("style", {}, STYLE), space, bar, owner, spoken);
  let returns = 0;
  /** @type {Sekisho.Notice | null} */
  let notice = null;
  /** @type {Map<string, Sekisho.NoticeLink>} */
  const links = new Map();

  /** Puts the banner where nothing of the mail can be above it. */
  function place() {
    const page = document.documentElement;
    // What a mail can do to its whole page would be done to the banner as well. Always the same, so that it tells nothing.
    for (const name of ["inert", "hidden", "popover"]) if (page.hasAttribute(name)) page.removeAttribute(name);
    for (const [name, value] of Object.entries(PAGE)) page.style.setProperty(name, value, "important");
    if (host.parentNode !== page || page.firstChild !== host) page.prepend(host);
    if (bar.matches(":popover-open")) bar.hidePopover(); // what was shown last is on top
    if (notice?.headline) bar.showPopover();
    fit();
  }

  function fit() {
    space.style.height = `${bar.offsetHeight}px`;
  }

  async function ask() {
    /** @type {Sekisho.Notice | null} */
    const answer = await browser.runtime.sendMessage({ ask: "notice" }).catch(() => null); // the extension may have gone
    if (!answer || (notice && notice.message !== answer.message)) return; // a document never shows another message
    if (JSON.stringify(answer) === JSON.stringify(notice)) return;
    notice = answer;
    links.clear();
    for (const link of answer.links) links.set(normal(link.url), link);
    draw(answer);
  }

  /** @param {Sekisho.Notice} answer */
  function draw({ level, headline, reasons }) {
    const wasOpen = bar.querySelector("[aria-expanded=true]") !== null;
    bar.className = `layer ${level ?? ""}`;
    const list = make("ul", { id: "why" }, ...reasons.map((reason) => make("li", { dir: "auto" }, reason)));
    const why = make("button", { type: "button", "aria-expanded": String(wasOpen), "aria-controls": "why" }, words("banner_why"));
    const analyse = make("button", { type: "button" }, words("analyse"));
    list.hidden = !wasOpen;
    why.addEventListener("click", ({ isTrusted }) => {
      if (!isTrusted) return;
      list.hidden = !list.hidden;
      why.setAttribute("aria-expanded", String(!list.hidden));
      fit();
    });
    analyse.addEventListener("click", ({ isTrusted }) => {
      if (isTrusted) browser.runtime.sendMessage({ ask: "analyse" }).catch(() => {});
    });
    const said = make("div", { class: "said", role: "status" }, ...(level ? [make("span", { class: "level" }, words(`level_${level}`))] : []), make("span", { dir: "auto" }, headline ?? ""));
    bar.replaceChildren(make("div", { class: "line" }, said, make("div", { class: "doing" }, ...(reasons.length ? [why] : []), analyse)), list);
    place();
  }

  /** An address as this document writes it. @param {string} url */
  function normal(url) {
    try {
      return new URL(url).href;
    } catch {
      return url;
    }
  }

  /** @type {Element | null} */
  let told = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let pause;

  /** What an element leads to: of a link, or of a button that sends a form. @param {Element} element */
  function target(element) {
    const form = element.closest("form");
    const given = element.localName === "a" || element.localName === "area"
      ? (element.getAttribute("href") ?? element.getAttributeNS("http://www.w3.org/1999/xlink", "href"))
      : (element.getAttribute("formaction") ?? form?.getAttribute("action"));
    try {
      return given ? new URL(given.trim(), document.baseURI) : null;
    } catch {
      return null;
    }
  }

  /** @param {Event} event */
  function over({ target: at, type }) {
    const found = at instanceof Element ? at.closest("a, area, form button, form input[type=submit], form input[type=image]") : null;
    if (found === told) return;
    away();
    if (!found || !notice) return;
    told = found;
    pause = setTimeout(() => tell(found, type === "focusin"), PAUSE);
  }

  function away() {
    clearTimeout(pause);
    told = null;
    if (owner.matches(":popover-open")) owner.hidePopover();
  }

  /** Words around a name. @param {string} key @param {Node | string} name */
  function sentence(key, name) {
    const [before = "", after = ""] = words(key, "\n").split("\n");
    return make("p", { class: "about" }, before, make("bdi", { dir: "ltr" }, name), after);
  }

  /** @param {Element} element @param {boolean} aloud */
  function tell(element, aloud) {
    const url = target(element);
    if (!url || !/^(?:https?|ftp):$/.test(url.protocol) || !element.isConnected) return;
    const known = links.get(url.href) ?? sibling(url);
    const { domain, around, leads, notes } = known ?? { domain: url.hostname, around: "", leads: null, notes: [] };
    owner.className = notes.length ? "layer warn" : "layer";
    owner.replaceChildren(
      sentence(known ? "banner_owner" : "banner_leads", make("b", {}, domain)),
      ...(around ? [make("p", { class: "around" }, make("bdi", { dir: "ltr" }, around))] : []),
      ...(leads ? [sentence("banner_on", leads)] : []),
      ...notes.map((note) => make("p", { class: "note", dir: "auto" }, note)),
    );
    if (aloud) spoken.textContent = owner.textContent;
    owner.showPopover();
    const box = element.getClientRects()[0] ?? element.getBoundingClientRect();
    const { innerWidth: width, innerHeight: height } = window;
    const below = box.bottom + 6;
    const top = below + owner.offsetHeight <= height ? below : Math.max(bar.offsetHeight, box.top - owner.offsetHeight - 6);
    owner.style.inset = `${top}px auto auto ${Math.max(8, Math.min(box.left, width - owner.offsetWidth - 8))}px`;
  }

  /** Where the program that made a link of a text took more or less into it than the host did. @param {URL} url @returns {Sekisho.NoticeLink | undefined} */
  function sibling({ hostname }) {
    for (const [written, link] of links) {
      if (URL.canParse(written) && new URL(written).hostname === hostname) return { ...link, notes: [], leads: null };
    }
    return undefined;
  }

  const listen = (/** @type {string[]} */ names, /** @type {(event: any) => void} */ act) => {
    for (const name of names) document.addEventListener(name, act, { capture: true, signal });
  };
  listen(["mouseover", "focusin"], over);
  listen(["mouseout", "focusout", "scroll", "mousedown"], away);
  listen(["keydown"], ({ key }) => key === "Escape" && away());
  // A mail without scripts can still open a layer of its own, from a button (popovertarget, commandfor): it would lie above.
  listen(["beforetoggle"], (event) => event.preventDefault());
  listen(["toggle", "fullscreenchange"], place);
  const size = new ResizeObserver(fit);
  const taken = new MutationObserver(() => {
    if (host.parentNode !== document.documentElement && returns++ < MAX_RETURNS) place();
  });
  listen(["sekisho-leave"], () => {
    gone.abort();
    size.disconnect();
    taken.disconnect();
    host.remove();
  });
  size.observe(bar);
  taken.observe(document.documentElement, { childList: true });
  browser.runtime.onMessage.addListener((news) => void (news?.tell === "notice" && ask()));

  place();
  ask();
})();
