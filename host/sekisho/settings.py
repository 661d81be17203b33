"""The reader's settings as the extension and the command line send them; every one may be missing."""

from typing import Any, NamedTuple

LOCALES = ("en", "ja")


class Settings(NamedTuple):
    locale: str = "en"
    privacy: str = "offline"
    own_addresses: tuple[str, ...] = ()
    own_domains: tuple[str, ...] = ()
    incoming_servers: tuple[str, ...] = ()
    trusted_networks: tuple[str, ...] = ()
    internal_networks: tuple[str, ...] = ()
    msa_networks: tuple[str, ...] = ()
    trusted_authserv_ids: tuple[str, ...] = ()
    relays: tuple[str, ...] = ()
    trusted_senders: tuple[str, ...] = ()
    resolver: str | None = None
    blocklists: tuple[str, ...] = ()


MAX_ITEMS = 1000
MAX_ITEM = 300


class SettingsError(ValueError):
    """A setting that can't be understood; the message says which and what it should be."""


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
        elif name in ("locale", "privacy", "resolver"):
            if not isinstance(value, str):
                raise SettingsError(f"{name} must be text")
            known[name] = value[:MAX_ITEM]
        elif isinstance(value, list) and len(value) <= MAX_ITEMS and all(isinstance(item, str) for item in value):
            known[name] = tuple(item.strip()[:MAX_ITEM].lower() for item in value)
        else:
            raise SettingsError(f"{name} must be a list of at most {MAX_ITEMS} texts")
    if "locale" in known:
        language = known["locale"].replace("_", "-").partition("-")[0].lower()
        known["locale"] = language if language in LOCALES else "en"
    if "privacy" in known and known["privacy"] not in ("offline", "resolver", "registry", "sender"):
        raise SettingsError("privacy must be offline, resolver, registry or sender")
    return Settings(**known), tuple(ignored)
