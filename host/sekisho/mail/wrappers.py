"""Where a wrapped link leads, as far as the link itself says it: Safe Links, URL Defense, redirectors, click counters.

Nothing is asked: what only the service's own server knows stays unknown. A link is wrapped only at the service's own host;
the same path under anybody else's host is that owner's affair.
"""

from __future__ import annotations

import re
from binascii import a2b_base64
from collections.abc import Callable, Iterator

from sekisho.mail import url
from sekisho.mail.domain import normalise
from sekisho.named import NamedTuple
from sekisho.tables import wrappers as table

MAX_LAYERS = 10  # each is shorter than the one around it
MAX_PARAMETERS = 200


class Layer(NamedTuple):
    """One service around a link. `target` is what it leads to; None where the link does not say it.

    `said`: the host that it names beside a token of its own: whoever wrote the link may have filled that in, so it proves nothing.
    """

    vendor: str
    kind: str  # gateway | redirector | tracker
    target: url.Url | None
    said: str


def undo(link: url.Url) -> tuple[Layer, ...]:
    """The services a link is wrapped in, the outermost first; empty for one that leads where it says. Never raises."""
    out: list[Layer] = []
    current: url.Url | None = link
    while current is not None and len(out) < MAX_LAYERS:
        layer = _layer(current)
        if layer is None:
            break
        out.append(layer)
        current = layer.target
    return tuple(out)


def _layer(link: url.Url) -> Layer | None:
    path = link.path.replace("\\", "/").lower() or "/"
    for wrapper in table.of_host(link.host, link.domain):
        if not path.startswith(wrapper.path):
            continue
        if wrapper.how == "said":
            said = normalise(next(_values(link.query, wrapper.names), "").partition("/")[0])
            return Layer(wrapper.vendor, wrapper.kind, None, said)
        for text in _WAYS[wrapper.how](link, wrapper.names):
            target = _target(text)
            if target is not None:
                return Layer(wrapper.vendor, wrapper.kind, target, "")
    return None


def _target(text: str) -> url.Url | None:
    """A place that somebody wrote into a link, perhaps encoded once more; None for anything that is no http(s) or ftp URL."""
    for _ in range(3):
        if text[:4].lower() in ("http", "ftp:", "ftp%") and "%3a" in text[:9].lower():
            text = url.unescape(text)
    if text.startswith("//"):
        text = "https:" + text
    parsed = url.parse(text)
    return parsed if parsed and parsed.scheme in ("http", "https", "ftp") and parsed.host else None


def _parameters(query: str) -> Iterator[tuple[str, str]]:
    """Names and raw values of a query, `&amp;` of a careless HTML writer read as `&`."""
    for pair in query.split("&", MAX_PARAMETERS)[:MAX_PARAMETERS]:
        name, _, value = pair.removeprefix("amp;").partition("=")
        yield name, value


def _values(query: str, names: tuple[str, ...]) -> Iterator[str]:
    """The decoded values of parameters, in the order of `names`."""
    found: dict[str, str] = {}
    for name, value in _parameters(query):
        found.setdefault(name, value)
    for name in names:
        if found.get(name):
            yield url.unescape(found[name])


def _query(link: url.Url, names: tuple[str, ...]) -> Iterator[str]:
    return _values(link.query, names)


def _base64(link: url.Url, names: tuple[str, ...]) -> Iterator[str]:
    """base64 of either alphabet; Bing writes `a1` before it."""
    for value in _values(link.query, names):
        yield decoded(value.removeprefix("a1"))


def decoded(text: str) -> str:
    """base64 or base64url (RFC 4648 §4, §5), padded or not, as UTF-8; "" for anything else."""
    bare = text.translate(_TO_STANDARD).rstrip("=")
    if not bare.isascii() or not bare.replace("+", "").replace("/", "").isalnum():
        return ""
    try:
        return a2b_base64(bare + "=" * (-len(bare) % 4)).decode("utf-8")
    except ValueError:
        return ""


_TO_STANDARD = str.maketrans("-_ ", "+/+")


def _rest(link: url.Url) -> str:
    """Everything from the path on, as it is written."""
    query = "?" + link.query if link.query else ""
    return link.path + query + ("#" + link.fragment if link.fragment else "")


def _bare(link: url.Url, names: tuple[str, ...]) -> Iterator[str]:
    """A query that is the URL, without a name before it."""
    rest = _rest(link)
    at = rest.find("?http")
    if at >= 0:
        yield rest[at + 1 :]


def _star(link: url.Url, names: tuple[str, ...]) -> Iterator[str]:
    """`/*http://...`, up to the end."""
    rest = _rest(link)
    at = rest.find("*http")
    if at >= 0:
        yield rest[at + 1 :]


def _last(link: url.Url, names: tuple[str, ...]) -> Iterator[str]:
    """The last segment of the path, encoded."""
    yield url.unescape(link.path.rpartition("/")[2])


def _last64(link: url.Url, names: tuple[str, ...]) -> Iterator[str]:
    yield decoded(link.path.rpartition("/")[2])


def _second(link: url.Url, names: tuple[str, ...]) -> Iterator[str]:
    """The second segment of the path, encoded: /L0/https:%2F%2Fshop.example%2F/1/..."""
    yield url.unescape([*link.path.split("/", 3), "", ""][2])


def _postmark(link: url.Url, names: tuple[str, ...]) -> Iterator[str]:
    """/3s/host%2Fpath/...: the letter after the version tells https from http."""
    pieces = link.path.split("/", 3)
    if len(pieces) > 3 and pieces[1][:1].isdigit():
        yield ("https://" if "s" in pieces[1] else "http://") + url.unescape(pieces[2])


