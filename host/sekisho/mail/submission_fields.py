"""Header fields in which a mail provider, a hosting server or a webmail notes who handed a message in: address, account, script.

No standard has them but `auth` in Authentication-Results (RFC 8601 §2.7.4), and anybody can write one. What a field says is
read here; whose word it is follows from where it stands and who writes such fields (`facts.submission`).
"""

from __future__ import annotations

import re

from sekisho.mail import domain
from sekisho.mail.fields import Field, Header
from sekisho.mail.ip import canonical
from sekisho.named import NamedTuple

MAX_FIELDS = 20
_MAX_TEXT = 1000
MAX_VALUE = 254  # characters of an account (RFC 5321 §4.5.3.1) or a script's path

# What a field holds. SpamAssassin's originating_ip_headers; cPanel, PHP (mail.add_x_header), Zimbra and SmarterMail manuals; seen in mail.
_ADDRESS = frozenset(
    [
        "x-originating-ip", "x-original-ip", "x-originating-client-ip", "x-source-ip", "x-yahoo-post-ip", "x-aol-ip", "x-client-ip", "x-clientip",
        "x-senderip", "x-sender-ip", "x-remote-ip", "x-webmail-client-ip", "x-webmailclientip", "x-en-ip", "x-me-ip", "x-ovh-clientip",
        "x-nifty-srcip", "x-sf-originating-ip", "x-pair-authenticated",
    ]
)  # fmt: skip
_ACCOUNT = frozenset(
    [
        "x-apparently-from", "x-authenticated-sender", "x-authenticated-user", "x-authenticated-id", "x-authuser", "x-auth-user", "x-auth-id",
        "x-originating-user", "x-originating-email", "x-get-message-sender-via", "x-biglobe-sender", "x-smartermail-authenticated-as",
        "x-migadu-auth-user", "x-123-reg-authenticated", "x-feas-auth-user", "x-source-auth",
    ]
)  # fmt: skip
_SCRIPT = frozenset(
    ["x-php-script", "x-php-originating-script", "x-php-filename", "x-source-args", "x-source-dir", "x-source"]
)
CPANEL = frozenset(["x-get-message-sender-via", "x-authenticated-sender"])  # its Exim names itself in them
NAMES = _ADDRESS | _ACCOUNT | _SCRIPT | {"authentication-results"}

# cPanel: the host that writes it, then what it says.
_SERVER = r"([A-Za-z0-9](?:[A-Za-z0-9\-]*\.)+[A-Za-z]{2,63}): *(.*)"
_IDENTIFIED = r"(?:authenticated_id|acl_c_authenticated_local_user|sender_ident|local user): *([^\s/]+)"
_LOGIN = r"(?i)\bauth=pass\b[^;\"]*?\bsmtp\.auth=<?([^\s;<>\"]+)>?"
_HOME = r"/home\d*/([\w.\-]+)/"


class SubmissionField(NamedTuple):
    """What one such field says; "" where it does not."""

    field: Field
    ip: str  # canonical
    account: str
    script: str
    host: str  # the server that it says wrote it


def read(header: Header, start: int) -> list[SubmissionField]:
    """The fields of this kind from offset `start` of the source on, in order, at most MAX_FIELDS; those that say nothing are left out."""
    out: list[SubmissionField] = []
    if NAMES.isdisjoint(header.named):
        return out
    for field in header.fields:
        if field.name not in NAMES or field.start < start:
            continue
        text = " ".join(field.text[:_MAX_TEXT].split())
        if field.name in _ADDRESS:
            said = SubmissionField(field, _only_address(text), "", "", "")
        elif field.name in _SCRIPT:
            said = _script(field, text)
        elif field.name in _ACCOUNT:
            said = _account(field, text)
        else:
            said = _results(field, text)
        if said.ip or said.account or said.script:
            out.append(said)
            if len(out) >= MAX_FIELDS:
                break
    return out


def _account(field: Field, text: str) -> SubmissionField:
    server = re.fullmatch(_SERVER, text) if field.name in CPANEL else None
    host, said = (server.group(1).lower(), server.group(2)) if server else ("", text)
    identified = re.match(_IDENTIFIED, said)
    if identified:
        said = identified.group(1)
    elif field.name == "x-get-message-sender-via":
        said = ""  # how the server came by its guess, not who it was
    words = said.strip("<>\"' ").split()
    account = words[0].strip("<>\"',;") if len(words) == 1 else ""
    return SubmissionField(field, "", account[:MAX_VALUE], "", host)


def _script(field: Field, text: str) -> SubmissionField:
    ip = account = ""
    script = text
    if field.name == "x-php-script":  # site/path for address
        script, _, used = text.partition(" for ")
        ip = _only_address(used)
    elif field.name == "x-php-filename":  # path REMOTE_ADDR: address
        script, _, used = text.partition(" REMOTE_ADDR:")
        ip = _only_address(used)
    elif field.name == "x-php-originating-script":  # number of the user:name of the file
        number, _, name = text.partition(":")
        account, script = (f"userid {number}", name) if number.isascii() and number.isdigit() else ("", text)
    elif field.name == "x-source-dir":  # site:/directory
        script = text.replace(":/", "/", 1)
    elif field.name == "x-source-args":  # interpreter and script; the interpreter alone says nothing
        interpreter, _, script = text.rpartition(" ")
        script = script if interpreter or "/bin/" not in script else ""
    home = re.search(_HOME, script)
    return SubmissionField(field, ip, home.group(1) if home else account, script.strip()[:MAX_VALUE], "")


def _results(field: Field, text: str) -> SubmissionField:
    """Authentication-Results of a server that took a login."""
    words = text.partition(";")[0].split()
    host = words[0].lower() if words and "=" not in words[0] else ""
    login = re.search(_LOGIN, text) if host and text.lower().count("smtp.auth=") == 1 else None
    return SubmissionField(field, "", login.group(1)[:MAX_VALUE] if login else "", "", domain.normalise(host))


def _only_address(text: str) -> str:
    """The address in a text that holds one, and one only: of several nobody knows which is meant."""
    found = {canonical(word.strip("<>()")) for word in text.replace(",", " ").split()} - {""}
    return found.pop() if len(found) == 1 else ""
