"""One Received field (RFC 5321 §4.4) to its parts, by the hand that wrote it.

The peer's address is taken only from text that the receiving server wrote itself: never from a HELO argument, an ident,
an id, a date or the digits of a host name. What is not there is ""; pasted fragments (no `by`, no date) are read as far
as they go. One pass over the text; nothing raises.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple, TypeAlias

from sekisho.mail.date import Date
from sekisho.mail.date import parse as parse_date
from sekisho.mail.ip import canonical

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
    spans: dict[str, Span]  # where helo, rdns, address and by stand in `raw`


# One token: a comment without another in it, a bracket of a nested one, a quoted string, a semicolon, a word.
_TOKEN = re.compile(r'\([^()\\]*(?:\\.[^()\\]*)*\)|[()]|"[^"]*"?|;|[^\s();"]+')
_KEYWORDS = frozenset({"from", "by", "via", "with", "id", "for"})
_NO_NAME = frozenset(
    {"unknown", "unverified", "softdnserr", "unavailable", "unknownhost", "none", "may", "-", "hidden", "nohelo"}
)
_HOST = re.compile(r"\w(?:[\w.\-]{0,253}[\w.])?")
_BRACKET = re.compile(r"\[(?:IPv6:)?([0-9A-Fa-f.:]{2,45})(?:%\w{1,16})?(?:\]| port)", re.IGNORECASE)
_HELO = re.compile(r"(?:HELO|EHLO)[ \t]+\"?([^\s\"]+)|\bhelo=(\S+)", re.IGNORECASE)
# Looked for only where a plain word says that they may be there: `re` compiles them at first use.
_ENVELOPE = r"(?i)envelope-(?:from|sender)[ \t]*[:=]?[ \t]*<?([^\s<>()]*)>?"
_TLS = r"([Tt][Ll][Ss][ vV]?\d(?:[._]\d)?|SSLv\d)\b"
_CIPHER = r"\bcipher[= :]+([A-Za-z0-9_\-]+)|\b(?:TLS|SSL)v?[\d._]*:([A-Z0-9_\-]{5,60})|\b((?:TLS|ECDHE|DHE|AES|ECDH)[_-][A-Z0-9_\-]{5,60})\b"
_AUTH_USER = (
    r"(?i)Authenticated sender:[ \t]*([^\s()]+)|authenticated user[ \t]+([^\s()]+)|\baccount[ \t]+<?([^\s()<>]+)>?"
    r"|\bauthenticated(?:-|_| )?(?:id|as|user)?[=: ]+(?!bits\b|sender\b)([^\s(),;]+)|\bauth(?:enticated_sender|_user|user)?=([^\s(),;]+)"
    r"|\bsmtp\.auth=([^\s(),;]+)|\bAUTH:[ \t]*[\w-]+[ \t]+([^\s(),;]+)"
)
_AUTHENTICATED = r"(?i)\bauthenticated\b|\bAUTH:|\bauth=|Authenticated sender"
_METHOD = r"\b(PLAIN|LOGIN|CRAM-MD5|DIGEST-MD5|XOAUTH2?|SCRAM-SHA-\d+|NTLM|GSSAPI)\b"
# Plain words in a lower-case line that say that nothing came over the network here.
_LOCAL = (
    "invoked by ", "invoked from ", "(qmail ", "from userid ", " userid ", "from network", "via listexpand", "via spool",
    "with mapi", "with local ", "with lmtp", "with spool", "with spam", "with qmail-scanner", "with fetch", "with imap", "with pop",
    "pps.filterd", "by localhost ", "by 127.0.0.1 ", "(fetchmail", "(single-drop)", "(multi-drop)",
)  # fmt: skip
_EXIM_ID = r"\bid [0-9A-Za-z]{6}-[0-9A-Za-z]{6,11}-[0-9A-Za-z]{2,4}\b"


# A word, or what is inside a comment; the place of its first character in the line; whether it is a comment.
# A bare tuple: a line has two dozen of them, and a named one costs four times as much to make.
_Token: TypeAlias = tuple[str, int, bool]


def parse(body: str) -> Received:
    """Read one field's body, folded or not. Never raises; linear in its length, which is cut at MAX_LENGTH."""
    raw = " ".join(body[:MAX_LENGTH].split())
    tokens, semicolon = _tokens(raw)
    clauses = _clauses(tokens, semicolon)
    lower = raw.lower()
    spans: dict[str, Span] = {}
    protocol = _operand(clauses.get("with"))
    helo, rdns, ip, ident = _peer(clauses.get("from", ()), raw, protocol, "by" in clauses, spans)
    by, by_ip = _receiver(clauses.get("by", ()), spans)
    auth_user = auth_method = ""
    login = False
    if "auth" in lower or "account" in lower or "@" in ident:
        auth_user, login, auth_method = _login(" ".join([text for text, _, comment in tokens if comment]), ident)
    elif " with " in ident:
        # Yahoo's qmail: (login@address with plain)
        ident, _, auth_method = ident.partition(" with ")
        auth_user, login = ident, True  # the slot of an ident, and written as one by every reader: kept as both
    envelope = re.search(_ENVELOPE, raw) if "envelope-" in lower else None
    secured = "tls" in lower or "ssl" in lower
    version = re.search(_TLS, raw) if secured else None
    cipher = re.search(_CIPHER, raw) if secured or "cipher" in lower else None
    recipient = _operand(clauses.get("for"))
    return Received(
        raw=raw,
        helo=helo,
        rdns=rdns,
        ip=ip,
        by=by,
        by_ip=by_ip,
        via=_operand(clauses.get("via")),
        protocol=protocol,
        id=_operand(clauses.get("id")).strip("<>;,"),
        recipient=recipient.strip("<>;,\"'") if recipient else "",
        envelope_from=envelope.group(1) if envelope else "",
        ident="" if "@" in ident and ident == auth_user else ident,
        auth=bool(auth_user) or login or _authenticated_protocol(protocol, ip),
        auth_user=auth_user,
        auth_method=auth_method,
        tls_version=version.group(1) if version else "",
        tls_cipher=next((group for group in cipher.groups() if group), "") if cipher else "",
        date=parse_date(raw[semicolon + 1 :] if semicolon >= 0 else raw[-60:]),
        relay=not (
            ip.startswith("127.") or ip == "::1" or "from" not in clauses or any(word in lower for word in _LOCAL)
        ),
        spans=spans,
    )


