// @ts-check
/** The only addresses outside of this computer that a button may open: public pages about a domain, and nothing of a mail but that domain. */
const PAGES = [
  /^https:\/\/transparencyreport\.google\.com\/safe-browsing\/search\?url=[a-z0-9.\-]{1,253}$/,
  /^https:\/\/urlscan\.io\/domain\/[a-z0-9.\-]{1,253}$/,
];

/** @param {unknown} url @returns {string | null} the address, when it is one of those */
export function publicPage(url) {
  return typeof url === "string" && PAGES.some((page) => page.test(url)) ? url : null;
}
