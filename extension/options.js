// @ts-check
/** The options page: shows what is chosen, and has each change judged and kept as it is made. */
import { replace } from "./dom.js";
import { visible } from "./visible.js";

/** @type {Sekisho.Say} */
const say = (key, ...values) => browser.i18n.getMessage(key, values);

/** The fields that are one text each, and what an unreadable or wrong one is told. @type {Record<string, string>} */
const WRONG = {
  resolver: "options_server_wrong",
  deadline: "options_deadline_wrong",
  safe_browsing_key: "options_key_wrong",
  lists: "options_lists_wrong",
  atlas: "options_atlas_wrong",
  own_domains: "options_own_wrong",
  remember_days: "options_remember_wrong",
};
/** The lists that are filled one by one, and what a name of the wrong form is told. @type {Record<Sekisho.ListName, string>} */
const LISTS = { trusted_senders: "options_trusted_wrong", relays: "options_relays_wrong" };
/** What can be switched on only with Thunderbird's permission, and what is said without it. @type {Record<string, {permissions: string[], denied: string}>} */
const NEEDS = {
  reply_guard: { permissions: ["compose"], denied: "options_guard_denied" },
  watch: { permissions: ["messagesTags", "messagesUpdate", "notifications"], denied: "options_watch_denied" },
  address_book: { permissions: ["addressBooks"], denied: "options_book_denied" },
};
/** What of them the page can show only when the host uses it. */
const OFFERED = ["resolver", "blocklists", "deadline", "safe_browsing_key", "lists", "atlas", "own_domains", "remember_days"];

const live = find("#live", HTMLElement);

document.documentElement.lang = say("locale");
document.documentElement.dataset["place"] = "tab";
document.title = `${say("name")} – ${say("options_title")}`;
for (const element of document.querySelectorAll("[data-say]")) element.textContent = say(element.getAttribute("data-say") ?? "");
for (const field of document.querySelectorAll("[data-placeholder]")) field.setAttribute("placeholder", say(field.getAttribute("data-placeholder") ?? ""));
told({ ask: "options" }).then(show);

/** @param {Sekisho.Counter} counter */
function show({ chosen, managed, addresses, own, refused, unreadable, offers, blocklists, lists: named, trouble }) {
  for (const radio of document.querySelectorAll('input[type="radio"]')) {
    if (radio instanceof HTMLInputElement) radio.checked = radio.value === chosen[radio.name];
  }
  for (const name of Object.keys(NEEDS)) find(`#${name}`, HTMLInputElement).checked = chosen[name] === true;
  for (const name of OFFERED) {
    if (offers) find(`[data-name="${name}"]`, HTMLElement).hidden = !offers.includes(name);
  }
  for (const name of Object.keys(WRONG)) {
    const field = /** @type {HTMLInputElement | HTMLTextAreaElement} */ (find(`#${name}`, HTMLElement));
    const value = chosen[name];
    field.value = Array.isArray(value) ? value.join("\n") : String(value ?? "");
    const paths = lines(field.value).filter((path) => unreadable.includes(path));
    fault(name, refused.includes(name) ? say(WRONG[name] ?? "") : paths.length ? say("options_unreadable", paths.join(", ")) : null);
  }
  showBlocklists(blocklists, chosen["blocklists"]);
  for (const [list, names] of Object.entries(named)) showNames(list, names, managed[list]);
  find("#own-addresses", HTMLElement).textContent = addresses.join(", ") || say("options_own_nothing");
  find("#own-organisations", HTMLElement).textContent = own.join(", ") || say("options_own_nothing");
  lock(managed);
  const notes = trouble ? [say("options_unchecked", say(`trouble_${trouble.kind.replace("-", "_")}`))] : [];
  replace(find("#notes", HTMLElement), notes.map((text) => ["p", {}, ...visible(text)]));
  document.body.dataset["state"] = "shown";
}

