"""One Received field (RFC 5321 §4.4) to its parts, by the hand that wrote it.

The peer's address is taken only from text that the receiving server wrote itself: never from a HELO argument, an ident,
an id, a date or the digits of a host name. What is not there is ""; pasted fragments (no `by`, no date) are read as far
as they go. One pass over the text; nothing raises.
"""

import re
from typing import NamedTuple

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


class _Token(NamedTuple):
    text: str
    start: int
    comment: bool


_SPACE = " \t\r\n"
_KEYWORDS = frozenset({"from", "by", "via", "with", "id", "for"})
_NO_NAME = frozenset(
    {"unknown", "unverified", "softdnserr", "unavailable", "unknownhost", "none", "may", "-", "hidden", "nohelo"}
)
_HOST = re.compile(r"\w(?:[\w.\-]{0,253}[\w.])?")
_BRACKET = re.compile(r"\[(?:IPv6:)?([0-9A-Fa-f.:]{2,45})(?:%\w{1,16})?\]", re.IGNORECASE)
# Looked for only where a plain word says that they may be there: `re` compiles them at first use.
_HELO = r"(?i)\b(?:HELO|EHLO)[ \t]+(\S+)|\bhelo=(\S+)"
_IDENT = r"\bident=(\S+)"
_ENVELOPE = r"(?i)envelope-(?:from|sender)[ \t]*[:=]?[ \t]*<?([^\s<>()]*)>?"
_TLS = r"(?i)\b(?:using[ \t]+|version=|\()?(TLS[ v]?\d(?:[._]\d)?|SSLv\d)\b"
_CIPHER = r"\bcipher[= :]+([A-Za-z0-9_\-]+)|\b((?:TLS|ECDHE|DHE|AES|ECDH)[_-][A-Z0-9_\-]{5,60})\b"
_AUTH_USER = (
    r"(?i)Authenticated sender:[ \t]*([^\s()]+)|authenticated user[ \t]+([^\s()]+)|\baccount[ \t]+<?([^\s()<>]+)>?"
    r"|\bauthenticated(?:-|_| )?(?:id|as|user)?[=: ]+(?!bits\b|sender\b)([^\s(),;]+)|\bauth(?:enticated_sender|_user|user)?=([^\s(),;]+)"
    r"|\bsmtp\.auth=([^\s(),;]+)|\bAUTH:[ \t]*[\w-]+[ \t]+([^\s(),;]+)"
)
_AUTHENTICATED = r"(?i)\bauthenticated\b|\bAUTH:|\bauth=|Authenticated sender"
_METHOD = r"\b(PLAIN|LOGIN|CRAM-MD5|DIGEST-MD5|XOAUTH2?|SCRAM-SHA-\d+|NTLM|GSSAPI)\b"
_LOCAL = (
    r"(?i)invoked (?:by|from) |\buserid \d|\bfrom userid\b|\(qmail \d+ invoked|\bfrom network\b|\bvia (?:listexpand|spool)|\bwith (?:mapi|local|lmtp|spam-scanned|spamassassin|fetch|imap|pop3?)\b"
    r"|\bpps\.filterd\b|\bby (?:localhost|127\.0\.0\.1)\b|\(fetchmail|\(single-drop\)|\(multi-drop\)"
)
_EXIM = r"(?s)\bwith (?:esmtps?a?|smtp|local|asmtp|utf8e?smtps?a?)\b(?=.*\bid [0-9A-Za-z]{6}-[0-9A-Za-z]{6,11}-[0-9A-Za-z]{2,4}\b)"


def parse(body: str) -> Received:
    """Read one field's body, folded or not. Never raises; linear in its length, which is cut at MAX_LENGTH."""
    raw = " ".join(body[:MAX_LENGTH].split())
    tokens, semicolon = _tokens(raw)
    date_text = raw[semicolon + 1 :] if semicolon >= 0 else raw[-60:]
    clauses = _clauses([token for token in tokens if semicolon < 0 or token.start < semicolon])
    # An id may follow the date's semicolon (old qmail relays, some gateways).
    if semicolon >= 0 and "id" not in clauses:
        late = _clauses([token for token in tokens if token.start > semicolon])
        if "id" in late:
            clauses["id"] = late["id"]
    comments = " ".join(token.text for token in tokens if token.comment)
    spans: dict[str, Span] = {}
    helo, rdns, ip, ident = _peer(clauses.get("from", []), raw, spans)
    by, by_ip = _receiver(clauses.get("by", []), spans)
    auth_user, login = _login(comments, ident)
    protocol = _operand(clauses.get("with", []))
    lower = raw.lower()
    envelope = re.search(_ENVELOPE, raw) if "envelope-" in lower else None
    secured = "tls" in lower or "ssl" in lower
    version = re.search(_TLS, raw) if secured else None
    cipher = re.search(_CIPHER, raw) if secured or "cipher" in lower else None
    method = re.search(_METHOD, comments) if auth_user or login else None
    loopback = ip.startswith("127.") or ip == "::1"
    return Received(
        raw=raw,
        helo=helo,
        rdns=rdns,
        ip=ip,
        by=by,
        by_ip=by_ip,
        via=_operand(clauses.get("via", [])),
        protocol=protocol,
        id=_operand(clauses.get("id", [])).strip("<>;,"),
        recipient=_operand(clauses.get("for", [])).strip("<>;,").strip('"'),
        envelope_from=envelope.group(1) if envelope else "",
        ident="" if auth_user and ident == auth_user else ident,
        auth=bool(auth_user) or login or _authenticated_protocol(protocol),
        auth_user=auth_user,
        auth_method=method.group(1) if method else "",
        tls_version=version.group(1) if version else "",
        tls_cipher=(cipher.group(1) or cipher.group(2)) if cipher else "",
        date=parse_date(date_text),
        relay=not (loopback or "from" not in clauses or bool(re.search(_LOCAL, raw))),
        spans=spans,
    )


