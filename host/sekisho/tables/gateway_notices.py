"""The sentences with which mail gateways say that they took an attachment out.

as-of 2026-11-22. Sources: notices as delivered (FortiGate's is the one of the first article), Japanese providers' pages with samples
(InterScan: TCNet; Symantec: Web Shizuoka), published samples (Microsoft's Malware Alert Text.txt, MailScanner), the products' manuals
(FortiOS replacement messages, ESET Mail Security, Kaspersky, amavis, Barracuda, Proofpoint, McAfee GroupShield, Sophos PureMessage).
A sender can write such a sentence too: it says what a text says, and no more.
"""

from __future__ import annotations

import re
from functools import cache

from sekisho.named import NamedTuple


class Notice(NamedTuple):
    """What a notice says; "" where it does not."""

    file: str
    virus: str
    product: str
    start: int
    end: int


# What every notice of a kind says somewhere: looked for first, since compiling the patterns costs more than most mails do.
_REMOVAL = ("削除", "除去", "駆除", "隔離")
_TELLTALES = (
    "removed",
    "deleted",
    "stripped",
    "quarantine",
    "Quarantine",
    "replaced by this warning",
    "Deleted",
    "Removed",
    *_REMOVAL,
)
# A virus' name is Latin, whatever the notice's language; without one of these signs it would be any word.
_SIGNED = r"(?=[\w:@-]{0,60}[./!\d_:\-])[A-Za-z][\w./!:@\-]{2,100}"
_FILE = r"[\"'\[“「『<]?(?P<file>[\w.\-() ]{1,120}\.\w{1,8})[\"'\]”」』>]?"
_GONE = r"(?:removed|deleted|stripped|quarantined|replaced|blocked|discarded)"
_GONE_AFTER = (
    "removed",
    "deleted",
    "stripped",
    "quarantine",
    "replaced",
    "blocked",
    "discarded",
    "cleaned",
)  # of `after`
# Blanks are counted everywhere: a run of them without end beside a name that may hold blanks costs its square, and more.
# Product, in lower case what one of must be there (compiling a pattern and looking for it cost more), and the pattern.
_PATTERNS: tuple[tuple[str, tuple[str, ...], str], ...] = (
    # FortiGate, FortiMail: The file [name] has been detected containing virus [name], and has been removed.
    (
        "Fortinet",
        ("has been detected containing virus",),
        r"(?:The file|ファイル)\s{0,12}\[(?P<file>[^\]\n]{1,200})\]\s{0,12}has been detected containing virus\s{0,12}"
        r"\[(?P<virus>[^\]\n]{1,120})\],?\s{0,12}and has been removed",
    ),
    # FortiOS 5 and later
    (
        "Fortinet",
        ("has been removed because of a virus",),
        r"The file [\"“](?P<file>[^\"”\n]{1,200})[\"”] has been removed because of a virus\.\s{1,4}"
        r"It was infected with the [\"“](?P<virus>[^\"”\n]{1,120})[\"”] virus",
    ),
    # InterScan, IMSS, IMSVA
    (
        "Trend Micro",
        ("found virus ",),
        rf"Found virus (?P<virus>[\w./!:@\-]{{3,100}}) in file {_FILE}(?=(?P<after>[^\0]{{0,250}}))",
    ),
    # ESET: order.zip - ZIP - order.exe - a variant of Win32/Kryptik.ABC trojan - deleted
    (
        "ESET",
        ("trojan", "worm", "virus", "application", "トロイの木馬", "ワーム", "ウイルス"),
        rf"^[ \t>]{{0,4}}(?P<file>[^\n>]{{1,120}}?\.\w{{1,8}})\s{{1,12}}[-»>]\s{{1,12}}(?:[^\n]{{0,120}}?\s[-»>]\s{{1,12}})?(?:(?:probably )?a variant of )?(?P<virus>{_SIGNED})\s{{1,12}}"
        r"(?:trojan|worm|virus|application|トロイの木馬|ワーム|ウイルス)\s{1,12}[-»]\s{1,12}(?:deleted|cleaned|quarantined|removed|削除|駆除|隔離)",
    ),
    # MailScanner
    (
        "MailScanner",
        ("original e-mail attachment",),
        r"original e-mail attachment [\"“](?P<file>[^\"”\n]{1,200})[\"”][^\0]{0,300}?replaced by this warning message"
        rf"[^\0]{{0,200}}?scanner said:[^\0]{{0,200}}?(?:infection:|infected:|contains|Virus|Found)\s{{1,12}}['\"]?(?P<virus>{_SIGNED})",
    ),
    # amavis: the whole letter was held back, and what it carried is named without a file
    (
        "amavis",
        ("checker found",),
        rf"(?:content|virus) checker found\s{{1,12}}virus(?:es)?:?\s{{1,8}}(?P<virus>{_SIGNED})"
        r"(?=(?P<after>[^\0]{0,400}))",
    ),
    # amavis since 2.6
    (
        "amavis",
        ("a virus was found:",),
        rf"A virus was found:\s{{1,8}}(?P<virus>{_SIGNED})(?=(?P<after>[^\0]{{0,600}}))",
    ),
    # was infected with NAME and has been removed: Kaspersky, McAfee, Proofpoint, Barracuda, Sophos
    (
        "",
        ("infected", "containing", "detected as"),
        rf"(?:attachment|file|object)\s{{1,12}}(?:named\s{{1,12}})?{_FILE}\s{{1,12}}(?:was|is|has been)\s{{1,12}}(?:found\s{{1,12}}(?:to be\s{{1,12}})?)?(?:infected\s{{1,12}}(?:with|by)|containing|detected as)"
        rf"\s{{1,12}}(?:the\s{{1,12}})?(?:virus\s{{1,12}}|malware\s{{1,12}}|threat\s{{1,12}})?[\"'\[“]?(?P<virus>{_SIGNED})(?=[^\n]{{0,120}}?{_GONE})",
    ),
    (
        "",
        ("attachment", "file", "object"),
        rf"(?:attachment|file|object)\s{{1,12}}{_FILE}\s{{1,12}}(?:has been|was)\s{{1,12}}{_GONE}"
        rf"(?:[^.\n]{{0,80}}?(?:virus|malware|infected|threat|detected)\W{{1,4}}(?:with\s{{1,12}}|the\s{{1,12}}|named\s{{1,12}}|called\s{{1,12}})?(?P<virus>{_SIGNED}))?",
    ),
    (
        "",
        ("添付ファイル",),
        # Every stretch is bounded by its sentence and read once.
        r"添付ファイル\s{0,12}(?:[「『\[\"](?P<file>[^「」『』\[\]\"\n]{1,120})[」』\]\"]|(?P<bare>[^「」『』\[\]\"\s][^「」『』\[\]\"\n]{0,119}?))"
        r"\s{0,12}(?:は|を|から|に)(?=(?P<rest>[^。\n]{0,200}))",
    ),
)
_MICROSOFT = r"Malware was detected in one or more attachments[^\n]{0,80}\s{1,4}(?:Action:\s{0,12})?All attachments have been (?:removed|deleted)\.?"
_MICROSOFT_LINE = (
    rf"\s{{0,12}}(?P<file>[^\t\n]{{1,200}}?\.\w{{1,8}})(?:\t\s{{0,40}}|\s{{2,40}})(?P<virus>{_SIGNED})[ \t]*(?=\n|\Z)"
)
# Label and value on lines of their own, in any order: Symantec, F-Secure, Trend Micro, Japanese providers' services.
_FILE_LABEL = r"(?:infected\s+)?(?:file(?:\s*name)?|attachment(?:\s+name)?|object)|(?:感染|検出|添付)?ファイル名|(?:感染|検出|添付)ファイル"
_VIRUS_LABEL = r"(?:virus|threat|malware|detection|infection)(?:\s*name)?|(?:ウイルス|ウィルス|マルウェア|脅威|検出|不正プログラム)名"
_VIRUS_SIGNS = (
    "virus",
    "threat",
    "malware",
    "detection",
    "infection",
    "ウイルス",
    "ウィルス",
    "マルウェア",
    "脅威",
    "検出",
    "不正プログラム",
)  # in one of them
_LABELLED = rf"^[ \t>*・■◆●]{{0,6}}(?:(?P<file>{_FILE_LABEL})|(?P<virus>{_VIRUS_LABEL}))[ \t]{{0,8}}[::=][ \t]{{0,8}}(?P<value>[^\n]{{1,200}})$"
MAX_APART = 600  # characters from one label to the other, and to the word that says it is gone
_CAUSE = rf"(?:ウイルス|ウィルス|マルウェア|脅威)(?:[^。\n]{{0,10}}?(?P<virus>{_SIGNED}|[A-Za-z][A-Za-z0-9_./!:\-]{{2,80}}))?"
_PRODUCTS = (
    ("Fortinet", ("fortigate", "fortimail", "fortinet", "fortiguard")),
    ("Trend Micro", ("interscan", "scanmail", "trend micro", "trendmicro", "トレンドマイクロ", "virus warning message", "ウイルスバスター")),
    ("Sophos", ("sophos", "puremessage", "ソフォス")),
    ("ESET", ("eset ", "nod32")),
    ("Kaspersky", ("kaspersky", "カスペルスキー")),
    ("Symantec", ("symantec", "brightmail", "messagelabs", "norton", "シマンテック", "broadcom")),
    ("McAfee", ("mcafee", "groupshield", "trellix", "マカフィー", "virusscan enterprise")),
    ("Barracuda", ("barracuda",)),
    ("Proofpoint", ("proofpoint",)),
    ("MailScanner", ("mailscanner",)),
    ("amavis", ("amavis",)),
    ("ClamAV", ("clamav", "clamd", "clamsmtp")),
    ("Microsoft", ("microsoft defender", "exchange online protection", "forefront", "malware alert text")),
    ("F-Secure", ("f-secure", "withsecure", "エフセキュア")),
    ("Avast", ("avast", "avg anti")),
    ("Bitdefender", ("bitdefender",)),
    ("GUARDIANWALL", ("guardianwall", "guardian wall")),
    ("m-FILTER", ("m-filter",)),
    ("Mimecast", ("mimecast",)),
)  # fmt: skip
MAX_TEXT = 200_000
MAX_NOTICES = 50


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE | re.MULTILINE)


