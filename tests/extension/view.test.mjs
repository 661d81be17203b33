/** From a report to inert DOM: every primitive, whatever its text is. */
import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync, mkdirSync } from "node:fs";
import { test } from "node:test";
import { JSDOM } from "jsdom";
import { build, replace } from "../../extension/dom.js";
import { plain } from "../../extension/plain.js";
import { progressView, troubleView, nothingView } from "../../extension/status.js";
import { placeName } from "../../extension/trail.js";
import { view } from "../../extension/view.js";
import { MAX_TEXT, visibleText } from "../../extension/visible.js";
import { frame, kept, sayIn } from "./fake.mjs";

const say = sayIn("en");
const { document } = new JSDOM("<main></main>").window;

const HOSTILE = {
  markup: '<img src=x onerror="alert(1)"><b>bold</b>&lt;&amp;',
  script: "</script><script>alert(1)</script>",
  override: "invoice\u202Efdp.exe",
  isolate: "\u2066a\u2069 \u200Bzero\u200Fwidth\uFEFF",
  ansi: "\u001B[31mred\u001B[0m\u0007",
  nul: "a\u0000b\u0085",
  tag: "flag\u{E0041}\u{E0042}",
  surrogate: "half \uD83D",
  url: "javascript:alert(1)",
  template: "{{constructor.constructor('alert(1)')()}} ${alert(1)}",
  proto: "__proto__",
};

function report(body, { findings = [], block = "facts", level = null, title = "Title" } = {}) {
  return { ...frame("en"), findings, panel: [{ block, title, level, body }] };
}

function paint(shown) {
  const place = document.createElement("main");
  replace(place, view(shown, say));
  return place;
}

/** One of every primitive, with this text wherever a text can stand. */
function everywhere(text) {
  return [
    { kind: "heading", text },
    { kind: "sentence", text, tone: text, anchor: text },
    { kind: "list", ordered: true, items: [[{ kind: "sentence", text }]] },
    { kind: "table", columns: [text], rows: [[text]] },
    { kind: "table", columns: [], rows: [[text, text]] },
    { kind: "badge", text, level: text },
    { kind: "marked", spans: [{ text, role: text, finding: text, note: text }, { text, role: "mark", finding: null, note: null }] },
    { kind: "fold", summary: text, open: true, body: [{ kind: "sentence", text }] },
    { kind: "timeline", text, stops: [{ standing: text, time: text, gap: text, body: [{ kind: "sentence", text }] }, { standing: "checkpoint", time: null, gap: null, body: [] }] },
    { kind: "map", text, window: { west: 0, south: 0, east: 10, north: 10 }, points: [{ standing: text, lat: 1, lon: 1, radius_km: 50, area: text, disc: [0, 0], where: [text], body: [{ kind: "sentence", text }] }], joins: [{ from: 0, to: 0, standing: text }] },
    { kind: "dissection", url: text, owner: text, note: text, segments: [{ text, role: text }, { text, role: "imitation" }] },
    { kind: "dissection", url: text, owner: text, note: null, segments: [] },
    { kind: "action", text, action: "copy", arguments: { text } },
    { kind: "action", text, action: "relay", arguments: { relay: text, on: true }, note: text },
    { kind: "action", text, action: text, arguments: {} },
    { kind: "more", text },
    { kind: text, text },
  ];
}

const ALLOWED = new Set(
  "MAIN SECTION HEADER DIV P SPAN BDI S STRONG H1 H2 H3 UL OL LI TABLE THEAD TBODY TR TH TD DETAILS SUMMARY BUTTON A CODE svg rect g path circle ellipse text".split(" "),
);

for (const [name, text] of Object.entries(HOSTILE)) {
  test(`hostile text stays text: ${name}`, () => {
    const finding = { id: text, severity: "high", title: text, why: text, advice: text, where: [text, "field:from"], values: {} };
    const place = paint(report(everywhere(text), { findings: [finding], block: text, level: "danger", title: text }));
    for (const element of place.querySelectorAll("*")) {
      assert.ok(ALLOWED.has(element.tagName), element.tagName);
      for (const { name: attribute, value } of element.attributes) {
        assert.match(attribute, /^(class|id|href|title|tabindex|role|dir|open|scope|type|viewBox|width|height|x|y|cx|cy|r|rx|ry|d|aria-[a-z]+|data-[a-z]+)$/);
        if (attribute === "href") assert.match(value, /^#/);
      }
    }
    assert.ok(place.textContent.includes(visibleText(text)));
    // eslint-disable-next-line no-control-regex
    assert.doesNotMatch(place.textContent, /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]/);
  });
}

