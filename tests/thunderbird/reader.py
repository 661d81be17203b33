"""The person in front of Thunderbird: sees what is on the screen, clicks and types, and takes pictures."""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from .driver import Thunderbird
from .home import Home
from .mails import ROOT, Mail
from .screen import Screen, eventually

# The parts of a panel, for the one that is open last.
READ_PANEL = """
const bc = panels().at(-1);
if (!bc) return null;
return await within(bc, `
  const all = (selector, make) => [...document.querySelectorAll(selector)].map(make);
  const {state, level, message} = document.body.dataset;
  return {
    state, level, message, place: document.documentElement.dataset.place, url: location.href, lang: document.documentElement.lang,
    dark: matchMedia("(prefers-color-scheme: dark)").matches,
    width: innerWidth, height: innerHeight, needed: document.documentElement.scrollWidth,
    text: document.body.innerText, title: document.querySelector("h1")?.textContent ?? "",
    headline: document.querySelector(".verdict .body > p")?.textContent ?? "",
    subject: document.querySelector("#subject").textContent, notes: document.querySelector("#notes").textContent + document.querySelector("#upkeep").textContent,
    segments: all(".dissection .segment", e => [[...e.classList].find(name => name.startsWith("role-"))?.slice(5) ?? "plain", e.textContent]),
    evidence: all("#source [data-finding]", e => [e.dataset.finding, (e.querySelector(":scope > bdi") ?? e).textContent]),
    findings: all("[id^=finding-]", e => e.id.slice(8)),
    trouble: document.querySelector("[data-trouble]")?.dataset.trouble ?? null,
    command: document.querySelector("#command")?.textContent ?? null,
    buttons: all("button", e => e.hidden ? "" : e.textContent).filter(text => text),
    progress: document.querySelector("#progress progress")?.value ?? null,
  }`);
"""


# The report itself, asked for as panel.js does; an analysis that is done already is not done again.
READ_REPORT = """
return await within(panels().at(-1), `
  const port = browser.runtime.connect({name: "panel"});
  try {
    return await new Promise((resolve, reject) => {
      port.onMessage.addListener(({snapshot}) => {
        if (snapshot.phase == "done") resolve(snapshot.report);
        if (snapshot.trouble) reject(new Error(snapshot.trouble.kind));
      });
      port.onDisconnect.addListener(() => reject(new Error("the background has gone")));
      port.postMessage({ask: "show", message: Number(document.body.dataset.message)});
    });
  } finally {
    port.disconnect();
  }`);
"""

# Where something on a page of ours is on the screen, once it can be used and stays there: a popup grows while it opens,
# a report comes in pieces. `window.came` says then whether a click has come to it.
AIM = """
const frame = () => new Promise(seen => { requestAnimationFrame(seen); setTimeout(seen, 100); });
window.came = false;
for (let before = "", stays = 0, end = Date.now() + 60000; ; await frame()) {
  const found = document.querySelector(args[0]);
  found?.scrollIntoView({block: "center", behavior: "instant"});
  const box = found?.disabled ? null : found?.getClientRects()[0];
  const now = box?.width ? [mozInnerScreenX + box.left + box.width / 2, mozInnerScreenY + box.top + box.height / 2] : "";
  stays = now && String(now) == before ? stays + 1 : 0;
  before = String(now);
  if (stays == 6) {
    found.addEventListener("click", () => { window.came = true; }, {capture: true, once: true});
    return now;
  }
  if (Date.now() > end) throw new Error(`not to be seen: ${args[0]}`);
}
"""
LAST = "panels().at(-1)"
TRIES = 5

Panel = dict[str, Any]


@cache
def words(locale: str) -> dict[str, str]:
    """The extension's own sentences in that language."""
    messages = json.loads((ROOT / "extension" / "_locales" / locale / "messages.json").read_text("utf-8"))
    return {name: entry["message"] for name, entry in messages.items()}