def find(text: str) -> list[Notice]:
    """The notices in a text, in order; a stretch that two patterns know counts once."""
    out: list[Notice] = []
    cut = text[:MAX_TEXT].replace("\r\n", "\n")
    if not any(word in cut for word in _TELLTALES):
        return out
    for found in (_microsoft, _sentences, _labelled):
        for notice in found(cut):
            if len(out) < MAX_NOTICES and not any(notice.start < seen.end and seen.start < notice.end for seen in out):
                out.append(notice if notice.product else notice._replace(product=_product(cut, notice)))
    return sorted(out, key=lambda notice: notice.start)


def _lower(text: str) -> str:
    """Lower case as a pattern without regard to case takes it: there i without a dot or with one too many, and the long s, are ASCII's."""
    lower = text.lower()
    return lower if lower.isascii() else lower.replace("\u0131", "i").replace("i\u0307", "i").replace("\u017f", "s")


def _microsoft(text: str) -> list[Notice]:
    out: list[Notice] = []
    if "Malware was detected" not in text:
        return out
    for match in _compiled(_MICROSOFT).finditer(text):
        at = match.end()
        while (line := _compiled(_MICROSOFT_LINE).match(text, at)) and len(out) < MAX_NOTICES:
            out.append(Notice(line["file"].strip(), line["virus"], "Microsoft", at, line.end()))
            at = line.end()
    return out


