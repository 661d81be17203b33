"""One Received field (RFC 5321 §4.4) to its parts, by the hand that wrote it.

The peer's address is taken only from text that the receiving server wrote itself: never from a HELO argument, an ident,
an id, a date or the digits of a host name. What is not there is ""; pasted fragments (no `by`, no date) are read as far
as they go. One pass over the text; nothing raises.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache

from sekisho.mail.date import Date
from sekisho.mail.date import parse as parse_date
from sekisho.mail.ip import canonical
from sekisho.named import NamedTuple

MAX_LENGTH = 8192  # characters read of one field; real ones have under 1,000
MAX_TOKENS = 400


class Span(NamedTuple):
    """A stretch of the unfolded field: start, end."""

    start: int
    end: int


class Received(NamedTuple):
    """The parts of one trace field; "" where the field does not say."""

    raw: str  # unfolded
    helo: str  # the name the peer gave for itself: its own word
    rdns: str  # the name the receiver looked up for the address
    ip: str  # the address the receiver saw
    by: str
    by_ip: str
    via: str
    protocol: str
    id: str
    recipient: str
    envelope_from: str
    ident: str  # RFC 1413, asserted by the peer's machine
    auth: bool
    auth_user: str
    auth_method: str
    tls_version: str
    tls_cipher: str
    date: Date | None
    relay: bool  # False: the message did not come over the network here (spool, list, loopback, filter, fetch)


_KEYWORDS = {
    spelling: word
    for word in ("from", "by", "via", "with", "id", "for")
    for spelling in (word, word.upper(), word.capitalize())
}
_NO_NAME = frozenset(
    {"unknown", "unverified", "softdnserr", "unavailable", "unknownhost", "none", "may", "-", "hidden", "nohelo"}
    | {"nxdomain", "dnserror", "really"}  # Haraka; InterMail
)
_HEXADECIMAL = "0123456789ABCDEFabcdef:"
_AROUND_NAMES = " ,;<>\"'?![]."
_PEER = re.compile(r"\((?:([A-Za-z0-9][\w.\-]{0,253}) )?\[(?:IPv6:)?([0-9A-Fa-f.:]{2,45})\]\)")  # (name [address])
# Looked for only where a plain word says that they may be there: `_pattern` compiles them at first use.
_PIECE = r"\([^()\\]*(?:\\.[^()\\]*)*\)|[()]|\"[^\"]*\"?|;|[^\s();\"]+"
_BRACKET = r"(?i)\[(?:IPv6:)?([0-9A-Fa-f.:]{2,45})(?:%\w{1,16})?(?:\]| port)"
_HELO = r"(?i)(?<![\w.:\-])(?:HELO|EHLO|LHLO)[ \t]+\"?([^\s\"]+)|\bhelo=(\S+)"
_HOST = r"\w(?:[\w.\-]{0,253}[\w.])?"
_NAME = r"[\w.\-]"
_ENVELOPE = r"(?i)envelope-(?:from|sender)[ \t]*[:=]?[ \t]*<?([^\s<>()]*)>?"
_TLS = r"([Tt][Ll][Ss][ vV]?\d(?:[._]\d)?|SSLv\d)\b"
_CIPHER = (
    r"\bcipher[= :]+([A-Za-z0-9_\-]+)|\b(?:TLS|SSL)v?[\d._]*:([A-Z0-9_\-]{5,60})|\b\d{2,3}bits,([A-Z0-9_\-]{5,60})"
    r"|\(([A-Z0-9_\-]{5,60}) encrypted\)"
    r"|\b((?:TLS|ECDHE|DHE|AES|ECDH)[_-][A-Z0-9_\-]{5,60})\b"
)
_AUTH_USER = (
    r"(?i)\bauthenticated:([^\s()\[\]]{1,254}?)@\[?[0-9A-Fa-f.:]{2,45}\]?(?!\S)|Authenticated sender:[ \t]*([^\s()]+)|authenticated user[ \t]+([^\s()]+)|\baccount[ \t]+<?([^\s()<>]+)>?"
    r"|\bauthenticated(?:-|_| )?(?:id|as|user)?[=: ]+(?!bits\b|sender\b)([^\s(),;]+)|\bauth(?:enticated_sender|_user|user)?=([^\s(),;]+)"
    r"|\bsmtp\.auth=([^\s(),;]+)|\bAUTH:[ \t]*[\w-]+[ \t]+([^\s(),;]+)|\bsmtp-auth username ([^\s(),;]+)|\buser=([^\s(),;]+) mech="
)
_AUTHENTICATED = r"(?i)\bauthenticated\b|\bAUTH:|\bauth=|Authenticated sender"
_METHOD = r"\b(PLAIN|LOGIN|CRAM-MD5|DIGEST-MD5|XOAUTH2?|SCRAM-SHA-\d+|NTLM|GSSAPI)\b|\bmechanism ([\w-]{4,20})"
_PEERS_WORDS = r"(?i)(?<![\w-])(?:(?:HELO|EHLO|LHLO)[ \t]|helo=|ident=|envelope-|Client CN )"
# Behind everything else and outside of comments: OpenSMTPD's login, and XMail's and IBM's envelope sender.
_PLAIN_USER = r" auth=yes user=([^\s(),;]+)"
_PLAIN_ENVELOPE = r"(?<!^) from <([^\s<>()]*)>"
_EXIM_ID = r"\bid [0-9A-Za-z]{6}-[0-9A-Za-z]{6,11}-[0-9A-Za-z]{2,4}\b"
_LATE_ID = r"\bid ([^\s();\"]+)"
_BY = r"(?i)(?<![^\s)])by +([^\s();]+)"
_ADDRESS = r"(?:IPv6:)?([0-9A-Fa-f:.]{2,45})"
# Protocols, lower case, that say that nothing came over the network here; and by which nobody logged in.
_LOCAL_PROTOCOLS = ("mapi", "lmtp", "spool", "spam", "qmail-scanner", "fetch", "imap", "pop")
_SUBMISSION_ONLY = "mail.gmx.net"  # takes mail from GMX's logged-in users alone, and did not always say so in the line
_LOCAL_PEERS = ("from localhost ", "from mail pickup service ")
_PLAIN_PROTOCOLS = frozenset({"", "ESMTP", "ESMTPS", "SMTP", "SMTPS", "HTTPS", "esmtp", "esmtps", "smtp", "Microsoft"})


@cache
def _pattern(source: str) -> re.Pattern[str]:
    return re.compile(source)


def parse(body: str) -> Received:
    """Read one field's body, folded or not. Never raises; linear in its length, which is cut at MAX_LENGTH."""
    raw = " ".join(body[:MAX_LENGTH].split())
    tokens, semicolon = _tokens(raw)
    clauses = _clauses(tokens)
    lower = raw.lower()
    means = clauses.get("with", ())
    protocol = _operand(means)
    if len(means) > 2 and means[1] == "encrypted":
        protocol = means[2]  # `with ECDHE-RSA-AES256-GCM-SHA384 encrypted SMTP`: qmail's family
    via = _operand(clauses.get("via", ()))
    helo, rdns, ip, ident = _peer(clauses.get("from", ()), raw, protocol or via, "by" in clauses)
    by, by_ip = _receiver(clauses.get("by", ()))
    number = _operand(clauses.get("id", ()))
    if not number and semicolon >= 0 and " id " in raw[semicolon:]:
        # Old qmail relays and some gateways write it behind the date.
        late = _pattern(_LATE_ID).search(raw, semicolon)
        number = late.group(1) if late else ""
    auth_user = auth_method = ""
    login = False
    if "auth" in lower or "account" in lower or "@" in ident or "(user=" in lower:
        comments = "\n".join([_receivers_own(text) for text in tokens if text[0] == "("])
        auth_user, login, auth_method = _login(comments, ident)
        if not auth_user and " auth=yes " in raw:
            plain = _pattern(_PLAIN_USER).search(raw, max(0, raw.find(" by ")))
            auth_user = plain.group(1) if plain else ""
        if ident and ident.removeprefix("authenticated:") == auth_user and ("@" in ident or ":" in ident):
            ident = ""
    elif " with " in ident:
        # Yahoo's qmail: (login@address with plain)
        ident, _, auth_method = ident.partition(" with ")
        auth_user, login = ident, True  # the slot of an ident, and written as one by every reader: kept as both
    recipient = _operand(clauses.get("for", ()))
    envelope = _pattern(_ENVELOPE).search(raw) if "envelope-" in lower else None
    if recipient and envelope is None and " from <" in raw:
        envelope = _pattern(_PLAIN_ENVELOPE).search(raw)
    secured = "tls" in lower or "ssl" in lower or "cipher" in lower or (len(means) > 1 and "encrypted" in lower)
    version, cipher = _secured(raw, lower) if secured else ("", "")
    return Received(
        raw,
        helo,
        rdns,
        ip,
        by,
        by_ip,
        via,
        protocol,
        number.strip("<>;,"),
        recipient.strip("<>;,\"'"),
        envelope.group(1) if envelope else "",
        ident,
        login
        or bool(auth_user)
        or (
            (protocol not in _PLAIN_PROTOCOLS or (via and not protocol))
            and _authenticated_protocol(protocol or via, ip)
        )
        or by == _SUBMISSION_ONLY,
        auth_user,
        auth_method,
        version,
        cipher,
        parse_date(raw[semicolon + 1 :] if semicolon >= 0 else raw[-60:]),
        "from" in clauses and not _local(lower, ip, by, via, protocol),
    )


