"""The reader's settings as the extension and the command line send them; every one may be missing."""

from __future__ import annotations

from sekisho.locales import spoken
from sekisho.mail.ip import canonical
from sekisho.named import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from typing import Any


class Settings(NamedTuple):
    locale: str = "en"
    privacy: str = "offline"
    own_addresses: tuple[str, ...] = ()
    own_domains: tuple[str, ...] = ()
    own_names: tuple[str, ...] = ()  # as the reader's identities show them; for exports that leave them out
    incoming_servers: tuple[str, ...] = ()
    trusted_networks: tuple[str, ...] = ()
    internal_networks: tuple[str, ...] = ()
    msa_networks: tuple[str, ...] = ()
    trusted_authserv_ids: tuple[str, ...] = ()
    relays: tuple[str, ...] = ()
    trusted_senders: tuple[str, ...] = ()
    resolver: str | None = (
        None  # None: the system's; 192.0.2.1, tls://192.0.2.1#dns.example, https://dns.example/dns-query
    )
    blocklists: tuple[str, ...] = ()  # zones
    deadline: float | None = None  # seconds that look-ups may take altogether
    safe_browsing_key: str | None = None
    lists: tuple[str, ...] = ()  # files the reader downloaded: URLhaus, OpenPhish, JPCERT/CC
    atlas: str | None = None  # the reader's own MMDB file (GeoLite2, DB-IP)
    # The reader's clock: from when (seconds since 1970) it stood how many minutes east of UTC; empty: not known.
    time_zone: tuple[tuple[int, int], ...] = ()
    remember_days: int = 180  # how long what passed is remembered; 0: nothing is


MAX_ITEMS = 1000
MAX_ITEM = 300
MAX_PATH = 4096
MAX_LISTS = 20
MAX_DEADLINE = 60
MAX_CHANGES = 500  # of the reader's clock
MAX_OFFSET = 24 * 60  # minutes
MAX_SECONDS = 1 << 40
MAX_REMEMBER_DAYS = 3650
# What this version uses of what a reader can choose in the options.
OFFERED = ("resolver", "blocklists", "deadline", "safe_browsing_key", "lists", "atlas", "own_domains", "remember_days")
TEXTS = ("locale", "privacy", "resolver", "safe_browsing_key", "atlas")


class SettingsError(ValueError):
    """A setting that can't be understood; the message says which and what it should be. `name`: which, None: all of it."""

    def __init__(self, message: str, name: str | None = None) -> None:
        super().__init__(message)
        self.name = name


def read(given: Any) -> tuple[Settings, tuple[str, ...]]:
    """Settings from a JSON object, and the names it does not know. Raises SettingsError on a wrong type or value."""
    if given is None:
        return Settings(), ()
    if not isinstance(given, dict):
        raise SettingsError("settings must be an object")
    known: dict[str, Any] = {}
    ignored = []
    for name, value in given.items():
        if name not in Settings._fields:
            ignored.append(str(name)[:MAX_ITEM])
        elif value is None:
            continue
        elif name in TEXTS:
            if not isinstance(value, str):
                raise SettingsError(f"{name} must be text", name)
            known[name] = value[: MAX_PATH if name == "atlas" else MAX_ITEM] or None
        elif name == "deadline":
            if not isinstance(value, (int, float)) or isinstance(value, bool) or not 1 <= value <= MAX_DEADLINE:
                raise SettingsError(f"deadline must be a number of seconds between 1 and {MAX_DEADLINE}", name)
            known[name] = float(value)
        elif name == "time_zone":
            known[name] = _time_zone(value)
        elif name == "remember_days":
            if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= MAX_REMEMBER_DAYS:
                raise SettingsError(f"remember_days must be a whole number between 0 and {MAX_REMEMBER_DAYS}", name)
            known[name] = value
        elif name == "lists" and isinstance(value, list) and all(isinstance(item, str) for item in value):
            known[name] = tuple(item[:MAX_PATH] for item in value[:MAX_LISTS])
        elif isinstance(value, list) and len(value) <= MAX_ITEMS and all(isinstance(item, str) for item in value):
            known[name] = tuple(item.strip()[:MAX_ITEM].lower() for item in value)
        else:
            raise SettingsError(f"{name} must be a list of at most {MAX_ITEMS} texts", name)
    known = {name: value for name, value in known.items() if value is not None}
    if "locale" in known:
        known["locale"] = spoken(known["locale"])
    if "privacy" in known and known["privacy"] not in ("offline", "resolver", "registry", "sender"):
        raise SettingsError("privacy must be offline, resolver, registry or sender", "privacy")
    if "resolver" in known and not _resolver(known["resolver"]):
        raise SettingsError(
            "resolver must be an address (192.0.2.1), tls://192.0.2.1#dns.example or https://dns.example/dns-query",
            "resolver",
        )
    return Settings(**known), tuple(ignored)


def _time_zone(given: Any) -> tuple[tuple[int, int], ...]:
    """The changes of a clock in their order. Raises SettingsError."""
    if not isinstance(given, list) or len(given) > MAX_CHANGES or not all(map(_change, given)):
        raise SettingsError("time_zone must be a list of [seconds since 1970, minutes east of UTC]", "time_zone")
    return tuple(sorted((since, east) for since, east in given))


def _change(pair: Any) -> bool:
    """Whether that says from when a clock stood where."""
    if not isinstance(pair, list) or len(pair) != 2 or not all(type(number) is int for number in pair):
        return False
    return bool(abs(pair[0]) <= MAX_SECONDS and abs(pair[1]) <= MAX_OFFSET)


def _resolver(spec: str) -> bool:
    """Whether a text names a resolver in one of the three forms; what is behind it is not asked."""
    if not spec.isascii() or not spec.isprintable() or " " in spec:
        return False
    if spec.startswith("https://"):
        from urllib.parse import urlsplit  # 4 ms, and not needed at start

        try:
            parts = urlsplit(spec)
            return bool(parts.hostname) and "@" not in parts.netloc and parts.port != 0
        except ValueError:  # a port that is none, brackets that do not close
            return False
    secure = spec.startswith("tls://")
    place, _, name = spec.removeprefix("tls://").partition("#")
    host, port = place, "53"
    if place.startswith("["):
        host, _, rest = place[1:].partition("]")
        port = rest[1:] if rest.startswith(":") else rest or port
    elif place.count(":") == 1:
        host, _, port = place.partition(":")
    return canonical(host) != "" and port.isdecimal() and 0 < int(port[:6]) < 65536 and (secure or not name)