class Reader:
    def __init__(self, thunderbird: Thunderbird, home: Home, screen: Screen, pictures: Path, locale: str) -> None:
        self.thunderbird, self.home, self.screen = thunderbird, home, screen
        self.pictures, self.locale = pictures, locale
        self.run, self.point = thunderbird.run, thunderbird.point
        self._across = 0.3
        self.rows: list[str] = []  # the message ids of the folder, from the top

    # ---- The list

    def open_folder(self, name: str, mails: int, account: str = "account1") -> None:
        """Show a folder, of Local Folders unless told; nothing in it is selected."""
        self.rows = self.run(
            """
            const {MailServices} = ChromeUtils.importESModule("resource:///modules/MailServices.sys.mjs");
            const root = MailServices.accounts.getAccount(args[2]).incomingServer.rootFolder;
            const folder = await until("folder", () => root.subFolders.find(one => one.URI.endsWith("/" + args[0])));
            if (pane().gFolder?.URI != folder.URI) pane().displayFolder(folder.URI);
            await until("rows", () => pane().gFolder?.URI == folder.URI && pane().gDBView?.rowCount == args[1]
              && pane().document.querySelector("#threadTree-row" + (args[1] - 1)))
              .catch(error => { throw new Error(`${error} ${pane().gFolder?.URI} ${pane().gDBView?.rowCount}`); });
            pane().threadTree.selectedIndex = -1;
            await until("nothing shown", () => !about()?.gMessage);
            return [...Array(args[1]).keys()].map(row => pane().gDBView.getMsgHdrAt(row).messageId);
            """,
            name,
            mails,
            account,
        )

    def row(self, mail: Mail) -> tuple[float, float]:
        """Where that mail's row is on the screen; two clicks after each other never make a double click."""
        self._across = 0.9 - self._across
        row = f"pane().document.querySelector('#threadTree-row{self.rows.index(mail.id)}')"
        left, top = self.run(f"return (await still('row', () => {row}, one => point(one, args[0])))[1]", self._across)
        return left, top

    def select(self, mail: Mail) -> float:
        """Click on the mail's row, until it is selected; gives the time of the click."""
        begun = 0.0

        def click() -> None:
            nonlocal begun
            row = self.row(mail)
            begun = time.monotonic()
            self.screen.click(row)

        self.until_taken(
            f"{mail.name} selected",
            click,
            "return pane().threadTree.selectedIndices.includes(args[0])",
            self.rows.index(mail.id),
        )
        return begun

    def select_too(self, *mails: Mail) -> None:
        """Click on more rows with Control held down."""
        self.screen.act("keydown", "ctrl")
        try:
            for mail in mails:
                self.select(mail)
        finally:
            self.screen.act("keyup", "ctrl")

    def open_by_itself(self, mail: Mail, place: str) -> None:
        """A double click on the mail's row opens it in a "tab" or a "window" of its own."""
        self.thunderbird.set_pref("mail.openMessageBehavior", 2 if place == "tab" else 0)

        def click() -> None:
            left, top = self.row(mail)
            self.screen.act("mousemove", round(left), round(top), "click", "--repeat", 2, "--delay", 60, 1)

        opened = {
            "tab": "tabmail.currentTabInfo.mode.name == 'mailMessageTab'",
            "window": "!!Services.wm.getMostRecentWindow('mail:messageWindow')",
        }[place]
        self.until_taken(f"a {place}", click, f"return {opened}", patience=15)
        if place == "window":
            self.run(
                "await until('its page', () => Services.wm.getMostRecentWindow('mail:messageWindow').messageBrowser)"
            )

    def displayed(self, mail: Mail, whole: bool = True) -> None:
        """Wait until the message pane shows it, all of it: by then nothing of the one before is left.

        `whole`: False for those of which Thunderbird never says that they are loaded.
        """
        self.run(
            "await until('displayed', () => about()?.gMessage?.messageId == args[0] && (about().msgLoaded || !args[1]))",
            mail.id,
            whole,
        )

    # ---- The mouse and the keyboard

    def until_taken(
        self, what: str, act: Callable[[], object], taken: str, *values: object, patience: float = 5.0
    ) -> None:
        """Do it with mouse or keyboard, and again where nothing has come of it after `patience` seconds.

        A click or a key may find the wrong window in front, or a popup that is on its way out. `taken`: a script that
        gives whether it has been taken; what is done must do no harm when it was only late.
        """

        def seen() -> bool:
            try:
                return bool(self.run(taken, *values))
            except AssertionError:  # between two pages
                return False

        for _ in range(TRIES):
            act()
            with contextlib.suppress(AssertionError):
                eventually(what, seen, patience)
                return
        eventually(what, seen)

    def click_on(
        self,
        element: str,
        *values: object,
        setup: str = "",
        kind: str = "click",
        spot: str = "point",
        tries: int = TRIES,
    ) -> None:
        """Click on what that expression gives, once it lies still, and again where the click did not come to it.

        `setup`: script before it. `kind`: the event that tells of a click. `spot`: gives the place on the screen.
        """
        again = False
        for _ in range(tries):
            options = f"{{kind: {json.dumps(kind)}, spot: {spot}, again: {json.dumps(again)}}}"
            place = self.run(f"{setup}return await aim({json.dumps(element)}, () => {element}, {options})", *values)
            if place is None:
                return
            self.screen.click(place)
            with contextlib.suppress(AssertionError):
                eventually("a click", lambda: self.run("return win.came"), 5)
                return
            again = True
        eventually(f"a click on {element}", lambda: self.run("return win.came"))

    def key(self, keys: str, taken: str, *values: object, window: str = "win", setup: str = "") -> None:
        """One stroke on the keyboard for that window, until it has been taken: `taken` is an expression."""

        def press() -> None:
            self.run(f"{setup}await inFront({window})", *values)
            self.screen.key(keys)

        self.until_taken(keys, press, f"{setup}return !!({taken})", *values, patience=10)

    # ---- The buttons

    def marks(self) -> list[dict[str, str] | None]:
        """Badge and title of the button above the message and of the one in the main toolbar, as they are now."""
        found: list[dict[str, str] | None] = self.run("return marks()")
        return found

    def marked(self, badge: str, title: str) -> None:
        """Wait until both buttons have this badge, and a title that contains this."""
        self.run(
            """
            let now;
            await until(`badge "${args[0]}" and title "${args[1]}"`, () => { now = marks();
              return now.every(one => one && one.badge == args[0] && one.title.includes(args[1]))
                || void (until.now = now); }).catch(error => { throw new Error(`${error} ${JSON.stringify(now)}`); });
            """,
            badge,
            title,
        )

    def click_display_button(self) -> None:
        self.click_on("displayButton()")

    def click_main_button(self) -> None:
        self.click_on("mainButton()")

    # ---- The menu

    def choose(
        self,
        menu: str,
        at: Callable[[], tuple[float, float]],
        before: Callable[[], object] | None = None,
        item: str = "analyse",
    ) -> str:
        """Right click there, then click on our item in the menu that opens; gives the item's label."""
        item = f'{menu}.querySelector(\'[id^="sekisho_"][id$="-menuitem-_{item}"]\')'
        self.until_taken("the menu", lambda: self.screen.click(at(), 3), f"return {menu}?.state == 'open'")
        label: str = self.run(f"return (await until('item', () => {item})).label")
        if before:
            before()
        self.click_on(item, kind="command")
        return label

    def choose_in_list(self, mail: Mail, before: Callable[[], object] | None = None) -> str:
        """The menu of the mail's row."""
        return self.choose("pane().document.getElementById('mailContext')", lambda: self.row(mail), before)

    # ---- What Thunderbird asks

    def answer_permission(self, allow: bool, picture: str = "permission") -> str:
        """Thunderbird asks for a permission: say yes or no; gives what it asked.

        Its buttons take no click in a window that is not in front, nor for half a second, which begins anew when the
        window comes to the front or a click came too early.
        """
        popup = "win.document.getElementById('notification-popup')"
        asked = f"{popup}?.querySelector('popupnotification')"
        text: str = self.run(
            f"""
            const one = await until("the question", () => {popup}?.state == "open" && {asked});
            return {popup}.textContent + " " + one.textContent;
            """
        )
        self.picture(picture)
        button = f"{asked}?.querySelector('.popup-notification-{'primary' if allow else 'secondary'}-button')"
        for _ in range(20):
            place = self.run(
                f"""
                const gone = () => {popup}.state == "closed";
                if (!gone()) await inFront();
                await until("half a second", () => gone() || ChromeUtils.now() - {asked}?.notification?.timeShown > 700);
                return (await still("the button", () => !gone() && ({popup}.state == "open" && {button} || null)))?.[1];
                """
            )
            if place is None:
                break
            self.screen.click(place)
            with contextlib.suppress(AssertionError):
                self.run(f"await until('answered', () => {popup}.state == 'closed', 3000)")
                break
        self.run(f"await until('answered', () => {popup}.state == 'closed')")
        return text

    # ---- The panel

    def panel(self) -> Panel | None:
        """The panel that was opened last, as it is now."""
        found: Panel | None = self.run(READ_PANEL)
        return found

    def until_panel(self, what: str, fits: Callable[[Panel], object], seconds: float = 60.0) -> Panel:
        """The panel as soon as it fits."""
        last: list[Panel | None] = [None]

        def look() -> Panel | None:
            try:
                last[0] = panel = self.panel()
            except AssertionError:  # between two pages
                return None
            return panel if panel and fits(panel) else None

        try:
            return eventually(what, look, seconds)
        except AssertionError as error:
            raise AssertionError(f"{error}; last seen: {json.dumps(last[0], ensure_ascii=False)[:1500]}") from None

    def until_done(self, seconds: float = 60.0) -> Panel:
        return self.until_panel("a panel with its report", lambda panel: panel["state"] == "done", seconds)

    def until_trouble(self, kind: str, seconds: float = 60.0) -> Panel:
        return self.until_panel(f"trouble: {kind}", lambda panel: panel["trouble"] == kind, seconds)

    def report(self) -> dict[str, Any]:
        """The report that the open panel shows."""
        found: dict[str, Any] = self.run(READ_REPORT)
        return found

    def place(self, selector: str, page: str = LAST) -> tuple[float, float]:
        """Where something in the panel is on the screen, once it stays there; `page`: an expression for another page."""
        left, top = self.run(f"return await within({page}, args[1], args[0])", selector, AIM)
        return left, top

    def press(self, button: str, page: str = LAST, setup: str = "") -> None:
        """Click on something in the panel, and again where the click did not come to it; `button`: a selector.

        `page`: an expression for another page than the panel, `setup`: script before it.
        """
        for _ in range(TRIES):
            number, place = self.run(
                f"{setup}const bc = await until('its page', () => {page}); return [bc.id, await within(bc, args[1], args[0])]",
                button,
                AIM,
            )
            self.screen.click(place)
            with contextlib.suppress(AssertionError):
                eventually("a click", lambda number=number: self._came(number), 5)
                return
        eventually(f"a click on {button}", lambda: self._came(number))

    def _came(self, number: int) -> bool:
        """Whether the page has had the click; one that has gone has."""
        came: bool = self.run(
            """
            const bc = BrowsingContext.get(args[0]);
            if (!bc?.currentWindowGlobal) return true;
            return within(bc, "return window.came !== false").catch(() => true);
            """,
            number,
        )
        return came

    def close_panels(self) -> None:
        """Close every popup, menu, window and tab but the first: none of them is on its way out any more, and the first in front."""
        self.run(
            """
            for (const one of Services.wm.getEnumerator("mail:extensionPopup")) one.close();
            while (tabmail.tabInfo.length > 1) tabmail.closeTab(tabmail.tabInfo[1]);
            await until("no menu", () => {
              for (const menu of menus()) if (menu.state == "open") menu.hidePopup();
              return menus().every(menu => menu.state == "closed");
            });
            await until("no page", () => views().every(view => view.viewType == "background"));
            await until("three panes", () => pane()?.document.readyState == "complete");
            await inFront();
            """
        )

    # ---- Pictures

    def picture(self, name: str) -> Path:
        """The whole screen, into the build folder."""
        self.run(
            """
            for (const bc of panels())  // what it knows may not be on the screen yet
              await within(bc, "await new Promise(seen => requestAnimationFrame(() => requestAnimationFrame(seen)))");
            """
        )
        file = self.pictures / f"{self.locale}-{name}.png"
        self.screen.picture(file)
        return file

    def picture_of_panel(self, name: str) -> Path:
        """The panel alone, as much of it as is to be seen."""
        file = self.pictures / f"{self.locale}-{name}.png"
        self.thunderbird.picture_of("panels().at(-1)", file)
        return file

    # ---- Time

    @contextlib.contextmanager
    def quickened(self, least: int, factor: int = 5) -> Iterator[None]:
        """The extension's own timers of at least so many milliseconds run that many times as fast: nobody waits for 60 s here.

        Only those that start meanwhile; an event page that is started anew has its own time again. No more of them and
        no faster than need be: a host that starts on a slow machine must not be given up.
        """
        set_clock = "await within(await until('background', background), `{}`, ...args)"
        quick = """
            const real = window.realSetTimeout ??= window.setTimeout, [factor, least] = args;
            window.setTimeout = (act, ms, ...rest) => real.call(window, act, ms >= least ? ms / factor : ms, ...rest);
        """
        self.run("await extension().wakeupBackground?.();" + set_clock.format(quick), factor, least)
        try:
            yield
        finally:
            right = "if (window.realSetTimeout) window.setTimeout = window.realSetTimeout;"
            self.run("if (extension().backgroundState == 'running') " + set_clock.format(right))

    def opt(self, **options: object) -> None:
        """Let these be the options that the reader chose earlier."""
        self.run(
            """
            await extension().wakeupBackground?.();
            await within(await until("background", background), "await browser.storage.local.set({options: args[0]})", args[0]);
            """,
            options,
        )
        self.unload()

    def unload(self) -> None:
        """Stop the event page as Thunderbird itself does after half a minute of nothing, the host with it."""

        def stopped() -> bool:
            self.home.kill_hosts()  # one that was asked meanwhile would keep the page
            gone: bool = self.run(
                """
                if (extension().backgroundState == "running") await extension().terminateBackground();
                return extension().backgroundState == "stopped";
                """
            )
            return gone

        eventually("the event page has stopped", stopped)
        eventually("no host", lambda: not self.home.hosts())


def roles(panel: Panel, role: str) -> Sequence[str]:
    """The texts of a dissection's segments that have this role."""
    return [text for name, text in panel["segments"] if name == role]
