"""The option that asks before an answer to a dangerous message is sent, from the permission to the outbox."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from .conftest import BENIGN, running
from .mails import Mail, samples
from .reader import Reader, words
from .screen import eventually
from .test_banner import OPTIONS
from .test_options import PAGE

KAGOYA, HONEST = samples()["kagoya"], samples()["honest"]
LOOK = """
const compose = () => Services.wm.getMostRecentWindow("msgcompose");
const guard = () => views().map(view => view.xulBrowser.browsingContext)
  .find(bc => bc?.currentWindowGlobal?.documentURI.spec.includes("/guard.html"));
const {MailServices} = ChromeUtils.importESModule("resource:///modules/MailServices.sys.mjs");
const outbox = () => MailServices.accounts.localFoldersServer.rootFolder.getFolderWithFlags(Ci.nsMsgFolderFlags.Queue).getTotalMessages(false);
"""
ASKED = (
    LOOK
    + """return guard() ? await within(guard(), `return {text: document.body.innerText, state: document.body.dataset.state,
  focus: document.activeElement.id, level: matchMedia("(prefers-color-scheme: dark)").matches}`) : null"""
)


@pytest.fixture(scope="module", params=["en", "ja"])
def guarded(
    request: pytest.FixtureRequest, program: Path, tmp_path_factory: pytest.TempPathFactory, alone: bool
) -> Iterator[Reader]:
    folder = tmp_path_factory.mktemp("guard")
    with running(program, folder, request.param, alone, ["Inbox"], "mori@office.example", [KAGOYA, HONEST]) as reader:
        yield reader
        assert reader.thunderbird.complaints(BENIGN) == []


def tick(reader: Reader, allow: bool) -> None:
    """Tick the option, and answer what Thunderbird asks."""
    reader.run(OPTIONS)
    reader.press("#reply_guard", PAGE)
    reader.answer_permission(allow, "guard-permission")
    said = reader.run(
        OPTIONS
        + """return await until("an answer", () => within(options(), `
          const fault = document.querySelector('[data-name="reply_guard"] .fault');
          const live = document.querySelector("#live").textContent;
          return (!fault.hidden && fault.textContent) || live || null`));"""
    )
    assert (said == words(reader.locale)["options_guard_denied"]) is not allow
    on = reader.run(OPTIONS + "return await within(options(), 'return document.querySelector(`#reply_guard`).checked')")
    assert on is allow
    reader.close_panels()


def answer(reader: Reader, mail: Mail, badge: str) -> None:
    """Begin an answer to it, and have it sent later."""
    reader.close_panels()
    reader.open_folder("Inbox", 2, "account2")
    reader.select(mail)
    reader.displayed(mail)
    reader.marked(badge, "Sekisho")
    reader.key("ctrl+r", "!!compose()", setup=LOOK)
    reader.run(
        LOOK
        + """await until("a window to write in", () => compose().gMsgCompose?.editor && compose().document.readyState == "complete"
          && compose().gMsgCompose.editor.document.body.textContent.length > 10 && compose().defaultController.isCommandEnabled("cmd_sendLater"));"""
    )
    before = reader.run(LOOK + "return outbox()")
    leaves = "guard() || !compose() || compose().gSendLocked || compose().gWindowLocked || outbox() > args[0]"
    reader.key("ctrl+shift+Return", leaves, before, window="compose()", setup=LOOK)


def asked(reader: Reader) -> dict[str, Any]:
    found: dict[str, Any] = eventually(
        "a question",
        lambda: (one := reader.run(ASKED)) and one["state"] == "shown" and one["focus"] and one,
    )
    return found


def left_unsent(reader: Reader) -> None:
    """The window to write in is there as before; it is closed without a draft."""
    reader.run(
        LOOK
        + """await until("writing goes on", () => !guard() && !compose().gSendLocked && !compose().gWindowLocked);
          compose().gMsgCompose.bodyModified = false; compose().gContentChanged = false; compose().close();
          await until("closed", () => !compose());"""
    )


def test_asks_before_an_answer_is_sent(guarded: Reader) -> None:
    """Denied: nothing is chosen. Allowed: asks, keeps the answer back, lets it go, and does not ask again."""
    tick(guarded, allow=False)
    tick(guarded, allow=True)
    answer(guarded, KAGOYA, "!")
    question = asked(guarded)
    guarded.picture("guard-asks")
    assert "KAGOYA" in question["text"]
    assert "sv742.xserver.jp" in question["text"]
    assert question["focus"] == "stop"
    eventually("a window for keys", lambda: guarded.run(LOOK + "return within(guard(), 'return document.hasFocus()')"))
    guarded.until_taken("Return", lambda: guarded.screen.key("Return"), LOOK + "return !guard()", patience=10)
    left_unsent(guarded)
    assert guarded.run(LOOK + "return outbox()") == 0

    # The event page that waits for the answer may not be unloaded meanwhile, not even without a host.
    guarded.thunderbird.set_pref("extensions.background.idle.timeout", 300)
    answer(guarded, KAGOYA, "!")
    asked(guarded)
    guarded.home.kill_hosts()
    time.sleep(2)
    guarded.press("#send", "guard()", LOOK)
    guarded.run(LOOK + "await until('sent', () => outbox() == 1 && !compose())")

    guarded.thunderbird.set_pref("extensions.background.idle.timeout", 30_000)
    guarded.unload()
    answer(guarded, KAGOYA, "!")
    guarded.run(LOOK + "await until('sent without a question', () => outbox() == 2 && !compose())")
    answer(guarded, HONEST, "")
    guarded.run(LOOK + "await until('sent without a question', () => outbox() == 3 && !compose())")
