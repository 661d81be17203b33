// @ts-check
/** A report's panel as a tree of nodes. Pure: knows the primitives of PROTOCOL.md, no finding, no block, no browser. */
import { known } from "./actions.js";
import { drawing, standingOf } from "./map.js";
import { Trail, placeName } from "./trail.js";
import { visible, visibleText } from "./visible.js";

const MAX_DEPTH = 40;
/** So much of a text names it. */
const MAX_NAME = 120;
const TONES = new Set(["plain", "strong", "muted", "warn", "danger"]);
const LEVELS = new Set(["info", "low", "medium", "high", "clear", "caution", "danger"]);
const MARKS = new Set(["mark", "helo", "rdns", "address", "by", "field-name", "muted"]);
const STANDINGS = new Set("sender claimed contradicted plausible checkpoint relay yours reader".split(" "));
const SEGMENTS = new Set(
  "scheme userinfo subdomain registrable port path query fragment ip imitation placeholder recipient nested token separator".split(" "),
);
/** Pieces that no link needs to be whole to be judged by: cut in the bar, whole in the fold below it. */
const LONG = new Set(["path", "query", "fragment", "nested", "token", "subdomain"]);
const MAX_BAR = 160;
const MAX_PIECE = 32;
/** A cell with such a word may be broken anywhere. */
const LONG_WORD = /\S{40}/;
/**
 * @typedef {object} Context
 * @property {Sekisho.Say} say
 * @property {Trail} trail
 * @property {string} key what stands here, by its words and not by its number: the same in the next frame of the same
 *   report, whatever comes in before it
 * @property {number} depth
 * @property {"h2" | "h3"} under the heading below the one that stands above this
 */

/**
 * @param {Sekisho.PanelReport} report
 * @param {Sekisho.Say} say
 * @param {Sides} [sides] of the frame before: what stood on one side stays there
 * @returns {Sekisho.Node[]}
 */
export function view(report, say, sides = new Map()) {
  const trail = new Trail(report);
  const name = namer("");
  const blocks = report.panel.map((block) => {
    const key = name(block.block);
    return {
      node: paintBlock(block, { say, trail, key, depth: 0, under: block.level ? "h2" : "h3" }),
      key,
      weight: weigh(block),
      whole: block.block === "verdict" || block.block === "source",
    };
  });
  return columns(blocks, sides);
}

/** Primitives outside of a report. @param {Sekisho.Primitive[]} body @param {Sekisho.Say} say @param {string} key @returns {Sekisho.Node[]} */
export function painted(body, say, key) {
  return paintAll(body, { say, trail: new Trail({ panel: [], findings: [] }), key, depth: 0, under: "h3" });
}

/** @typedef {Map<string, "left" | "right">} Sides by the keys of blocks */

/**
 * Names for things that stand beside each other: of each its words without figures (counts change from frame to frame),
 * and which of those with the same words it is. A name has no space in it and is short, however deep it stands.
 *
 * @param {string} above the name of what they stand in
 */
function namer(above) {
  /** @type {Map<string, number>} */
  const seen = new Map();
  return (/** @type {string} */ words) => {
    const plain = words.slice(0, MAX_NAME).replace(/\d+/g, "");
    const nth = seen.get(plain) ?? 0;
    seen.set(plain, nth + 1);
    return `k${hash(`${above}/${plain}/${nth}`)}`;
  };
}

/** FNV-1a, twice 32 bits. @param {string} text */
function hash(text) {
  let one = 0x811c9dc5;
  let other = 0x9dc5811c;
  for (let n = 0; n < text.length; n += 1) {
    one = Math.imul(one ^ text.charCodeAt(n), 0x01000193);
    other = Math.imul(other ^ text.charCodeAt(n), 0x01000197);
  }
  return (one >>> 0).toString(36) + (other >>> 0).toString(36);
}

