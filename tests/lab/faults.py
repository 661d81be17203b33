"""What a registry's server must be able to do to us. `RDAP[name]` is what https://rdap.registry.test/domain/NAME.test answers."""

from __future__ import annotations

import json
import zlib
from typing import Any

from .replies import Reply

MIB = 1 << 20
MARKUP = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'><b>"
CONTROL = "\x1b[31mred\x1b]8;;http://192.0.2.66/\x07\0\b\r\n\x7f\x9b\u202etxt.exe\u202c\u200b\ud800"
# Texts for which a careless reader fails or runs long: too long for int(), for float(), for a recursive reader.
DIGITS = b'{"objectClassName":"domain","handle":' + b"9" * 5000 + b"}"
DEEP = b'{"entities":' * 50_000 + b"[]" + b"}" * 50_000


def _bomb() -> bytes:
    """Gzip of 1 GiB in 1 MB. Its checksum is wrong, which shows only to who unpacked all of it."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    block = packer.compress(b"0" * MIB) + packer.flush(zlib.Z_FULL_FLUSH)  # stands alone, so it may be repeated
    return b"\x1f\x8b\x08" + bytes(7) + block * 1024 + b"\x03\x00" + bytes(8)


def _document(value: Any) -> Reply:
    return Reply(json.dumps(value).encode("ascii"))


def domain(text: str) -> dict[str, Any]:
    """A registration with this text in every field that holds one."""
    card: list[list[Any]] = [
        ["version", {}, "text", "4.0"],
        ["fn", {}, "text", text],
        ["org", {"type": text}, "text", text],
    ]
    card += [
        ["email", {}, "text", text],
        ["adr", {"label": text, "cc": text}, "text", [text] * 7],
        [text, {}, text, text],
    ]
    entity: dict[str, Any] = {
        "objectClassName": "entity",
        "handle": text,
        "roles": ["registrar", "registrant", "abuse", text],
    }
    entity |= {"vcardArray": ["vcard", card], "publicIds": [{"type": "IANA Registrar ID", "identifier": text}]}
    return {
        "rdapConformance": ["rdap_level_0", text],
        "objectClassName": "domain",
        "handle": text,
        "ldhName": text,
        "unicodeName": text,
        "lang": text,
        "status": ["active", text],
        "entities": [{**entity, "entities": [entity]}],
        "events": [{"eventAction": action, "eventDate": text} for action in ("registration", "expiration", text)],
        "nameservers": [{"objectClassName": "nameserver", "ldhName": text, "unicodeName": text}],
        "links": [{"rel": "related", "type": "application/rdap+json", "href": text, "value": text}],
        "notices": [{"title": text, "description": [text], "links": [{"href": text}]}],
        "remarks": [{"title": text, "type": text, "description": [text]}],
        "port43": text,
        "secureDNS": {"delegationSigned": text},
    }


def network(ip: str, text: str) -> dict[str, Any]:
    """A network of one address with this text in every field that holds one."""
    kept = {"objectClassName": "ip network", "startAddress": ip, "endAddress": ip, "ipVersion": "v4"}
    return {**domain(text), "name": text, "type": text, "country": text, "parentHandle": text, **kept}


def _redirect(location: str, status: int = 302) -> Reply:
    return Reply(b"", status, (("Location", location),))


def _own(name: str) -> str:
    return f"https://rdap.registry.test/domain/{name}.test"


# Every field of a right answer, and what it must not be.
_WRONG: tuple[Any, ...] = (
    None,
    True,
    -1,
    1e308,
    "",
    "text",
    [],
    [None],
    [[[]]],
    {},
    {"": {}},
    ["vcard"],
    ["vcard", [["fn"]]],
    [{}],
)

RDAP: dict[str, Reply] = {
    # what is told
    "markup": _document(domain(MARKUP)),
    "control": _document(domain(CONTROL)),
    **{f"wrong{number}": _document(dict.fromkeys(domain(""), wrong)) for number, wrong in enumerate(_WRONG)},
    "malformed": Reply(b'{"objectClassName":"domain","ldhName":"malformed.test",'),
    "empty": Reply(b""),
    "null": Reply(b"null"),
    "list": Reply(b"[1,2,3]"),
    "text": Reply(b'"domain"'),
    "html": Reply(b"<!doctype html><title>Maintenance</title>", headers=(("Content-Type", "text/html"),)),
    "notutf8": Reply(b'{"objectClassName":"domain","ldhName":"\xff\xfe\xc0\x80"}'),
    "utf16": Reply('{"objectClassName":"domain","ldhName":"utf16.test"}'.encode("utf-16")),
    "nan": Reply(b'{"objectClassName":"domain","handle":NaN,"status":[Infinity]}'),
    "digits": Reply(DIGITS),
    "deep": Reply(DEEP),
    "twice": Reply(b'{"ldhName":"a.test","ldhName":"b.test","objectClassName":"domain"}'),
    # how much of it
    "huge": Reply(b'{"objectClassName":"domain","handle":"' + b"a" * (20 * MIB) + b'"}'),
    "many": _document({**domain("many"), "entities": [{"roles": ["abuse"], "handle": str(n)} for n in range(20_000)]}),
    "endless": Reply(b'{"a":"' + b"a" * 10_000, pace="endless"),
    "bomb": Reply(_bomb(), headers=(("Content-Encoding", "gzip"),)),
    "headers": Reply(b"X-Filler: " + b"a" * 100 + b"\r\n", pace="endless", raw=True),
    # at what pace
    "drip": Reply(b" " * 1000 + b"{}", pace="drip"),
    "never": Reply(pace="never"),
    "cut": Reply(b'{"objectClassName":"domain","ldhName":"cut.test"}', pace="cut"),
    "closed": Reply(pace="closed"),
    "nothttp": Reply(b"220 mail.registry.test ESMTP\r\n", raw=True),
    # statuses
    "error": Reply(b"{}", 500),
    "refused": Reply(b'{"errorCode":403,"title":"Forbidden"}', 403),
    "unavailable": Reply(b"", 503, (("Retry-After", "120"),)),
    "limited": Reply(b'{"errorCode":429,"title":"Too Many Requests"}', 429, (("Retry-After", "30"),)),
    "limited-date": Reply(b"", 429, (("Retry-After", "Fri, 31 Dec 2100 23:59:59 GMT"),)),
    "limited-always": Reply(b"", 429, (("Retry-After", "9" * 400),)),
    "limited-silent": Reply(b"", 429),
    # redirects
    "loop": _redirect(_own("loop")),
    "ring1": _redirect(_own("ring2")),
    "ring2": _redirect(_own("ring1"), 307),
    **{f"far{number}": _redirect(_own(f"far{number + 1}")) for number in range(20)},
    "far20": _document({"objectClassName": "domain", "ldhName": "far20.test"}),
    "once": _redirect(_own("good"), 301),
    "inside": _redirect("{trap}"),
    "inside-localhost": _redirect("http://localhost/domain/x"),
    "inside-name": _redirect("https://private.test/domain/x"),
    "inside-lan": _redirect("http://10.0.0.1/domain/x"),
    "inside-cloud": _redirect("http://169.254.169.254/latest/meta-data/"),
    "inside-v6": _redirect("http://[::1]/domain/x"),
    "inside-mapped": _redirect("http://[::ffff:7f00:1]/domain/x"),
    "inside-number": _redirect("http://2130706433/domain/x"),
    "inside-port": _redirect("https://rdap.registry.test:22/domain/x"),
    "plainly": _redirect("http://rdap.registry.test/domain/good.test"),
    "file": _redirect("file:///etc/passwd"),
    "script": _redirect("javascript:alert(1)"),
    "nowhere": Reply(b"", 302),
    "blank": _redirect(" "),
    "relative": _redirect("../domain/good.test"),
}

WHOIS: dict[str, Reply] = {
    "markup": Reply(
        f"Domain Name: {MARKUP}\nRegistrar: {MARKUP}\nCreation Date: {MARKUP}\nRegistrant Organization: {MARKUP}\n"
        f"[Domain Name] {MARKUP}\n[登録者名] {MARKUP}\n[登録年月日] {MARKUP}\nrefer: {MARKUP}\nNo match!! {MARKUP}\n".encode()
    ),
    "control": Reply(
        f"Domain Name: {CONTROL}\nRegistrar: {CONTROL}\n[組織名] {CONTROL}\nCreation Date: {CONTROL}\n".encode(
            "utf-8", "surrogatepass"
        )
    ),
    "binary": Reply(bytes(range(256)) * 256),
    "escapes": Reply(b"[\xe7\x99] \x1b$B%(\x1b$@\x1b(J\x1b$(D" * 1000),  # broken UTF-8, ISO-2022-JP that never ends
    "empty": Reply(b""),
    "line": Reply(b"a" * (2 * MIB)),
    "lines": Reply(b"[Name Server] ns.test\r\n" * 50_000),
    "limited": Reply(b"Query rate limit exceeded. Please try again later.\r\n"),
    "limited-ripe": Reply(
        b"%ERROR:201: access denied for 192.0.2.1\n%\n% Sorry, access from your host has been denied.\n"
    ),
    "referral-loop": Reply(b"refer:        whois.iana.org\n"),
    "referral-inside": Reply(b"refer:        127.0.0.1\nRegistrar WHOIS Server: localhost\nwhois: 10.0.0.1:25\n"),
    "referral-port": Reply(b"refer:        rwhois://whois.registrar.test:22/\n"),
    "huge": Reply(b"% a line of remarks\r\n" * MIB),
    "endless": Reply(b"% a line of remarks\r\n" * 500, pace="endless"),
    "drip": Reply(b"Domain Name: drip.test\r\n" * 50, pace="drip"),
    "dead": Reply(pace="never"),
    "cut": Reply(b"Domain Name: cut.test\r\nRegistrar: Example Registrar, LLC\r\n", pace="cut"),
    "closed": Reply(pace="closed"),
}
