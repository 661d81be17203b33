"""Which program wrote a Received line, by the marks that it leaves, and whether it confirms a reverse name before it writes it.

Looked for in what the receiving server writes of itself only, behind ` by `: in front of that stands what the peer said. What
no mark tells stays "". Computed for the lines that somebody asks about, not for every line that is read.
"""

import re
from functools import cache, lru_cache

from sekisho.mail.received import Received
from sekisho.tables.providers import OPERATORS

# How a comment of the program's own begins, and whose it is. The first that fits counts; sources: each program's own source
# text or manual, and its lines in public mail.
_COMMENTS = (
    ("Postfix", "Postfix"),
    ("Exim", "Exim"),
    ("Debian Exim", "Exim"),
    ("8.", "Sendmail"),
    ("V8", "Sendmail"),
    ("Sentrion", "Sendmail"),
    ("PPS", "Proofpoint"),
    ("FortiMail", "FortiMail"),
    ("Spam Firewall", "Barracuda"),
    ("Spam & Virus Firewall", "Barracuda"),
    ("qmail", "qmail"),
    ("netqmail", "qmail"),
    ("qpsmtpd", "qpsmtpd"),
    ("MDaemon", "MDaemon"),
    ("CommuniGate", "CommuniGate Pro"),
    ("Lotus Domino", "Domino"),
    ("IBM Domino", "Domino"),
    ("HCL Domino", "Domino"),
    ("Lotus SMTP MTA", "Domino"),
    ("Kerio", "Kerio Connect"),
    ("Haraka", "Haraka"),
    ("OpenSMTPD", "OpenSMTPD"),
    ("SG)", "SendGrid"),
    ("JAMES", "Apache James"),
    ("Apache James", "Apache James"),
    ("hMailServer", "hMailServer"),
    ("Stalwart", "Stalwart"),
    ("ZoneMTA", "ZoneMTA"),
    ("InterMail", "InterMail"),
    ("PowerMTA", "PowerMTA"),
    ("fetchmail", "fetchmail"),
    ("getmail", "getmail"),
    ("Cyrus", "Cyrus"),
    ("amavis", "amavis"),
    ("LISTSERV", "LISTSERV"),
    ("Yahoo Inc. Hermes", "Yahoo Mail"),
    ("VZM Hermes", "Yahoo Mail"),
    ("Oath Hermes", "Yahoo Mail"),
    ("Nemesis", "GMX"),
    ("Coremail", "Coremail"),
    ("NewEsmtp", "QQ Mail"),
    ("IceWarp", "IceWarp"),
    ("Merak", "IceWarp"),
    ("F-Secure", "F-Secure"),
    ("ecelerity", "Momentum"),
    ("Oracle Communications", "Oracle Messaging Server"),
    ("iPlanet", "Oracle Messaging Server"),
    ("Sun Java", "Oracle Messaging Server"),
    ("EZweb Mail", "EZweb Mail"),
    ("sSMTP", "sSMTP"),
    ("nullmailer", "nullmailer"),
    ("MEProxy", "Fastmail"),
    ("LMTPProxy", "Fastmail"),
    ("Horde", "Horde"),
    ("SquirrelMail", "SquirrelMail"),
    ("Microsoft Exchange Internet Mail", "Microsoft Exchange"),
)
_BEGINNINGS = tuple(begin for begin, _ in _COMMENTS)
# Elsewhere behind ` by `, with the words before them.
_WORDS = (
    (" with Microsoft SMTP Server", "Microsoft Exchange"),
    (" with mapi ", "Microsoft Exchange"),
    (" with MAPI ", "Microsoft Exchange"),
    (" with Internet Mail Service", "Microsoft Exchange"),
    (" with Microsoft SMTPSVC", "Microsoft SMTP Service"),
    (" with hMailServer", "hMailServer"),
    (" with NNFMP", "Yahoo Mail"),
    (" with qmail-scanner", "qmail"),
    (" via listexpand", "ZMailer"),
    (" [XMail ", "XMail"),
    ("/Yandex) ", "Yandex Mail"),
)
# The shape of the id, where the writer does not name itself. Sources as in `queue_id`.
_IDS = (
    (r"[0-9A-Za-x]{8}\d{6,7}-[0-9A-Za-x]{8}\d{6,7}", "FortiMail"),
    (r"[0-9A-Za-x][0-9A-B][1-9A-V][0-9A-N][0-9A-Za-x]{4}\d{6,7}", "Sendmail"),
    (r"[0-9A-Za-z]{6}-[0-9A-Za-z]{6}(?:[0-9A-Za-z]{5})?-[0-9A-Za-z]{2}(?:[0-9A-Za-z]{2})?", "Exim"),
    (r"[0-9B-DF-HJ-NP-TV-Zb-df-hj-np-tv-z]{10,12}z[0-9B-DF-HJ-NP-TV-Zb-df-hj-np-tv-z]{1,6}", "Postfix"),
    (r"\d{14}(?:\d{3})?\.[A-Z]{3,4}[\d.].+", "InterMail"),
    (r"(?:[0-9A-F]{8}|[0-9A-F]{16})\.(?:[0-9A-F]{8}|[0-9A-F]{16})\.[0-9A-F]{8}", "Courier"),
    (r"[0-9a-f]{8}\.[0-9a-f]{12}-[\w-]{5,40}", "Mailgun"),
    (r"(?:filter|recvd|ismtpd)[\w-]{3,60}-[0-9A-F]{8}-[0-9A-F]{1,6}", "SendGrid"),
    (r"[a-z]{2}-mta-\d{1,6}-[\w-]{10,40}", "Mimecast"),
    (r"md5\d{6,16}\.msg", "MDaemon"),
    (r"S\d{6,12}Ab[\w@-]{5,8}", "ZMailer"),
    (r"[0-9A-Za-z]{16}", "Barracuda"),
    (r"[a-z]\d{1,3}(?:mr|cs|csp)\d{3,10}[a-z]{3}(?:\.[\d.]+)?", "Gmail"),
)  # fmt: skip
# PowerMTA and what is built on it: its envelope stands behind the date. Postmark's hosts are under mtasv.net.
_BEHIND_DATE = r"; [^;]{20,60}\(envelope-from <[^<>]*>\)$"
# hMailServer puts a blank before the semicolon and no id before that.
_HMAIL = r" with E?SMTPS?A? (?:\(version=[^()]* bits=\d+\) )?;"
_QMAIL = (
    r"^from \S+ (?:\((?:HELO|EHLO) [^()]*\) )?\([^()\s\[\]]*\) by \S+ with [^;()]*(?:\([^()]* encrypted\) )?E?SMTPS?A?;"
)
_IRONPORT = r"^from \S+ (?:\(HELO [^()\s]*\) )?\(\[[0-9A-Fa-f:.]+\]\) by \S+ with E?SMTPA?(?:/TLS/[\w-]+)?; \d"
_MAILGUN = r" by [0-9a-f]{12} with \w{4,5} id [0-9a-f]{24}\b"
_YAHOO = r"^from [\d.]+ \(EHLO [^()]*\) \([0-9a-fA-F.:]+\) by 10\.[\d.]+ with SMTPs? "
_DOVECOT = r" with LMTPS? id [\w+/=]{20,26} \(envelope-from "
_LINES = (
    (_MAILGUN, "Mailgun"),
    (_HMAIL, "hMailServer"),
    (_IRONPORT, "IronPort"),
    (_YAHOO, "Yahoo Mail"),
    (_DOVECOT, "Dovecot"),
)
_GMAIL_OWN = r"sor\d+[a-z0-9]+\.\d+\.\d{4}\."
_MICROSOFT_HOSTS = (".outlook.com", ".office365.com", ".exchangelabs.com")
# These write a reverse name only after looking it up forward as well, or say that it "may be forged".
CONFIRMING = frozenset({"Postfix", "Exim", "Sendmail", "FortiMail", "Proofpoint"})


