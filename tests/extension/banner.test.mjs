/** banner.js in a document of jsdom, which has no top layer: what it asks, hears and leaves for a mail to read. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { JSDOM } from "jsdom";
import { EXTENSION, event, sayIn, sleep, until } from "./fake.mjs";

const source = readFileSync(new URL("banner.js", EXTENSION), "utf8");
const NOTICE = {
  message: 7,
  level: "danger",
  headline: "Says it is A, but was sent by B <img src=x>.",
  reasons: ["First", "Second"],
  links: [
    { url: "https://login.a.example/?e={X}", domain: "a.example", around: "login.a.example", leads: "b.example", notes: ["It is long"] },
    { url: "HTTPS://Caf\u00e9.example:443/a b", domain: "caf\u00e9.example", around: "", leads: null, notes: [] },
  ],
};

/** A mail with that body; `answers`: what the background says, in turn, the last for ever. */
async function load(answers = [NOTICE], body = "<p>Hello</p>", url = "mailbox:///profile/Inbox?number=7") {
  const { window } = new JSDOM(`<!doctype html><html><body>${body}</body></html>`, { url, runScripts: "outside-only", pretendToBeVisual: true });
  const [asked, roots, open] = [[], [], new Set()];
  const { matches } = window.Element.prototype;
  Object.assign(window.HTMLElement.prototype, {
    showPopover() {
      open.add(this);
    },
    hidePopover() {
      open.delete(this);
    },
    matches(selector) {
      return selector === ":popover-open" ? open.has(this) : matches.call(this, selector);
    },
  });
  const { attachShadow } = window.Element.prototype;
  window.Element.prototype.attachShadow = function (options) {
    roots.push([attachShadow.call(this, options), options.mode]);
    return roots.at(-1)[0];
  };
  window.ResizeObserver = class {
    observe() {}
    disconnect() {}
  };
  const say = sayIn("en");
  const onMessage = event();
  window.browser = {
    i18n: { getMessage: (key, values = []) => say(key, ...values) },
    runtime: {
      onMessage,
      sendMessage: async (plea) => {
        asked.push(plea.ask);
        const answer = plea.ask === "notice" ? (answers.length > 1 ? answers.shift() : answers[0]) : null;
        if (answer instanceof Error) throw answer;
        return structuredClone(answer);
      },
    },
  };
  const run = () => window.eval(source);
  run();
  await sleep(1);
  const [root, mode] = roots[0] ?? [];
  return {
    window,
    document: window.document,
    root,
    mode,
    roots,
    asked,
    run,
    bar: root?.getElementById("bar"),
    owner: root?.getElementById("owner"),
    shown: (id) => open.has(root.getElementById(id)),
    again: async () => (onMessage.fire({ tell: "notice" }), await sleep(1)),
    over: (element, type = "mouseover") => element.dispatchEvent(new window.Event(type, { bubbles: true, composed: true })),
  };
}

test("it says the sentence, and a mail's markup in it is text", async () => {
  const { bar, shown, mode } = await load();
  assert.equal(mode, "closed");
  assert.ok(shown("bar"));
  assert.ok(bar.textContent.includes(NOTICE.headline));
  assert.equal(bar.querySelector("img"), null);
});

test("the page looks the same to a style sheet, whatever the verdict", async () => {
  const pages = [];
  for (const answer of [NOTICE, { ...NOTICE, level: null, headline: null, reasons: [], links: [] }, null]) {
    const { document } = await load([answer]);
    pages.push(document.documentElement.outerHTML);
  }
  assert.equal(new Set(pages).size, 1, pages.join("\n"));
});

test("without anything to say there is no banner, and later there is one", async () => {
  const { shown, again, asked } = await load([null, NOTICE]);
  assert.equal(shown("bar"), false);
  await again();
  assert.equal(shown("bar"), true);
  assert.deepEqual(asked, ["notice", "notice"]);
});

test("what is said of another message is not said here", async () => {
  const { bar, again } = await load([NOTICE, { ...NOTICE, message: 8, headline: "Of another" }]);
  await again();
  assert.ok(bar.textContent.includes(NOTICE.headline));
});

test("what is taken back goes, and reasons that are open stay open", async () => {
  const { bar, shown, again } = await load([NOTICE, { ...NOTICE, reasons: ["First", "Second", "Third"] }, { ...NOTICE, headline: null }]);
  bar.querySelector("button").setAttribute("aria-expanded", "true");
  await again();
  assert.equal(bar.querySelector("ul").hidden, false);
  assert.equal(bar.querySelectorAll("li").length, 3);
  await again();
  assert.equal(shown("bar"), false);
});

