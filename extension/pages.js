// @ts-check
/** The only addresses outside of this computer that a button may open: public pages about a domain or a virus, and nothing of a mail but its name. */
const PAGES = [
  /^https:\/\/transparencyreport\.google\.com\/safe-browsing\/search\?url=[a-z0-9.\-]{1,253}$/,
  /^https:\/\/urlscan\.io\/domain\/[a-z0-9.\-]{1,253}$/,
  /^https:\/\/www\.fortiguard\.com\/search\?q=[A-Za-z0-9%._\-]{1,400}$/,
  /^https:\/\/www\.trendmicro\.com\/vinfo\/us\/threat-encyclopedia\/search\/[A-Za-z0-9%._\-]{1,400}$/,
  /^https:\/\/www\.microsoft\.com\/en-us\/wdsi\/threats\/malware-encyclopedia-description\?Name=[A-Za-z0-9%._\-]{1,400}$/,
  /^https:\/\/threats\.kaspersky\.com\/en\/\?s=[A-Za-z0-9%._\-]{1,400}$/,
];

/** @param {unknown} url @returns {string | null} the address, when it is one of those */
export function publicPage(url) {
  return typeof url === "string" && PAGES.some((page) => page.test(url)) ? url : null;
}