test("what does not show is named", () => {
  assert.equal(visibleText(HOSTILE.override), "invoice⟨U+202E⟩fdp.exe");
  assert.equal(visibleText(HOSTILE.ansi), "⟨U+001B⟩[31mred⟨U+001B⟩[0m⟨U+0007⟩");
  assert.equal(visibleText(HOSTILE.tag), "flag⟨U+E0041⟩⟨U+E0042⟩");
  assert.equal(visibleText("tab\tand\nline"), "tab\tand\nline");
  assert.equal(visibleText("👩‍💻 👨🏽‍🚀 ❤️‍🔥"), "👩‍💻 👨🏽‍🚀 ❤️‍🔥");
  assert.equal(visibleText("pay‍pal.com"), "pay⟨U+200D⟩pal.com");
  assert.equal(visibleText("\u200b".repeat(100)), `${"⟨U+200B⟩".repeat(8)}… (+92)`);
});

/** What is made to show something: elements, and characters of text and of titles. */
function work(place) {
  const all = [...place.querySelectorAll("*")];
  return { elements: all.length, characters: all.reduce((sum, { title = "" }) => sum + title.length, place.textContent.length) };
}

test("a word of a megabyte is cut, says by how much, and makes no more work than one that is a little too long", () => {
  const place = paint(report(everywhere("w".repeat(1_000_000))));
  assert.match(place.textContent, new RegExp(`… \\(\\+${1_000_000 - MAX_TEXT}\\)`));
  for (const piece of ["w", "a\u200b"]) {
    const [little, much] = [MAX_TEXT + 2, 1_000_000].map((size) => work(paint(report(everywhere(piece.repeat(size / piece.length))))));
    assert.equal(much.elements, little.elements);
    assert.ok(much.characters < 1.1 * little.characters, `${much.characters} characters for ${little.characters}`);
  }
});

test("a panel that is nested without end is cut", () => {
  let body = [{ kind: "sentence", text: "deep" }];
  for (let n = 0; n < 500; n += 1) {
    body = [n % 2 ? { kind: "fold", summary: "s", open: true, body } : { kind: "list", ordered: false, items: [body] }];
  }
  assert.doesNotMatch(paint(report(body)).textContent, /deep/);
  plain(report(body), say);
});

test("primitives with fields missing, null or of a wrong kind are borne", () => {
  const kinds = ["heading", "sentence", "list", "timeline", "map", "table", "badge", "marked", "fold", "dissection", "action", "more", "new"];
  paint(report(kinds.flatMap((kind) => [{ kind }, { kind, text: null, tone: null, anchor: null, level: null, owner: null, note: null }])));
});

const RELAY = { kind: "action", text: "a.example forwards mail to me", action: "relay", arguments: { relay: "a.example", on: true }, note: "Say so only …" };

test("a relay's button carries which one and whether, and is described by its note", () => {
  const made = paint(report([RELAY, { ...RELAY, arguments: { relay: "b.example", on: false }, note: null }]));
  const [named, taken] = made.querySelectorAll("[data-action=relay]");
  assert.deepEqual(JSON.parse(named.dataset.arguments), { relay: "a.example", on: true });
  assert.equal(made.querySelector(`[id="${named.getAttribute("aria-describedby")}"]`).textContent, "Say so only …");
  assert.deepEqual([JSON.parse(taken.dataset.arguments), taken.hasAttribute("aria-describedby")], [{ relay: "b.example", on: false }, false]);
});

test("with arguments of another type it is no button, but its words are there", () => {
  for (const given of [{ relay: 7, on: "true" }, { relay: ["a.example"], on: 1 }, {}, null]) {
    const made = paint(report([{ ...RELAY, arguments: given }]));
    assert.equal(made.querySelector("button"), null);
    assert.ok(made.textContent.includes(RELAY.text));
  }
});

test("the copied text has no buttons, and no fold or bullet that holds nothing else", () => {
  const item = [{ kind: "sentence", text: "Sekisho believes what a.example wrote." }, RELAY];
  const text = plain(report([{ kind: "fold", summary: "Does it forward?", open: false, body: [RELAY] }, { kind: "list", ordered: false, items: [[RELAY], item] }]), say);
  assert.match(text, /^- Sekisho believes what a\.example wrote\.$/m);
  assert.doesNotMatch(text, /forward|Say so|^- ?$/m);
});