def _tokens(raw: str) -> tuple[list[_Token], int]:
    """Words and whole comments at depth 0, and the place of the last `;` there (-1: none). Unbalanced ones run to the end."""
    tokens: list[_Token] = []
    semicolon = -1
    at, size = 0, len(raw)
    while at < size and len(tokens) < MAX_TOKENS:
        char = raw[at]
        if char in _SPACE:
            at += 1
        elif char == "(":
            end = _close(raw, at)
            tokens.append(_Token(raw[at + 1 : end], at + 1, True))
            at = end + 1
        elif char == ";":
            semicolon = at
            at += 1
        elif char == '"':
            end = raw.find('"', at + 1)
            end = size if end < 0 else end
            tokens.append(_Token(raw[at + 1 : end], at + 1, False))
            at = end + 1
        else:
            end = at
            while end < size and raw[end] not in " \t\r\n(;":
                end += 1
            tokens.append(_Token(raw[at:end], at, False))
            at = end
    return tokens, semicolon


def _close(raw: str, at: int) -> int:
    """The place of the parenthesis that closes the one at `at`; the end of the text if none does."""
    depth = 0
    for place in range(at, len(raw)):
        char = raw[place]
        if char == "(":
            depth += 1
        elif char == ")":
            depth -= 1
            if not depth:
                return place
    # Unbalanced: a comment that is never closed ends at the first `)` if there is one, else at the end.
    first = raw.find(")", at)
    return len(raw) if first < 0 else first


def _clauses(tokens: list[_Token]) -> dict[str, list[_Token]]:
    """Each clause's operand and comments. A keyword counts only when a plausible operand follows it; the first clause of a name wins."""
    clauses: dict[str, list[_Token]] = {}
    current: list[_Token] = []
    for index, token in enumerate(tokens):
        word = token.text.lower()
        following = tokens[index + 1] if index + 1 < len(tokens) else None
        if not token.comment and word in _KEYWORDS and word not in clauses and _plausible(word, following):
            current = clauses[word] = []
        else:
            current.append(token)
    return clauses


def _plausible(keyword: str, token: _Token | None) -> bool:
    if token is None:
        return False
    if token.comment:
        return keyword in ("from", "by")
    word = token.text.lower()
    if word in _KEYWORDS:
        return False
    return "@" in word or word.startswith("<") or "." not in word if keyword == "for" else True


def _operand(tokens: list[_Token]) -> str:
    return next((token.text for token in tokens if not token.comment), "")


