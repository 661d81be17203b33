// @ts-check
/** The panel as text to paste into a mail or a ticket. Links are defanged: who receives it must not click. */
import { visibleText } from "./visible.js";

const MAX_DEPTH = 40;

/** @param {Sekisho.PanelReport} report @param {Sekisho.Say} say @returns {string} */
export function plain(report, say) {
  const { subject, date, message_id } = report.message;
  const head = [subject, date, message_id].filter((value) => value).map((value) => visibleText(String(value)));
  const blocks = report.panel.map((block) => {
    const level = block.level ? `[${say(`level_${block.level}`) || block.level}] ` : "";
    const title = block.title ? [`${level}${visibleText(block.title)}`, ""] : [];
    return [...title, ...lines(block.body, report, say, 0)].join("\n");
  });
  return `${[head.join("\n"), ...blocks].join("\n\n").replace(/\n{3,}/g, "\n\n")}\n`;
}

/**
 * @param {Sekisho.Primitive[]} primitives
 * @param {Sekisho.PanelReport} report
 * @param {Sekisho.Say} say
 * @param {number} depth
 * @returns {string[]}
 */
function lines(primitives, report, say, depth) {
  if (depth > MAX_DEPTH) return ["…"];
  return primitives.flatMap((primitive) => {
    const text = visibleText(primitive.text ?? "");
    switch (primitive.kind) {
      case "heading":
        return ["", text];
      case "badge":
        return [`[${text}]`];
      case "list":
        return (primitive.items ?? []).flatMap((item, n) => {
          const [first, ...rest] = lines(item, report, say, depth + 1);
          if (first === undefined) return [];
          return [`${primitive.ordered ? `${n + 1}.` : "-"} ${first}`, ...rest.map((line) => `  ${line}`)];
        });
      case "timeline":
        return (primitive.stops ?? []).flatMap((stop) => {
          const [first = "", ...rest] = lines(stop.body ?? [], report, say, depth + 1).filter((line) => line);
          const when = stop.time ? `${visibleText(stop.time)}  ` : "";
          const gap = stop.gap ? [`  ↓ ${visibleText(stop.gap)}`] : [];
          return [`- ${when}${first}`, ...rest.map((line) => `  ${line}`), ...gap];
        });
      case "map":
        return (primitive.points ?? []).flatMap((point, n) => {
          const [first = "", ...rest] = lines(point.body ?? [], report, say, depth + 1).filter((line) => line);
          return [`${n + 1}. ${first}`, ...rest.map((line) => `   ${line}`)];
        });
      case "table":
        return [...(primitive.columns?.length ? [primitive.columns] : []), ...(primitive.rows ?? [])].map((row) =>
          row.map((cell) => visibleText(String(cell ?? ""))).join(" | "),
        );
      case "bars":
        return (primitive.bars ?? []).map(({ label, value }) => `${visibleText(label)}  ${value}`);
      case "marked":
        return [(primitive.spans ?? []).map((span) => visibleText(span.text)).join("")];
      case "fold": {
        const inner = lines(primitive.body ?? [], report, say, depth + 1);
        return inner.length ? ["", visibleText(primitive.summary ?? ""), ...inner] : []; // nothing but buttons
      }
      case "dissection": {
        const url = visibleText(defanged(primitive, report));
        const owner = primitive.owner ? [`${say("owner")} ${visibleText(primitive.owner)}`] : [];
        const pieces = (primitive.segments ?? []).filter(({ note }) => note);
        const legend = pieces.map(({ text: piece, note }) => `  ${visibleText(inert(piece))}: ${visibleText(note ?? "")}`);
        return [...owner, url, ...legend, ...(primitive.note ? [visibleText(primitive.note)] : [])];
      }
      case "action":
        return [];
      default:
        return text ? [text] : [];
    }
  });
}

/** @param {Sekisho.Primitive} primitive @param {Sekisho.PanelReport} report */
function defanged(primitive, report) {
  const url = primitive.url ?? "";
  const link = report.links.find((known) => known.url === url);
  return link?.defanged || inert(url);
}

/** @param {string} text */
function inert(text) {
  return text.replace(/^http/i, "hxxp").replaceAll(".", "[.]");
}
