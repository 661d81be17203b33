// @ts-check
/** One line of a table for a report: its verdict, who really sent it, whose its links are, whose name it claims, how many are like it. Pure. */

/** Kinds of links that somebody follows, or that go by themselves; what is only loaded says little of a mail. */
const FOLLOWED = new Set(["link", "form", "refresh", "qr", "pdf", "office"]);
const MAX_OWNERS = 50;

/**
 * @typedef {object} Summary
 * @property {Sekisho.Level} level
 * @property {string} headline
 * @property {string} network the owner of the address that handed it over, or that address; "" where nobody did
 * @property {string} country of that address: a code of two letters, or ""
 * @property {string} brand the well-known name that its sender claims, or ""
 * @property {number} campaign how many of its kind have come, itself included; 0 where it is none of several
 * @property {string[]} links owners of its links, in their order
 */

/** @param {Sekisho.Report} report @returns {Summary} */
export function summary({ verdict, hops, origin, links, identity, campaign }) {
  const hop = origin ? hops?.[origin.hop] : undefined;
  const network = hop?.network;
  const owners = links.filter(({ kind }) => FOLLOWED.has(kind ?? "link")).map((link) => link.registrable_domain || link.host || "");
  return {
    level: verdict.level,
    headline: verdict.headline,
    network: network?.name || hop?.ip || "",
    country: /^[A-Z]{2}$/.test(network?.country ?? "") ? (network?.country ?? "") : "",
    brand: identity?.brand ?? "",
    campaign: campaign?.count ?? 0,
    links: [...new Set(owners.filter((owner) => owner))].slice(0, MAX_OWNERS),
  };
}
