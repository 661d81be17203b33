"""The mail accounts of a Thunderbird profile, from its prefs.js: whose each folder of mail is. Read only.

What is in that file is believed as far as it leads into the profile: a folder outside of it is named, never read.
"""

from __future__ import annotations

import os
import re

from sekisho.named import NamedTuple

MAX_PREFS = 16 << 20  # bytes read of prefs.js; a profile of twenty years has a few MB
MAX_ACCOUNTS = 200
MAX_KEY = 200  # characters, as the extension cuts it
_RECEIVING = frozenset({"imap", "pop3", "ews", "owl"})  # types of server that mail is fetched from
# One a line: user_pref("name", value); a value that is text has backslash escapes as in JavaScript.
_PREF = re.compile(
    rb'^user_pref\("(mail\.(?:accountmanager|account|identity|server)\.[\w.-]{1,100})", '
    rb'("(?:[^"\\\n]|\\[^\n]){0,8000}"|-?\d{1,10}|true|false)\);',
    re.MULTILINE,
)
_ESCAPE = re.compile(r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|(.))", re.DOTALL)


class Account(NamedTuple):
    id: str  # as Thunderbird's own, and the extension's: account1
    folder: str  # where its mail lies, inside the profile; "" where it lies elsewhere
    elsewhere: str  # that place, for a sentence
    addresses: tuple[str, ...]  # of its identities, lower case
    server: str  # host from which its mail is fetched; "" for Local Folders and feeds

    @property
    def key(self) -> str | None:
        """What the extension calls the account to the register (PROTOCOL.md); None for one without an identity."""
        return f"{self.id} {self.addresses[0]}"[:MAX_KEY] if self.addresses else None


def is_profile(path: str) -> bool:
    """Whether a folder is a Thunderbird profile."""
    return os.path.isfile(os.path.join(path, "prefs.js"))


def accounts(path: str) -> list[Account]:
    """The accounts of the profile at `path`, in Thunderbird's order. Raises OSError where prefs.js can't be read."""
    with open(os.path.join(path, "prefs.js"), "rb") as file:
        prefs = _prefs(file.read(MAX_PREFS))
    found = []
    for identity in _list(prefs, "mail.accountmanager.accounts")[:MAX_ACCOUNTS]:
        server = f"mail.server.{prefs.get(f'mail.account.{identity}.server', '')}"
        identities = _list(prefs, f"mail.account.{identity}.identities")[:MAX_ACCOUNTS]
        addresses = [prefs.get(f"mail.identity.{one}.useremail", "").strip().lower() for one in identities]
        folder, elsewhere = _folder(
            path, prefs.get(f"{server}.directory-rel", ""), prefs.get(f"{server}.directory", "")
        )
        host = prefs.get(f"{server}.hostname", "").strip().lower()
        found.append(
            Account(
                identity,
                folder,
                elsewhere,
                tuple(dict.fromkeys(address for address in addresses if "@" in address)),
                host if prefs.get(f"{server}.type") in _RECEIVING else "",
            )
        )
    return found


def _prefs(data: bytes) -> dict[str, str]:
    """The preferences of mail accounts, as text whatever they are; of one set twice the last, as in Thunderbird."""
    read = {}
    for match in _PREF.finditer(data):
        value = match[2].decode("utf-8", "replace")
        read[match[1].decode("ascii", "replace")] = _ESCAPE.sub(_unescaped, value[1:-1]) if value[0] == '"' else value
    return read


def _unescaped(match: re.Match[str]) -> str:
    if match[1] or match[2]:
        return chr(int(match[1] or match[2], 16))
    return {"n": "\n", "r": "\r"}.get(match[3], match[3])


def _list(prefs: dict[str, str], name: str) -> list[str]:
    return [part for part in (one.strip() for one in prefs.get(name, "").split(",")) if part]


def _folder(profile: str, relative: str, absolute: str) -> tuple[str, str]:
    """Where a server's mail lies: a folder inside the profile, or the name of one that is not.

    `relative` is "[ProfD]ImapMail/imap.example"; it wins, because `absolute` stays what it was when a profile is moved.
    """
    base = os.path.abspath(profile)
    named = os.path.join(base, relative.removeprefix("[ProfD]")) if relative.startswith("[ProfD]") else absolute
    if not named or "\0" in named:
        return "", ""
    folder = os.path.abspath(named)
    inside = os.path.normcase(folder).startswith(os.path.normcase(base) + os.sep)
    return (folder, "") if inside else ("", named)