@lru_cache(64)  # a line is shown in its hop and in the source
def spans(line: Received) -> Mapping[str, Span]:
    """Where helo, rdns, address and by stand in a line's `raw`: looked for by whoever shows the line, not at every reading."""
    raw = line.raw
    out: dict[str, Span] = {}
    stop = len(raw)
    if line.by:
        for match in _pattern(_BY).finditer(raw):
            if _clean(match.group(1)) == line.by:
                out["by"] = Span(*match.span(1))
                stop = match.start() or stop
                break
    if line.ip:
        for match in _pattern(_ADDRESS).finditer(raw, 0, stop):
            written = match.group(1).rstrip(".")
            if "." in written and written[0] != ":":
                written = written.partition(":")[0]  # without a port
            elif ":" not in written:
                continue  # letters of some word
            if canonical(written) == line.ip:
                # The last one counts: what stands before it may be a name made to look like it.
                out["address"] = Span(match.start(1), match.start(1) + len(written))
    argument = max(raw.find("HELO ", 0, stop), raw.find("EHLO ", 0, stop), raw.find("helo=", 0, stop), 0)
    for role, name, start in (("helo", line.helo, argument), ("rdns", line.rdns, 0)):
        place = _word(raw, name, start, stop)
        while place is not None and place in out.values():
            place = _word(raw, name, place.end, stop)
        if place is not None:
            out[role] = place
    return out


