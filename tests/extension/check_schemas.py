#!/usr/bin/env python3
"""Every `browser.X.Y`, permission, menu context and manifest key of the extension against Thunderbird's own schemas.

The schemas stand in the omni.ja of an installed Thunderbird. What is for Manifest V2 only counts as unknown.

    check_schemas.py [--omni FILE] [--extension FOLDER]

Exit status 0: all known; 1: something is not, one line each; 2: no Thunderbird found.
"""

from __future__ import annotations

import argparse
import json
import pathlib
import re
import sys
import zipfile

OMNI = (
    "/usr/lib/thunderbird/omni.ja",
    "/usr/lib64/thunderbird/omni.ja",
    "/opt/thunderbird/omni.ja",
    "/Applications/Thunderbird.app/Contents/Resources/omni.ja",
    "C:/Program Files/Mozilla Thunderbird/omni.ja",
)
SCHEMA = re.compile(r"content/(?:messenger|extensions)/(?:.*/)?schemas/[^/]+\.json$")
# A member is read where it is called (`browser.x.y(`), has an event's method (`browser.x.y.addListener`) or is handed on.
USE = re.compile(r"\b(?:browser|messenger)\.([A-Za-z]\w*(?:\.[A-Za-z]\w*)*)")
COMMENT = re.compile(r"/\*.*?\*/|(?<![:\"'`])//[^\n]*", re.S)
EVENT_METHODS = {"addListener", "removeListener", "hasListener"}


def for_manifest_3(thing: dict) -> bool:
    return thing.get("min_manifest_version", 2) <= 3 <= thing.get("max_manifest_version", 3)


class Schemas:
    """The names that a Thunderbird knows in Manifest V3."""

    def __init__(self, omni: pathlib.Path) -> None:
        self.namespaces: dict[str, set[str]] = {}
        self.events: set[str] = set()
        self.permissions: set[str] = set()
        self.contexts: set[str] = set()
        self.manifest: dict[str, dict] = {}
        self.types: dict[str, dict] = {}
        with zipfile.ZipFile(omni) as archive:
            for name in archive.namelist():
                if SCHEMA.search(name):
                    text = archive.read(name).decode("utf-8")
                    for namespace in json.loads(re.sub(r"^\s*//.*$", "", text, flags=re.M)):
                        self._read(namespace)

    def _read(self, namespace: dict) -> None:
        name = namespace.get("namespace", "")
        if not for_manifest_3(namespace):
            return
        members = self.namespaces.setdefault(name, set())
        outer, _, inner = name.rpartition(".")
        if outer:  # scripting.messageDisplay
            self.namespaces.setdefault(outer, set()).add(inner)
        for function in namespace.get("functions", []):
            if for_manifest_3(function):
                members.add(function["name"])
        for event in namespace.get("events", []):
            if for_manifest_3(event):
                members.add(event["name"])
                self.events.add(f"{name}.{event['name']}")
        members.update(key for key, value in namespace.get("properties", {}).items() if for_manifest_3(value))
        for type_ in namespace.get("types", []):
            self._read_type(name, type_)
        # `action` imports everything of `browserAction`
        if "$import" in namespace:
            members.update(self.namespaces.get(namespace["$import"], set()))

    def _read_type(self, namespace: str, type_: dict) -> None:
        label = type_.get("id", "") + type_.get("$extend", "")
        if type_.get("$extend") in ("WebExtensionManifest", "ManifestBase") or type_.get("id") in (
            "WebExtensionManifest",
            "ManifestBase",
        ):
            self.manifest.update({k: v for k, v in type_.get("properties", {}).items() if for_manifest_3(v)})
        if namespace == "manifest" and type_.get("id"):
            self.types[type_["id"]] = type_
        wanted = self.permissions if "Permission" in label else self.contexts if label == "ContextType" else None
        if wanted is not None:
            for choice in type_.get("choices", [type_]):
                if for_manifest_3(choice):
                    wanted.update(choice.get("enum", []))

    def fault(self, path: str) -> str | None:
        """What is wrong with `x.y.z` in `browser.x.y.z`, None if nothing is."""
        namespace, *rest = path.split(".")
        if namespace not in self.namespaces:
            return "no such API"
        if not rest:
            return None
        if rest[0] not in self.namespaces[namespace]:
            return f"{namespace} has no {rest[0]}"
        if len(rest) > 1 and f"{namespace}.{rest[0]}" in self.events and rest[1] not in EVENT_METHODS:
            return f"an event has no {rest[1]}"
        return None


def faults(extension: pathlib.Path, schemas: Schemas) -> list[str]:
    found = []
    for file in sorted(extension.rglob("*.js")):
        source = COMMENT.sub(lambda match: "\n" * match[0].count("\n"), file.read_text(encoding="utf-8"))
        for match in USE.finditer(source):
            fault = schemas.fault(match[1])
            if fault:
                line = source.count("\n", 0, match.start()) + 1
                found.append(f"{file.name}:{line}: {match[0]}: {fault}")
        contexts = re.search(r"CONTEXTS\s*=\s*(\[[^\]]*\])", source)
        for context in json.loads(contexts[1]) if contexts else []:
            if context not in schemas.contexts:
                found.append(f"{file.name}: menu context {context}: not known")
    manifest = json.loads((extension / "manifest.json").read_text(encoding="utf-8"))
    for permission in manifest.get("permissions", []) + manifest.get("optional_permissions", []):
        if permission not in schemas.permissions:
            found.append(f"manifest.json: permission {permission}: not known")
    for key, value in manifest.items():
        known = schemas.manifest.get(key)
        if known is None:
            found.append(f"manifest.json: {key}: not known")
        elif isinstance(value, dict) and "properties" in known:
            found += [f"manifest.json: {key}.{name}: not known" for name in value if name not in known["properties"]]
        elif isinstance(value, dict) and "choices" in known:
            names = {name for choice in known["choices"] for name in choice.get("properties", {})}
            if names:
                found += [f"manifest.json: {key}.{name}: not known" for name in value if name not in names]
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description="Check the extension against the schemas of an installed Thunderbird.")
    parser.add_argument("--omni", type=pathlib.Path, help="Thunderbird's omni.ja")
    parser.add_argument(
        "--extension",
        type=pathlib.Path,
        default=pathlib.Path(__file__).resolve().parents[2] / "extension",
        help="the extension's folder",
    )
    options = parser.parse_args()
    omni = options.omni or next((pathlib.Path(place) for place in OMNI if pathlib.Path(place).exists()), None)
    if omni is None or not omni.exists():
        print("no Thunderbird found: name its omni.ja with --omni", file=sys.stderr)
        return 2
    schemas = Schemas(omni)
    found = faults(options.extension, schemas)
    for fault in found:
        print(fault)
    if not found:
        names = sum(len(members) for members in schemas.namespaces.values())
        print(f"every name is known ({names} API names, {len(schemas.permissions)} permissions)")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
