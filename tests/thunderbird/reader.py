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
              && pane().document.querySelector("#threadTree-row" + (args[1] - 1)), 30000)
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
        left, top = self.run(f"return await until('row', () => point({row}, args[0]))", self._across)
        return left, top

    def select(self, mail: Mail) -> float:
        """Click on the mail's row; gives the time of the click."""
        row = self.row(mail)
        begun = time.monotonic()
        self.screen.click(row)
        return begun

    def displayed(self, mail: Mail) -> None:
        """Wait until the message pane shows it."""
        self.run("await until('displayed', () => about()?.gMessage?.messageId == args[0])", mail.id)

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
        self.screen.click(self.point("displayButton()"))

    def click_main_button(self) -> None:
        self.screen.click(self.point("mainButton()"))

    # ---- The menu

    def choose(
        self,
        menu: str,
        at: tuple[float, float],
        before: Callable[[], object] | None = None,
        item: str = "analyse",
    ) -> str:
        """Right click there, then click on our item in the menu that opens; gives the item's label."""
        self.screen.click(at, 3)
        item = f'{menu}?.querySelector(\'[id^="sekisho_"][id$="-menuitem-_{item}"]\')'
        label: str = self.run(
            f"await until('menu', () => {menu}?.state == 'open'); return (await until('item', () => {item})).label"
        )
        if before:
            before()
        self.screen.click(self.point(item))
        return label

    def choose_in_list(self, mail: Mail, before: Callable[[], object] | None = None) -> str:
        """The menu of the mail's row."""
        return self.choose("pane().document.getElementById('mailContext')", self.row(mail), before)

    # ---- What Thunderbird asks

    def answer_permission(self, allow: bool, picture: str = "permission") -> str:
        """Thunderbird asks for a permission: say yes or no, again where the click came too early for it; gives what it asked.

        Its buttons take no click for half a second, and that half second begins anew when the window comes to the front.
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
        for _ in range(5):
            try:
                self.screen.click(self.run(f"return point({button})"))
            except AssertionError:  # it went between two looks
                break
            with contextlib.suppress(AssertionError):
                self.run(f"await until('answered', () => {popup}.state == 'closed', 1500)")
                break
        self.run(f"await until('answered', () => {popup}.state == 'closed')")
        return text

    # ---- The panel

    def panel(self) -> Panel | None:
        """The panel that was opened last, as it is now."""
        found: Panel | None = self.run(READ_PANEL)
        return found

    def until_panel(self, what: str, fits: Callable[[Panel], object], seconds: float = 10.0) -> Panel:
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

    def until_done(self, seconds: float = 10.0) -> Panel:
        return self.until_panel("a panel with its report", lambda panel: panel["state"] == "done", seconds)

    def until_trouble(self, kind: str, seconds: float = 10.0) -> Panel:
        return self.until_panel(f"trouble: {kind}", lambda panel: panel["trouble"] == kind, seconds)

    def report(self) -> dict[str, Any]:
        """The report that the open panel shows."""
        found: dict[str, Any] = self.run(READ_REPORT)
        return found

    def place(self, selector: str) -> tuple[float, float]:
        """Where something in the panel is on the screen, once it stays there: a popup grows while it opens."""
        left, top = self.run(
            """
            return await within(panels().at(-1), `
              const frame = () => new Promise(seen => requestAnimationFrame(seen));
              for (let before = "", stays = 0; ; await frame()) {
                const found = document.querySelector(args[0]);
                found.scrollIntoView({block: "center", behavior: "instant"});
                const box = found.getClientRects()[0];
                const now = [mozInnerScreenX + box.left + box.width / 2, mozInnerScreenY + box.top + box.height / 2];
                stays = String(now) == before ? stays + 1 : 0;
                if (stays == 6) return now;
                before = String(now);
              }`, args[0]);
            """,
            selector,
        )
        return left, top

    def press(self, button: str) -> None:
        """Click on a button in the panel; `button`: a selector."""
        self.screen.click(self.place(button))

    def close_panels(self) -> None:
        """Close every popup, menu, window and tab but the first."""
        self.run(
            """
            for (const one of Services.wm.getEnumerator("mail:extensionPopup")) one.close();
            for (const doc of [win.document, pane()?.document, about()?.document])
              for (const menu of doc?.querySelectorAll("panel, menupopup") ?? []) if (menu.state == "open") menu.hidePopup();
            while (tabmail.tabInfo.length > 1) tabmail.closeTab(tabmail.tabInfo[1]);
            await until("no panel", () => panels().length == 0);
            await until("three panes", () => pane()?.document.readyState == "complete");
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
    def quickened(self, factor: int = 20) -> Iterator[None]:
        """The extension's own long timers (5 s and more) run that many times as fast: nobody waits for 60 s here.

        Only those that start meanwhile; an event page that is started anew has its own time again.
        """
        set_clock = "await within(await until('background', background), `{}`, args[0])"
        quick = """
            const real = window.realSetTimeout ??= window.setTimeout;
            window.setTimeout = (act, ms, ...rest) => real.call(window, act, ms >= 5000 ? ms / args[0] : ms, ...rest);
        """
        self.run("await extension().wakeupBackground?.();" + set_clock.format(quick), factor)
        try:
            yield
        finally:
            right = "if (window.realSetTimeout) window.setTimeout = window.realSetTimeout;"
            self.run("if (extension().backgroundState == 'running') " + set_clock.format(right), factor)

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

        eventually("the event page has stopped", stopped, 20)
        eventually("no host", lambda: not self.home.hosts())


def roles(panel: Panel, role: str) -> Sequence[str]:
    """The texts of a dissection's segments that have this role."""
    return [text for name, text in panel["segments"] if name == role]
