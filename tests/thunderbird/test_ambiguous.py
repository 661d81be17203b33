"""What Thunderbird shows of mails that can be read in more than one way is what the host reads in them."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Any

from sekisho.facts import Facts
from sekisho.mail import url
from sekisho.mail.message import Message
from sekisho.questions import Ask
from sekisho.settings import Settings

from .ambiguous import JAPANESE, mails
from .mails import Mail
from .reader import Reader

AT_A_TIME = 100
WORD = re.compile(rf"Word \w+|{JAPANESE}")

# Has Thunderbird show one message after the other, and notes what can be clicked and read in its message pane.
SHOW = """
const {MailServices} = ChromeUtils.importESModule("resource:///modules/MailServices.sys.mjs");
const root = MailServices.accounts.getAccount("account1").incomingServer.rootFolder;
const folder = await until("folder", () => root.subFolders.find(one => one.URI.endsWith("/Ambiguous")));
if (pane().gFolder?.URI != folder.URI) pane().displayFolder(folder.URI);
await until("every message", () => folder.getTotalMessages(false) == args[2]);
const stored = [...folder.msgDatabase.enumerateMessages()].sort((a, b) => Number(a.storeToken) - Number(b.storeToken));
const view = pane().document.getElementById("messageBrowser").contentWindow;
const seen = [];
for (const header of stored.slice(args[0], args[1])) {
  const loaded = new Promise(resolve => view.addEventListener("MsgLoaded", resolve, {capture: true, once: true}));
  view.displayMessage(folder.getUriForMsg(header));
  await Promise.race([loaded, sleep(60000).then(() => { throw new Error(`not shown: ${header.subject}`); })]);
  const page = view.getMessagePaneBrowser().contentDocument;
  for (const table of page.querySelectorAll(".moz-main-header")) table.remove();  // Thunderbird's own words
  seen.push({
    links: [...page.querySelectorAll("a[href], area[href], form[action]")].map(one => String(one.href ?? one.action)),
    text: page.body?.innerText ?? "",
    files: view.currentAttachments.map(one => one.name),
  });
}
return seen;
"""

NOBODYS = "the host that Thunderbird makes of it is under no top-level domain, and leads nowhere"
ELSEWHERE = "the same host; where the link ends behind it, Thunderbird and RFC 3986 disagree"
# The mails of which Thunderbird makes a link that the host does not have in the same form.
DIFFERENT = {
    "charset utf-16 in base64": ELSEWHERE,
    "quoted-printable NUL": NOBODYS,
    **{
        f"text {text!r}": NOBODYS
        for text in ("https://one.example。次に", "https://one.exampleをご覧", "www.one.exampleです")
    },
    **{
        f"text {text!r}": ELSEWHERE
        for text in (
            *("<https://one.example/a b>", '"https://one.example/a b"', "(https://one.example/a(b))"),
            *("https://one.example/a(b)c)", "https://one.example/a[b]", "https://one.example/a-"),
            *("https://one.example/a\\b", "https://one.example/a^b", "https://one.example/をご覧"),
            *("「https://one.example/a」です", "（https://one.example/a）です", "https://one.example/a、次"),
            *("https://one.example/日本", "https://one.example/\u200bx", "https://one.example/a\u201d"),
            *("\u201chttps://one.example/a\u201d", "https://one.example/a\u2026", "https://one.example/a…次"),
            *("https://one.example/a\x0bb", "https://one.example/a\x0cb", "https://one.example/a\x01b"),
            *("https://one.example/{x}", "https://one.example\\two.example/"),
        )
    },
}
# What Thunderbird names itself: a part that has no name, and messages by their subject.
ITS_OWN_NAME = re.compile(r"|attachment(\..*)?|Part [\d.]+|ForwardedMessage\.eml|Inner\.eml")


def place(link: str) -> tuple[str, ...] | None:
    """A link in the form in which two spellings of it are equal."""
    parsed = url.parse(link.replace(" ", "%20"))
    if parsed is None or parsed.scheme not in ("http", "https", "ftp"):
        return None
    return (parsed.ip or parsed.host, parsed.path.rstrip("/"), parsed.query, parsed.fragment)


def hosts(places: set[tuple[str, ...] | None]) -> set[str]:
    return {one[0] for one in places if one}


def test_the_host_reads_what_thunderbird_shows(reader: Reader, measured: Callable[[str, str, float], None]) -> None:
    """Every link that can be clicked, every word, every named file; the differences are those listed above.

    The host may read more: every alternative, what stands in a text that is only attached, what was declared wrongly.
    """
    every = mails()
    begun = time.monotonic()
    shown: list[dict[str, Any]] = []
    for start in range(0, len(every), AT_A_TIME):
        shown += reader.run(SHOW, start, start + AT_A_TIME, len(every))
    measured("en", f"{len(every)} ambiguous mails shown", time.monotonic() - begun)
    assert len(shown) == len(every)

    different: dict[str, str] = {}
    unread: list[tuple[str, set[str]]] = []
    unlisted: list[str] = []
    for mail, seen in zip(every, shown, strict=True):
        message = Message(mail.raw)
        read = {place(one.url.url) for one in Facts(message, Settings(), Ask({})).links.seen}
        clickable = {place(link) for link in seen["links"]} - {None}
        if clickable - read:
            different[mail.name] = ELSEWHERE if hosts(clickable) <= hosts(read) else NOBODYS
        said = {word for part in message.texts for word in WORD.findall(part.text)}
        if missing := set(WORD.findall(seen["text"])) - said:
            unread.append((mail.name, missing))
        named = {name for name in seen["files"] if not ITS_OWN_NAME.fullmatch(name)}
        if named - {file.part.filename for file in message.files}:
            unlisted.append(mail.name)
    assert different == DIFFERENT
    assert unread == []
    assert unlisted == []


def test_there_are_enough_of_them() -> None:
    """Two hundred was the bar, and no two are alike."""
    every = mails()
    assert len({mail.raw for mail in every}) == len(every) > 200
    assert all(isinstance(mail, Mail) for mail in every)
