"""One running Thunderbird: started, asked about itself through Marionette's privileged scope, and ended."""

from __future__ import annotations

import base64
import contextlib
import json
import os
import signal
import subprocess
import sys
import time
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)  # of what it imports and we do not use
    from marionette_driver.marionette import Marionette

from . import apart
from .home import DEMO_PREFS, EXTENSION_ID
from .screen import SIZE, Screen, eventually

PREFS: dict[str, object] = {
    **DEMO_PREFS,
    "marionette.port": 0,  # any free one, which is then written into the profile
    "remote.prefs.recommended": False,  # else Marionette would switch the extension on in our place
    "mail.spotlight.firstRunDone": True,
    "mailnews.start_page_override.mstone": "ignore",
    "app.donation.eoy.version.viewed": 999,
    "mail.chat.enabled": False,
    "calendar.timezone.local": "UTC",
    "mailnews.database.global.indexer.enabled": False,
    "mailnews.mark_message_read.auto": False,  # a status that changes by itself would repaint rows under the mouse
    "ui.prefersReducedMotion": 1,
    "ui.systemUsesDarkTheme": 0,
    "toolkit.telemetry.enabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "extensions.getAddons.cache.enabled": False,
}

# What every script starts with. Only looks; clicks and keys come from the outside, as a reader's do.
PRELUDE = """
const win = Services.wm.getMostRecentWindow("mail:3pane");
const tabmail = win?.document.getElementById("tabmail");
const sleep = ms => new Promise(resolve => win.setTimeout(resolve, ms));
// How long bounds what never comes; a slow machine is no failure.
const until = async (what, look, ms = 60000) => {
  const end = Date.now() + ms;
  for (let error = ""; ; await sleep(10)) {
    let found;
    try { found = await look(); } catch (thrown) { error = String(thrown); }
    if (found) return found;
    if (Date.now() > end) throw new Error(`not within ${ms} ms: ${what} ${error}`);
  }
};
const pane = () => tabmail.currentAbout3Pane;
const about = () => tabmail.currentAboutMessage;
const extension = () => WebExtensionPolicy.getByID(EXTENSION)?.extension;
const views = () => [...extension().views];
const background = () => views().find(view => view.viewType == "background")?.xulBrowser.browsingContext;
const panels = () => views().map(view => view.xulBrowser.browsingContext)
  .filter(bc => bc?.currentWindowGlobal?.documentURI.spec.match(/[/](panel|several)[.]html/));
const menus = () => [win.document, pane()?.document, about()?.document].flatMap(doc => [...doc?.querySelectorAll("panel, menupopup") ?? []]);
// Runs a function's body in an extension page.
const within = async (bc, body, ...values) => {
  const said = await bc.currentWindowGlobal.getActor("MarionetteCommands").executeScript(
    `const done = arguments[arguments.length - 1], values = [...arguments].slice(0, -1);
     (async (...args) => { ${body} })(...values).then(ok => done({ok}), error => done({error: String(error)}))`,
    values, {async: true, timeout: 180000, sandboxName: null, newSandbox: false, filename: "tests", line: 0});
  if (said?.error) throw new Error(said.error);
  return said?.ok;
};
// The middle of an element on the screen. A menu is a window of its own.
const point = (element, across = 0.5, down = 0.5) => {
  element.scrollIntoView?.({block: "nearest"});
  const box = element.getBoundingClientRect(), view = element.ownerDocument.defaultView, menu = element.closest("menupopup, panel");
  if (!box.width || !box.height) throw new Error(`not to be seen: ${element.id || element.className}`);
  let left = view.mozInnerScreenX, top = view.mozInnerScreenY;
  if (menu) {
    const outer = menu.getOuterScreenRect(), inner = menu.getBoundingClientRect();
    [left, top] = [outer.left - inner.left, outer.top - inner.top];
  }
  return [left + box.left + box.width * across, top + box.top + box.height * down];
};
const frame = () => new Promise(seen => { win.requestAnimationFrame(seen); win.setTimeout(seen, 100); });
// What `find` gives, and where it is, once it can be used and has stayed there for a while; null when `find` says false.
const still = async (what, find, spot = point) => {
  for (let before = "", stays = 0, error = "", end = Date.now() + 60000; ; await frame()) {
    let one, place = "";
    try { one = find(); if (one && !one.hasAttribute("disabled")) place = spot(one); } catch (thrown) { error = String(thrown); }
    if (one === false) return null;
    stays = place && String(place) == before ? stays + 1 : 0;
    before = String(place);
    if (stays == 2) return [one, place];
    if (Date.now() > end) throw new Error(`not to be clicked on: ${what} ${error}`);
  }
};
// Where to click for it. `win.came` says then whether a click has come to it; null when one has, late.
const aim = async (what, find, {kind = "click", spot = point, again = false} = {}) => {
  if (!again) win.came = false;
  const found = await still(what, () => win.came ? false : find(), spot);
  found?.[0].addEventListener(kind, () => { win.came = true; }, {capture: true, once: true});
  return found && found[1];
};
// Keys go to the window that is in front.
const inFront = async (one = win) => until("the window in front", () => {
  if (Services.focus.activeWindow == one) return true;
  one.focus();
});
const displayButton = () => about()?.document.querySelector(`[data-extensionid="${EXTENSION}"]`);
const mainButton = () => win.document.querySelector(`#unifiedToolbarContent button[extension="${EXTENSION}"]`);
const mark = button => button && {badge: button.getAttribute("badge") ?? "",
  title: button.getAttribute("tooltiptext") || button.title};
const marks = () => [displayButton(), mainButton()].map(mark);
const png = async (bc, scale) => {
  const bitmap = await bc.currentWindowGlobal.drawSnapshot(null, scale, "white");
  const canvas = win.document.createElementNS("http://www.w3.org/1999/xhtml", "canvas");
  [canvas.width, canvas.height] = [bitmap.width, bitmap.height];
  canvas.getContext("2d").drawImage(bitmap, 0, 0);
  return canvas.toDataURL("image/png").split(",")[1];
};
"""


