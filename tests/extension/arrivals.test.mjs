/** New mail looked at as it arrives: the tag, the one notification, a flood, and an event page that is stopped in between. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Arrivals } from "../../extension/arrivals.js";
import { sayIn, sleep, until } from "./fake.mjs";

const INBOX = { id: "a1://Inbox", accountId: "a1", name: "Inbox" };

/** `bad`: whether a message bears a warning. */
function thunderbird({ wanted = true, bad = (id) => id % 10 === 0, session = {}, sizes = {} } = {}) {
  const [tags, names, shown, opened, looked, made] = [new Map(), [], [], [], [], []];
  let arrivals;
  const list = (ids, from) => ({ id: from + 100 < ids.length ? from + 100 : null, messages: ids.slice(from, from + 100).map((id) => ({ id, size: sizes[id] ?? 1000 })) });
  let flood = [];
  globalThis.browser = {
    messages: {
      continueList: async (from) => list(flood, from),
      abortList: async () => {},
      get: async (id) => {
        if (id < 0) throw new Error("Message not found");
        return { id, tags: tags.get(id) ?? ["$label1"] };
      },
      update: async (id, { tags: now }) => void tags.set(id, now),
      tags: { create: async (...tag) => (made.push(tag), made.length > 1 ? Promise.reject(new Error("exists")) : tag[0]) },
    },
    notifications: {
      create: async (name, { title, message }) => void (shown.push([title, message]), names.push(name)),
      clear: async (name) => void (names.includes(name) && (await arrivals.closed(name))), // as 153 does
    },
    windows: { create: async ({ url }) => void opened.push(url) },
  };
  const make = () => {
    arrivals = new Arrivals(
      {
        analyses: { end: async (id) => (looked.push(id), await sleep(0), { report: { verdict: { level: bad(id) ? "danger" : "clear", headline: `mail ${id}` } } }) },
        wanted: async () => wanted,
        session: { get: async (key) => structuredClone(key in session ? { [key]: session[key] } : {}), set: async (values) => void Object.assign(session, structuredClone(values)) },
        say: sayIn("en"),
      },
      { quiet: 20 },
    );
    return arrivals;
  };
  return { tags, names, shown, opened, looked, made, session, make, mail: (ids) => list((flood = ids), 0) };
}

const numbers = (count, first = 1) => Array.from({ length: count }, (_, n) => first + n);

test("one with a warning gets the tag beside those it has, and a notification that leads to its panel", async () => {
  const { make, mail, tags, names, shown, opened, made } = thunderbird();
  const arrivals = make();
  await arrivals.received(INBOX, mail([9, 10, 11]));
  assert.deepEqual([...tags], [[10, ["$label1", "sekisho"]]]);
  assert.deepEqual(made.map(([key, name]) => [key, name]), [["sekisho", "Sekisho: suspicious"]]);
  assert.deepEqual(shown, [["A new message has a warning", "mail 10"]]);
  await arrivals.clicked(names.at(-1));
  assert.match(opened[0], /^panel.html\?.*message=10/);
  await arrivals.received(INBOX, mail([12]));
  assert.equal(shown.length, 1, "nothing is told of mail without a warning");
});

test("a thousand at once make one notification, and new ones add to it until the reader takes note", async () => {
  const { make, mail, tags, names, shown, opened, looked } = thunderbird();
  const arrivals = make();
  await Promise.all([arrivals.received(INBOX, mail(numbers(1000))), sleep(5).then(() => arrivals.received(INBOX, { id: null, messages: [{ id: 2000, size: 1 }] }))]);
  assert.deepEqual([looked.length, tags.size, shown], [1001, 101, [["New messages have warnings", "101 of 1001 new messages have a warning."]]]);
  await arrivals.received(INBOX, mail([3000]));
  assert.equal(shown.at(-1)[1], "102 of 1002 new messages have a warning.");
  await arrivals.closed(names[0]); // the end of the first, told late
  await arrivals.clicked(names.at(-1));
  assert.match(opened[0], /^several.html\?place=window&of=102&messages=10,20,/);
  assert.equal(opened[0].split(",").length, 100);
  await arrivals.received(INBOX, mail([4000]));
  assert.equal(shown.at(-1)[1], "mail 4000");
  await arrivals.closed(names.at(-1));
  await arrivals.received(INBOX, mail([5000]));
  assert.equal(shown.at(-1)[1], "mail 5000");
});

test("what is too much or too large is left, and said", async () => {
  const { make, mail, shown, looked } = thunderbird({ sizes: { 7: 26 * 1024 * 1024 } });
  await make().received(INBOX, mail(numbers(2100)));
  assert.equal(looked.length, 2000);
  assert.match(shown[0][1], /^200 of 2000 .* 100 were not looked at/);
});

test("an event page that is stopped in between goes on from there, and tells of all", async () => {
  const { make, mail, looked, session, shown } = thunderbird();
  const first = make();
  first.received(INBOX, mail(numbers(200)));
  await until(() => looked.length > 50);
  const at = structuredClone(session);
  const again = thunderbird({ session: at });
  await again.make().resume();
  assert.deepEqual([again.looked.at(-1), again.looked[0] > 20], [200, true]);
  assert.match(again.shown[0][1], /^20 of 200 new messages/);
  assert.equal(shown.length, 0);
  await until(() => looked.length === 200);
});

test("switched off it looks at nothing; one that a filter has moved does not stop the rest", async (context) => {
  const off = thunderbird({ wanted: false });
  await off.make().received(INBOX, off.mail(numbers(150)));
  assert.deepEqual([off.looked, off.shown], [[], []]);
  context.mock.method(console, "warn", () => {});
  const { make, mail, tags, shown } = thunderbird({ bad: () => true });
  await make().received(INBOX, mail([-1, 5]));
  assert.deepEqual([[...tags.keys()], shown.length], [[5], 1]);
});