/** What tells a primitive from those beside it. @param {Sekisho.Primitive | undefined} primitive */
function wordsOf(primitive) {
  return `${primitive?.kind} ${primitive?.anchor ?? primitive?.summary ?? primitive?.text ?? primitive?.url ?? ""}`;
}

/**
 * In a wide window what stands between the verdict and the source comes in two columns of about the same length; one
 * after the other they are still in the host's order.
 *
 * @param {{node: Sekisho.Node, key: string, weight: number, whole: boolean}[]} blocks
 * @param {Sides} sides
 * @returns {Sekisho.Node[]}
 */
function columns(blocks, sides) {
  /** @type {Sekisho.Node[]} */
  const out = [];
  for (let at = 0; at < blocks.length; ) {
    const block = blocks[at];
    if (!block) break;
    if (block.whole) {
      out.push(block.node);
      at += 1;
      continue;
    }
    let end = at;
    while (blocks[end] && !blocks[end]?.whole) end += 1;
    const run = blocks.slice(at, end);
    const half = run.reduce((sum, { weight }) => sum + weight, 0) / 2;
    /** @type {Sekisho.Node[]} */
    const left = [];
    /** @type {Sekisho.Node[]} */
    const right = [];
    const last = run.findLastIndex(({ key }) => sides.get(key) === "left");
    let sum = 0;
    run.forEach(({ node, key, weight }, n) => {
      const stays = n <= last ? "left" : right.length ? "right" : undefined; // the order of the host's holds before all
      const side = stays ?? sides.get(key) ?? (left.length === 0 || sum + weight / 2 <= half ? "left" : "right");
      sides.set(key, side);
      (side === "left" ? left : right).push(node);
      sum += weight;
    });
    out.push(["div", { class: "columns" }, ["div", { class: "column" }, ...left], ["div", { class: "column" }, ...right]]);
    at = end;
  }
  return out;
}

/** About how tall it will be. @param {Sekisho.Block} block */
function weigh(block) {
  const closed = (/** @type {string} */ _key, /** @type {any} */ value) =>
    value?.kind === "fold" && !value.open ? value.summary : value;
  return 200 + JSON.stringify(block.body, closed).length;
}

/** @param {Sekisho.Block} block @param {Context} context @returns {Sekisho.Node} */
function paintBlock(block, context) {
  const name = /^[a-z_-]+$/.test(block.block) ? block.block : "other";
  const body = paintAll(block.body, context);
  if (block.level) {
    const level = LEVELS.has(block.level) ? block.level : "info";
    return [
      "section",
      { class: `block ${name} level-${level}`, id: name, "data-level": level },
      [
        "header",
        { class: "band" },
        ["span", { class: "shape", "aria-hidden": "true" }],
        ["div", {}, ["p", { class: "level" }, context.say(`level_${level}`)], ["h1", {}, ...foreign(block.title ?? "")]],
      ],
      ["div", { class: "body" }, ...body],
    ];
  }
  return ["section", { class: `block ${name}`, id: name }, block.title ? ["h2", {}, ...foreign(block.title)] : null, ...body];
}

/** @param {Sekisho.Primitive[]} primitives @param {Context} context @returns {Sekisho.Node[]} */
function paintAll(primitives, context) {
  if (context.depth > MAX_DEPTH) return [["p", { class: "more" }, "…"]];
  const name = namer(context.key);
  return primitives.flatMap((primitive) => {
    const inner = { ...context, key: name(wordsOf(primitive)), depth: context.depth + 1 };
    const known = Object.hasOwn(PAINTERS, primitive.kind) ? PAINTERS[primitive.kind] : undefined;
    return (known ?? sentence)(primitive, inner);
  });
}