def make_profile(profile: Path, folders: Mapping[str, bytes], prefs: Mapping[str, object]) -> None:
    """A profile with Local Folders alone; `folders`: name -> mbox."""
    local = profile / "Mail" / "Local Folders"
    local.mkdir(parents=True)
    for name, content in folders.items():
        (local / name).write_bytes(content)
    lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in {**PREFS, **prefs}.items()]
    (profile / "user.js").write_text("".join(lines), "utf-8")


def add_account(profile: Path, address: str, inbox: bytes) -> dict[str, object]:
    """A POP3 account with that identity, whose mail is there already; gives its preferences. It never looks for new mail."""
    folder = profile / "Mail" / "pop.host.example"
    folder.mkdir(parents=True, exist_ok=True)  # a test may have put another folder there
    (folder / "Inbox").write_bytes(inbox)
    server = {
        "type": "pop3",
        "hostname": "pop.host.example",
        "userName": "me",
        "name": address,
        "directory-rel": "[ProfD]Mail/pop.host.example",
        "storeContractID": "@mozilla.org/msgstore/berkeleystore;1",
        "check_new_mail": False,
        "login_at_startup": False,
    }
    return {
        "mail.accountmanager.accounts": "account1,account2",
        "mail.account.account2.server": "server2",
        "mail.account.account2.identities": "id1",
        "mail.identity.id1.useremail": address,
        "mail.identity.id1.fullName": "Me",
        "mail.identity.id1.valid": True,
        **{f"mail.server.server2.{name}": value for name, value in server.items()},
    }