def _peer(tokens: list[_Token], raw: str, spans: dict[str, Span]) -> tuple[str, str, str, str]:
    """HELO, reverse name, address and ident of the `from` clause."""
    first = next((token for token in tokens[:1] if not token.comment), None)
    comments = [token for token in tokens if token.comment]
    name = _clean(first.text) if first else ""
    helo = rdns = ip = ident = ""
    helo_named = False

    for comment in comments:
        text = comment.text
        match = re.search(_HELO, text) if "helo" in (low := text.lower()) or "ehlo" in low else None
        if match and not helo_named:
            helo_named = True
            helo = _clean((match.group(1) or match.group(2)).rstrip(")"))
            group = 1 if match.group(1) is not None else 2
            spans["helo"] = Span(comment.start + match.start(group), comment.start + match.end(group))
            text = text[: match.start()] + " " * (match.end() - match.start()) + text[match.end() :]
        said = re.search(_IDENT, text) if "ident=" in text else None
        if said:
            ident = ident or said.group(1)
            text = text[: said.start()] + " " * (said.end() - said.start()) + text[said.end() :]
        if ip or _is_tls(text):
            continue
        found = _address(text)
        if found is None:
            continue
        ip, start, end = found
        spans["address"] = Span(comment.start + start, comment.start + end)
        before = text[:start].rstrip("[ ").strip()
        if before.endswith("@"):
            ident, before = before[:-1].strip(), ""
        elif "@" in before:
            ident, _, before = before.rpartition("@")
        before = before.split()[-1] if before.split() else ""
        looked_up = _clean(before)
        if looked_up and looked_up.lower() not in _NO_NAME and not canonical(looked_up) and _HOST.fullmatch(looked_up):
            rdns = looked_up
            at = raw.find(before, comment.start)
            spans["rdns"] = Span(at, at + len(before))

    literal = canonical(name) if first and first.text.startswith("[") else ""
    exim = "(Exim" in raw or (" id " in raw and bool(re.search(_EXIM, raw)))
    if helo_named:
        # qmail, qpsmtpd, CommuniGate, Exim with helo=: the first word is what the receiver looked up, or the address itself.
        if literal and not ip:
            ip = literal
            _span(spans, "address", first)
        elif not rdns and name and not literal and name.lower() not in _NO_NAME:
            rdns = name
            _span(spans, "rdns", first)
    elif literal and not ip and (exim or "CommuniGate" in raw):
        # Only these write the address they saw in the place of the name; elsewhere a bracketed first word is the peer's own literal.
        ip = literal
        _span(spans, "address", first)
    else:
        helo = name
        _span(spans, "helo", first)
        if exim and ip and not rdns and name and not literal:
            rdns = name  # Exim leaves helo= out when it equals the name it looked up
    if rdns.lower() in _NO_NAME:
        rdns = ""
    return helo, rdns.rstrip("."), ip, ident


def _span(spans: dict[str, Span], role: str, token: _Token | None) -> None:
    if token is not None and role not in spans:
        spans[role] = Span(token.start, token.start + len(token.text))


def _address(text: str) -> tuple[str, int, int] | None:
    """The address in a comment of the receiver's: bracketed, or bare as the last word. Its place is that of the bare address."""
    for match in _BRACKET.finditer(text):
        ip = canonical(match.group(1))
        if ip:
            return ip, match.start(1), match.end(1)
    words = text.split()
    if not words:
        return None
    last = words[-1].rsplit("@", 1)[-1].strip("[],;")
    ip = canonical(last)
    if not ip and "@" in words[0]:
        return None
    if not ip and ":" in last and last.rpartition(":")[2].isdigit() and last.count(":") == 1:
        last = last.partition(":")[0]
        ip = canonical(last)
    if not ip:
        last = words[0].strip("[],;")
        ip = canonical(last)
    if not ip:
        return None
    start = text.rfind(last)
    return ip, start, start + len(last)


def _is_tls(text: str) -> bool:
    return "[" not in text and bool(re.search(_TLS, text))


def _receiver(tokens: list[_Token], spans: dict[str, Span]) -> tuple[str, str]:
    name = by_ip = ""
    for token in tokens:
        if not token.comment:
            if not name:
                name = _clean(token.text).rstrip(",")
                spans["by"] = Span(token.start, token.start + len(token.text))
            continue
        found = _address(token.text) if len(token.text.split()) == 1 else None
        if found and not by_ip:
            by_ip = found[0]
    return name, by_ip or canonical(name)


def _login(comments: str, ident: str) -> tuple[str, bool]:
    """The SMTP AUTH login, and whether one was used at all.

    qmail's family prints TCPREMOTEINFO before the address; after a successful AUTH that is the login, and only then does
    it hold an `@`: a bare word there is RFC 1413 ident.
    """
    lower = comments.lower()
    match = re.search(_AUTH_USER, comments) if "auth" in lower or "account" in lower else None
    if match:
        user = next(group for group in match.groups() if group).strip("<>,;\"'")
        if user and user.lower() not in ("bits", "sender", "user"):
            return user, True
    if "@" in ident.strip("@"):
        return ident, True
    return "", "auth" in lower and bool(re.search(_AUTHENTICATED, comments))


def _authenticated_protocol(protocol: str) -> bool:
    """RFC 3848: ESMTPA, ESMTPSA, LMTPA, UTF8SMTPSA; and the older ASMTP."""
    upper = protocol.upper()
    return upper in ("ASMTP", "HTTPU") or upper.endswith(("SMTPA", "SMTPSA", "LMTPA", "LMTPSA"))


def _clean(name: str) -> str:
    """A host name without what writers put around it: brackets, qmail's ?...?, a trailing dot or comma."""
    bare = name.strip().strip(",;").strip("<>")
    if len(bare) > 2 and bare[0] == bare[-1] and bare[0] in "?!":
        bare = bare[1:-1]
    if bare.startswith("[") and bare.endswith("]"):
        inner = canonical(bare)
        bare = inner or bare[1:-1]
    return bare.rstrip(".")