test("an unknown kind shows its text, an unknown role is plain, an unknown action is a sentence", () => {
  const place = paint(
    report([
      { kind: "hologram", text: "words" },
      { kind: "marked", spans: [{ text: "x", role: "glitter", finding: null, note: null }] },
      { kind: "action", text: "Fly", action: "fly", arguments: {} },
    ]),
  );
  assert.equal(place.querySelector("p").textContent, "words");
  assert.equal(place.querySelector(".marked bdi").className, "span");
  assert.equal(place.querySelector("button"), null);
  assert.match(place.textContent, /Fly/);
});

test("dom.js knows its elements and attributes, and no other", () => {
  for (const node of [
    ["script", {}, "1"],
    ["img", { src: "x" }],
    ["a", { href: "https://a.example/" }],
    ["a", { href: "javascript:1" }],
    ["p", { onclick: "1" }],
    ["p", { style: "color:red" }],
    ["iframe", {}],
  ]) assert.throws(() => build(node, document), TypeError);
});

test("the verdict has its level as colour class, shape and words", () => {
  for (const [level, words] of [["danger", "Danger"], ["caution", "Caution"], ["clear", "Result"]]) {
    const section = paint(report([], { block: "verdict", level })).firstElementChild;
    assert.ok(section.classList.contains(`level-${level}`));
    assert.ok(section.querySelector(".band .shape[aria-hidden=true]"));
    assert.equal(section.querySelector(".level").textContent, words);
  }
});

test("no level of ours ever reads safe", () => {
  for (const locale of ["en", "ja"]) assert.doesNotMatch(sayIn(locale)("level_clear"), /safe|安全/i);
});

test("a badge has a shape and words", () => {
  const badge = paint(report([{ kind: "badge", text: "high", level: "high" }])).querySelector(".badge");
  assert.ok(badge.querySelector(".shape"));
  assert.equal(badge.textContent, "high");
});

const piece = (role, text, note = null) => ({ role, text, note });
const LINK = {
  kind: "dissection",
  url: "https://paypal.com@login.w-support.jp:8443/activemail.kagoya.com/?e={EMAIL64}&m=me@own.example#x",
  owner: "w-support.jp",
  note: null,
  anchor: "link:0",
  segments: [
    piece("scheme", "https"),
    piece("separator", "://"),
    piece("userinfo", "paypal.com", "a user name"),
    piece("separator", "@"),
    piece("subdomain", "login"),
    piece("separator", "."),
    piece("registrable", "w-support.jp"),
    piece("port", ":8443", "a port"),
    piece("separator", "/"),
    piece("imitation", "activemail.kagoya.com", "somebody else's name"),
    piece("path", "/"),
    piece("query", "?e="),
    piece("placeholder", "{EMAIL64}", "a blank"),
    piece("query", "&m="),
    piece("recipient", "me@own.example", "your address"),
    piece("tomorrows", "#x", "a role of a later host"),
  ],
};

test("the dissection shows every piece in order and says in words what it is", () => {
  const dissection = paint(report([LINK])).querySelector(".dissection");
  assert.equal(dissection.querySelector(".bar").textContent, LINK.url);
  assert.equal(dissection.querySelector(".owner strong").textContent, "w-support.jp");
  assert.deepEqual([...dissection.querySelectorAll(".bar s")].map((one) => one.textContent), ["paypal.com", "activemail.kagoya.com"]);
  assert.equal(dissection.querySelector(".bar .role-imitation").title, "somebody else's name");
  assert.deepEqual(
    [...dissection.querySelectorAll(".legend li")].map((item) => item.textContent),
    LINK.segments.filter(({ note }) => note).map(({ text, note }) => `${text} ${note}`),
  );
  assert.equal(dissection.querySelector(".legend").getAttribute("aria-label"), say("legend"));
  assert.equal(dissection.querySelector(".whole"), null);
});

test("a role of tomorrow is plain text with the words that the host gives it", () => {
  const dissection = paint(report([LINK])).querySelector(".dissection");
  assert.equal([...dissection.querySelectorAll(".bar .segment")].at(-1).className, "segment");
  assert.equal(dissection.querySelector(".legend li:last-child").className, "");
});

