"""Where things stand on a reader's machine: Sekisho's folders, Thunderbird, its profiles, the manifest it reads.

Standard library only: `install.py` uses it before anything is installed. Nothing here writes. Every function takes the
machine it is asked about, so that a test on one system can ask about another.
"""

from __future__ import annotations

import configparser
import json
import locale
import os
import plistlib
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from sekisho.locales import languages, spoken
from sekisho.named import NamedTuple

from . import EXTENSION_ID, folders

HOST_NAME = "sekisho"
REGISTRY_KEY = r"Software\Mozilla\NativeMessagingHosts" + "\\" + HOST_NAME  # below HKEY_CURRENT_USER
FLATPAK_NAMES = ("org.mozilla.Thunderbird", "org.mozilla.thunderbird", "net.thunderbird.Thunderbird")
MAX_TEXT = 1 << 20  # bytes read of any ini or manifest file: they are small, a larger one is not ours


class Machine(NamedTuple):
    """One user on one system."""

    system: str  # linux | macos | windows
    home: Path
    environ: Mapping[str, str]
    root: Path = Path("/")  # where absolute places of the system hang; a test gives its own


class Thunderbird(NamedTuple):
    kind: str  # package | tarball | snap | flatpak | app | installer
    path: Path
    version: str | None


class Profile(NamedTuple):
    name: str
    folder: Path
    kind: str  # as in Thunderbird.kind; package and tarball share one place: package


class InstalledExtension(NamedTuple):
    version: str | None
    active: bool | None  # None: Thunderbird has not yet seen it


def this_machine() -> Machine:
    """The machine that runs this, for the user who runs this."""
    return Machine(folders.system(), Path(folders.home(os.environ)), os.environ)


def language(machine: Machine, chosen: str | None = None) -> str:
    """The code of a language: what was chosen, else what the reader's system speaks; English where that is none of ours."""
    if chosen in languages():
        return chosen
    if machine.system == "linux":
        named = next(
            (machine.environ[key] for key in ("LC_ALL", "LC_MESSAGES", "LANG") if machine.environ.get(key)), ""
        )
    else:
        named = locale.getlocale()[0] or ""
    in_words = locale.locale_alias.get(named.partition("_")[0].lower(), "")  # Windows: Japanese_Japan
    return spoken(in_words if len(named.partition("_")[0]) > 3 else named)


# ---- Sekisho's own -------------------------------------------------------------------------------------------------


def data_folder(machine: Machine) -> Path:
    """Where Sekisho lives: environment, launchers, the extension's file, the register."""
    return Path(folders.data(machine.system, str(machine.home), machine.environ))


def cache_folder(machine: Machine) -> Path:
    """What may be thrown away at any time. On Windows it is a part of the data folder."""
    return Path(folders.cache(machine.system, str(machine.home), machine.environ))


def manifest_file(machine: Machine) -> Path:
    """The native-messaging manifest of this user; on Windows the registry names it.

    Measured on Linux with 140 and 153: of the user's places Thunderbird reads this one alone.
    """
    if machine.system == "windows":
        return data_folder(machine) / "sekisho.json"
    if machine.system == "macos":  # not Firefox's ~/Library/Application Support/Mozilla
        return machine.home / "Library" / "Mozilla" / "NativeMessagingHosts" / "sekisho.json"
    return machine.home / ".mozilla" / "native-messaging-hosts" / "sekisho.json"


def launcher_file(machine: Machine) -> Path:
    """The program that the manifest names: it stays in one place over every upgrade."""
    return data_folder(machine) / ("sekisho-host.bat" if machine.system == "windows" else "sekisho-host")


def command_file(machine: Machine) -> Path:
    """The `sekisho` command for a terminal."""
    return data_folder(machine) / "bin" / ("sekisho.bat" if machine.system == "windows" else "sekisho")


def extension_file(machine: Machine) -> Path:
    """The extension, for "Install Add-on From File"."""
    return data_folder(machine) / "sekisho.xpi"


def environment_python(environment: Path, machine: Machine) -> Path:
    """The interpreter of a virtual environment."""
    return environment / ("Scripts/python.exe" if machine.system == "windows" else "bin/python")


def _windows_folder(machine: Machine, variable: str, default: str) -> Path:
    return Path(folders.windows(str(machine.home), machine.environ, variable, default))


# ---- Thunderbird's -------------------------------------------------------------------------------------------------


def thunderbirds(machine: Machine) -> list[Thunderbird]:
    """Every Thunderbird found, the ones that can start a host first."""
    found = {"macos": _on_macos, "windows": _on_windows}.get(machine.system, _on_linux)(machine)
    return sorted(
        found, key=lambda one: ("snap", "flatpak").index(one.kind) + 1 if one.kind in ("snap", "flatpak") else 0
    )


