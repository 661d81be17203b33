// @ts-check
/** The columns of the tables of messages: which they are, what stands in them, and what they are sorted by. Pure but for the language. */
import { theirs } from "./results.js";

/** From the gravest on. @type {Sekisho.Level[]} */
export const LEVELS = ["danger", "caution", "clear"];
const MAX_LINKS = 2;

/**
 * @param {Sekisho.Say} say
 * @param {() => string} unlooked what stands where a message has not been looked at
 * @param {import("./waves.js").Waves} waves
 * @returns {Record<"subject" | "verdict" | "sender" | "links" | "owner" | "country" | "brand" | "campaign" | "date", import("./results.js").Column<Sekisho.Row>>}
 */
export function columns(say, unlooked, waves) {
  const locale = say("locale");
  const dates = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" });
  const regions = new Intl.DisplayNames([locale], { type: "region" });
  /** @param {Sekisho.Row} row */
  const country = ({ summary }) => (summary?.country ? (regions.of(summary.country) ?? summary.country) : "");
  /** @param {Sekisho.Row} row */
  const sender = (row) => {
    const [owner, land] = [row.summary?.network ?? "", country(row)];
    return owner && land ? say("owner_country", owner, land) : owner || land;
  };

  return {
    subject: {
      name: "subject",
      title: say("column_subject"),
      cell: ({ message, subject }) => [
        ["button", { type: "button", class: "open", "data-action": "open", "data-arguments": JSON.stringify({ message }), "data-key": `open-${message}` }, ...(subject ? theirs(subject) : [say("no_subject")])],
      ],
      order: ({ subject }) => subject,
    },
    verdict: {
      name: "verdict",
      title: say("column_verdict"),
      cell: ({ summary, trouble }) => {
        if (trouble) return [say(`trouble_${trouble.kind.replace("-", "_")}`)];
        if (!summary) return [["span", { class: "waiting" }, unlooked()]];
        const { level } = summary;
        return [["span", { class: `badge level-${level}`, "data-level": level }, ["span", { class: "shape", "aria-hidden": "true" }], verdictWords(level, say)]];
      },
      order: ({ summary, trouble }) => (summary ? LEVELS.indexOf(summary.level) : trouble ? LEVELS.length : ""),
    },
    sender: { name: "sender", title: say("column_sender"), cell: (row) => theirs(sender(row)), order: sender },
    links: {
      name: "links",
      title: say("column_links"),
      cell: ({ summary }) => {
        const links = summary?.links ?? [];
        const left = links.length - MAX_LINKS;
        const more = left > 0 ? [" ", /** @type {Sekisho.Node} */ (["small", {}, say("links_more", String(left))])] : [];
        return [...theirs(links.slice(0, MAX_LINKS).join(say("comma"))), ...more];
      },
      order: ({ summary }) => summary?.links[0] ?? "",
    },
    owner: { name: "owner", title: say("column_sender"), cell: ({ summary }) => theirs(summary?.network ?? ""), order: ({ summary }) => summary?.network ?? "" },
    country: { name: "country", title: say("column_country"), cell: (row) => theirs(country(row)), order: country },
    brand: { name: "brand", title: say("column_brand"), cell: ({ summary }) => theirs(summary?.brand ?? ""), order: ({ summary }) => summary?.brand ?? "" },
    campaign: {
      name: "campaign",
      title: say("column_campaign"),
      cell: ({ message }) => {
        const wave = waves.of(message);
        return wave ? [say("campaign_of", String(wave.number), String(wave.count))] : [];
      },
      order: ({ message }) => waves.of(message)?.number ?? "",
    },
    date: {
      name: "date",
      title: say("column_date"),
      cell: ({ date }) => (date === null ? [] : [dates.format(date)]),
      order: ({ date }) => date ?? "",
    },
  };
}

/** @param {Sekisho.Level} level @param {Sekisho.Say} say */
export function verdictWords(level, say) {
  return say(level === "clear" ? "nothing_found" : `level_${level}`);
}
