// @ts-check
/** Wires the parts together. Every listener is added before anything is awaited: the event page is woken by them. */
import { Accounts } from "./accounts.js";
import { Analyses } from "./analyses.js";
import { Arrivals } from "./arrivals.js";
import { Badge } from "./badge.js";
import { Banners } from "./banners.js";
import { Caretaker } from "./caretaker.js";
import { Choices } from "./choices.js";
import { timeZone } from "./clock.js";
import { Clerk } from "./clerk.js";
import { Contacts } from "./contacts.js";
import { Desks } from "./desk.js";
import { Drafts } from "./drafts.js";
import { Guard } from "./guard.js";
import { Host } from "./host.js";
import { keeper } from "./keeper.js";
import { chunks, read } from "./mail.js";
import { clicked, clickedFolders, createMenus, renameMenus } from "./menus.js";
import { folderUrl, openPanel } from "./open.js";
import { Relays, TrustedSenders } from "./relays.js";
import { Rounds } from "./round.js";
import * as shown from "./shown.js";
import { PARAMETERS } from "./trouble.js";
import { Watch } from "./watch.js";
import { fetcher } from "./whole.js";

/** @type {Sekisho.Say} */
const say = (key, ...values) => browser.i18n.getMessage(key, values);
const locale = say("locale");

const host = new Host(() => browser.runtime.connectNative("sekisho"), {
  extension: browser.runtime.getManifest().version,
  locale,
});
const accounts = new Accounts(() => browser.accounts.list());
const relays = new Relays(browser.storage.local, outdated);
const trusted = new TrustedSenders(browser.storage.local, outdated);
const choices = new Choices(browser.storage.local, chosen, browser.storage.managed);
const contacts = new Contacts({ books: () => browser.addressBooks?.contacts, wanted: () => choices.addressBook() });
const analyses = new Analyses({ host, read, chunks, settings, refused, settled });
const desks = new Desks({ analyses, relays, trusted, privacy: () => choices.privacy(), shown: shown.chosen, problems, say });
const rounds = new Rounds(analyses);
const clerk = new Clerk({ host, choices, accounts, lists: { relays, trusted_senders: trusted } });
const caretaker = new Caretaker({ host, accounts, storage: [browser.storage.local, browser.storage.session], forgotten, locale: language });
const drafts = new Drafts({ letter: (message, wanted) => analyses.letter(message, wanted), note: (message, told, campaign) => analyses.note(message, told, campaign), api: browser });
const keep = keeper({ host, settings: ownThings, about: (message, ask) => analyses.about(message, ask) });
const whole = fetcher({ host, analyses });
const badge = new Badge([browser.messageDisplayAction, browser.action], say);
const banners = new Banners({
  analyses,
  shown,
  when: () => choices.banner(),
  say,
  scripts: browser.scripting.messageDisplay,
  tabs: messageTabs,
  put: (tabId, script) => browser.scripting.executeScript({ target: { tabId }, files: [script] }),
  tell: (tabId) => browser.tabs.sendMessage(tabId, { tell: "notice" }),
});
const guard = new Guard({
  analyses,
  wanted: () => choices.replyGuard(),
  session: browser.storage.session,
  open: (name) => browser.windows.create({ type: "popup", url: `guard.html#${encodeURIComponent(name)}`, width: 520, height: 520 }),
});
const arrivals = new Arrivals({ analyses, wanted: async () => browser.notifications !== undefined && (await choices.watch()), session: browser.storage.session, say });
const watch = new Watch({ analyses, badge, shown, level: () => choices.opening(), painted: (tabId) => banners.changed(tabId) });

browser.runtime.onInstalled.addListener(() => createMenus(say));
browser.runtime.onStartup.addListener(() => renameMenus(say));
browser.runtime.onConnect.addListener((port) => {
  if (port.name === "panel") desks.serve(/** @type {Sekisho.PanelPort} */ (port));
  else if (port.name.startsWith("guard ")) guard.serve(/** @type {Sekisho.GuardPort} */ (port));
  else if (port.name === "round") rounds.serve(/** @type {Sekisho.RoundPort} */ (port));
});

browser.runtime.onMessage.addListener((errand, { tab }) => {
  if (errand.ask === "notice") return banners.notice(tab?.id);
  if (errand.ask === "analyse") return analyse(tab);
  if (errand.ask === "draft") return drafts.open(errand);
  if (errand.ask === "campaign") return analyses.campaign(errand.message).catch(() => null);
  if (errand.ask === "keep") return keep(errand);
  if (errand.ask === "whole") return whole(errand.message);
  return caretaker.answer(errand) ?? clerk.answer(errand);
});

for (const event of [
  browser.accounts.onCreated,
  browser.accounts.onDeleted,
  browser.accounts.onUpdated,
  browser.identities.onCreated,
  browser.identities.onDeleted,
  browser.identities.onUpdated,
]) {
  event.addListener(() => {
    accounts.changed();
    outdated();
  });
}

browser.messageDisplay.onMessagesDisplayed.addListener((tab, { messages }) => {
  if (tab.id === undefined) return;
  banners.displayed(tab.id, messages);
  watch.displayed(tab.id, messages);
});
browser.mailTabs.onSelectedMessagesChanged.addListener((tab, { messages }) => {
  if (tab.id !== undefined) watch.selected(tab.id, messages);
});
browser.tabs.onRemoved.addListener((tabId) => {
  watch.closed(tabId);
  banners.closed(tabId);
});