def _tokens(raw: str) -> tuple[list[_Token], int]:
    """Words and whole comments at depth 0, and the place of the last `;` there (-1: none). Unbalanced ones run to the end."""
    tokens: list[_Token] = []
    semicolon = -1
    depth = begin = 0
    for match in _TOKEN.finditer(raw):
        text = match.group()
        first = text[0]
        if depth:
            if first == "(" and len(text) == 1:
                depth += 1
            elif first == ")":
                depth -= 1
                if not depth:
                    tokens.append((raw[begin : match.start()], begin, True))
        elif first == "(":
            if len(text) == 1:
                depth, begin = 1, match.start() + 1
                if raw.find(")", begin) < 0:
                    break
            else:
                tokens.append((text[1:-1], match.start() + 1, True))
        elif first == ";":
            semicolon = match.start()
        elif first == '"':
            tokens.append((text.strip('"'), match.start() + 1, False))
        elif first != ")":
            tokens.append((text, match.start(), False))
        if len(tokens) >= MAX_TOKENS:
            break
    if depth:
        # Never closed: the comment ends at its first `)`, if it has one, and the rest is read as if nothing had been open.
        end = raw.find(")", begin)
        tokens.append((raw[begin : end if end >= 0 else len(raw)], begin, True))
        if end >= 0 and len(tokens) < MAX_TOKENS:
            for match in _TOKEN.finditer(raw, end + 1):
                text = match.group()
                if text == ";":
                    semicolon = match.start()
                elif text not in "()":
                    tokens.append((text.strip('()"'), match.start(), text[0] == "("))
    return tokens, semicolon