@cache
def _pattern(source: str) -> re.Pattern[str]:
    return re.compile(source)


def named(line: Received) -> str:
    """The program that names itself in a comment of its own, "" where none does. Linear in the line."""
    # Up to the envelope sender, whom the peer chose.
    for comment in _own(line).partition("envelope-")[0].split("(")[1:9]:
        if not comment.startswith(_BEGINNINGS):
            continue
        for begin, name in _COMMENTS:
            if comment.startswith(begin) and (begin != "8." or "/" in comment.partition(")")[0]):
                return name  # (8.17.1/8.17.1) is Sendmail's version, (8.8.8.8) an address
    return ""


@lru_cache(64)  # the checks, the clocks and the panel ask it of the same few lines
def writer(line: Received) -> str:
    """The program that wrote a line: it names itself, or its words, the shape of its ids or its host tell; "" where nothing does."""
    program = named(line)
    if program:
        return program
    own, by = _own(line), line.by.lower()
    for words, name in _WORDS:
        if words in own:
            return "Microsoft 365" if name == "Microsoft Exchange" and by.endswith(_MICROSOFT_HOSTS) else name
    if by.endswith(_MICROSOFT_HOSTS):
        return "Microsoft 365"
    if by.endswith((".google.com", ".gmail.com")) or (line.by_ip[:6] == "2002:a" and not line.ip):
        return "Gmail"
    return _by_shape(line, by)