/** @type {Record<string, (primitive: Sekisho.Primitive, context: Context) => Sekisho.Node[]>} */
const PAINTERS = {
  heading(primitive, context) {
    return [[context.under, attributes(primitive, context, "heading"), ...foreign(primitive.text), ...backLinks(primitive, context)], ...evidenceLinks(primitive, context)];
  },

  sentence,

  list(primitive, context) {
    const name = namer(context.key);
    const items = (primitive.items ?? []).map((item) => {
      const inner = { ...context, key: name(wordsOf(item[0])) };
      return /** @type {Sekisho.Node} */ (["li", { "data-key": inner.key }, ...paintAll(item, inner)]);
    });
    return [[primitive.ordered ? "ol" : "ul", attributes(primitive, context, "list"), ...items], ...backLinks(primitive, context)];
  },

  table(primitive, context) {
    const columns = primitive.columns ?? [];
    const head = columns.map((text) => /** @type {Sekisho.Node} */ (["th", { scope: "col" }, ...foreign(text)]));
    const rows = (primitive.rows ?? []).map((row) => {
      const cells = row.map((text, n) => {
        const heads = columns.length === 0 && n === 0;
        return /** @type {Sekisho.Node} */ ([heads ? "th" : "td", { scope: heads ? "row" : null, class: LONG_WORD.test(text) ? "long" : null }, ...foreign(text)]);
      });
      return /** @type {Sekisho.Node} */ (["tr", {}, ...cells]);
    });
    return [
      [
        "div",
        attributes(primitive, context, columns.length ? "table" : "table pairs"),
        ["table", {}, head.length ? ["thead", {}, ["tr", {}, ...head]] : null, ["tbody", {}, ...rows]],
      ],
      ...backLinks(primitive, context),
    ];
  },

  bars(primitive, context) {
    const bars = primitive.bars ?? [];
    const most = Math.max(1, ...bars.map(({ value }) => value));
    const rows = bars.map(
      ({ label, value }) =>
        /** @type {Sekisho.Node} */ ([
          "tr",
          {},
          ["th", { scope: "row" }, ...foreign(label)],
          ["td", {}, ["meter", { max: String(most), value: String(value), "aria-hidden": "true" }], ["span", { class: "number" }, String(value)]],
        ]),
    );
    const named = { ...attributes(primitive, context, "bars"), "aria-label": visibleText(primitive.text ?? "") || null };
    return [["table", named, ["tbody", {}, ...rows]], ...backLinks(primitive, context)];
  },

  badge(primitive, context) {
    const level = LEVELS.has(primitive.level ?? "") ? primitive.level : "info";
    const shape = /** @type {Sekisho.Node} */ (["span", { class: "shape", "aria-hidden": "true" }]);
    return [
      ["span", { ...attributes(primitive, context, `badge level-${level}`), "data-level": level }, shape, ...foreign(primitive.text)],
      ...evidenceLinks(primitive, context),
    ];
  },

  marked(primitive, context) {
    return [
      ["p", attributes(primitive, context, "marked"), ...(primitive.spans ?? []).flatMap((span, n) => paintSpan(span, n, context))],
      ...backLinks(primitive, context),
    ];
  },

  fold(primitive, context) {
    const open = primitive.open === true;
    return [
      [
        "details",
        { ...attributes(primitive, context, "fold"), open, "data-key": context.key, "data-open": String(open) },
        ["summary", {}, ...foreign(primitive.summary)],
        ["div", { class: "body" }, ...evidenceLinks(primitive, context), ...paintAll(primitive.body ?? [], context), ...backLinks(primitive, context)],
      ],
    ];
  },

  timeline(primitive, context) {
    const name = namer(context.key);
    const stops = (primitive.stops ?? []).map((stop) => {
      const standing = STANDINGS.has(stop.standing) ? stop.standing : "claimed";
      const inner = { ...context, key: name(stop.anchor ?? stop.standing) };
      return /** @type {Sekisho.Node} */ ([
        "li",
        { class: `stop standing-${standing}`, id: context.trail.id(stop) },
        ["span", { class: "point", "aria-hidden": "true" }],
        stop.time ? ["p", { class: "time" }, ...foreign(stop.time)] : null,
        ["div", { class: "body" }, ...paintAll(stop.body ?? [], inner), ...backLinks(stop, context)],
        stop.gap ? ["p", { class: "gap" }, ...foreign(stop.gap)] : null,
      ]);
    });
    return [["ol", { ...attributes(primitive, context, "timeline"), "aria-label": visibleText(primitive.text ?? "") || null }, ...stops]];
  },

  map(primitive, context) {
    const name = namer(context.key);
    const items = (primitive.points ?? []).map((point) => {
      const inner = { ...context, key: name(`${point.area} ${wordsOf(point.body?.[0])}`) };
      return /** @type {Sekisho.Node} */ ([
        "li",
        { class: `place ${point.area ? "whole-country" : "pin"} stands-${standingOf(point.standing)}`, "data-key": inner.key },
        ["div", { class: "body" }, ...paintAll(point.body ?? [], inner), ...jumps((point.where ?? []).filter((anchor) => context.trail.leads(anchor)), context)],
      ]);
    });
    return [
      ["div", attributes(primitive, context, "chart"), drawing(primitive, context.key), ["ol", { class: "places" }, ...items]],
      ...backLinks(primitive, context),
    ];
  },

  dissection(primitive, context) {
    const { say } = context;
    const segments = primitive.segments ?? [];
    const noted = segments.filter(({ note }) => note);
    const legend = noted.map(
      ({ text, role, note }) =>
        /** @type {Sekisho.Node} */ ([
          "li",
          { class: SEGMENTS.has(role) ? `role-${role}` : null },
          ["code", { class: "piece", dir: "ltr" }, ...visible(shortened(text))],
          " ",
          ["span", {}, ...foreign(note)],
        ]),
    );
    const long = (primitive.url ?? "").length > MAX_BAR;
    return [
      [
        "div",
        attributes(primitive, context, "dissection"),
        primitive.owner ? ["p", { class: "owner" }, say("owner"), " ", ["strong", {}, ...foreign(primitive.owner)]] : null,
        [
          "p",
          { class: "bar", dir: "ltr" },
          ...(segments.length ? segments.map((segment) => paintSegment(segment, long)) : foreign(primitive.url)),
        ],
        legend.length ? ["ul", { class: "legend", "aria-label": say("legend") }, ...legend] : null,
        primitive.note ? ["p", { class: "remark" }, ...foreign(primitive.note)] : null,
        long && segments.length
          ? [
              "details",
              { class: "whole", "data-key": `${context.key}-whole`, "data-open": "false" },
              ["summary", {}, say("whole")],
              ["p", { class: "bar", dir: "ltr" }, ...visible(primitive.url ?? "")],
            ]
          : null,
        ...backLinks(primitive, context),
      ],
    ];
  },

  action(primitive, context) {
    const carried = known(primitive.action, primitive.arguments);
    if (!carried) return sentence(primitive, context);
    const note = primitive.note ? `note-${context.key}` : null;
    return [
      ...(note ? [/** @type {Sekisho.Node} */ (["p", { class: "remark", id: note }, ...foreign(primitive.note)])] : []),
      [
        "button",
        {
          ...attributes(primitive, context, "action"),
          type: "button",
          "data-key": context.key,
          "data-action": primitive.action,
          "data-arguments": JSON.stringify(carried),
          "aria-describedby": note,
        },
        ...foreign(primitive.text),
      ],
    ];
  },

  more(primitive, context) {
    return [["p", attributes(primitive, context, "more"), ...foreign(primitive.text)]];
  },
};