def _word(raw: str, name: str, start: int, stop: int) -> Span | None:
    """The next place where a name stands for itself and not as a part of a longer one."""
    at = raw.find(name, start, stop) if name else -1
    while at >= 0:
        end = at + len(name)
        if not _pattern(_NAME).match(raw[at - 1 : at]) and not _pattern(_NAME).match(
            raw[end : end + 1 + (raw[end : end + 1] == ".")].lstrip(".")
        ):
            return Span(at, end)
        at = raw.find(name, end, stop)
    return None


def _tokens(raw: str) -> tuple[list[str], int]:
    """Words and whole comments (with their parentheses) before the last `;` outside of comments, and its place (-1: none)."""
    semicolon = raw.rfind(";")
    head = raw[:semicolon] if semicolon >= 0 else raw
    if '"' in raw or "\\" in raw or ";" in head or head.count("(") != head.count(")"):
        return _tokens_with_care(raw)
    first, *pieces = head.split("(")
    tokens = first.split()
    comment, depth = "", 0
    for piece in pieces:
        inner, closed, rest = piece.partition(")")
        if closed and not depth:
            tokens.append(f"({inner})")
        else:
            depth, end = depth + 1, 0
            while depth and (behind := piece.find(")", end) + 1):
                depth, end = depth - 1, behind
            comment += "(" + (piece if depth else piece[:end])
            if depth:
                continue
            tokens.append(comment)
            comment, rest = "", piece[end:]
        tokens += rest.split()
        if ")" in rest:
            return _tokens_with_care(raw)
    return (tokens[:MAX_TOKENS], semicolon) if not depth and ")" not in first else _tokens_with_care(raw)


def _tokens_with_care(raw: str) -> tuple[list[str], int]:
    """The same of a line with quotes, deep or unbalanced comments. What is never closed runs to the end."""
    pattern = _pattern(_PIECE)
    found: list[tuple[str, int]] = []
    semicolon = -1
    depth = begin = 0
    for match in pattern.finditer(raw):
        text = match.group()
        first = text[0]
        if depth:
            if first == "(" and len(text) == 1:
                depth += 1
            elif first == ")":
                depth -= 1
                if not depth:
                    found.append((raw[begin : match.end()], begin))
        elif text == "(":
            depth, begin = 1, match.start()
        elif first == ";":
            semicolon = match.start()
        elif first != ")":
            found.append((_unquoted(text), match.start()))
        if len(found) >= MAX_TOKENS:
            break
    if depth:
        # Never closed: the comment ends at its first `)`, if it has one, and the rest is read as if nothing had been open.
        end = raw.find(")", begin)
        found.append((raw[begin : end + 1] if end >= 0 else raw[begin:] + ")", begin))
        for match in pattern.finditer(raw, end + 1) if end >= 0 else ():
            text = match.group()
            if text == ";":
                semicolon = match.start()
            elif text not in "()" and len(found) < MAX_TOKENS:
                found.append((_unquoted(text), match.start()))
    return [text for text, start in found if text and (semicolon < 0 or start < semicolon)], semicolon


