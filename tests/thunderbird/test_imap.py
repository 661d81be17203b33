"""Messages on an IMAP server that Thunderbird has not downloaded: a real server, on loopback."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.lab.imap import PASSWORD, USER, Imap

from . import apart
from .conftest import running, skip, tidy, without
from .mails import Mail, large, made, samples
from .reader import Reader, words

PORT = 1143

# An account without an identity would not be asked for its mails. What is opened is not kept.
ACCOUNT = """
const {MailServices} = ChromeUtils.importESModule("resource:///modules/MailServices.sys.mjs");
const server = MailServices.accounts.createIncomingServer(args[0], "127.0.0.1", "imap");
server.QueryInterface(Ci.nsIImapIncomingServer);
Object.assign(server, {port: args[2], socketType: Ci.nsMsgSocketType.plain, authMethod: Ci.nsMsgAuthMethod.passwordCleartext,
  password: args[1], loginAtStartUp: false, doBiff: false, offlineDownload: false, autoSyncOfflineStores: false});
const account = MailServices.accounts.createAccount();
account.incomingServer = server;
const identity = MailServices.accounts.createIdentity();
identity.email = "reader@reader.example";
account.addIdentity(identity);
const inbox = await until("inbox", () => server.rootFolder.subFolders.find(one => one.URI.endsWith("/INBOX")));
inbox.updateFolder(win.msgWindow);
"""
# Whether the body of the mail with this message id is in the folder's own file.
DOWNLOADED = """
const {gFolder} = pane();
const mail = gFolder.msgDatabase.getMsgHdrForMessageID(args[0]);
return gFolder.hasMsgOffline(mail.messageKey) || Boolean(mail.flags & Ci.nsMsgMessageFlags.Offline);
"""


def wired(mail: Mail) -> Mail:
    """As IMAP has it: each line ends in CR LF (RFC 9051 section 2.2)."""
    return mail._replace(raw=mail.raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))


KAGOYA = wired(samples()["kagoya"])
PLAIN = made("on-the-server", b"Hello\r\n", b"Content-Type: text/plain; charset=UTF-8\n", 3, b"\r\n")
LARGE = wired(large("large-on-the-server", 1_000_000))
MAILS = [KAGOYA, PLAIN, LARGE]


@pytest.fixture(scope="module")
def server(program: Path, tmp_path_factory: pytest.TempPathFactory, alone: bool) -> Iterator[tuple[Reader, Imap]]:
    if "lab" in without() or not alone:
        skip("an IMAP server needs the lab's programs and a network of its own")
    with running(program, tmp_path_factory.mktemp("imap"), "en", alone, ["Inbox"]) as reader:
        near = reader.thunderbird.pid
        folder = tmp_path_factory.mktemp("dovecot")
        imap = Imap(folder, {mail.name: mail.raw for mail in MAILS}, PORT, near)
        try:
            imap.wait_until(lambda: apart.inside(near, answers))
            reader.run(ACCOUNT, USER, PASSWORD, PORT)
            yield reader, imap
        finally:
            imap.stop()


def answers() -> bool:
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", PORT)) == 0


@pytest.fixture
def imap(server: tuple[Reader, Imap], request: pytest.FixtureRequest) -> Iterator[tuple[Reader, Imap]]:
    with tidy(server[0], request):
        yield server


def test_not_downloaded(imap: tuple[Reader, Imap]) -> None:
    """Fetched when it is asked for, byte for byte."""
    reader, _ = imap
    reader.open_folder("INBOX", len(MAILS), "account2")
    for mail, badge, title in ((KAGOYA, "!", "KAGOYA"), (PLAIN, "", "Sekisho: ")):
        assert reader.run(DOWNLOADED, mail.id) is False
        reader.select(mail)
        reader.displayed(mail)
        reader.marked(badge, title)
        reader.click_display_button()
        reader.until_done()
        assert reader.report()["message"]["sha256"] == mail.sha256
        assert reader.run(DOWNLOADED, mail.id) is False
        reader.picture(f"kind-imap-{mail.name}")
        reader.close_panels()


def test_server_that_stops(imap: tuple[Reader, Imap]) -> None:
    """It takes the question and says nothing more: the panel says so. When it goes on, "Try again" gives the report."""
    reader, server = imap
    reader.open_folder("INBOX", len(MAILS), "account2")
    with server.halted(), reader.quickened(40_000, factor=20):
        reader.choose_in_list(LARGE)
        panel = reader.until_trouble("stalled")
        assert words("en")["trouble_stalled"] in panel["text"]
        reader.picture("kind-imap-stalled")
    reader.press("[data-key=again]")
    reader.until_done()
    assert reader.report()["message"]["sha256"] == LARGE.sha256