/** A sentence, and whatever we do not know: its words. @param {Sekisho.Primitive} primitive @param {Context} context @returns {Sekisho.Node[]} */
function sentence(primitive, context) {
  const text = primitive.text ?? primitive.summary;
  if (!text) return [];
  return [["p", attributes(primitive, context), ...foreign(text), ...backLinks(primitive, context)], ...evidenceLinks(primitive, context)];
}

/** @param {Sekisho.Span} span @param {number} n @param {Context} context @returns {Sekisho.Node[]} */
function paintSpan(span, n, context) {
  const { say, trail } = context;
  const role = MARKS.has(span.role) ? ` role-${span.role}` : "";
  const finding = trail.back(span.finding);
  const text = visible(span.text);
  if (!span.note && !finding) return [["bdi", { class: `span${role}`, "data-finding": span.finding }, ...text]];
  const key = `${context.key}-${n}`;
  return [
    [
      "span",
      { class: `span noted${role}`, tabindex: "0", "data-key": key, "data-finding": span.finding, "aria-describedby": `note-${key}` },
      ["bdi", {}, ...text],
      [
        "span",
        { class: "note", role: "note", id: `note-${key}` },
        ...(span.note ? foreign(span.note) : []),
        finding ? " " : null,
        finding ? backLink(finding, say) : null,
      ],
    ],
  ];
}