class Thunderbird:
    """A Thunderbird on a screen, from construction to `close`."""

    def __init__(self, program: Path, profile: Path, home: Path, screen: Screen, alone: bool) -> None:
        self.profile, self.alone = profile, alone
        environ = {
            key: value
            for key, value in os.environ.items()
            if key not in ("WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS") and not key.startswith(("XDG_", "MOZ_"))
        }
        environ.update(
            HOME=str(home),
            DISPLAY=screen.display,
            LANG="C.UTF-8",
            LC_ALL="C.UTF-8",
            NO_AT_BRIDGE="1",
            LIBGL_ALWAYS_SOFTWARE="1",
            MOZ_CRASHREPORTER_DISABLE="1",
            MOZ_DISABLE_AUTO_SAFE_MODE="1",
        )
        command = [
            str(program),
            "--no-remote",
            "--profile",
            str(profile),
            "--marionette",
            "--remote-allow-system-access",
        ]
        if alone:
            command = [sys.executable, apart.__file__, *command]
        self.log = profile.with_name(profile.name + ".log")
        self._command, self._environ = command, environ
        self._start()

    def _start(self) -> None:
        (self.profile / "MarionetteActivePort").unlink(missing_ok=True)  # that of an earlier start
        self._output = open(self.log, "ab")  # noqa: SIM115 - closed in close()
        self._process = subprocess.Popen(
            self._command, env=self._environ, stdout=self._output, stderr=subprocess.STDOUT, start_new_session=True
        )
        try:
            self._marionette = self._connect()
            self._settle()
        except BaseException:
            self._kill()
            raise

    def _connect(self) -> Marionette:
        file = self.profile / "MarionetteActivePort"

        def port() -> int | None:
            if self._process.poll() is not None:
                raise RuntimeError(f"Thunderbird left: {self.log.read_text('utf-8', 'replace')[-2000:]}")
            with contextlib.suppress(OSError, ValueError):
                return int(file.read_text("ascii"))
            return None

        number = eventually("Marionette's port", port, 120)

        def begin() -> Marionette:
            marionette = Marionette(host="127.0.0.1", port=number)
            marionette.start_session()
            return marionette

        marionette = apart.inside(self._process.pid, begin) if self.alone else begin()
        marionette.timeout.script = 240
        marionette.set_context("chrome")
        return marionette

    def _settle(self) -> None:
        self.run(
            """
            await until("three panes", () => pane()?.document.readyState == "complete");
            await until("the extension", () => extension()?.backgroundState && background());
            await until("the whole screen", () => win.outerWidth == args[0] && win.outerHeight == args[1]);
            """,
            *SIZE,
        )

    def run(self, body: str, *values: object) -> Any:
        """What an async function with that body gives in Thunderbird's privileged scope, as JSON."""
        script = (
            "const done = arguments[arguments.length - 1], args = [...arguments].slice(0, -1);\n"
            f"const EXTENSION = {json.dumps(EXTENSION_ID)};\n{PRELUDE}\n"
            f"(async () => {{ {body}\n}})().then(ok => done({{ok: ok ?? null}}),"
            "error => done({error: `${error}\\n${error?.stack}`}))"
        )
        said = self._marionette.execute_async_script(script, script_args=list(values), sandbox="system")
        if "error" in said:
            raise AssertionError(said["error"])
        return said["ok"]

    def point(self, element: str, *values: object) -> tuple[float, float]:
        """Where on the screen that is what the expression gives, as soon as it can be seen and stays there."""
        left, top = self.run(f"return (await still({json.dumps(element)}, () => {element}))[1]", *values)
        return left, top

    def set_pref(self, name: str, value: bool | int | str) -> None:
        """Change a preference while Thunderbird runs."""
        kind = {bool: "Bool", int: "Int", str: "String"}[type(value)]
        self.run(f"Services.prefs.set{kind}Pref(args[0], args[1])", name, value)

    def picture_of(self, view: str, file: Path, scale: float = 1.0) -> None:
        """What one page shows, to its edges and no further; `view`: an expression for its browsing context."""
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(base64.b64decode(self.run(f"return await png({view}, args[0])", scale)))

    def complaints(self, benign: Sequence[str] = ()) -> list[str]:
        """What the console says against the extension, but for what every healthy run says."""
        said: list[str] = self.run(
            """
            const errors = Services.console.getMessageArray().map(entry => {
              try { return entry.QueryInterface(Ci.nsIScriptError); } catch { return null; } });
            return errors.filter(one => one && /moz-extension|sekisho/i.test(one.sourceName + one.errorMessage))
              .map(one => `${one.errorMessage} (${one.sourceName}:${one.lineNumber})`);
            """
        )
        return [line for line in said if not any(words in line for words in benign)]

    @property
    def pid(self) -> int:
        return self._process.pid

    def restart(self) -> None:
        """Quit, and start again with the same profile."""
        self.close()
        self._start()

    def close(self) -> float:
        """Quit as by the menu; the seconds it took. Killed when it does not."""
        begun = time.monotonic()
        with contextlib.suppress(Exception):  # the connection ends with the process, in the middle of the answer
            self._marionette.execute_script("Services.startup.quit(Ci.nsIAppStartup.eForceQuit)", sandbox="system")
        try:
            self._process.wait(60)
        except subprocess.TimeoutExpired:
            self._kill()
            raise
        finally:
            self._output.close()
        return time.monotonic() - begun

    def _kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