def _clauses(tokens: list[_Token], semicolon: int) -> dict[str, list[_Token]]:
    """Each clause's operand and comments. A keyword counts only when a plausible operand follows it; the first of a name wins.

    Behind the date only an `id` is still looked for (old qmail relays, some gateways).
    """
    clauses: dict[str, list[_Token]] = {}
    current: list[_Token] = []
    last = len(tokens) - 1
    for place, token in enumerate(tokens):
        text, start, comment = token
        if not comment and len(text) < 5:
            word = text.lower()
            if (
                word in _KEYWORDS
                and word not in clauses
                and place < last
                and (semicolon < 0 or start < semicolon or word == "id")
                and _plausible(word, tokens[place + 1])
            ):
                current = clauses[word] = []
                continue
        if semicolon < 0 or start < semicolon or current is clauses.get("id"):
            current.append(token)
    return clauses


def _plausible(keyword: str, token: _Token) -> bool:
    if token[2]:
        return keyword in ("from", "by")
    word = token[0].lower()
    if word in _KEYWORDS:
        return False
    return "@" in word or word.startswith("<") or "." not in word if keyword == "for" else True


def _operand(tokens: list[_Token] | None) -> str:
    if tokens:
        for text, _, comment in tokens:
            if not comment:
                return text
    return ""


def _peer(
    tokens: Sequence[_Token], raw: str, protocol: str, received: bool, spans: dict[str, Span]
) -> tuple[str, str, str, str]:
    """HELO, reverse name, address and ident of the `from` clause, told apart by the writer's form."""
    if not tokens:
        return "", "", "", ""
    first = None if tokens[0][2] else tokens[0]
    name = _clean(first[0]) if first else ""
    literal = canonical(_portless(first[0])) if first and (first[0][:1] == "[" or first[0][:1].isdigit()) else ""
    helo = rdns = ip = ident = ""
    named = bare = verified = False

    for text, start, comment in tokens:
        if not comment:
            continue
        match = _HELO.search(text) if "lo" in text or "LO" in text else None
        if match and not named:
            named = True
            group = 1 if match.group(1) is not None else 2
            helo = _clean(match.group(group).rstrip(")"))
            spans["helo"] = Span(start + match.start(group), start + match.end(group))
            # What stands behind a HELO word belongs to the peer: an address is looked for before it only.
            text = text[: match.start()] if group == 1 else text[: match.start()] + text[match.end() :]
        if "ident=" in text:
            before, _, after = text.partition("ident=")
            ident, _, rest = after.partition(" ")
            text = before + " " * (len(ident) + 6) + rest
        if ip or _secures(text):
            continue
        found = _address(text)
        if found is None:
            continue
        ip, at, end, bare = found
        spans["address"] = Span(start + at, start + end)
        said, looked_up = _beside(text[:at], text[end:])
        ident = ident or said
        verified = "verified" in text[end:]
        if looked_up and looked_up != ip and _HOST.fullmatch(_clean(looked_up)):
            rdns = _clean(looked_up)
            place = raw.find(looked_up, start)
            spans["rdns"] = Span(place, place + len(looked_up))

    microsoft = "Microsoft" in raw
    if not ip:
        ip = _outside_comments(tokens, microsoft, spans)
    if not ip and literal and _vouched(literal, raw, protocol, received, named):
        ip = literal
        name = "" if not named else name
        _span(spans, "address", first)
    true_name = bool(name) and not literal and name.lower() not in _NO_NAME
    if named:
        # qmail, qpsmtpd, CommuniGate, Exim with helo=: the first word is what the receiver looked up.
        if not rdns and true_name:
            rdns = name
            _span(spans, "rdns", first)
    else:
        helo = name
        if name:
            _span(spans, "helo", first)
        # Exim leaves helo= out where it equals the name; qmail's family its whole HELO comment; CommuniGate says "verified".
        if true_name and ip and not rdns and not microsoft and (verified or bare or _is_exim(raw)):
            rdns = name
            if " via SMTP by " in raw:
                helo = ""  # Obtuse smtpd writes the name it looked up and nothing else
    if rdns.lower() in _NO_NAME:
        rdns = ""
    return helo, rdns.rstrip("."), ip, ident