/** @param {Sekisho.Segment} segment @param {boolean} long whether the link it is of is @returns {Sekisho.Node} */
function paintSegment({ text, role, note }, long) {
  const shown = visible(long && LONG.has(role) ? shortened(text) : text);
  if (!SEGMENTS.has(role)) return ["bdi", { class: "segment" }, ...shown];
  const struck = role === "imitation" || role === "userinfo";
  return [struck ? "s" : "bdi", { class: `segment role-${role}`, dir: "auto", title: note ? visibleText(note) : null }, ...shown];
}

/** Both ends of a long piece. @param {string} text */
function shortened(text) {
  return text.length > MAX_PIECE ? `${text.slice(0, MAX_PIECE / 2)}…${text.slice(-MAX_PIECE / 4)}` : text;
}

/** @param {Sekisho.Primitive} primitive @param {Context} context @returns {Sekisho.Node[]} */
function evidenceLinks(primitive, context) {
  const finding = context.trail.entry(primitive);
  return finding ? jumps(context.trail.evidence(finding), context) : [];
}

/** @param {string[]} anchors @param {Context} context @returns {Sekisho.Node[]} */
function jumps(anchors, { say }) {
  if (anchors.length === 0) return [];
  const links = anchors.map(
    (anchor) => /** @type {Sekisho.Node} */ (["a", { class: "jump", href: `#at-${anchor}` }, ...foreign(placeName(anchor, say))]),
  );
  return [["p", { class: "evidence" }, say("evidence"), " ", ...links]];
}

/** @param {Sekisho.Primitive | Sekisho.Stop} shown @param {Context} context @returns {Sekisho.Node[]} */
function backLinks(shown, { say, trail }) {
  return trail.restingOn(shown).map((finding) => backLink(finding, say, "rests", `↩ ${finding.title}`));
}

/** @param {Sekisho.Finding} finding @param {Sekisho.Say} say @param {string} [kind] @param {string} [text] @returns {Sekisho.Node} */
function backLink(finding, say, kind = "", text = "↩") {
  const words = say("back", visibleText(finding.title));
  return ["a", { class: `jump back ${kind}`.trim(), href: `#finding-${finding.id}`, title: words, "aria-label": words }, ...foreign(text)];
}

/** @param {Sekisho.Primitive} primitive @param {Context} context @param {string} [kind] */
function attributes(primitive, { trail }, kind = "") {
  const tone = TONES.has(primitive.tone ?? "") && primitive.tone !== "plain" ? `tone-${primitive.tone}` : "";
  const finding = trail.entry(primitive);
  const id = trail.id(primitive) ?? (finding ? `finding-${finding.id}` : null);
  return { class: [kind, tone].filter(Boolean).join(" ") || null, id, "data-finding": finding?.id ?? null };
}

/** Text that may be a stranger's: kept apart, so that its direction cannot turn our own words round. @param {unknown} text @returns {Sekisho.Node[]} */
function foreign(text) {
  if (text === null || text === undefined || text === "") return [];
  return [["bdi", {}, ...visible(String(text))]];
}