browser.menus.onClicked.addListener(async (info, tab) => {
  const folders = clickedFolders(info);
  if (folders) return folders.length ? browser.tabs.create({ url: folderUrl(folders, say) }) : undefined;
  await openPanel(tab, await clicked(info, tab?.id, shown.chosen), shown.standing);
});
browser.commands.onCommand.addListener(async (command, tab) => {
  if (command === "analyse-sender") await analyse(tab);
});
// Whether or not the reader wants it: a listener added later, when the option is switched on, would wake no page that sleeps.
browser.messages.onNewMailReceived.addListener((folder, list) => arrivals.received(folder, list));

watchSending();
watchNotice();
browser.permissions.onAdded.addListener(watchSending);
browser.permissions.onAdded.addListener(watchNotice);
arrivals.resume();
banners.register();

/** These events are there only as long as the reader allows it. */
function watchSending() {
  const { onBeforeSend: before, onAfterSend: after } = browser.compose ?? {};
  if (before && !before.hasListener(beforeSend)) before.addListener(beforeSend);
  if (after && !after.hasListener(afterSend)) after.addListener(afterSend);
}

/** So is what becomes of the notification. */
function watchNotice() {
  const { onClicked, onClosed } = browser.notifications ?? {};
  if (onClicked && !onClicked.hasListener(noticeClicked)) onClicked.addListener(noticeClicked);
  if (onClosed && !onClosed.hasListener(noticeClosed)) onClosed.addListener(noticeClosed);
}

/** @param {string} name */
function noticeClicked(name) {
  return arrivals.clicked(name);
}

/** @param {string} name */
function noticeClosed(name) {
  return arrivals.closed(name);
}

/** @param {Sekisho.Tab} _tab @param {Sekisho.ComposeDetails} details */
function beforeSend(_tab, details) {
  return guard.beforeSend(details);
}

/** @param {Sekisho.Tab} tab @param {{error?: string}} sent */
function afterSend(tab, sent) {
  return drafts.sent(tab, sent);
}

/** What the reader asks about is what the tab shows. @param {Sekisho.Tab | undefined} tab */
async function analyse(tab) {
  const messages = tab?.id === undefined ? [] : await shown.chosen(tab.id);
  await openPanel(tab, messages, shown.standing);
}

/** What the host is told beside a message. @param {string | null} account the id of the one it lies in @param {string} [author] its sender */
async function settings(account, author = "") {
  const [own_addresses, named, trusts, key, chosen, locale, known] = await Promise.all([
    accounts.addresses(),
    relays.list(),
    trusted.list(),
    accounts.key(account),
    choices.settings(),
    language(),
    contacts.known(author),
  ]);
  const trusted_senders = joined(chosen["trusted_senders"], trusts);
  return { account: key, ...(known ? { known } : {}), settings: { ...chosen, locale, own_addresses, relays: joined(chosen["relays"], named), trusted_senders, time_zone: timeZone(Date.now()) } };
}

/** What an administrator has named, and what the reader has. @param {unknown} set @param {string[]} named */
function joined(set, named) {
  return [...new Set([...(Array.isArray(set) ? set.map(String) : []), ...named])];
}

/** In which language the host speaks. */
async function language() {
  return (await choices.locale()) ?? locale;
}

/** Everything that was kept has been deleted. */
function forgotten() {
  for (const one of [relays, trusted, choices]) one.forget();
  outdated();
  return chosen("banner");
}

/** What a document for strangers is cut by. */
async function ownThings() {
  const { settings: told } = await settings(null);
  return { ...told, own_names: await accounts.names() };
}

/** A choice that the host does not understand must not stop analyses: it is left out, and said. @param {import("./trouble.js").Trouble} trouble */
function refused({ code, data }) {
  const [, name] = /^settings\.(\w+)$/.exec(data.field ?? "") ?? [];
  return code === PARAMETERS && name !== undefined && choices.refuse(name);
}

function problems() {
  return [...host.problems, ...(host.old ? [host.old] : []), ...choices.refused.map((name) => say("option_refused", say(`option_${name}`)))];
}

/** What the reader's accounts or words say has changed, and with it what is to be said of every mail. */
function outdated() {
  analyses.forgetAll();
  desks.renew();
}

/** The reader has chosen something anew. @param {string} name */
async function chosen(name) {
  if (name !== "banner") return analyses.forgetAll();
  await banners.register();
  for (const tabId of await messageTabs()) banners.changed(tabId);
}

/** The tabs that can show a message. */
async function messageTabs() {
  const tabs = await browser.tabs.query({});
  return tabs.flatMap(({ id, type }) => (id !== undefined && (type === "mail" || type === "messageDisplay") ? [id] : []));
}

/** A panel has found something out about a message that some tab may show. @param {Sekisho.Snapshot} snapshot */
async function settled(snapshot) {
  if (snapshot.phase === "cancelled") return;
  for (const tabId of await messageTabs()) await watch.paint(tabId, snapshot);
}