def _vouched(literal: str, raw: str, protocol: str, received: bool, named: bool) -> bool:
    """Whether an address in the place of the name is one that the writer saw, and not the peer's own literal (MDaemon, spamware)."""
    if named or _is_exim(raw) or "CommuniGate" in raw or protocol.upper().startswith("HTTP"):
        return True
    return (
        received
        and bool(protocol or "(" in raw)
        and "MDaemon" not in raw
        and "(Postfix" not in raw
        and not literal.startswith("127.")
    )


def _is_exim(raw: str) -> bool:
    return "(Exim" in raw or ("-" in raw and " with " in raw and re.search(_EXIM_ID, raw) is not None)


def _outside_comments(tokens: Sequence[_Token], microsoft: bool, spans: dict[str, Span]) -> str:
    """An address that stands behind the name without parentheses: `from helo [ip]` (SMTPD32, GMX), `from helo - ip` (SMTPSVC)."""
    before = ""
    for token in tokens[1:]:
        text, _, comment = token
        if not comment and (text[:1] == "[" or (microsoft and before == "-")):
            ip = canonical(_portless(text))
            if ip:
                _span(spans, "address", token)
                return ip
        before = text
    return ""


def _portless(text: str) -> str:
    """`[ip]:port` without the port."""
    return text[: text.find("]") + 1] if text[:1] == "[" and "]" in text else text


def _span(spans: dict[str, Span], role: str, token: _Token | None) -> None:
    if token is not None and role not in spans:
        spans[role] = Span(token[1], token[1] + len(token[0]))


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
        for match in _BRACKET.finditer(text):
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


def _receiver(tokens: Sequence[_Token], spans: dict[str, Span]) -> tuple[str, str]:
    name = by_ip = ""
    for text, start, comment in tokens:
        if not comment:
            if not name:
                name = _clean(text)
                spans["by"] = Span(start, start + len(text))
        elif not by_ip and text and (text[0].isdigit() or text[0] in "[:" or ":" in text[:5]) and " " not in text:
            found = _address(text)
            if found:
                by_ip = found[0]
    return name, by_ip or (canonical(name) if name and (name[0].isdigit() or ":" in name) else "")


def _login(comments: str, ident: str) -> tuple[str, bool, str]:
    """The SMTP AUTH login, whether one was used at all, and its mechanism.

    qmail's family prints TCPREMOTEINFO before the address; after a successful AUTH that is the login, and only then does
    it hold an `@`: a bare word there is RFC 1413 ident.
    """
    lower = comments.lower()
    match = re.search(_AUTH_USER, comments) if "auth" in lower or "account" in lower else None
    mechanism = re.search(_METHOD, comments)
    method = mechanism.group(1) if mechanism else ""
    if match:
        user = next(group for group in match.groups() if group).strip("<>,;\"'")
        if user and user.lower() not in ("bits", "sender", "user"):
            return user, True, method
    if "@" in ident.strip("@"):
        return ident, True, method
    return "", "auth" in lower and bool(re.search(_AUTHENTICATED, comments)), method


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
    bare = name.strip(" ,;<>\"'")
    if len(bare) > 2 and bare[0] == bare[-1] and bare[0] in "?!":
        bare = bare[1:-1]
    if bare[:1] == "[":
        inner = canonical(_portless(bare))
        bare = inner or bare.strip("[]")
    return bare.rstrip(".")