test("of a long link the owner is whole, long pieces are cut, and a fold has all of it", () => {
  const long = { ...LINK, url: "", segments: [...LINK.segments, piece("token", "t".repeat(400), "a code")] };
  long.url = long.segments.map(({ text }) => text).join("");
  const dissection = paint(report([long])).querySelector(".dissection");
  assert.equal(dissection.querySelector(".bar .role-registrable").textContent, "w-support.jp");
  assert.equal(dissection.querySelector(".bar .role-imitation").textContent, "activemail.kagoya.com");
  assert.ok(dissection.querySelector(".bar").textContent.length < 160);
  assert.equal(dissection.querySelector(".whole .bar").textContent, long.url);
  assert.equal(dissection.querySelector(".whole").open, false);
});

test("a link below its owner's first has no second name", () => {
  const shown = paint(report([{ kind: "list", ordered: false, items: [[LINK, { ...LINK, owner: "", anchor: "link:1" }]] }]));
  assert.equal(shown.querySelectorAll(".dissection").length, 2);
  assert.equal(shown.querySelectorAll(".owner").length, 1);
});

/** A panel with so many links, each a card of its own with what stands below it. */
const manyLinks = (count) =>
  report(
    [
      {
        kind: "list",
        ordered: false,
        items: Array.from({ length: count }, (_, n) => [
          { ...LINK, url: `${LINK.url}${"t".repeat(4000)}${n}`, anchor: `link:${n}`, segments: [...LINK.segments, piece("token", `${"t".repeat(4000)}${n}`, "a code")] },
          { kind: "fold", summary: "Follow this link", open: false, body: [{ kind: "action", text: "Follow", action: "ask_more", arguments: { visit: [`link:${n}`] } }] },
        ]),
      },
    ],
    { block: "links" },
  );

test("twice as many links make twice the work, and a frame that brings nothing new touches nothing", () => {
  const { window } = new JSDOM("<main></main>");
  const place = window.document.querySelector("main");
  let compared = 0;
  const { isEqualNode } = window.Node.prototype;
  window.Node.prototype.isEqualNode = function (other) {
    compared += (this.textContent ?? "").length;
    return isEqualNode.call(this, other);
  };
  const cost = (count) => {
    const shown = manyLinks(count);
    place.replaceChildren();
    replace(place, view(shown, say));
    const observer = new window.MutationObserver(() => {});
    observer.observe(place, { subtree: true, childList: true, attributes: true, characterData: true });
    compared = 0;
    replace(place, view(structuredClone(shown), say));
    assert.equal(observer.takeRecords().length, 0);
    observer.disconnect();
    return { compared, ...work(place) };
  };
  const [hundred, two] = [100, 200].map(cost);
  assert.ok(two.elements < 2.2 * hundred.elements, `${two.elements} elements for ${hundred.elements}`);
  assert.ok(two.characters < 2.2 * hundred.characters, `${two.characters} characters for ${hundred.characters}`);
  assert.ok(two.compared < 2.2 * hundred.compared, `${two.compared} characters compared for ${hundred.compared}`);
  assert.ok(two.compared < 3 * two.characters, `${two.compared} characters compared to show ${two.characters}: what is equal is gone into again`);
});