def _amp(link: url.Url, names: tuple[str, ...]) -> Iterator[str]:
    """/amp/s/host/path, /c/s/host/path: `s` for https."""
    rest = _rest(link)
    pieces = rest.split("/", 3)
    if len(pieces) < 4 or pieces[1] not in ("amp", "c", "v", "i", "r", "wp"):
        pieces = ["", "", "", ""]
    scheme, host = ("https://", pieces[3]) if pieces[2] == "s" else ("http://", "/".join(pieces[2:]))
    if "." in host.partition("/")[0]:
        yield scheme + host


def _yahoo(link: url.Url, names: tuple[str, ...]) -> Iterator[str]:
    """/.../RU=https%3a%2f%2fshop.example%2f/RK=..."""
    _, sign, rest = link.path.partition("/RU=")
    if sign:
        yield url.unescape(rest.partition("/")[0])


def _translate(link: url.Url, names: tuple[str, ...]) -> Iterator[str]:
    """shop-example.translate.goog, by the steps that Google publishes for its publishers."""
    given = {name: url.unescape(value) for name, value in _parameters(link.query)}
    prefix = given.get("_x_tr_hp", "") + link.host.removesuffix(".translate.goog")
    encodings = given.get("_x_tr_enc", "").split(",")
    if "1" in encodings:
        prefix = prefix.removeprefix("1-")
    international = "0" in encodings and prefix.startswith("0-")
    if international:
        prefix = prefix[2:]
    # One hyphen between letters stands for a dot, two for one.
    host = prefix.replace("--", "\0").replace("-", ".").replace("\0", "-")
    query = "&".join(pair for pair in link.query.split("&") if pair and not pair.startswith("_x_tr_"))
    scheme = "http" if given.get("_x_tr_sch") == "http" else "https"
    yield f"{scheme}://{'xn--' * international}{host}{link.path}{'?' * bool(query)}{query}"


def _json(link: url.Url, names: tuple[str, ...]) -> Iterator[str]:
    """base64 of a JSON object whose `p` is one again, with the `url` in it."""
    import json

    for value in _values(link.query, names):
        try:
            made = json.loads(decoded(value))
            inner = json.loads(made["p"]) if isinstance(made.get("p"), str) else made
            yield str(inner["url"])
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            continue


def _urldefense1(link: url.Url, names: tuple[str, ...]) -> Iterator[str]:
    """u=..., up to the key: it may hold an `&` of its own."""
    _, sign, rest = ("&" + link.query.replace("&amp;", "&")).partition("&u=")
    if sign:
        yield url.unescape(rest.partition("&k=")[0])


_V2 = str.maketrans("-_", "%/")


def _urldefense2(link: url.Url, names: tuple[str, ...]) -> Iterator[str]:
    """Percent-encoding with `-` for `%` and `_` for `/`."""
    for name, value in _parameters(link.query):
        if name in names:
            yield url.unescape(value.translate(_V2)).replace("&amp;", "&")


_RUNS = {
    sign: length
    for length, sign in enumerate("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", start=2)
}


def _urldefense3(link: url.Url, names: tuple[str, ...]) -> Iterator[str]:
    """__URL__;BYTES!...: each `*` of the URL stands for the next byte of BYTES (base64url), `**B` for the next run of them."""
    _, sign, rest = _rest(link).partition("/v3/__")
    wrapped, end, tail = rest.partition("__;")
    encoded, mark, _ = tail.partition("!")
    if not (sign and end and mark):
        return
    try:
        taken_out = a2b_base64(encoded.translate(_TO_STANDARD).rstrip("=") + "==")
    except ValueError:  # binascii.Error is one; letters beyond ASCII are another
        return
    out = bytearray()
    source = url.unescape(wrapped).encode("utf-8", "replace")
    at = used = 0
    while at < len(source):
        if source[at] != 0x2A:
            out.append(source[at])
            at += 1
            continue
        length = 1
        at += 1
        if source[at : at + 1] == b"*":
            length = _RUNS.get(chr(source[at + 1]) if at + 1 < len(source) else "", 0)
            at += 2
        if not length or used + length > len(taken_out):
            return  # cut off or changed on the way: what is left would be a guess
        out += taken_out[used : used + length]
        used += length
    yield _two_slashes(out.decode("utf-8", "replace"))


def _underscores(link: url.Url, names: tuple[str, ...]) -> Iterator[str]:
    """/v2/___URL___.SIGNATURE, a percent sign of the path written as `*`; `r01/` and the like may stand before it."""
    _, sign, rest = _rest(link).partition("/___")
    wrapped, end, signature = rest.rpartition("___.")
    if sign and end and signature:
        path, mark, query = wrapped.partition("?")
        yield _two_slashes(re.sub(r"\*(?=[0-9A-Fa-f]{2})", "%", path) + mark + query)


def _two_slashes(text: str) -> str:
    """https:/host, as servers on the way shorten it, made https://host again."""
    scheme, _, rest = text.partition(":/")
    return f"{scheme}:/{rest}" if rest.startswith("/") else f"{scheme}://{rest}"


_WAYS: dict[str, Callable[[url.Url, tuple[str, ...]], Iterator[str]]] = {
    "query": _query,
    "base64": _base64,
    "bare": _bare,
    "star": _star,
    "last": _last,
    "last64": _last64,
    "second": _second,
    "postmark": _postmark,
    "amp": _amp,
    "yahoo": _yahoo,
    "translate": _translate,
    "json": _json,
    "urldefense1": _urldefense1,
    "urldefense2": _urldefense2,
    "urldefense3": _urldefense3,
    "underscores": _underscores,
}
