/** Stand-ins for Thunderbird: events, ports, the `browser` object, a host that follows a script. */
import { readFileSync } from "node:fs";

/**
 * In Thunderbird no timer keeps a page alive. Here one that lets an idle host go minutes later would keep the process of the
 * tests, and `node --test` would seem to hang.
 */
const later = globalThis.setTimeout;
const LONG = 10_000; // ms: longer than any test waits
globalThis.setTimeout = (callback, ms, ...values) => {
  const timer = later(callback, ms, ...values);
  return ms >= LONG ? timer.unref() : timer;
};

export const EXTENSION = new URL("../../extension/", import.meta.url);
export const FRAMES = new URL("../frames/", import.meta.url);

export function frame(locale) {
  return JSON.parse(readFileSync(new URL(`example-${locale}.json`, FRAMES), "utf8"));
}

/** The kept frame of a sample mail. */
export function kept(sample, locale) {
  return JSON.parse(readFileSync(new URL(`${sample}.${locale}.json`, FRAMES), "utf8"));
}

export function sayIn(locale) {
  const messages = JSON.parse(readFileSync(new URL(`_locales/${locale}/messages.json`, EXTENSION), "utf8"));
  return (key, ...values) => {
    if (!messages[key]) throw new Error(`no message ${key} in ${locale}`);
    return messages[key].message.replace(/\$(\d)/g, (_, n) => values[n - 1] ?? "");
  };
}

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Waits for something to become so. */
export async function until(condition, what = condition.toString(), ms = 30_000) {
  for (const end = Date.now() + ms; ; await sleep(2)) {
    const value = await condition();
    if (value) return value;
    if (Date.now() > end) throw new Error(`not in time: ${what}`);
  }
}

export function event() {
  const listeners = [];
  return {
    addListener: (listener) => listeners.push(listener),
    hasListener: (listener) => listeners.includes(listener),
    fire: (...values) => listeners.map((listener) => listener(...values)),
    get count() {
      return listeners.length;
    },
  };
}

/** Two ends of one port; what is posted arrives later, as in Thunderbird. */
export function portPair(name = "") {
  const make = () => ({ name, error: null, onMessage: event(), onDisconnect: event(), closed: false });
  const [here, there] = [make(), make()];
  for (const [from, to] of [[here, there], [there, here]]) {
    from.postMessage = (message) => {
      if (from.closed) throw new Error("Attempt to postMessage on disconnected port");
      const copy = structuredClone(message);
      setTimeout(() => !to.closed && to.onMessage.fire(copy), 0);
    };
    from.disconnect = () => {
      if (from.closed) return;
      from.closed = to.closed = true;
      setTimeout(() => to.onDisconnect.fire(to), 0); // never on one's own end
    };
  }
  return [here, there];
}

/**
 * A native host after a script: `answer(frame, host)` is called with each frame; it may `send`, `die`, or do nothing.
 * `connect` is what Host is given; every call makes a new process.
 */
export function fakeHost(answer = obedient) {
  const host = {
    connects: 0,
    frames: [],
    lives: [],
    missing: false,
    get open() {
      return host.lives.filter((life) => !life.port.closed).length;
    },
    connect() {
      host.connects += 1;
      const [here, there] = portPair();
      const life = {
        port: here,
        jobs: new Map(),
        kept: new Map(), // the last of what came in whole
        send: (message) => there.postMessage({ jsonrpc: "2.0", ...message }),
        raw: (message) => there.postMessage(message),
        die(error = null) {
          here.error = error && { message: error };
          there.disconnect();
        },
      };
      host.lives.push(life);
      if (host.missing) {
        setTimeout(() => life.die("No such native application sekisho"), 0);
        return here;
      }
      there.onMessage.addListener((message) => {
        host.frames.push(message);
        answer(message, life, host);
      });
      return here;
    },
  };
  return host;
}

const CHOICES = {
  settings: ["resolver", "blocklists", "deadline", "lists", "own_domains", "remember_days"],
  blocklists: [
    { zone: "ip.list.example", subject: "ip", terms: "https://list.example/terms" },
    { zone: "domain.list.example", subject: "domain", terms: "javascript:alert(1)" },
  ],
};