def _unquoted(text: str) -> str:
    bare = text.strip('"') if text[0] == '"' else text
    return text if bare[:1] == "(" else bare


def _clauses(tokens: list[str]) -> dict[str, Sequence[str]]:
    """Each clause's operand and comments. A keyword counts only when a plausible operand follows it; the first of a name wins."""
    clauses: dict[str, Sequence[str]] = {}
    last = len(tokens) - 1
    name, begin = "", 0
    for place in [place for place, text in enumerate(tokens) if len(text) < 5 and text in _KEYWORDS]:
        word = _KEYWORDS[tokens[place]]
        if word in clauses or place == last:
            continue
        operand = tokens[place + 1]
        if operand[0] == "(":
            # A comment of its own between keyword and operand: `with (AES256-SHA encrypted) SMTP` (qmail).
            if word not in ("from", "by") and not (word == "with" and _is_word(tokens, place + 2)):
                continue
        elif operand in _KEYWORDS or (word == "for" and "." in operand and "@" not in operand and operand[0] != "<"):
            continue
        if name:
            clauses[name] = tokens[begin:place]
        clauses[word] = ()
        name, begin = word, place + 1
    if name:
        clauses[name] = tokens[begin:]
    return clauses


def _is_word(tokens: list[str], place: int) -> bool:
    return place < len(tokens) and tokens[place][0] != "(" and tokens[place] not in _KEYWORDS


def _operand(tokens: Sequence[str]) -> str:
    for text in tokens:
        if text[0] != "(":
            return text
    return ""


def _peer(tokens: Sequence[str], raw: str, protocol: str, received: bool) -> tuple[str, str, str, str]:
    """HELO, reverse name, address and ident of the `from` clause, told apart by the writer's form."""
    if not tokens:
        return "", "", "", ""
    first = tokens[0] if tokens[0][0] != "(" else ""
    name = _clean(first)
    literal = canonical(_portless(first)) if first and (first[0] == "[" or first[0].isdigit()) else ""
    helo = rdns = ip = ident = ""
    named = bare = verified = False

    for text in tokens:
        if text[0] != "(":
            continue
        match = _pattern(_HELO).search(text, 1, len(text) - 1) if "lo" in text or "LO" in text else None
        if match is None and not ip:
            # The two forms of nine lines in ten: `(name [address])` and `(address)`.
            if "[" in text:
                plain = _PEER.fullmatch(text)
                if plain:
                    looked_up, written = plain.groups()
                    ip = canonical(written)
                    if ip:
                        rdns = looked_up if looked_up and looked_up != ip else ""
                        continue
            elif text[1] in _HEXADECIMAL:
                ip = canonical(text[1:-1])
                if ip:
                    bare = True
                    continue
        if (ip and match is None and "ident=" not in text) or text.startswith("(proxying for "):
            continue
        text = text[1:-1]
        if match and not named:
            named = True
            group = 1 if match.group(1) is not None else 2
            helo = _clean(match.group(group).rstrip(")"))
            # What stands behind a HELO word belongs to the peer: an address is looked for before it only.
            text = text[: match.start() - 1] + ("" if group == 1 else text[match.end() - 1 :])
        if "ident=" in text:
            before, _, after = text.partition("ident=")
            ident, _, rest = after.partition(" ")
            text = f"{before} {rest}"
        if ip or _secures(text):
            continue
        if text.startswith("account "):
            text = text.partition(" ")[2].partition(" ")[2]  # CommuniGate: the login stands before the address
        found = _address(text)
        if found is None:
            continue
        ip, at, end, bare = found
        said, looked_up = _beside(text[:at], text[end:])
        ident = ident or said
        verified = "verified" in text[end:]
        if looked_up and looked_up != ip and _pattern(_HOST).fullmatch(_clean(looked_up)):
            rdns = _clean(looked_up)

    if not ip and len(tokens) > 1:
        ip = _outside_comments(tokens, "Microsoft" in raw)
    if not ip and literal and _vouched(literal, raw, protocol, received, named):
        ip = literal
        name = "" if not named else name
    if named:
        # qmail, qpsmtpd, CommuniGate, Exim with helo=: the first word is what the receiver looked up.
        if not rdns and not literal and name.lower() not in _NO_NAME:
            rdns = name
    elif ip or name != "mail" or not raw.startswith("from mail pickup "):
        helo = name
        # Exim leaves helo= out where it equals the name; qmail's family its whole HELO comment; CommuniGate says "verified".
        # MDaemon's `[(address)]` and PowerMTA, whose envelope stands behind the date, know only what the peer said.
        bare = bare and "[" not in tokens and raw[-2:] != ">)"
        if ip and not rdns and not literal and (verified or bare or _is_exim(raw)):
            # Exchange knows no names, Microsoft 365 inside neither.
            rdns = "" if "Microsoft" in raw or (bare and protocol == "HTTPS") else name
            if rdns and " via SMTP by " in raw:
                helo = ""  # Obtuse smtpd writes the name it looked up and nothing else
    return helo, "" if not rdns or rdns.lower() in _NO_NAME else rdns.rstrip("."), ip, ident