def _sentences(text: str) -> list[Notice]:
    out: list[Notice] = []
    lower = _lower(text)
    for product, signs, pattern in _PATTERNS:
        if not any(sign in lower for sign in signs):
            continue
        for match in _compiled(pattern).finditer(text):
            said = match.groupdict()
            file, virus, end = said.get("file") or said.get("bare") or "", said.get("virus") or "", match.end()
            if "after" in said and not any(word in said["after"].lower() for word in _GONE_AFTER):
                continue
            if "rest" in said:
                cause = _compiled(_CAUSE).search(said["rest"])
                if cause is None or not any(word in said["rest"][cause.end() :] for word in _REMOVAL):
                    continue
                virus, end = cause["virus"] or "", match.end() + cause.end()
            out.append(Notice(file.strip(), virus.strip().rstrip(".:-"), product, match.start(), end))
    return out


def _labelled(text: str) -> list[Notice]:
    """A file's label and a virus' beside each other, and a word near them that says it is gone."""
    out: list[Notice] = []
    if not any(sign in text for sign in (":", "：", "=")):
        return out
    lower = _lower(text)
    if not any(sign in lower for sign in _VIRUS_SIGNS):
        return out
    last: re.Match[str] | None = None
    for match in _compiled(_LABELLED).finditer(text):
        if last is not None and bool(last["virus"]) != bool(match["virus"]) and match.start() - last.end() < MAX_APART:
            file, virus = (last, match) if match["virus"] else (match, last)
            named = _compiled(_SIGNED).match(virus["value"].strip().strip("\"'[]"))
            around = text[max(0, last.start() - MAX_APART) : match.end() + MAX_APART]
            if named and any(word in around for word in _TELLTALES):
                out.append(Notice(file["value"].strip().strip("\"'[]"), named.group(), "", last.start(), match.end()))
                last = None
                continue
        last = match
    return out


def _product(text: str, notice: Notice) -> str:
    """The first product named near a notice; "" where none is."""
    around = text[max(0, notice.start - MAX_APART) : notice.end + MAX_APART].lower()
    return next((product for product, words in _PRODUCTS if any(word in around for word in words)), "")