test("copied text says beside a link what its pieces are, without a live address", () => {
  const text = plain(report([LINK]), say);
  assert.match(text, /^Belongs to w-support\.jp\nhxxps:\/\/paypal\[\.\]com@/m);
  assert.match(text, /^ {2}activemail\[\.\]kagoya\[\.\]com: somebody else's name$/m);
});

test("evidence can be reached by keyboard and says what it is evidence for", () => {
  const noted = paint(frame("en")).querySelector(".noted");
  assert.equal(noted.tabIndex, 0);
  const note = noted.querySelector(".note");
  assert.equal(noted.getAttribute("aria-describedby"), note.id);
  assert.match(note.textContent, /outside server/);
});

test("each finding leads to its evidence and back", () => {
  const shown = frame("en");
  const place = paint(shown);
  for (const finding of shown.findings) {
    const entry = place.querySelector(`[id="finding-${finding.id}"]`);
    assert.ok(entry, finding.id);
    const links = [...entry.parentElement.querySelectorAll(".evidence a")];
    assert.deepEqual(links.map((link) => link.hash), finding.where.map((anchor) => `#at-${anchor}`));
    for (const link of links) {
      assert.ok(place.querySelector(`[id="${link.hash.slice(1)}"]`), link.hash);
    }
    assert.ok(place.querySelector(`.back[href="#finding-${finding.id}"]`), `no way back to ${finding.id}`);
  }
});

test("a timeline says in words what it draws, and a step inside a fold is drawn like any other", () => {
  const place = paint(frame("en"));
  const [road, inside] = place.querySelectorAll("ol.timeline");
  const standings = (list) => [...list.children].map((stop) => stop.className.replace(/.*standing-/, ""));
  assert.equal(place.querySelectorAll("ol.timeline").length, 2);
  assert.match(road.getAttribute("aria-label"), /^The road/);
  assert.deepEqual(standings(road), ["sender", "contradicted", "claimed", "plausible", "checkpoint", "relay", "yours", "reader"]);
  assert.deepEqual(standings(inside), ["yours", "yours", "yours"]);
  assert.ok(inside.closest("details").closest(".standing-yours"));
  for (const stop of place.querySelectorAll(".stop")) {
    assert.ok(stop.querySelector(".body").textContent.trim());
    assert.equal(stop.querySelector(".point").getAttribute("aria-hidden"), "true");
  }
  assert.equal(road.querySelector(".gap").textContent, "a clock is off by 9 h");
});

test("a hop's evidence is its stop", () => {
  const place = paint(frame("en"));
  assert.equal(place.querySelector("[id='at-hop:0']"), place.querySelector(".standing-relay"));
  assert.ok(place.querySelector(".evidence a[href='#at-hop:0']"));
});

test("a stop of a standing of tomorrow is drawn as no more than claimed", () => {
  const stops = [{ standing: "teleported", time: null, gap: null, body: [{ kind: "sentence", text: "x" }] }, { standing: "constructor" }];
  const place = paint(report([{ kind: "timeline", text: "Road", stops }]));
  assert.equal(place.querySelectorAll(".standing-claimed").length, 2);
});

test("copied text has the stops in their order, with time and gap", () => {
  const text = plain(frame("en"), say);
  assert.match(text, /- 2024-05-07 05:12:40 {2}The sender\n[^]*- 05:12:42 {2}\[Plausible\]\n {2}sv742[^]* ↓ 2 s later\n- The checkpoint/);
});

test("no two elements have one id", () => {
  const ids = [...paint(frame("en")).querySelectorAll("[id]")].map(({ id }) => id);
  assert.deepEqual(ids.length, new Set(ids).size);
});

test("anchors are named as people name them", () => {
  assert.deepEqual(
    ["field:reply-to", "field:received:1", "hop:0", "link:2", "attachment:0", "part:1", "odd:1"].map((a) => placeName(a, say)),
    ["Reply-To field", "Received field 2", "Received line 1", "link 3", "attachment 1", "part 2", "odd:1"],
  );
});

test("a later frame keeps open folds, the focus and the place", () => {
  const page = new JSDOM("<body><main></main></body>").window.document;
  const place = page.querySelector("main");
  const shown = frame("en");
  replace(place, view({ ...shown, final: false }, say));
  const folds = place.querySelectorAll("details");
  folds[1].open = true;
  folds[1].querySelector("summary").focus();
  page.documentElement.scrollTop = 300;
  replace(place, view(shown, say));
  const after = place.querySelectorAll("details");
  assert.equal(after[1], folds[1]);
  assert.equal(after[1].open, true);
  assert.equal(page.activeElement, after[1].querySelector("summary"));
  assert.equal(page.documentElement.scrollTop, 300);
});

/** A network block as it grows while answers come in. */
const growing = (answers, waiting) =>
  report(
    [
      ...(waiting ? [{ kind: "sentence", text: `Asking: ${answers.length} of 9 have answered` }, { kind: "action", text: "Stop asking", action: "cancel", arguments: {} }] : []),
      { kind: "list", items: answers.map((name) => [{ kind: "sentence", text: name }, { kind: "fold", summary: "Record", open: false, body: [{ kind: "sentence", text: `of ${name}` }] }]) },
      { kind: "fold", summary: `Asked: ${answers.length}`, open: false, body: [{ kind: "action", text: "Copy", action: "copy", arguments: { text: String(answers) } }] },
    ],
    { block: "network" },
  );

test("what comes in before it moves nothing out of the reader's hands", () => {
  const { window } = new JSDOM("<body><main></main></body>");
  const page = window.document;
  const place = page.querySelector("main");
  replace(place, view(growing(["b.example"], true), say));
  const [record, log] = place.querySelectorAll("details");
  record.open = log.open = true;
  const words = record.querySelector("p").querySelector("bdi").firstChild;
  log.querySelector("button").focus();
  page.getSelection().setBaseAndExtent(words, 0, words, 2);
  replace(place, view(growing(["a.example", "b.example", "c.example"], true), say));
  const folds = place.querySelectorAll("details");
  assert.deepEqual([...folds].map(({ open }) => open), [false, true, false, true]);
  assert.equal(folds[1], record); // not deepEqual: to that all elements of jsdom are alike
  assert.equal(folds[3], log);
  assert.equal(page.activeElement, log.querySelector("button"));
  assert.equal(JSON.parse(page.activeElement.dataset.arguments).text, "a.example,b.example,c.example");
  const { anchorNode, anchorOffset, focusOffset } = page.getSelection();
  assert.deepEqual([anchorNode === words, anchorOffset, focusOffset, words.isConnected], [true, 0, 2, true]);
  assert.equal(log.querySelector("summary").textContent, "Asked: 3");
});

test("where what has the focus goes, the focus stays in its block", () => {
  const page = new JSDOM("<body><main></main></body>").window.document;
  const place = page.querySelector("main");
  replace(place, view(growing([], true), say));
  place.querySelector("[data-action=cancel]").focus();
  replace(place, view(growing([], false), say));
  assert.equal(page.activeElement, place.querySelector("#network"));
  const fresh = page.createElement("main");
  replace(fresh, view(growing([], false), say));
  page.activeElement.removeAttribute("tabindex");
  assert.equal(place.innerHTML, fresh.innerHTML);
});

test("whatever was there before, what is painted is the report", () => {
  const place = document.createElement("main");
  const reports = ["en", "ja", "en"].map(frame);
  reports.splice(1, 0, growing(["a.example"], true), report(everywhere("x")), growing(["c.example", "a.example"], false), report(everywhere("y 7")));
  for (const shown of reports) {
    replace(place, view(shown, say));
    const fresh = document.createElement("main");
    fresh.append(...view(shown, say).map((node) => build(node, document)));
    assert.equal(place.innerHTML, fresh.innerHTML);
  }
});

test("a block does not change sides while the others grow", () => {
  const block = (name, size) => ({ block: name, title: name, level: null, body: [{ kind: "sentence", text: "x".repeat(size) }] });
  const shown = (...blocks) => ({ ...frame("en"), findings: [], panel: blocks });
  const sides = new Map();
  const place = document.createElement("main");
  const columns = () => [...place.querySelectorAll(".column")].map((column) => [...column.children].map(({ id }) => id));
  replace(place, view(shown(block("facts", 500), block("network", 200), block("links", 700)), say, sides));
  assert.deepEqual(columns(), [["facts", "network"], ["links"]]);
  replace(place, view(shown(block("facts", 500), block("route", 10), block("network", 12000), block("links", 10), block("campaign", 10)), say, sides));
  assert.deepEqual(columns(), [["facts", "route", "network"], ["links", "campaign"]]);
  replace(place, view(shown(block("facts", 500), block("route", 10), block("network", 12000), block("links", 10), block("campaign", 10)), say));
  assert.notDeepEqual(columns()[0], ["facts", "route", "network"], "unless there was none before");
});

test("asking more says at which level, and nothing that is none", () => {
  const button = (privacy) => paint(report([{ kind: "action", text: "Ask", action: "ask_more", arguments: { privacy } }])).querySelector("button");
  assert.deepEqual([button("sender").dataset.action, button("sender").dataset.arguments], ["ask_more", '{"privacy":"sender"}']);
  assert.equal(button("everybody"), null);
});

test("a fold that the host opens later opens, unless the reader touched it", () => {
  const place = document.createElement("main");
  const fold = (open) => view(report([{ kind: "fold", summary: "s", open, body: [] }]), say);
  replace(place, fold(false));
  replace(place, fold(true));
  assert.equal(place.querySelector("details").open, true);
  place.querySelector("details").open = false;
  replace(place, fold(true));
  assert.equal(place.querySelector("details").open, false);
});

test("copied text has every sentence, no live link and nothing unseen", () => {
  const text = plain(frame("en"), say);
  assert.match(text, /\[Danger\] Not from KAGOYA/);
  assert.match(text, /hxxps:\/\/w-support\[\.\]jp/);
  assert.doesNotMatch(text, /https:\/\/w-support/);
  assert.match(text, /gpj⟨U\+202E⟩\.exe/);
});

test("copied text has a letter once and no word of its button", () => {
  const text = plain(kept("virus-account", "en"), say);
  assert.equal(text.split("Dear Sir or Madam,").length, 2);
  assert.doesNotMatch(text, /Copy this letter/);
});

test("every trouble has words in both languages, those that set-up mends its command", () => {
  const kinds = ["missing", "too-old", "crashed", "silent", "broken", "refused", "unreadable", "stalled", "too-large", "cancelled"];
  for (const locale of ["en", "ja"]) {
    for (const kind of kinds) {
      const [section] = troubleView({ kind, detail: "", advice: null, command: null }, sayIn(locale));
      const made = build(section, document);
      assert.ok(made.querySelector("h1").textContent.length > 3);
      assert.equal(Boolean(made.querySelector("#command")), ["missing", "too-old", "crashed", "silent", "broken"].includes(kind));
    }
  }
  const [told] = troubleView({ kind: "too-old", detail: "", advice: "Update.", command: "python3 install.py --here" }, say);
  const made = build(told, document);
  assert.match(made.textContent, /Update\./);
  assert.equal(made.querySelector("#command").textContent, "python3 install.py --here");
  assert.deepEqual(JSON.parse(made.querySelector("[data-action=copy]").dataset.arguments), { text: "python3 install.py --here" });
});

test("progress counts the answers while others are asked, and stands beneath what is shown", () => {
  const place = document.createElement("div");
  const shown = { ...frame("en"), lookups: { asked: 12, waiting: 9, log: [] } };
  replace(place, progressView({ phase: "analysing", done: 100, total: 100, report: shown }, say));
  assert.match(place.textContent, /3 of 12 have answered/);
  assert.equal(place.querySelector("progress").getAttribute("value"), "0.25");
  assert.ok(place.querySelector(".beneath"));
});

test("progress is a bar with a value once there is one", () => {
  const bar = (done, total) =>
    build(progressView({ phase: "analysing", done, total }, say)[0], document).querySelector("progress");
  assert.equal(bar(0, 0).hasAttribute("value"), false);
  assert.equal(bar(1, 4).getAttribute("value"), "0.25");
  build(nothingView(say)[0], document);
});

test("both languages have the same messages, none of them empty", () => {
  const [en, ja] = ["en", "ja"].map((locale) =>
    JSON.parse(readFileSync(new URL(`../../extension/_locales/${locale}/messages.json`, import.meta.url), "utf8")),
  );
  assert.deepEqual(Object.keys(en), Object.keys(ja));
  for (const key of Object.keys(en)) {
    assert.ok(en[key].message && ja[key].message, key);
    assert.deepEqual(en[key].message.match(/\$\d/g)?.sort(), ja[key].message.match(/\$\d/g)?.sort(), key);
  }
});

for (const locale of ["en", "ja"]) {
  test(`the panel's structure is as it was kept (${locale}); SNAPSHOTS=write keeps it anew`, () => {
    const place = document.createElement("main");
    replace(place, view(frame(locale), sayIn(locale)));
    const now = `${outline(place, 0).join("\n")}\n`;
    const kept = new URL(`snapshots/panel-${locale}.txt`, import.meta.url);
    if (process.env.SNAPSHOTS === "write" || !existsSync(kept)) {
      mkdirSync(new URL("snapshots/", import.meta.url), { recursive: true });
      writeFileSync(kept, now);
    }
    assert.equal(now, readFileSync(kept, "utf8"));
  });
}

function outline(node, depth) {
  return [...node.childNodes].flatMap((child) => {
    const indent = "  ".repeat(depth);
    if (child.nodeType === 3) return [`${indent}"${child.data}"`];
    const id = child.id && !child.id.startsWith("note-") ? `#${child.id}` : "";
    const name = [child.localName, ...child.classList].join(".") + id;
    const href = child.getAttribute("href");
    return [`${indent}${name}${href ? ` -> ${href}` : ""}`, ...outline(child, depth + 1)];
  });
}