/** @param {Sekisho.Blocklist[]} blocklists @param {unknown} chosen */
function showBlocklists(blocklists, chosen) {
  const zones = Array.isArray(chosen) ? chosen.map(String) : [];
  // A zone that was chosen under another version of the host is still shown, so that it can be taken back.
  const unknown = zones.filter((zone) => !blocklists.some((one) => one.zone === zone));
  const all = [...blocklists, ...unknown.map((zone) => ({ zone, subject: null, terms: null }))];
  find("#blocklists", HTMLElement).replaceChildren(
    ...all.map(({ zone, subject, terms }) => {
      const row = copyOf("#blocklist");
      const [box, label, about, link] = [part(row, "input"), part(row, "label"), part(row, "span"), part(row, "a")];
      box.id = label.htmlFor = `list-${zone}`;
      box.value = label.textContent = zone;
      box.checked = zones.includes(zone);
      about.textContent = subject === null ? say("options_list_unknown") : say(`options_list_${subject === "ip" ? "ip" : "domain"}`);
      about.id = `about-${zone}`;
      box.setAttribute("aria-describedby", about.id);
      if (terms?.startsWith("https://")) {
        link.textContent = say("options_terms");
        link.setAttribute("aria-label", `${say("options_terms")}: ${zone}`);
        link.href = terms;
      } else link.remove();
      return row;
    }),
  );
}

/** @param {string} list @param {string[]} names @param {unknown} set what an administrator has named */
function showNames(list, names, set) {
  const block = find(`[data-list="${list}"]`, HTMLElement);
  const fixed = Array.isArray(set) ? set.map(String) : [];
  const rows = [...fixed, ...names.filter((name) => !fixed.includes(name))].map((name) => {
    const row = copyOf("#name");
    part(row, "bdi").textContent = name;
    const button = part(row, "button");
    if (fixed.includes(name)) {
      const remark = document.createElement("span");
      remark.className = "locked";
      remark.textContent = say("options_managed");
      button.replaceWith(remark);
      return row;
    }
    button.textContent = say("options_take_back");
    button.setAttribute("aria-label", `${say("options_take_back")}: ${name}`);
    button.dataset["list"] = list;
    button.dataset["taken"] = name;
    return row;
  });
  block.dataset["fixed"] = JSON.stringify(fixed);
  block.querySelector(".names")?.replaceChildren(...rows);
  const none = block.querySelector(".remark");
  if (none instanceof HTMLElement) none.hidden = rows.length > 0;
}

/** What an administrator has set is shown as it is, and cannot be changed here. @param {Record<string, unknown>} managed */
function lock(managed) {
  for (const block of document.querySelectorAll("[data-name]")) {
    if (!(block instanceof HTMLElement) || !Object.hasOwn(managed, block.dataset["name"] ?? "")) continue;
    for (const field of block.querySelectorAll("input, textarea, button")) field.setAttribute("disabled", "");
    if (block.querySelector(".locked")) continue;
    const remark = document.createElement("p");
    remark.className = "locked";
    remark.textContent = say("options_managed");
    block.append(remark);
  }
}

/** @param {string} list @param {string} name @param {boolean} on */
async function tell(list, name, on) {
  live.textContent = "";
  const block = find(`[data-list="${list}"]`, HTMLElement);
  const counter = await told({ ask: "name", list: /** @type {Sekisho.ListName} */ (list), name, on });
  const names = counter.lists[/** @type {Sekisho.ListName} */ (list)];
  showNames(list, names, JSON.parse(block.dataset["fixed"] ?? "[]"));
  const kept = names.includes(name.trim().toLowerCase()) === on;
  const said = find(`[data-list="${list}"] .fault`, HTMLElement);
  said.hidden = kept;
  said.textContent = kept ? "" : say(on ? LISTS[/** @type {Sekisho.ListName} */ (list)] : "options_not_kept");
  if (kept) live.textContent = say("options_kept");
  return kept;
}

/** @param {string} name @param {unknown} value */
async function choose(name, value) {
  live.textContent = "";
  const { kept, wrong, unreadable } = /** @type {Sekisho.Receipt} */ (await ask({ ask: "choose", name, value }));
  if (!kept) return fault(name, wrong ? say(WRONG[name] ?? "options_not_kept") : say("options_not_kept"));
  fault(name, unreadable.length ? say("options_unreadable", unreadable.join(", ")) : null);
  live.textContent = say("options_kept");
}