/** Does what PROTOCOL.md says, with the example report. */
export function obedient({ id, method, params }, life) {
  if (method === "hello") life.send({ id, result: { protocol: 1, host: "0.1.0", problems: [] } });
  if (method === "analyse") life.jobs.set(id, { params, got: "" });
  if (method === "ask_more") {
    const job = life.kept.get(params.of);
    if (!job) return life.send({ id, error: { code: -32005, message: "gone", data: { of: params.of } } });
    keep(life, id, job);
    life.send({ method: "report", params: { id, report: told(job, params) } });
    life.send({ id, result: { sha256: "00", frames: 1 } });
  }
  if (method === "cancel" && life.jobs.delete(params.id)) {
    life.send({ id: params.id, error: { code: -32800, message: "cancelled" } });
  }
  if (method === "settings") {
    const { resolver, lists = [], remember_days = 0 } = params.settings ?? {};
    if (resolver === "nowhere") return life.send({ id, error: { code: -32602, message: "resolver must be", data: { field: "settings.resolver" } } });
    if (remember_days > 3650) return life.send({ id, error: { code: -32602, message: "remember_days must be", data: { field: "settings.remember_days" } } });
    const unreadable = lists.filter((path) => path.startsWith("/none"));
    life.send({ id, result: { settings: params.settings, ignored: [], own: ["own.example"], unreadable, choices: CHOICES } });
  }
  if (method === "state") life.send({ id, result: { data: [{ kind: "table", columns: ["Table", "As of"], rows: [["Atlas", "2026-06-05"]] }], register: [{ kind: "sentence", text: "What 3 messages taught" }] } });
  if (method === "doctor") life.send({ id, result: { doctor: [{ kind: "sentence", text: "Everything is right." }] } });
  if (method === "update") life.send({ id, result: { said: ["Atlas: now of 2026-11-01."] } });
  if (method === "forget") life.send({ id, result: { forgotten: 3 } });
  if (method !== "chunk") return;
  const job = life.jobs.get(params.id);
  if (!job) return;
  job.got += atob(params.data);
  const progress = { id: params.id, stage: "receiving", done: job.got.length, total: job.params.size };
  life.send({ method: "progress", params: progress });
  const report = told(job, job.params);
  if (!params.last) {
    if (params.index === 0) life.send({ method: "report", params: { id: params.id, report: { ...report, message: { ...report.message, sha256: null }, final: false } } });
    return;
  }
  life.jobs.delete(params.id);
  keep(life, params.id, job);
  life.send({ method: "report", params: { id: params.id, report } });
  life.send({ id: params.id, result: { sha256: "00", frames: 1 } });
}

/** What the host says of a message: the example, with a panel unless none is wanted. */
function told(job, { panel = true }) {
  const report = frame(job.params.settings.locale ?? "en");
  report.verdict.level = report.panel[0].level = job.got.includes("evil") ? "danger" : "clear";
  return panel ? report : { ...report, panel: null };
}

/** As many as the host keeps (native.py, MAX_KEPT). */
function keep({ kept }, id, job) {
  kept.set(id, job);
  for (const oldest of kept.keys()) if (kept.size > 4) kept.delete(oldest);
}