def _vouched(literal: str, raw: str, protocol: str, received: bool, named: bool) -> bool:
    """Whether an address in the place of the name is one that the writer saw, and not the peer's own literal (MDaemon, spamware)."""
    if named or _is_exim(raw) or "CommuniGate" in raw or protocol.upper().startswith("HTTP"):
        return True
    return (
        received
        and bool(protocol or "(" in raw)
        and "MDaemon" not in raw
        and "(Postfix" not in raw
        and "(SG)" not in raw
        and not literal.startswith("127.")
    )


def _is_exim(raw: str) -> bool:
    return "(Exim" in raw or ("-" in raw and " with " in raw and _pattern(_EXIM_ID).search(raw) is not None)


def _outside_comments(tokens: Sequence[str], microsoft: bool) -> str:
    """An address that stands behind the name without parentheses: `from helo [ip]` (SMTPD32, GMX), `from helo - ip` (SMTPSVC)."""
    before = ""
    for text in tokens[1:]:
        if text[0] == "[" or (microsoft and before == "-"):
            ip = canonical(_portless(text))
            if ip:
                return ip
        before = text
    return ""


def _portless(text: str) -> str:
    """`[ip]:port` without the port."""
    return text[: text.find("]") + 1] if text[:1] == "[" and "]" in text else text


def _beside(before: str, after: str) -> tuple[str, str]:
    """Ident (or login) and looked-up name beside an address: `ident@name [ip]`, `login@ip`, `name [ip]`, `[ip] name`."""
    said = ""
    before = before.rstrip(" [").removesuffix("IPv6:").rstrip(" [:")
    if "@" in before:
        said, _, before = before.rpartition("@")
    method = after.strip("] ")
    if said and method.startswith("with "):
        return f"{said} {method}", ""
    words = before.split()
    if words:
        return said, "" if words[-1].startswith("<") else words[-1]
    # ZoneMTA writes the name behind the address.
    behind = after.lstrip("]").split()
    return said, behind[0] if behind and "." in behind[0] and "=" not in behind[0] and not behind[0].startswith(
        ":"
    ) else ""


def _address(text: str) -> tuple[str, int, int, bool] | None:
    """The address in a comment of the receiver's: bracketed, or bare as its only or last word; and whether it was bare."""
    if "[" in text:
        for match in _pattern(_BRACKET).finditer(text):
            ip = canonical(match.group(1))
            if ip:
                return ip, match.start(1), match.end(1), False
    words = text.split()
    if not words:
        return None
    if len(words) > 1 and words[1] == "with" and "@" in words[0]:
        words = words[:1]
    for word in (words[-1], words[0]) if "@" not in words[0] else (words[-1],):
        last = word.rpartition("@")[2].strip("[],;")
        if not last or not (last[0].isdigit() or ":" in last):
            continue
        ip = canonical(last)
        if not ip and last.count(":") == 1:
            last = last.partition(":")[0]
            ip = canonical(last)
        if ip:
            start = text.rfind(last)
            return ip, start, start + len(last), True
    return None


def _secures(text: str) -> bool:
    """Whether a comment is about TLS or a login and not about the peer."""
    return "[" not in text and ("cipher" in text or "TLS" in text or "certificate" in text)