/** What takes a permission asks for it here: from the click itself. @param {HTMLInputElement} box @param {{permissions: string[], denied: string}} needs */
async function switchOn(box, { permissions, denied }) {
  const allowed = !box.checked || (await browser.permissions.request({ permissions }).catch(() => false));
  if (allowed) return choose(box.id, box.checked || null);
  box.checked = false;
  fault(box.id, say(denied));
}

/** @param {string} name @param {string | null} words */
function fault(name, words) {
  const block = find(`[data-name="${name}"]`, HTMLElement);
  const said = block.querySelector(".fault");
  if (said instanceof HTMLElement) {
    said.hidden = words === null;
    said.textContent = words;
  }
  const field = block.querySelector(`#${name}`);
  if (words === null) field?.removeAttribute("aria-invalid");
  else field?.setAttribute("aria-invalid", "true");
}

document.addEventListener("change", ({ target }) => {
  if (target instanceof HTMLTextAreaElement) return choose(target.id, lines(target.value));
  if (!(target instanceof HTMLInputElement)) return;
  if (target.closest("[data-list]")) return; // added by its button, or by Enter
  if (target.type === "radio") return choose(target.name, target.value);
  const needs = NEEDS[target.id];
  if (needs) return switchOn(target, needs);
  if (target.type === "checkbox") {
    const boxes = [...document.querySelectorAll("#blocklists input")];
    return choose("blocklists", boxes.flatMap((box) => (box instanceof HTMLInputElement && box.checked ? [box.value] : [])));
  }
  const value = target.value.trim();
  if (target.type !== "number") return choose(target.id, value);
  if (target.validity.badInput) return fault(target.id, say(WRONG[target.id] ?? ""));
  choose(target.id, value === "" ? null : Number(value));
});

document.addEventListener("click", async (event) => {
  const clicked = event.target instanceof Element ? event.target.closest("a, button") : null;
  if (clicked instanceof HTMLAnchorElement) {
    event.preventDefault(); // a web page belongs into the browser
    await browser.windows.openDefaultBrowser(clicked.href);
  } else if (clicked instanceof HTMLButtonElement && clicked.dataset["taken"]) {
    const { list = "", taken = "" } = clicked.dataset;
    await tell(list, taken, false);
    const next = document.querySelector(`[data-list="${list}"] .names button`) ?? document.querySelector(`[data-list="${list}"] .add input`);
    if (next instanceof HTMLElement) next.focus();
  } else if (clicked instanceof HTMLButtonElement && clicked.dataset["add"]) await add(clicked.dataset["add"]);
});

document.addEventListener("keydown", (event) => {
  const list = event.target instanceof HTMLInputElement ? event.target.closest("[data-list]") : null;
  if (event.key === "Enter" && list instanceof HTMLElement) add(list.dataset["list"] ?? "");
});

/** @param {string} list */
async function add(list) {
  const field = find(`[data-list="${list}"] .add input`, HTMLInputElement);
  if (field.value.trim() === "") return field.focus();
  const kept = await tell(list, field.value, true);
  field.toggleAttribute("aria-invalid", !kept);
  if (kept) field.value = "";
  else field.setAttribute("aria-invalid", "true");
  field.focus();
}

/** @param {string} text */
function lines(text) {
  return text.split("\n").map((line) => line.trim()).filter((line) => line);
}

/** @param {Sekisho.Errand} errand */
function ask(errand) {
  return browser.runtime.sendMessage(errand);
}

/** @param {Sekisho.Errand} errand */
async function told(errand) {
  return /** @type {Sekisho.Counter} */ (await ask(errand));
}

/** @param {string} template @returns {Element} */
function copyOf(template) {
  const row = find(template, HTMLTemplateElement).content.firstElementChild?.cloneNode(true);
  if (!(row instanceof Element)) throw new TypeError(`${template} is empty`);
  return row;
}

/** @template {keyof HTMLElementTagNameMap} N @param {Element} row @param {N} name @returns {HTMLElementTagNameMap[N]} */
function part(row, name) {
  const found = row.querySelector(name);
  if (!found) throw new TypeError(`no ${name}`);
  return found;
}

/** @template {HTMLElement} T @param {string} selector @param {new () => T} kind @returns {T} */
function find(selector, kind) {
  const found = document.querySelector(selector);
  if (!(found instanceof kind)) throw new TypeError(`options.html has no ${selector}`);
  return found;
}