/** Thunderbird with some messages and one mail tab. `mails`: id -> {size, subject, raw, account}. */
export function fakeBrowser({ mails, host, locale = "en", accounts = [], stored = {}, managed = null, unreadable = null }) {
  const say = sayIn(locale);
  const state = { displayed: [], selected: [], paneVisible: true, raw: 0, listed: 0, full: false, allows: true };
  const calls = [];
  const header = (id) => {
    const { size, raw, subject = `mail ${id}`, account } = mails[id];
    return { id, size: size ?? raw.length, subject, ...(account && { folder: { accountId: account } }) };
  };
  const list = (ids) => ({ id: null, messages: ids.map(header) });
  const button = (name) => {
    const marks = { text: "", title: "", color: "" };
    const set = (what, field) => async (details) => {
      calls.push([name, what, details]);
      marks[what] = details[field];
      if (name === "messageDisplayAction" && !state.paneVisible) await new Promise(() => {}); // as Thunderbird 153 does
    };
    return {
      marks,
      setBadgeText: set("text", "text"),
      setTitle: set("title", "title"),
      setBadgeBackgroundColor: set("color", "color"),
      openPopup: async (options) => {
        calls.push([name, "openPopup", options]);
        return state.paneVisible && state.displayed.length === 1;
      },
    };
  };
  const needs = (id) => {
    if (!mails[id]) throw new Error(`Message not found: ${id}.`);
    return mails[id];
  };
  const tab = { id: 1, windowId: 1, type: "mail" };
  const kept = structuredClone(stored);
  const session = {};
  const scripts = new Map(); // they outlive the event page
  const browser = {
    accounts: { list: async () => ((state.listed += 1), structuredClone(accounts)), onCreated: event(), onDeleted: event(), onUpdated: event() },
    identities: { onCreated: event(), onDeleted: event(), onUpdated: event() },
    storage: {
      local: {
        get: async (key) => {
          if (unreadable !== null && unreadable === key) throw new Error("damaged");
          return structuredClone(key === null ? kept : key in kept ? { [key]: kept[key] } : {});
        },
        set: async (values) => {
          if (state.full) throw new Error("QuotaExceededError");
          Object.assign(kept, structuredClone(values));
        },
        clear: async () => {
          for (const key of Object.keys(kept)) delete kept[key];
        },
      },
      managed: {
        get: async () => {
          if (!managed) throw new Error("Managed storage manifest not found");
          return structuredClone(managed);
        },
      },
      session: {
        get: async (key) => structuredClone(key === null ? session : key in session ? { [key]: session[key] } : {}),
        set: async (values) => void Object.assign(session, structuredClone(values)),
        clear: async () => {
          for (const key of Object.keys(session)) delete session[key];
        },
      },
    },
    scripting: {
      executeScript: async (injection) => void calls.push(["scripting", "executeScript", injection]),
      messageDisplay: {
        getRegisteredScripts: async () => [...scripts.values()],
        registerScripts: async (more) => {
          for (const script of more) {
            if (scripts.has(script.id)) throw new Error(`A messageDisplayScript with id "${script.id}" is already registered.`);
            scripts.set(script.id, script);
          }
        },
        unregisterScripts: async ({ ids }) => ids.forEach((id) => scripts.delete(id)),
      },
    },
    permissions: { onAdded: event(), request: async () => state.allows },
    compose: {}, // beforeSend comes with the permission
    action: button("action"),
    messageDisplayAction: button("messageDisplayAction"),
    commands: { onCommand: event() },
    i18n: { getMessage: (key, values = []) => say(key, ...values) },
    mailTabs: {
      get: async () => ({ messagePaneVisible: state.paneVisible }),
      getSelectedMessages: async () => list(state.selected),
      onSelectedMessagesChanged: event(),
    },
    menus: {
      create: (item) => calls.push(["menus", "create", item]),
      update: async (id, change) => void calls.push(["menus", "update", id, change]),
      removeAll: async () => void calls.push(["menus", "removeAll"]),
      onClicked: event(),
    },
    messageDisplay: {
      getDisplayedMessages: async () => (state.selected.some((id) => mails[id].unshown) ? new Promise(() => {}) : list(state.displayed)), // as 153 does
      onMessagesDisplayed: event(),
    },
    messages: {
      onNewMailReceived: event(),
      get: async (id) => (needs(id), header(id)),
      getRaw: async (id, options) => {
        state.raw += 1;
        if (options?.data_format !== "BinaryString") throw new Error("a File is slow");
        if (needs(id).stalls) return new Promise(() => {});
        return needs(id).raw;
      },
    },
    runtime: {
      connect: ({ name }) => {
        const [here, there] = portPair(name);
        browser.runtime.onConnect.fire(there);
        return here;
      },
      connectNative: () => host.connect(),
      getManifest: () => ({ version: "0.1.0" }),
      onConnect: event(),
      onMessage: event(),
      sendMessage: async (errand) => structuredClone(await browser.runtime.onMessage.fire(structuredClone(errand), {})[0]),
      onInstalled: event(),
      onStartup: event(),
    },
    tabs: {
      create: async (properties) => void calls.push(["tabs", "create", properties]),
      query: async () => [tab],
      sendMessage: async (tabId, news) => void calls.push(["tabs", "sendMessage", tabId, news]),
      onRemoved: event(),
    },
    windows: {
      create: async (properties) => void calls.push(["windows", "create", properties]),
      openDefaultBrowser: async (url) => void calls.push(["windows", "openDefaultBrowser", url]),
    },
  };
  return {
    browser,
    calls,
    kept,
    scripts,
    state,
    tab,
    /** The reader selects rows; the message pane follows later, if there is one. */
    async select(...ids) {
      state.selected = ids;
      browser.mailTabs.onSelectedMessagesChanged.fire(tab, list(ids));
      if (!state.paneVisible) return;
      await sleep(3);
      if (ids.some((id) => mails[id].unshown)) return;
      state.displayed = ids;
      if (ids.length) browser.messageDisplay.onMessagesDisplayed.fire(tab, list(ids));
    },
    list,
  };
}

/** Loads background.js anew against this `browser`. */
let loads = 0;
export async function loadBackground(fake) {
  globalThis.browser = fake.browser;
  await import(new URL(`background.js?${++loads}`, EXTENSION));
}
