"""A letter opens as a draft in Thunderbird's own compose window: one address, the text, the message; and nothing is sent."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from .conftest import BENIGN, running
from .mails import Mail, samples
from .reader import Reader

KAGOYA, ACCOUNT = samples()["kagoya"], samples()["virus-account"]
READER = "mori@office.example"
COUNCIL = "info@antiphishing.jp"
SWITCH = "button[data-action=mask]"
# What the compose window holds, its attachment as it was given and as it is kept: the draft is saved, never sent.
COMPOSED = """
const {NetUtil} = ChromeUtils.importESModule("resource://gre/modules/NetUtil.sys.mjs");
const composer = await until("compose window", () => Services.wm.getMostRecentWindow("msgcompose"));
await until("composer", () => composer.gMsgCompose?.compFields?.subject && composer.document.getElementById("attachmentBucket")?.itemCount
  && composer.GetCurrentEditor()?.outputToString("text/plain", 0).trim() && composer.document.querySelector("mail-address-pill"));
const { compFields: fields } = composer.gMsgCompose;
const text = composer.GetCurrentEditor().outputToString("text/plain", 0);
const attached = [...composer.document.getElementById("attachmentBucket").itemChildren].map(({ attachment }) => attachment);
const bytes = await new Promise((seen) => NetUtil.asyncFetch({uri: attached[0].url, loadUsingSystemPrincipal: true}, (stream) =>
  seen(btoa(NetUtil.readInputStreamToString(stream, stream.available())))));
const chips = [...composer.document.querySelectorAll("mail-address-pill")].map((pill) => pill.emailAddress);
const windows = [...Services.wm.getEnumerator("msgcompose")].length;
return {
  to: fields.to, cc: fields.cc, bcc: fields.bcc, chips, subject: fields.subject, text, bytes, windows,
  identity: composer.gCurrentIdentity.email, plain: !composer.gMsgCompose.composeHTML,
  attached: attached.map(({ name, contentType, size }) => ({ name, contentType, size })),
};
"""
# Writes the draft to the Drafts folder, closes the window, and gives what was written.
KEPT = """
const composer = Services.wm.getMostRecentWindow("msgcompose");
const {MailServices} = ChromeUtils.importESModule("resource:///modules/MailServices.sys.mjs");
await composer.SaveAsDraft?.();
await until("saved", () => !composer.gSaveOperationInProgress && !composer.gContentChanged);
const drafts = await until("drafts", () => MailServices.accounts.allFolders.find((one) => one.getFlag(Ci.nsMsgFolderFlags.Drafts) && one.getTotalMessages(false)));
const header = [...drafts.messages].at(-1);
const {NetUtil} = ChromeUtils.importESModule("resource://gre/modules/NetUtil.sys.mjs");
const stream = drafts.getMsgInputStream(header, {});
const source = btoa(NetUtil.readInputStreamToString(stream, header.messageSize));
composer.close();
await until("closed", () => !Services.wm.getMostRecentWindow("msgcompose"));
const waiting = MailServices.accounts.allFolders.filter((one) => one.getFlag(Ci.nsMsgFolderFlags.Queue) || one.getFlag(Ci.nsMsgFolderFlags.SentMail));
return { source, sent: waiting.reduce((sum, one) => sum + one.getTotalMessages(false), 0) };
"""
PERMIT = """
const {ExtensionPermissions} = ChromeUtils.importESModule("resource://gre/modules/ExtensionPermissions.sys.mjs");
await ExtensionPermissions[args[0] ? "add" : "remove"](EXTENSION, {permissions: ["compose"], origins: [], data_collection: []}, extension());
"""


@pytest.fixture(scope="module")
def writer(program: Path, tmp_path_factory: pytest.TempPathFactory, alone: bool) -> Iterator[Reader]:
    """A reader with an account in which the scam mail lies."""
    with running(
        program, tmp_path_factory.mktemp("letters"), "en", alone, ["Inbox"], address=READER, inbox=[KAGOYA, ACCOUNT]
    ) as reader:
        yield reader
        reader.close_panels()
        assert reader.thunderbird.complaints(BENIGN) == []


@pytest.fixture
def allowed(writer: Reader) -> Reader:
    """The same, who has said before that Sekisho may open compose windows."""
    writer.run(PERMIT, True)
    return writer


def open_letters(reader: Reader, mail: Mail, tab: bool = True) -> None:
    """The panel of a mail, its list of desks unfolded."""
    reader.close_panels()
    reader.run("win.focus(); await until('the main window in front', () => Services.focus.activeWindow == win)")
    reader.open_folder("Inbox", 2, "account2")
    reader.select(mail)
    reader.displayed(mail)
    reader.click_display_button()
    reader.until_done()
    if tab:
        reader.press("#tab")
        reader.until_panel("the tab", lambda panel: panel["place"] == "tab" and panel["state"] == "done")
    reader.run(
        """await within(panels().at(-1), `
          for (const fold of document.querySelectorAll("#actions details")) fold.open = true;`)"""
    )


def button(address: str, language: str) -> str:
    return f"button[data-action=draft][data-arguments*='{address}'][data-arguments*='\"{language}\"']"


def composed(reader: Reader) -> dict[str, Any]:
    """What the compose window holds; `attached` is the first file's content."""
    made: dict[str, Any] = reader.run(COMPOSED)
    return {**made, "content": b64decode(made["bytes"])}


