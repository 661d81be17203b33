/**
 * The extension's pages in headless Chromium, under their own Content-Security-Policy, with a stubbed `browser`: driven over
 * the DevTools protocol, with whatever they ask the network for written down.
 */
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const extension = fileURLToPath(new URL("../../extension/", import.meta.url));
const manifest = JSON.parse(readFileSync(path.join(extension, "manifest.json"), "utf8"));
const TYPES = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".json": "application/json" };
const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** Where Chromium is, null where there is none. */
export const program = process.env.CHROMIUM ?? PLACES.find((place) => existsSync(place)) ?? null;

/** The extension's sentences. @param {string} locale */
export function messages(locale) {
  return JSON.parse(readFileSync(path.join(extension, "_locales", locale, "messages.json"), "utf8"));
}

export class Chromium {
  static async start() {
    const self = new Chromium();
    await self.#begin();
    return self;
  }

  /** @type {Map<number, {resolve: (value: any) => void, reject: (error: Error) => void}>} */
  #waiting = new Map();
  #last = 0;
  #listeners = [];
  /** Further pages of the site: path -> HTML. */
  pages = new Map();

  async #begin() {
    this.#server = createServer((request, response) => {
      const { pathname } = new URL(request.url, "http://site");
      const made = this.pages.get(pathname);
      if (made !== undefined) return response.writeHead(200, { "Content-Type": "text/html; charset=utf-8" }).end(made);
      const file = path.join(extension, path.normalize(pathname));
      if (!existsSync(file)) return response.writeHead(404).end();
      const type = TYPES[path.extname(file)] ?? "application/octet-stream";
      response.writeHead(200, { "Content-Type": `${type}; charset=utf-8`, "Content-Security-Policy": manifest.content_security_policy.extension_pages });
      response.end(readFileSync(file));
    });
    await new Promise((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    this.site = `http://127.0.0.1:${this.#server.address().port}`;
    this.#profile = mkdtempSync(path.join(tmpdir(), "sekisho-chromium-"));
    const flags = ["--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run", "--disable-extensions", "--disable-background-networking", "--disable-component-update", "--no-proxy-server"];
    // No name is ever looked up: what tries to reach anybody fails at once, and is written down.
    this.#process = spawn(program, [...flags, "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1", `--user-data-dir=${this.#profile}`, "--remote-debugging-pipe", "about:blank"], { stdio: ["ignore", "ignore", "pipe", "pipe", "pipe"] });
    let complaint = "";
    this.#process.stderr.on("data", (data) => (complaint = (complaint + data).slice(-2000)));
    this.#gone = new Promise((resolve) => this.#process.once("exit", resolve));
    this.#gone.then(() => {
      for (const { reject } of this.#waiting.values()) reject(new Error(`Chromium left: ${complaint}`));
    });
    /** @type {Buffer[]} */
    let pieces = [];
    this.#process.stdio[4].on("data", (data) => {
      for (let end = data.indexOf(0); end >= 0; end = data.indexOf(0)) {
        this.#hear(JSON.parse(Buffer.concat([...pieces, data.subarray(0, end)]).toString("utf8")));
        pieces = [];
        data = data.subarray(end + 1);
      }
      pieces.push(data);
    });
    await this.send("Browser.getVersion");
  }

  #hear(said) {
    const waits = this.#waiting.get(said.id);
    if (!waits) return this.#listeners.forEach((listener) => listener(said));
    this.#waiting.delete(said.id);
    if (said.error) waits.reject(new Error(JSON.stringify(said.error)));
    else waits.resolve(said.result);
  }

  #server;
  #process;
  #profile;
  #gone;

  /** @param {string} method @param {object} [params] @param {string} [sessionId] @returns {Promise<any>} */
  send(method, params = {}, sessionId) {
    const id = ++this.#last;
    this.#process.stdio[3].write(`${JSON.stringify({ id, method, params, ...(sessionId && { sessionId }) })}\0`);
    return new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
  }

  /**
   * A tab with that page of the site. `stub` is the source of what runs before the page's own scripts.
   *
   * @param {string} page @param {{stub?: string, width?: number, height?: number, media?: Record<string, string>, type?: string, zoom?: number}} [how]
   */
  async open(page, { stub = "", width = 900, height = 900, media = {}, type = "", zoom = 1 } = {}) {
    const { targetId } = await this.send("Target.createTarget", { url: "about:blank" });
    const { sessionId } = await this.send("Target.attachToTarget", { targetId, flatten: true });
    const tab = new Tab(this, targetId, sessionId);
    this.#listeners.push(tab.listen);
    for (const domain of ["Page", "Network", "Runtime", "Log"]) await tab.send(`${domain}.enable`);
    // A zoom of 2 is a window of half as many CSS pixels, each of which is two.
    await tab.send("Emulation.setDeviceMetricsOverride", { width: Math.round(width / zoom), height: Math.round(height / zoom), deviceScaleFactor: zoom, mobile: false });
    await tab.media(media, type);
    if (stub) await tab.send("Page.addScriptToEvaluateOnNewDocument", { source: stub });
    const loaded = tab.event("Page.loadEventFired");
    await tab.send("Page.navigate", { url: `${this.site}/${page}` });
    await loaded;
    return tab;
  }

  async close() {
    this.send("Browser.close").catch(() => {});
    await this.#gone;
    this.#server.closeAllConnections();
    this.#server.close();
    rmSync(this.#profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

export class Tab {
  /** URLs beyond the site that something asked for. @type {string[]} */
  requests = [];
  /** What the page complained of: errors, and what its policy refused. @type {string[]} */
  complaints = [];
  #waits = [];

  constructor(chromium, target, session) {
    this.chromium = chromium;
    this.target = target;
    this.session = session;
    this.listen = ({ method, params, sessionId }) => {
      if (sessionId !== session) return;
      if (method === "Network.requestWillBeSent" && !params.request.url.startsWith(chromium.site)) this.requests.push(params.request.url);
      if (method === "Runtime.exceptionThrown") this.complaints.push(params.exceptionDetails.exception?.description ?? params.exceptionDetails.text);
      if (method === "Log.entryAdded" && params.entry.level === "error" && !/favicon/.test(params.entry.url ?? "")) this.complaints.push(params.entry.text);
      if (method === "Page.javascriptDialogOpening") {
        this.complaints.push(`dialog: ${params.message}`);
        this.send("Page.handleJavaScriptDialog", { accept: false });
      }
      this.#waits = this.#waits.filter((wait) => wait.method !== method || wait.resolve(params));
    };
  }

  send(method, params = {}) {
    return this.chromium.send(method, params, this.session);
  }

  event(method) {
    return new Promise((resolve) => this.#waits.push({ method, resolve: (params) => void resolve(params) }));
  }

  media(features, type = "") {
    return this.send("Emulation.setEmulatedMedia", { media: type, features: Object.entries(features).map(([name, value]) => ({ name, value })) });
  }

  /** What an expression, or a promise, is in the page. @param {string | Function} what @param {...unknown} values */
  async run(what, ...values) {
    const expression = typeof what === "function" ? `(${what})(...${JSON.stringify(values)})` : what;
    const { result, exceptionDetails } = await this.send("Runtime.evaluate", { expression, awaitPromise: true, returnByValue: true });
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  }

  /** @param {string} condition an expression @param {number} [ms] */
  async until(condition, ms = 10_000) {
    const end = Date.now() + ms;
    while (!(await this.run(condition))) {
      if (Date.now() > end) throw new Error(`not within ${ms} ms: ${condition} ${this.complaints.join("; ")}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** @param {boolean} [whole] not only what is to be seen without scrolling @returns {Promise<Buffer>} a PNG */
  async picture(whole = false) {
    const { data } = await this.send("Page.captureScreenshot", { format: "png", captureBeyondViewport: whole });
    return Buffer.from(data, "base64");
  }

  /** @returns {Promise<Buffer>} a PDF */
  async print() {
    return Buffer.from((await this.send("Page.printToPDF", { printBackground: false, preferCSSPageSize: true })).data, "base64");
  }

  close() {
    return this.chromium.send("Target.closeTarget", { targetId: this.target });
  }
}

/**
 * The source of a `browser` for the pages: words of that language, a background that answers every question with the same.
 *
 * @param {string} locale @param {object | object[]} answers to a port's first question, one after the other; an errand gets the first
 */
export function stubbed(locale, answers) {
  return `(${stub})(${JSON.stringify(messages(locale))}, ${JSON.stringify([answers].flat())})`;
}

function stub(words, answers) {
  const say = (key, values = []) => (words[key]?.message ?? "").replace(/\$(\d)/g, (_, n) => values[n - 1] ?? "");
  globalThis.browser = {
    i18n: { getMessage: say },
    permissions: { contains: async () => false, request: async () => false, onAdded: { addListener() {} }, onRemoved: { addListener() {} } },
    tabs: { query: async () => [{ id: 1 }], create: async () => ({}) },
    windows: { create: async () => ({}), openDefaultBrowser: async () => {} },
    folders: { getFolderInfo: async () => ({ totalMessageCount: 5 }) },
    messages: { list: async () => ({ id: null, messages: [1, 2, 3, 4, 5].map((id) => ({ id, headerMessageId: `m${id}` })) }) },
    runtime: {
      sendMessage: async () => answers[0],
      onMessage: { addListener() {} },
      connect: () => {
        const listeners = [];
        globalThis.tell = (...said) => said.forEach((answer) => listeners.forEach((listener) => listener(answer)));
        return {
          onMessage: { addListener: (listener) => listeners.push(listener) },
          onDisconnect: { addListener() {} },
          postMessage: () => setTimeout(() => globalThis.tell(...answers), 0),
        };
      },
    },
  };
  // What hostile markup calls where it can.
  globalThis.acted = [];
  globalThis.canary = (what) => globalThis.acted.push(String(what));
}