def _on_linux(machine: Machine) -> Iterator[Thunderbird]:
    for folder in ("usr/lib/thunderbird", "usr/lib64/thunderbird"):
        if _is_program(machine.root / folder):
            yield Thunderbird("package", machine.root / folder, _ini_version(machine.root / folder))
    tarballs = [machine.root / "opt/thunderbird", machine.root / "usr/local/lib/thunderbird"]
    tarballs += [
        machine.home / "thunderbird",
        machine.home / ".local/share/thunderbird",
        machine.home / "Downloads/thunderbird",
    ]
    for path in tarballs:
        if _is_program(path):
            yield Thunderbird("tarball", path, _ini_version(path))
    snap = machine.root / "snap/thunderbird/current"
    if snap.exists() or (machine.root / "snap/thunderbird").is_dir():
        yield Thunderbird("snap", snap, _first_version(snap, snap / "usr/lib/thunderbird"))
    for base in (machine.root / "var/lib/flatpak", _flatpaks(machine)):
        for name in FLATPAK_NAMES:
            path = base / "app" / name
            if path.is_dir():
                inside = path / "current/active/files"
                yield Thunderbird("flatpak", path, _first_version(inside / "lib/thunderbird", inside / "thunderbird"))


def _flatpaks(machine: Machine) -> Path:
    return Path(folders.xdg(str(machine.home), machine.environ, "XDG_DATA_HOME", ".local/share")) / "flatpak"


def _on_macos(machine: Machine) -> Iterator[Thunderbird]:
    for folder in (machine.root / "Applications", machine.home / "Applications"):
        for path in sorted(folder.glob("Thunderbird*.app")):
            try:
                about = plistlib.loads((path / "Contents/Info.plist").read_bytes()[:MAX_TEXT])
            except (OSError, ValueError):  # plistlib's InvalidFileException is a ValueError
                about = {}
            version = about.get("CFBundleShortVersionString")
            yield Thunderbird("app", path, version if isinstance(version, str) else None)


def _on_windows(machine: Machine) -> Iterator[Thunderbird]:
    bases = [machine.environ.get(key) for key in ("ProgramFiles", "ProgramW6432", "ProgramFiles(x86)")]
    bases.append(str(_windows_folder(machine, "LOCALAPPDATA", "Local")))
    for base in dict.fromkeys(base for base in bases if base):
        path = Path(base) / "Mozilla Thunderbird"
        if (path / "application.ini").is_file():
            yield Thunderbird("installer", path, _ini_version(path))


def _is_program(folder: Path) -> bool:
    # Ubuntu's package of this name holds only a step to the Snap: then there is no application.ini
    return (folder / "application.ini").is_file()


def _first_version(*folders: Path) -> str | None:
    return next((version for version in map(_ini_version, folders) if version), None)


def _ini_version(folder: Path) -> str | None:
    ini = read_ini(folder / "application.ini")
    return ini.get("App", "Version", fallback=None)


def read_ini(path: Path) -> configparser.ConfigParser:
    """A Mozilla ini file; one that cannot be read is empty."""
    ini = configparser.ConfigParser(interpolation=None, strict=False)
    try:
        ini.read_string(path.read_bytes()[:MAX_TEXT].decode("utf-8", "replace").lstrip("\ufeff"))
    except (OSError, configparser.Error):
        return configparser.ConfigParser(interpolation=None)
    return ini


def profiles(machine: Machine) -> list[Profile]:
    """The profiles that this user's Thunderbirds know, in the order of their profiles.ini."""
    found = []
    for kind, folder in _profile_roots(machine):
        ini = read_ini(folder / "profiles.ini")
        for section in ini.sections():
            path = ini.get(section, "Path", fallback="")
            if section.startswith("Profile") and path:
                relative = ini.get(section, "IsRelative", fallback="1") == "1"
                found.append(
                    Profile(ini.get(section, "Name", fallback=path), folder / path if relative else Path(path), kind)
                )
    return [profile for profile in found if profile.folder.is_dir()]


def _profile_roots(machine: Machine) -> list[tuple[str, Path]]:
    if machine.system == "windows":
        return [("installer", _windows_folder(machine, "APPDATA", "Roaming") / "Thunderbird")]
    if machine.system == "macos":
        return [("app", machine.home / "Library" / "Thunderbird")]
    return [
        ("package", machine.home / ".thunderbird"),
        ("snap", machine.home / "snap/thunderbird/common/.thunderbird"),
        *(("flatpak", machine.home / ".var/app" / name / ".thunderbird") for name in FLATPAK_NAMES),
    ]


def extension_in(profile: Path) -> InstalledExtension | None:
    """The extension as one profile has it, or None. `profile`: the profile's folder."""
    listed = _listed_extension(profile)
    copy = profile / "extensions" / f"{EXTENSION_ID}.xpi"
    if listed is None and not copy.is_file():
        return None
    active = listed.get("active") if listed else None
    version = extension_version(copy) or (listed or {}).get("version")
    return InstalledExtension(
        version if isinstance(version, str) else None, active if isinstance(active, bool) else None
    )


def _listed_extension(profile: Path) -> dict[str, object] | None:
    """What extensions.json, Thunderbird's own list, says of it."""
    try:
        known = json.loads((profile / "extensions.json").read_bytes())
        return next((one for one in known["addons"] if one["id"] == EXTENSION_ID), None)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def extension_version(xpi: Path) -> str | None:
    """The version that an extension's file names; None when it cannot be read."""
    try:
        with zipfile.ZipFile(xpi) as archive, archive.open("manifest.json") as member:
            version = json.loads(member.read(MAX_TEXT))["version"]
    except (OSError, ValueError, KeyError, TypeError, zipfile.BadZipFile):
        return None
    return version if isinstance(version, str) else None
