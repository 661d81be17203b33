"""What the name that a scanner gave to a virus means: kind of threat, for what, of which family.

as-of 2026-11-22, by hand, from the vendors' pages on their naming: the CARO scheme (Type:Platform/Family.Variant!Suffixes; Microsoft),
Fortinet (HTML/Phishing.70A5!tr), Trend Micro (TROJ_, Trojan.W97M.), Sophos (Mal/Phish-A), ESET (Win32/TrojanDownloader.Agent),
Kaspersky (HEUR:Trojan-Spy.Win32.), ClamAV (Win.Trojan.Name-1-0), Symantec (W97M.Downloader), McAfee, Bitdefender (Trojan.GenericKD.1).
"""

from __future__ import annotations

import re
from itertools import pairwise

from sekisho.named import NamedTuple


class Meaning(NamedTuple):
    """`kind` and `platform` are codes that the panel has words for, "" where the name does not say; `family` as it is written."""

    kind: str
    platform: str
    family: str


# The first that a name has a word of decides: what it does says more than how it spreads.
_KINDS = (
    ("test", ("eicar", "gtube", "testfile", "testvirus")),
    ("phishing", ("phish", "phishing", "phisher", "phis", "fraud", "scam")),
    ("ransomware", ("ransom", "ransomware", "ransomcrypt", "filecoder", "filelock", "cryptolocker", "locky", "wannacry", "lockbit")),
    ("miner", ("coinminer", "miner", "bitminer", "bitcoinminer", "cryptominer", "coinmine", "xmrig")),
    ("spy", ("spy", "tspy", "trojanspy", "spyware", "infostealer", "stealer", "pws", "psw", "pwstealer", "keylogger", "keylog", "banker", "agenttesla", "formbook", "lokibot")),
    ("downloader", ("downloader", "trojandownloader", "dloader", "dloadr", "dldr", "dwnldr", "docdl", "downldr", "donoff", "powload", "dl", "loader")),
    ("dropper", ("dropper", "trojandropper", "drop", "drp", "dropr")),
    ("backdoor", ("backdoor", "bkdr", "bdoor", "bckdr", "rat", "remcos", "njrat", "asyncrat")),
    ("exploit", ("exploit", "expl", "exp", "cve")),
    ("worm", ("worm", "iworm", "networm", "emailworm", "mmworm", "mm", "mydoom", "netsky", "bagle")),
    ("adware", ("adware", "adw", "pua", "pup", "puadlmanager", "riskware", "unwanted", "potentially", "grayware", "notavirus", "hoax", "joke")),
    ("trojan", ("trojan", "troj", "tr", "trj", "emotet", "trickbot", "qbot", "qakbot")),
    ("virus", ("virus", "vir", "pe", "infector")),
)  # fmt: skip
_PLATFORMS = (
    ("html", ("html", "htm", "shtml", "xhtml")),
    ("excel", ("xf", "xm", "x97m", "xls", "xlsx", "xlm", "xlsm", "excel", "x2kmm", "msexcel")),
    ("word", ("w97m", "wm", "w2km", "doc", "docx", "docm", "word", "msword", "docdl", "rtf")),
    ("office", ("o97m", "office", "msoffice", "vba", "macro", "ole2", "ooxml", "onenote", "pp97m", "ppt")),
    ("pdf", ("pdf", "pdfka")),
    ("script", ("js", "jscript", "javascript", "vbs", "vbscript", "vbe", "script", "powershell", "psh", "ps", "bat", "wsf", "hta", "php", "asp", "python")),
    ("shortcut", ("lnk", "link")),
    ("java", ("java", "jar")),
    ("android", ("android", "androidos", "andr", "andro", "dex", "apk")),
    ("mac", ("osx", "macos", "mac", "mac64")),
    ("linux", ("linux", "elf", "unix", "elf64")),
    ("archive", ("zip", "rar", "ace", "iso", "arj", "arc", "archive")),
    ("windows", ("w32", "win32", "w64", "win64", "win", "windows", "msil", "pe", "wint", "w95", "dotnet", "nsis")),
)  # fmt: skip
_NO_FAMILY = frozenset(
    ["generic", "gen", "generickd", "heur", "heuristic", "malware", "mal", "suspicious", "variant", "agent", "eldorado", "behaveslike", "artemis", "malicious", "possible", "susgen", "detected", "small", "test", "file", "signature", "a", "the", "of", "application"]
)  # fmt: skip
_FAMILIES = frozenset(("emotet", "trickbot", "qbot", "qakbot", "agenttesla", "formbook", "lokibot", "remcos", "njrat", "asyncrat", "mydoom", "netsky", "bagle", "locky", "wannacry", "lockbit", "cryptolocker", "powload", "donoff", "xmrig"))  # fmt: skip
_KNOWN = frozenset(word for table in (_KINDS, _PLATFORMS) for _, words in table for word in words) - _FAMILIES
MAX_NAME = 120


def meaning(name: str) -> Meaning:
    """What a virus' name says; codes are "" where it says nothing that is known here. Never raises."""
    words = re.findall(r"[A-Za-z]+[0-9]*[A-Za-z]*", name[:MAX_NAME])
    lower = [word.lower() for word in words]
    joined = [one + other for one, other in pairwise(lower)]  # Trojan-Downloader, E-mail-Worm
    return Meaning(_first(_KINDS, [*lower, *joined]), _first(_PLATFORMS, lower), _family(words))


def _first(table: tuple[tuple[str, tuple[str, ...]], ...], words: list[str]) -> str:
    return next((code for code, known in table if any(word in known for word in words)), "")


def _family(words: list[str]) -> str:
    for word in words:
        if len(word) >= 4 and word.lower() not in _KNOWN and word.lower() not in _NO_FAMILY and not word.isdigit():
            return word if any(letter in "aeiouyAEIOUY" for letter in word) else ""
    return ""