def _own(line: Received) -> str:
    """The part of a line that its writer wrote of itself: behind ` by `."""
    at = line.raw.find(" by ") if line.by else -1
    return line.raw[at:] if at >= 0 else line.raw


def _by_shape(line: Received, by: str) -> str:
    """The writer that is known by the form of its line, its ids or its hosts alone."""
    raw = line.raw
    if "(LHLO " in raw:
        return "Zimbra"
    if " rhost-flags-" in raw:
        return "ZMailer"
    if raw.endswith(">)") and _pattern(_BEHIND_DATE).search(raw):
        return "Postmark" if by.endswith(".mtasv.net") else "PowerMTA"
    for shape, name in _IDS if line.id else ():
        if _pattern(shape).fullmatch(line.id):
            return name
    if by.startswith("inbound-smtp."):
        return "Amazon SES"
    for shape, name in _LINES if line.by else ():
        if _pattern(shape).search(raw):
            return name
    known = _of_host(by, _HOSTS)
    if known:
        return known
    if _pattern(_QMAIL).match(raw):
        return "qmail"
    return "Postfix" if "(Authenticated sender: " in raw else ""


def _of_host(host: str, table: dict[str, str]) -> str:
    """What a table of domains says of a host under one of them."""
    tail = host
    for _ in range(host.count(".") - 3):
        tail = tail.partition(".")[2]
    while tail:
        if tail in table:
            return table[tail]
        tail = tail.partition(".")[2]
    return ""


# Domains of servers whose lines name no program.
_HOSTS = {
    "mimecast.com": "Mimecast",
    "pphosted.com": "Proofpoint",
    "ppops.net": "Proofpoint",
    "iphmx.com": "IronPort",
    "cudaops.com": "Barracuda",
    "barracuda.com": "Barracuda",
    "amazonses.com": "Amazon SES",
    "sendgrid.net": "SendGrid",
    "mailgun.org": "Mailgun",
    "mailgun.net": "Mailgun",
    "mtasv.net": "Postmark",
    "postmarkapp.com": "Postmark",
    "zohomail.com": "Zoho Mail",
    "zoho.com": "Zoho Mail",
    "zoho.eu": "Zoho Mail",
    "zoho.in": "Zoho Mail",
    "yahoo.com": "Yahoo Mail",
    "yahoo.co.jp": "Yahoo! JAPAN",
}


def operator(line: Received) -> str:
    """Who runs the host that a line names as its writer, as far as the table of providers knows; "" otherwise."""
    return _of_host(line.by.lower(), OPERATORS)


def confirmed_name(line: Received) -> str:
    """The peer's reverse name where its writer confirmed it, else "".

    Who owns an address may give it any name. Postfix writes `unknown`, Exim no name, Sendmail and its kin "may be forged" for
    one that does not lead back; CommuniGate writes "verified" for one that does; Gmail knows its own servers (`sor` in the id).
    Of all others it is not known, or known that they don't look (tcpserver of qmail).
    """
    if not line.rdns or "may be forged" in line.raw:
        return ""
    program = writer(line)
    if program == "CommuniGate Pro":
        sure = " verified)" in line.raw[: line.raw.find(" by ")]
    elif program == "Gmail":
        sure = line.rdns.lower().endswith(".google.com") and _pattern(_GMAIL_OWN).search(line.id) is not None
    else:
        sure = program in CONFIRMING
    return line.rdns if sure else ""