test("clicks that no hand made do nothing", async () => {
  const { bar, asked } = await load();
  const [why, analyse] = bar.querySelectorAll("button");
  why.click();
  analyse.click();
  assert.equal(why.getAttribute("aria-expanded"), "false");
  assert.deepEqual(asked, ["notice"]);
});

for (const [html, words] of [
  ['<a id="it" href="https://login.a.example/?e={X}"><b>bank</b></a>', /Belongs to a\.example.*login\.a\.example.*b\.example.*It is long/],
  ['<a id="it" href="https://xn--caf-dma.example/a%20b">x</a>', /Belongs to caf\u00e9\.example/],
  ['<a id="it" href="https://login.a.example/?e={X}),">cut in another place</a>', /Belongs to a\.example(?!.*long)/],
  ['<a id="it" href="https://c.example/">not among the links</a>', /Leads to c\.example/],
  ['<base href="https://login.a.example/"><a id="it" href="?e={X}">relative</a>', /a\.example.*It is long/],
  ['<form action="https://login.a.example/?e={X}"><input name="action"><button id="it">Send</button></form>', /a\.example.*It is long/],
  ['<svg><a id="it" xlink:href="https://login.a.example/?e={X}"><text>x</text></a></svg>', /a\.example/],
]) {
  test(`a link tells its owner: ${html}`, async () => {
    const { document, owner, shown, over, root } = await load([NOTICE], html);
    const element = document.getElementById("it");
    over(element.firstElementChild ?? element);
    assert.equal(shown("owner"), false, "who only passes by is not followed");
    await until(() => shown("owner"));
    assert.match(owner.textContent, words);
    assert.equal(root.getElementById("spoken").textContent, "");
    over(element, "mouseout");
    assert.equal(shown("owner"), false);
  });
}

test("under the focus it is also read aloud", async () => {
  const { document, shown, over, root } = await load([NOTICE], '<a href="https://login.a.example/?e={X}">x</a>');
  over(document.querySelector("a"), "focusin");
  await until(() => shown("owner"));
  assert.match(root.getElementById("spoken").textContent, /a\.example/);
});

test("nothing is told of mailto, of no target, or before the mail has been analysed", async () => {
  const html = '<a href="mailto:a@a.example">a</a><a>b</a><a href="https://[">c</a><a href="javascript:1">d</a>';
  for (const [answers, body] of [[[NOTICE], html], [[null], '<a href="https://login.a.example/">x</a>']]) {
    const { document, shown, over } = await load(answers, body);
    for (const link of document.querySelectorAll("a")) {
      over(link);
      await sleep(300);
      assert.equal(shown("owner"), false);
    }
  }
});

test("what takes it away gets it back, but not for ever", async () => {
  const { document } = await load();
  const there = () => document.documentElement.firstElementChild.localName === "div";
  let times = 0;
  while (there() && times < 50) {
    document.documentElement.firstElementChild.remove();
    await sleep(1);
    times += 1;
  }
  assert.equal(times, 11);
});

test("what a mail puts onto its page to switch it off is taken off", async () => {
  const { document } = await load([NOTICE], "<html inert hidden popover style='filter: opacity(0)'>");
  const page = document.documentElement;
  assert.deepEqual(["inert", "hidden", "popover"].filter((name) => page.hasAttribute(name)), []);
  assert.equal(page.style.getPropertyValue("filter"), "none");
  assert.equal(page.style.getPropertyPriority("filter"), "important");
});

test("layers of the mail's own do not open", async () => {
  const { document, window } = await load([NOTICE], "<div popover id=over></div>");
  const opening = new window.Event("beforetoggle", { cancelable: true });
  assert.equal(document.getElementById("over").dispatchEvent(opening), false);
});

test("twice in one document it is one; a newer version takes its place; a web page is left alone", async () => {
  const { document, roots, run, window } = await load();
  run();
  assert.equal(roots.length, 1);
  window.sekishoBanner = undefined; // another version runs in a world of its own
  run();
  await sleep(1);
  assert.equal(roots.length, 2);
  assert.equal([...document.documentElement.children].filter(({ localName }) => localName === "div").length, 1);
  assert.equal((await load([NOTICE], "", "https://feed.example/")).roots.length, 0);
});

test("an extension that has gone breaks nothing", async () => {
  const { shown } = await load([new Error("Could not establish connection")]);
  assert.equal(shown("bar"), false);
});