def kept(reader: Reader) -> EmailMessage:
    """The draft as Thunderbird wrote it to the Drafts folder; the compose window is closed, and nothing was sent."""
    saved = reader.run(KEPT)
    assert 0 == saved["sent"]
    read = message_from_bytes(b64decode(saved["source"]), policy=policy.default)
    assert isinstance(read, EmailMessage)
    return read


def attachment(draft: EmailMessage) -> bytes:
    """The one file of a draft, which is a whole message and declared as one."""
    [part] = draft.iter_attachments()
    assert "message/rfc822" == part.get_content_type()
    _, _, body = part.as_bytes().partition(b"\n\n")
    return body


def test_a_click_opens_a_masked_draft_and_sends_nothing(writer: Reader) -> None:
    """After Thunderbird's own question: one address, subject, text, the message attached without its reader."""
    writer.run(PERMIT, False)
    open_letters(writer, KAGOYA)
    writer.place(button(COUNCIL, "ja"))
    writer.picture_of_panel("letters")
    writer.press(button(COUNCIL, "ja"))
    writer.answer_permission(allow=True)
    draft = composed(writer)
    writer.picture("letters-composer")

    assert ([COUNCIL], "", "", 1) == (draft["chips"], draft["cc"], draft["bcc"], draft["windows"])
    assert READER == draft["identity"] and draft["plain"]
    assert "フィッシング" in draft["subject"]
    assert "KAGOYA" in draft["text"] and "hxxps://w-support[.]jp/" in draft["text"]
    assert [("message.eml", "message/rfc822")] == [(one["name"], one["contentType"]) for one in draft["attached"]]
    message = kept(writer)
    assert COUNCIL == message["To"] and message["Cc"] is None and message["Bcc"] is None
    for content in (draft["content"], attachment(message)):
        assert b"w-support.jp" in content
        assert b"office.example" not in content
    assert "office.example" not in draft["text"]


def test_the_switch_leaves_the_message_as_it_came(allowed: Reader) -> None:
    """Turned off, the attached message is the one that lies in the folder, byte by byte."""
    open_letters(allowed, KAGOYA)
    allowed.press(SWITCH)
    allowed.press(button(COUNCIL, "en"))
    draft = composed(allowed)
    message = kept(allowed)
    allowed.press(SWITCH)

    assert KAGOYA.raw == draft["content"]
    assert READER in draft["text"]
    assert attachment(message).rstrip() == KAGOYA.raw.rstrip()


def test_the_popup_opens_a_draft_too(allowed: Reader) -> None:
    """From the place where most people read the panel."""
    open_letters(allowed, KAGOYA, tab=False)
    allowed.press(button(COUNCIL, "en"))
    draft = composed(allowed)
    kept(allowed)

    assert [COUNCIL] == draft["chips"]
    assert "Phishing report" in draft["subject"]


def test_the_notice_to_a_used_mailbox_goes_to_its_postmaster(allowed: Reader) -> None:
    """Never to the mailbox itself, which somebody else reads."""
    open_letters(allowed, ACCOUNT)
    allowed.press(button("postmaster@kagu.example.co.jp", "ja"))
    draft = composed(allowed)
    message = kept(allowed)

    assert ["postmaster@kagu.example.co.jp"] == draft["chips"]
    assert "不正利用のおそれ" in draft["subject"]
    assert READER.encode() not in attachment(message)