def _receiver(tokens: Sequence[str]) -> tuple[str, str]:
    name = by_ip = ""
    for text in tokens:
        if text[0] != "(":
            if not name:
                name = _clean(text)
        elif not by_ip and " " not in text and (text[1] in "0123456789[:" or ":" in text[:6]):
            by_ip = canonical(text[1:-1]) or (_address(text[1:-1]) or ("",))[0]
    return name, by_ip or (canonical(name) if name and (name[0].isdigit() or ":" in name) else "")


def _secured(raw: str, lower: str) -> tuple[str, str]:
    """TLS version and cipher."""
    tls, ssl = lower.find("tls"), lower.find("ssl")
    start = ssl if tls < 0 or 0 <= ssl < tls else tls
    version = _pattern(_TLS).search(raw, start) if start >= 0 else None
    at = lower.find("cipher")
    cipher = _pattern(_CIPHER).match(raw, at) if at >= 0 else None
    if cipher is None:
        cipher = _pattern(_CIPHER).search(raw, max(0, start))
    return version.group(1) if version else "", cipher[cipher.lastindex or 0] if cipher else ""


def _local(lower: str, ip: str, by: str, via: str, protocol: str) -> bool:
    """Whether a line says that nothing came over the network here; `lower` is the whole line in lower case."""
    return (
        ip.startswith("127.")
        or ip == "::1"
        or by.lower() in ("localhost", "127.0.0.1")
        or (protocol not in _PLAIN_PROTOCOLS and protocol.lower().startswith(_LOCAL_PROTOCOLS))
        or (via != "" and via.lower().startswith(("listexpand", "spool")))
        or "pps.filterd" in lower
        or "(fetchmail" in lower
        or (not ip and _handed_in_here(lower, protocol))
    )


def _handed_in_here(lower: str, protocol: str) -> bool:
    """Whether a line without an address says that a program or a user of the same machine handed the message in."""
    return (
        protocol.lower().startswith("local")
        or "invoked " in lower
        or "(qmail " in lower
        or " userid " in lower
        or "-drop)" in lower
        or "/submit)" in lower
        or "[local]" in lower
        or lower.startswith(_LOCAL_PEERS)
        or "@" in lower[: lower.find(" ", 5)]  # `from user@domain by host`: AOL
    )


def _receivers_own(comment: str) -> str:
    """A comment up to what the peer chose the words of: its HELO, ident, envelope sender, certificate."""
    peers = _pattern(_PEERS_WORDS).search(comment)
    return comment[1 : peers.start() if peers else -1]


def _login(comments: str, ident: str) -> tuple[str, bool, str]:
    """The SMTP AUTH login, whether one was used at all, and its mechanism.

    qmail's family prints TCPREMOTEINFO before the address; after a successful AUTH that is the login, and only then does
    it hold an `@`: a bare word there is RFC 1413 ident.
    """
    lower = comments.lower()
    match = _pattern(_AUTH_USER).search(comments) if comments else None
    mechanism = _pattern(_METHOD).search(comments)
    method = mechanism[mechanism.lastindex or 0] if mechanism else ""
    if match:
        user = next(group for group in match.groups() if group).strip("<>,;\"'")
        if user and user.lower() not in ("bits", "sender", "user"):
            return user, True, method
    if "@" in ident.strip("@"):
        return ident, True, method
    return "", "auth" in lower and bool(_pattern(_AUTHENTICATED).search(comments)), method


def _authenticated_protocol(protocol: str, ip: str) -> bool:
    """RFC 3848: ESMTPA, ESMTPSA, LMTPA, UTF8SMTPSA; the older ASMTP; and a webmail's HTTP, where one logs in."""
    upper = protocol.upper()
    return (
        upper.endswith(("SMTPA", "SMTPSA", "LMTPA", "LMTPSA"))
        or upper in ("ASMTP", "HTTPU")
        or (upper == "HTTP" and bool(ip))
    )


def _clean(name: str) -> str:
    """A host name without what writers put around it: brackets, qmail's ?...?, a trailing dot or comma."""
    if name[:1] not in _AROUND_NAMES and name[-1:] not in _AROUND_NAMES:
        return name
    bare = name.strip(" ,;<>\"'")
    if len(bare) > 2 and bare[0] == bare[-1] and bare[0] in "?!":
        bare = bare[1:-1]
    if bare[:1] == "[":
        inner = canonical(_portless(bare))
        bare = inner or bare.strip("[]")
    return bare.rstrip(".")
