"""install.py and the doctor: a real installation into a throw-away home, and what cannot be run here as functions.

Windows and macOS are asked about on Linux: their functions take the machine as a parameter, here with folders of the
test's own and a registry made of a dictionary. That they do the right thing on a real Windows or macOS is not shown.
"""

from __future__ import annotations

import ast
import hashlib
import importlib.util
import json
import os
import re
import shutil
import sqlite3
import stat
import string
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import sekisho
from sekisho import EXTENSION_ID, client, doctor, folders, places
from sekisho.mail import received
from sekisho.places import Machine
from sekisho.register import Register

ROOT = Path(__file__).resolve().parent.parent
AWKWARD = 'it\'s "my" $HOME; 100% 関所'


def load_install() -> ModuleType:
    spec = importlib.util.spec_from_file_location("install", ROOT / "install.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["install"] = module
    before = sys.dont_write_bytecode
    spec.loader.exec_module(module)
    sys.dont_write_bytecode = before
    return module


install = load_install()


def machine(system: str, folder: Path, **environ: str) -> Machine:
    """A machine whose every place lies in that folder."""
    home = folder / "home"
    home.mkdir(parents=True, exist_ok=True)
    return Machine(system, home, environ, folder / "root")


class Registry:
    """As much of `winreg` as is used: HKEY_CURRENT_USER as a dictionary from key to default value."""

    HKEY_CURRENT_USER = "HKCU"
    REG_SZ = 1

    class Key(str):
        def __enter__(self) -> str:
            return self

        def __exit__(self, *_: object) -> None:
            pass

    def __init__(self) -> None:
        self.values: dict[str, str] = {}

    def CreateKey(self, root: str, key: str) -> Key:  # noqa: N802 - winreg's name
        return self.Key(f"{root}\\{key}")

    def SetValueEx(self, key: str, name: str, reserved: int, kind: int, value: str) -> None:  # noqa: N802
        assert (name, reserved, kind) == ("", 0, self.REG_SZ)
        self.values[str(key)] = value

    def QueryValue(self, root: str, key: str) -> str:  # noqa: N802
        try:
            return self.values[f"{root}\\{key}"]
        except KeyError:
            raise FileNotFoundError(key) from None

    def DeleteKey(self, root: str, key: str) -> None:  # noqa: N802
        self.QueryValue(root, key)
        del self.values[f"{root}\\{key}"]


def tree(*folders: Path) -> dict[str, str]:
    """Every path below the folders, with its mode, and its content or target as a digest."""
    found = {}
    for folder in folders:
        for path in [folder, *folder.rglob("*")]:
            if path.is_symlink():
                found[str(path)] = "-> " + os.readlink(path)
            elif path.is_file():
                found[str(path)] = f"{path.stat().st_mode:o} {hashlib.sha256(path.read_bytes()).hexdigest()}"
            else:
                found[str(path)] = f"{path.stat().st_mode:o}"
    return found


# ---- Places ----------------------------------------------------------------------------------------------------------

PLACES = [
    (
        "linux",
        {},
        "home/.local/share/sekisho",
        "home/.mozilla/native-messaging-hosts/sekisho.json",
        "sekisho-host",
        "home/.cache/sekisho",
    ),
    (
        "macos",
        {},
        "home/Library/Application Support/sekisho",
        "home/Library/Mozilla/NativeMessagingHosts/sekisho.json",
        "sekisho-host",
        "home/Library/Caches/sekisho",
    ),
    (
        "windows",
        {},
        "home/AppData/Local/sekisho",
        "home/AppData/Local/sekisho/sekisho.json",
        "sekisho-host.bat",
        "home/AppData/Local/sekisho/cache",
    ),
]


@pytest.mark.parametrize(("system", "environ", "data", "manifest", "launcher", "cache"), PLACES)
def test_places_of_each_system(
    tmp_path: Path, system: str, environ: dict[str, str], data: str, manifest: str, launcher: str, cache: str
) -> None:
    """Every file lies where that system, and its Thunderbird, looks."""
    here = machine(system, tmp_path, **environ)

    assert places.data_folder(here) == tmp_path / data
    assert places.manifest_file(here) == tmp_path / manifest
    assert places.launcher_file(here) == tmp_path / data / launcher
    assert places.cache_folder(here) == tmp_path / cache


def test_xdg_folders_are_followed_when_absolute(tmp_path: Path) -> None:
    """XDG_DATA_HOME moves the data, but not the manifest: Thunderbird looks in one place alone."""
    here = machine("linux", tmp_path, XDG_DATA_HOME=str(tmp_path / "data"), XDG_CACHE_HOME="relative")

    assert places.data_folder(here) == tmp_path / "data" / "sekisho"
    assert places.cache_folder(here) == here.home / ".cache" / "sekisho"
    assert places.manifest_file(here) == here.home / ".mozilla" / "native-messaging-hosts" / "sekisho.json"


def test_windows_folders_come_from_the_environment(tmp_path: Path) -> None:
    """%LOCALAPPDATA% may lie on another drive."""
    here = machine("windows", tmp_path, LOCALAPPDATA=str(tmp_path / "D"))

    assert places.data_folder(here) == tmp_path / "D" / "sekisho"


LANGUAGES = [
    ("linux", {"LANG": "ja_JP.UTF-8"}, None, "ja"),
    ("linux", {"LANG": "ja_JP.UTF-8", "LC_ALL": "C"}, None, "en"),
    ("linux", {"LANG": "en_US.UTF-8", "LC_MESSAGES": "ja_JP.eucJP"}, None, "ja"),
    ("linux", {"LANG": "jam_JM"}, None, "en"),
    ("linux", {}, None, "en"),
    ("linux", {"LANG": "ja_JP.UTF-8"}, "en", "en"),
    ("linux", {}, "ja", "ja"),
]


@pytest.mark.parametrize(("system", "environ", "chosen", "expected"), LANGUAGES)
def test_language(tmp_path: Path, system: str, environ: dict[str, str], chosen: str | None, expected: str) -> None:
    """The reader's language, or the one chosen."""
    assert places.language(machine(system, tmp_path, **environ), chosen) == expected


def put(path: Path, text: str = "") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


INI = "[App]\nVendor=\nName=Thunderbird\nVersion={}\n"
PLIST = (
    '<?xml version="1.0"?><plist version="1.0"><dict><key>CFBundleShortVersionString</key>'
    "<string>140.1</string></dict></plist>"
)

THUNDERBIRDS = [
    ("linux", "root/usr/lib/thunderbird/application.ini", INI.format("140.12.0"), "package", "140.12.0"),
    ("linux", "root/usr/lib64/thunderbird/application.ini", INI.format("140.12.0"), "package", "140.12.0"),
    ("linux", "root/opt/thunderbird/application.ini", INI.format("153.0"), "tarball", "153.0"),
    ("linux", "home/thunderbird/application.ini", "\x00 no ini", "tarball", None),
    ("linux", "root/snap/thunderbird/current/usr/lib/thunderbird/application.ini", INI.format("140"), "snap", "140"),
    ("linux", "root/var/lib/flatpak/app/org.mozilla.Thunderbird/x", "", "flatpak", None),
    ("linux", "home/.local/share/flatpak/app/org.mozilla.Thunderbird/x", "", "flatpak", None),
    ("macos", "root/Applications/Thunderbird.app/Contents/Info.plist", PLIST, "app", "140.1"),
    ("macos", "home/Applications/Thunderbird Beta.app/Contents/Info.plist", "broken", "app", None),
    ("windows", "root/PF/Mozilla Thunderbird/application.ini", INI.format("140"), "installer", "140"),
]


@pytest.mark.parametrize(("system", "file", "content", "kind", "version"), THUNDERBIRDS)
def test_thunderbird_is_found(
    tmp_path: Path, system: str, file: str, content: str, kind: str, version: str | None
) -> None:
    """Each kind of Thunderbird is recognised, with its version where it can be read."""
    put(tmp_path / file, content)
    here = machine(system, tmp_path, ProgramFiles=str(tmp_path / "root/PF"))

    assert [(one.kind, one.version) for one in places.thunderbirds(here)] == [(kind, version)]


def test_ubuntus_empty_package_is_no_thunderbird(tmp_path: Path) -> None:
    """Ubuntu's deb of that name holds a script alone, which starts the Snap."""
    put(tmp_path / "root/usr/bin/thunderbird", "#!/bin/sh\nexec /snap/bin/thunderbird\n")

    assert places.thunderbirds(machine("linux", tmp_path)) == []


def test_a_snap_is_told_the_step(tmp_path: Path) -> None:
    """A Snap works, after one question that must be answered with Allow."""
    (tmp_path / "root/snap/thunderbird").mkdir(parents=True)

    (line,) = doctor.thunderbird_lines(machine("linux", tmp_path), "en")

    assert line.ok
    assert "Allow" in str(line.mend)
    assert "snap refresh thunderbird" in str(line.mend)


@pytest.mark.parametrize("locale", ["en", "ja"])
def test_a_flatpak_alone_is_to_be_mended(tmp_path: Path, locale: str) -> None:
    """A Flatpak cannot start a host: the line names the command that gives a Thunderbird that can."""
    (tmp_path / "root/var/lib/flatpak/app/org.mozilla.Thunderbird").mkdir(parents=True)
    put(tmp_path / "root/usr/bin/apt-get")

    (line,) = doctor.thunderbird_lines(machine("linux", tmp_path), locale)

    assert not line.ok
    assert "sudo apt install thunderbird" in str(line.mend)


def test_a_flatpak_beside_another_is_no_fault(tmp_path: Path) -> None:
    """With a Thunderbird that can start the host nothing is to be mended."""
    (tmp_path / "root/var/lib/flatpak/app/org.mozilla.Thunderbird").mkdir(parents=True)
    put(tmp_path / "root/usr/lib/thunderbird/application.ini", INI.format("140.0"))

    assert all(line.ok for line in doctor.thunderbird_lines(machine("linux", tmp_path), "en"))


def test_an_old_thunderbird_is_to_be_mended(tmp_path: Path) -> None:
    """Older than the extension's strict_min_version."""
    put(tmp_path / "root/usr/lib/thunderbird/application.ini", INI.format("115.18.0"))
    manifest = json.loads((ROOT / "extension/manifest.json").read_text("utf-8"))

    (line,) = doctor.thunderbird_lines(machine("linux", tmp_path), "en")

    assert not line.ok
    assert manifest["browser_specific_settings"]["gecko"]["strict_min_version"] == f"{doctor.OLDEST_THUNDERBIRD}.0"


def make_profile(here: Machine, name: str = "abc.default") -> Path:
    """A profile that profiles.ini names."""
    root = here.home / ".thunderbird"
    put(root / "profiles.ini", f"[Install1]\nDefault={name}\n[Profile0]\nName=me\nIsRelative=1\nPath={name}\n")
    put(root / name / "prefs.js", 'user_pref("mail.rights.version", 1);\n')
    return root / name


def test_profiles_and_their_extension(tmp_path: Path) -> None:
    """profiles.ini names the profiles; a file in `extensions` and Thunderbird's own list tell of the extension."""
    here = machine("linux", tmp_path)
    profile = make_profile(here)
    assert [one.folder for one in places.profiles(here)] == [profile]
    assert places.extension_in(profile) is None

    (profile / "extensions").mkdir()
    install.build_xpi(ROOT / "extension", profile / "extensions" / f"{EXTENSION_ID}.xpi")
    assert places.extension_in(profile) == (sekisho.__version__, None)

    addons = [{"id": EXTENSION_ID, "version": "0", "active": False}]
    put(profile / "extensions.json", json.dumps({"addons": addons}))
    assert places.extension_in(profile) == (sekisho.__version__, False)


# ---- Contents --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("system", ["linux", "macos", "windows"])
def test_manifest_content(tmp_path: Path, system: str) -> None:
    """The manifest names our extension alone and the launcher, whatever characters its path has."""
    here = machine(system, tmp_path / AWKWARD)

    content = json.loads(install.manifest_text(here))

    assert content == {
        "name": "sekisho",
        "description": content["description"],
        "path": str(places.launcher_file(here)),
        "type": "stdio",
        "allowed_extensions": ["sekisho@sekisho.example"],
    }
    assert content["description"]


@pytest.mark.skipif(os.name == "nt", reason="a shell script")
@pytest.mark.parametrize("name", ["sekisho-host", "sekisho"])
def test_the_launcher_survives_an_awkward_path(tmp_path: Path, name: str) -> None:
    """Quotes, spaces, dollars and Japanese in a path, and in the arguments, reach the interpreter as they are."""
    environment = tmp_path / AWKWARD
    python = put(environment / "bin/python", '#!/bin/sh\nprintf \'%s\\n\' "$0" "$@"\n')
    launcher = tmp_path / name
    launcher.write_bytes(install.launcher_text(name, environment, machine("linux", tmp_path)))
    python.chmod(0o755)
    launcher.chmod(0o755)

    said = subprocess.run([launcher, "a b", AWKWARD], stdout=subprocess.PIPE, check=True).stdout.decode().splitlines()

    assert said[:2] == [str(python), "-I"]
    assert said[-2:] == ["a b", AWKWARD]


def test_the_windows_launcher_holds_no_path(tmp_path: Path) -> None:
    """cmd reads a .bat in the code page of the day: ours is ASCII and finds its way from its own place."""
    here = machine("windows", tmp_path / AWKWARD)

    text = install.launcher_text("sekisho-host", places.data_folder(here) / "env-1", here)

    assert text.isascii()
    assert b'"%~dp0env-1\\Scripts\\python.exe" -I -c' in text
    assert text.count(b"\n") == text.count(b"\r\n")
    assert text.rstrip().endswith(b"%*")


def test_the_extension_is_built_reproducibly(tmp_path: Path) -> None:
    """The same bytes from another folder, order, umask, file mode, date and time zone."""
    first, second = tmp_path / "first", tmp_path / "second"
    shutil.copytree(ROOT / "extension", first)
    before, zone = os.umask(0o077), os.environ.get("TZ")
    try:
        for path in sorted((ROOT / "extension").rglob("*"), reverse=True):
            if path.is_file():
                target = second / path.relative_to(ROOT / "extension")
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(path.read_bytes())
                os.utime(target, (86400 * 365 * 40, 86400 * 365 * 40))
        put(second / ".hidden")
        put(second / "node_modules/x.js")
        install.build_xpi(first, tmp_path / "1.xpi")
        os.environ["TZ"] = "Asia/Tokyo"
        time.tzset()
        install.build_xpi(second, tmp_path / "2.xpi")
    finally:
        os.umask(before)
        os.environ.pop("TZ")
        if zone is not None:
            os.environ["TZ"] = zone
        time.tzset()

    assert (tmp_path / "1.xpi").read_bytes() == (tmp_path / "2.xpi").read_bytes()
    with zipfile.ZipFile(tmp_path / "1.xpi") as archive:
        names = archive.namelist()
        assert names == sorted(names)
        assert "manifest.json" in names
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert not any(entry.extra for entry in archive.infolist())


def test_versions_agree() -> None:
    """Host and extension are released together."""
    assert json.loads((ROOT / "extension/manifest.json").read_text("utf-8"))["version"] == sekisho.__version__


def pins(name: str) -> dict[str, set[str]]:
    """Package -> the versions that a lock names for it."""
    found: dict[str, set[str]] = {}
    for package, version in re.findall(r"^([\w.-]+)==([^ \\]+)", (ROOT / name).read_text("utf-8"), re.MULTILINE):
        found.setdefault(package, set()).add(version)
    return found


LOCKS = ["requirements.lock", "requirements-test.lock", "requirements-node.lock"]


@pytest.mark.parametrize("name", LOCKS)
def test_locks_pin_and_hash_everything(name: str) -> None:
    """Each entry has hashes; no address of any registry stands in the file."""
    text = (ROOT / name).read_text("utf-8")

    assert "://" not in text
    assert "--index" not in text
    for entry in re.split(r"\n(?=[a-z])", text):
        assert "--hash=sha256:" in entry, entry


def test_the_locks_agree_with_each_other_and_with_the_package() -> None:
    """Tests run with what is installed; everything that the package needs is in the lock."""
    runtime, testing = pins("requirements.lock"), pins("requirements-test.lock")
    project = (ROOT / "pyproject.toml").read_text("utf-8")
    needed = re.findall(r'"([\w.-]+)>=', project[project.index("dependencies = [") : project.index("classifiers")])

    assert {name: testing.get(name) for name in runtime} == runtime
    assert needed
    assert set(needed) | {"setuptools"} <= set(runtime)


def test_one_entry_of_a_lock() -> None:
    """The first phase of the test environment installs setuptools with its hashes alone."""
    entry = "setuptools==2 \\\n    --hash=sha256:2 \\\n    --hash=sha256:3\n"
    lock = "a==1 \\\n    --hash=sha256:1\n" + entry + "    # via x\nz==3\n"

    assert install.lock_entry(lock, "setuptools") == entry


def test_an_old_python_can_read_install_py() -> None:
    """Python 3.7 must get as far as the sentence that says what is wrong."""
    ast.parse((ROOT / "install.py").read_text("utf-8"), feature_version=(3, 7))


@pytest.mark.parametrize("words", [install.WORDS, doctor.WORDS], ids=["install", "doctor"])
def test_both_languages_say_the_same(words: dict[str, tuple[str, str]]) -> None:
    """Every sentence stands in English and Japanese, and carries the same values."""
    for key, (english, japanese) in words.items():
        fields = [
            sorted({field for _, field, _, _ in string.Formatter().parse(text) if field})
            for text in (english, japanese)
        ]
        assert fields[0] == fields[1], key


def test_mbox_quotes_from_lines() -> None:
    """Thunderbird takes one ">" off: what it shows is byte for byte the sample."""
    assert install.mbox([b"A: b\n\nFrom here\n>From there"]) == (
        b"From - Thu Jan  1 00:00:00 1970\nA: b\n\n>From here\n>>From there\n\n"
    )


def test_the_demo_profile(tmp_path: Path) -> None:
    """The sample mails, the extension and the preferences are where Thunderbird looks for them."""
    mails = [path.read_bytes() for path in sorted((ROOT / "host/sekisho/samples").glob("*.eml"))]

    install.make_profile(tmp_path / "profile", mails, "ja")

    inbox = (tmp_path / "profile/Mail/Local Folders/Inbox").read_bytes()
    assert len(re.findall(rb"^From - ", inbox, re.MULTILINE)) == len(mails) > 0
    assert places.extension_in(tmp_path / "profile") == (sekisho.__version__, None)
    prefs = (tmp_path / "profile/user.js").read_text("utf-8")
    assert f'user_pref("{install.PREF}", 0);' in prefs
    assert 'user_pref("intl.locale.requested", "ja,en-US");' in prefs
    json.loads((tmp_path / "profile/session.json").read_text("utf-8"))


# ---- Writing and taking back -----------------------------------------------------------------------------------------


def written(here: Machine, registry: Registry) -> Any:
    """An installation that has come as far as the manifest, without an environment."""
    installation = install.Installation(here, "en", winreg=registry)
    installation.undo.folder(installation.data)
    installation.environment = installation.data / "env-test"
    installation.environment.mkdir()
    installation.write_manifest()
    return installation


@pytest.mark.parametrize("system", ["linux", "macos", "windows"])
def test_written_and_removed_on_each_system(tmp_path: Path, system: str) -> None:
    """Uninstalling leaves the home, and the registry, as they were."""
    here, registry = machine(system, tmp_path), Registry()
    put(here.home / "kept.txt", "kept")
    before = tree(here.home)
    other = {"HKCU\\Software\\Mozilla\\NativeMessagingHosts\\other": "x"}
    registry.values = dict(other)

    written(here, registry)
    manifest = places.manifest_file(here)
    assert json.loads(manifest.read_bytes())["path"] == str(places.launcher_file(here))
    if system == "windows":
        key = "HKCU\\Software\\Mozilla\\NativeMessagingHosts\\sekisho"
        assert registry.values == other | {key: str(manifest)}
        assert doctor.registry_value(registry) == str(manifest)
    else:
        assert registry.values == other
        assert places.launcher_file(here).stat().st_mode & 0o777 == 0o755
    install.Removal(here, "en", dry=False, winreg=registry).run()

    assert tree(here.home) == before
    assert registry.values == other


@pytest.mark.parametrize("system", ["linux", "macos", "windows"])
def test_undo_brings_the_earlier_installation_back(tmp_path: Path, system: str) -> None:
    """After a failure the launcher, the manifest and the registry are those of the installation before."""
    here, registry = machine(system, tmp_path), Registry()
    written(here, registry)
    before, keys = tree(here.home), dict(registry.values)

    second = install.Installation(here, "en", winreg=registry)
    second.environment = second.data / "env-new"
    second.environment.mkdir()
    second.write_manifest()
    assert tree(here.home) != before
    second._take_back()

    assert tree(here.home) == before
    assert registry.values == keys


def test_a_foreign_manifest_is_left(tmp_path: Path) -> None:
    """Uninstalling removes the manifest only if it names our launcher."""
    here = machine("linux", tmp_path)
    put(places.manifest_file(here), json.dumps({"path": "/elsewhere/host"}))
    before = tree(here.home)

    install.Removal(here, "en", dry=False).run()

    assert tree(here.home) == before


@pytest.mark.parametrize("dry", [False, True])
def test_what_was_remembered_is_removed_and_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], dry: bool
) -> None:
    """Uninstalling says that the register goes, though an installer never made it; a dry run leaves it."""
    here = machine("linux", tmp_path)
    register = remembered(here)

    install.Removal(here, "en", dry).run()

    said = capsys.readouterr().out
    assert f"{'would remove' if dry else 'removed'} {register}\n  (what Sekisho" in said
    assert register.parent.exists() == dry


USER_JS = [None, "", "// mine\nuser_pref('a', 1);\n", 'user_pref("a", 1);  // no line end']


@pytest.mark.parametrize("text", USER_JS)
def test_a_profile_gets_the_extension_and_gives_it_back(tmp_path: Path, text: str | None) -> None:
    """The extension and one line of user.js; later both go, and so does what Thunderbird copied into prefs.js."""
    here = machine("linux", tmp_path)
    profile = make_profile(here)
    if text is not None:
        put(profile / "user.js", text)
    before = tree(profile)
    installation = install.Installation(here, "en", profile)
    installation.undo.folder(installation.data)

    install.into_profile(profile, b"xpi", installation.undo, installation.record, installation)
    install.into_profile(profile, b"xpi", installation.undo, installation.record, installation)
    assert (profile / "user.js").read_text().count(install.PREF_LINE) == 1
    assert sum(install.PREF in word for word in installation.words) == 1
    installation.undo.write(installation.record.file, installation.record.text())
    with open(profile / "prefs.js", "a") as prefs:
        prefs.write(f'user_pref("{install.PREF}", 0);\n')
    install.Removal(here, "en", dry=False).run()

    after = tree(profile)
    if text and not text.endswith("\n"):  # the line end that had to be added stays
        after.pop(str(profile / "user.js")), before.pop(str(profile / "user.js"))
    assert after == before


def test_the_readers_own_preference_is_left(tmp_path: Path) -> None:
    """A user.js that sets the preference itself is not changed, and the reader is told what to do."""
    here = machine("linux", tmp_path)
    profile = make_profile(here)
    own = put(profile / "user.js", f'user_pref("{install.PREF}", 15);\n')
    installation = install.Installation(here, "en", profile)
    installation.undo.folder(installation.data)

    install.into_profile(profile, b"xpi", installation.undo, installation.record, installation)

    assert own.read_text() == f'user_pref("{install.PREF}", 15);\n'
    assert any("switch Sekisho on" in word for word in installation.words)


@pytest.mark.skipif(os.name == "nt", reason="flock")
def test_one_at_a_time(tmp_path: Path) -> None:
    """A second install.py says that another is at work, and touches nothing."""
    say = install.speaker("en")

    with install.alone(tmp_path, say), pytest.raises(install.SetupError, match="another"), install.alone(tmp_path, say):
        pass


def test_missing_programs_are_told_loudly(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where nothing can be installed, the names of what is missing reach the tests and the reader."""
    monkeypatch.setenv("PATH", str(tmp_path))
    tests = install.Tests(machine("linux", tmp_path), [])

    tests._system_packages()

    assert tests.missing == list(install.TEST_PACKAGES)
    assert "SKIPPED" in capsys.readouterr().out


# ---- The doctor ------------------------------------------------------------------------------------------------------

HOSTS = {
    "dies": ("#!/bin/sh\necho what a pity >&2\nexit 3\n", "status 3: what a pity"),
    "prints": ("#!/bin/sh\necho Hello, I am not a frame\n", "not native messaging"),
    "silent": ("#!/bin/sh\nexec sleep 60\n", "no answer"),
    "no interpreter": ("#!/no/such/thing\n", "No such file"),
}


@pytest.mark.skipif(os.name == "nt", reason="shell scripts")
@pytest.mark.parametrize("name", HOSTS)
def test_a_host_that_does_not_answer(tmp_path: Path, name: str) -> None:
    """Whatever a host does instead of answering becomes one error that says what."""
    script, expected = HOSTS[name]
    program = put(tmp_path / "host", script)
    program.chmod(0o755)

    with (
        pytest.raises(client.HostError, match=expected),
        client.Host(client.Manifest(tmp_path / "m.json", program), timeout=1.0) as host,
    ):
        host.hello("en", "0")


GOOD = {
    "name": "sekisho",
    "description": "d",
    "path": "/x",
    "type": "stdio",
    "allowed_extensions": [EXTENSION_ID],
}
MANIFESTS = [
    "{",
    "[]",
    json.dumps(GOOD | {"name": "other"}),
    json.dumps(GOOD | {"description": ""}),
    json.dumps(GOOD | {"type": "pipe"}),
    json.dumps(GOOD | {"path": None}),
    json.dumps(GOOD | {"allowed_extensions": ["other@example"]}),
    json.dumps(GOOD | {"allowed_extensions": [EXTENSION_ID, "other@example"]}),
]


@pytest.mark.parametrize("text", MANIFESTS)
def test_a_manifest_that_thunderbird_refuses(tmp_path: Path, text: str) -> None:
    """What Thunderbird answers with "No such native application" the doctor names."""
    here = machine("linux", tmp_path)
    put(places.manifest_file(here), text)

    lines = list(doctor._manifest(here, "en", doctor.speaker("en")))

    assert [line.ok for line in lines] == [False]
    assert lines[0].mend == "python3 install.py"


@pytest.mark.skipif(os.name == "nt", reason="modes")
def test_open_folders_are_to_be_mended(tmp_path: Path) -> None:
    """A launcher that others can write to runs what others want."""
    here = machine("linux", tmp_path)
    launcher = put(places.launcher_file(here))
    launcher.parent.chmod(0o700)
    launcher.chmod(0o777)

    lines = list(doctor._folders(here, doctor.speaker("en")))

    assert [line.ok for line in lines] == [True, False]
    assert str(lines[1].mend).startswith("chmod go-w ")
    launcher.chmod(0o755)
    assert all(line.ok for line in doctor._folders(here, doctor.speaker("en")))


@pytest.mark.skipif(os.name == "nt", reason="modes")
def test_the_doctor_looks_at_the_register(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """How much it holds, or why it cannot be used and what to do; looking makes and changes nothing."""
    here, say = machine("linux", tmp_path), doctor.speaker("en")
    none = doctor._register(here, say)
    assert (True, [], None) == (none.ok, list(here.home.iterdir()), none.mend)

    register = remembered(here)
    found = doctor._register(here, say)
    assert (True, None) == (found.ok, found.mend)
    assert "knows 1 messages of 1 accounts" in found.text and str(register) in found.text

    monkeypatch.setattr(doctor, "LITTLE", 1 << 62)
    full = doctor._register(here, say)
    assert (False, "delete something there") == (full.ok, full.mend)
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    assert "cannot be written" in doctor._register(here, say).text
    monkeypatch.undo()

    with sqlite3.connect(register) as connection:
        connection.execute("PRAGMA user_version = 99")
    newer = doctor._register(here, say)
    assert (False, "python3 install.py") == (newer.ok, newer.mend)
    register.write_bytes(b"no database" * 100)
    damaged = doctor._register(here, say)
    assert not damaged.ok and str(damaged.mend).endswith("sekisho forget")
    assert b"no database" * 100 == register.read_bytes()


def remembered(here: Machine) -> Path:
    """A register that one mail has taught."""
    file = places.data_folder(here) / folders.REGISTER
    line = received.parse(
        "from a.example (a.example [203.0.113.5]) by mx.own.example with SMTP id 1; 1 Jan 2024 00:00:00 +0000"
    )
    register = Register(str(file))
    register.teach("account1 me@own.example", [[line]])
    register.close()
    return file


@pytest.mark.parametrize("locale", ["en", "ja"])
def test_a_bare_machine_is_told_everything(tmp_path: Path, locale: str) -> None:
    """Nothing installed: every line is one line, and each that is not right says how to mend it."""
    lines = list(doctor.run(machine("linux", tmp_path), locale))

    assert not all(line.ok for line in lines)
    for line in lines:
        assert "\n" not in doctor.show(line)
        assert line.ok or line.mend


# ---- The real thing --------------------------------------------------------------------------------------------------


class Home:
    """A home with an awkward name, and install.py run in it by somebody who has nothing else set up."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / AWKWARD
        self.profile = self.path / ".thunderbird" / "abc.default"
        self.machine = Machine("linux", self.path, {})
        self.data = places.data_folder(self.machine)
        make_profile(self.machine)
        put(self.path / "kept.txt", "kept")
        self.environ = {key: value for key, value in os.environ.items() if not key.startswith(("XDG_", "LC_", "LANG"))}
        # pip asks rustc for its version, and a wrapper of that name may write into HOME: nothing of ours
        self.environ.update(
            HOME=str(self.path), RUSTUP_HOME=str(folder), PIP_CACHE_DIR=str(ROOT / "build" / "pip-cache")
        )

    def run(self, *arguments: str, source: Path = ROOT) -> subprocess.CompletedProcess[str]:
        """install.py with the machine's Python, or the one that runs the tests."""
        command = [sys.executable, str(source / "install.py"), *arguments]
        return subprocess.run(
            command, env=self.environ, cwd=self.path, stdin=subprocess.DEVNULL, capture_output=True, encoding="utf-8"
        )

    def environments(self) -> list[str]:
        return sorted(path.name for path in self.data.glob("env-*"))

    def manifest(self) -> client.Manifest:
        return client.read_manifest(places.manifest_file(self.machine))


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """The tests below go through one life of an installation, in the order in which they stand."""
    if sys.platform != "linux":
        pytest.skip("HOME alone moves an installation on Linux only")
    yield Home(tmp_path_factory.mktemp("install"))


def sources() -> dict[str, str]:
    """What install.py could leave its traces in."""
    shown = tree(ROOT / "extension", ROOT / "manifest", ROOT / "host")
    return {path: what for path, what in shown.items() if "__pycache__" not in path} | dict.fromkeys(
        os.listdir(ROOT), ""
    )


def test_check_before(home: Home) -> None:
    """Not installed is a line like the others."""
    done = home.run("check")

    assert (done.returncode, done.stdout) == (1, "mend  not installed  ->  python3 install.py\n")


@pytest.mark.parametrize("command", [[], ["--profile"], ["uninstall"]])
def test_a_dry_run_changes_nothing(home: Home, command: list[str]) -> None:
    """Neither the home nor the source tree."""
    before, before_sources = tree(home.path), sources()

    done = home.run(*command, *([str(home.profile)] if command == ["--profile"] else []), "--dry-run")

    assert done.returncode == 0, done.stderr
    assert "Nothing was changed" in done.stdout
    assert tree(home.path) == before
    assert sources() == before_sources


def test_a_first_install_that_fails_leaves_nothing(home: Home, tmp_path: Path) -> None:
    """A hash that does not fit stops the installation, and the home is as before."""
    source = copy_of_the_project(tmp_path)
    lock = source / "requirements.lock"
    lock.write_text(re.sub(r"sha256:\w{8}", "sha256:00000000", lock.read_text("utf-8")), "utf-8")
    before = tree(home.path)

    done = home.run(source=source)

    assert done.returncode == 1
    assert "Everything is as it was before." in done.stderr
    assert "hash" in done.stderr.lower()
    assert tree(home.path) == before


def test_install(home: Home) -> None:
    """Seven steps, the last of which shows the panel of the scam mail; the source tree stays as it is."""
    before = sources()

    done = home.run()

    assert done.returncode == 0, done.stdout + done.stderr
    assert re.findall(r"^\[(\d)/7\]", done.stdout, re.MULTILINE) == list("1234567")
    panel = done.stdout[done.stdout.index("[7/7]") :]
    assert "KAGOYA" in panel
    assert "sv742.xserver.jp" in panel  # who handed it over
    assert "w-support.jp" in panel  # who the link belongs to
    assert str(places.extension_file(home.machine)) in panel
    assert len(home.environments()) == 1
    assert sources() == before


def test_check_after(home: Home) -> None:
    """All that is ours is right; what the reader still has to do is named."""
    done = home.run("check")

    lines = done.stdout.splitlines()
    wrong = [line for line in lines if line.startswith("mend")]
    assert done.stderr == ""
    assert "Add-ons and Themes" in done.stdout
    assert f"ok    host {sekisho.__version__} answers" in lines
    assert all("extension" in line or "Thunderbird" in line for line in wrong), wrong
    assert done.returncode == 1


def test_check_speaks_japanese(home: Home) -> None:
    """The reader's language, from the command line as from the system."""
    home.environ["LANG"] = "ja_JP.UTF-8"
    try:
        done = home.run("check")
    finally:
        del home.environ["LANG"]

    assert "応答します" in done.stdout


def test_the_command_works(home: Home) -> None:
    """The command that the last lines name."""
    command = places.command_file(home.machine)

    done = subprocess.run([command, "--version"], capture_output=True, encoding="utf-8", check=False)

    assert done.returncode == 0, done.stderr
    assert sekisho.__version__ in done.stdout


def copy_of_the_project(folder: Path) -> Path:
    """What a reader downloads, to be damaged."""
    skip = shutil.ignore_patterns("__pycache__", "*.egg-info", "*.bin", "node_modules")
    for name in ("host", "extension", "manifest"):
        shutil.copytree(ROOT / name, folder / name, ignore=skip)
    for path in ROOT.iterdir():
        if path.is_file():
            shutil.copy(path, folder / path.name)
    return folder


def test_an_upgrade_that_fails_keeps_the_old_one(home: Home, tmp_path: Path) -> None:
    """A host that does not answer, noticed after the switch: everything is taken back, and the old host answers."""
    source = copy_of_the_project(tmp_path)
    put(source / "host/sekisho/native.py", "def main() -> None:\n    raise SystemExit('out of order')\n")
    before = tree(home.path)

    done = home.run("--profile", str(home.profile), source=source)

    assert done.returncode == 1
    assert "out of order" in done.stderr
    assert without_bytecode(tree(home.path)) == without_bytecode(before)
    with client.Host(home.manifest()) as host:
        assert host.hello("en", "0")["host"] == sekisho.__version__


def without_bytecode(found: dict[str, str]) -> dict[str, str]:
    """Python may write its cache while a host runs."""
    return {path: what for path, what in found.items() if "__pycache__" not in path}


def test_upgrade_while_the_old_host_runs(home: Home) -> None:
    """The running host goes on from its own environment, the next one starts from the new; the profile is served."""
    (old,) = home.environments()
    mail = (ROOT / "host/sekisho/samples/kagoya.eml").read_bytes()

    with client.Host(home.manifest()) as running:
        done = home.run("--profile", str(home.profile), "--locale", "ja")
        report = running.analyse(mail, "en")

    assert done.returncode == 0, done.stdout + done.stderr
    panel = done.stdout[done.stdout.index("[7/7]") : done.stdout.index("導入しました")]
    assert re.search("KAGOYA.*[ぁ-ん]", panel)
    assert install.PREF in done.stdout
    assert report["final"]
    assert old in home.environments()
    assert len(home.environments()) == 2
    assert old not in places.launcher_file(home.machine).read_text("utf-8")
    assert places.extension_in(home.profile) == (sekisho.__version__, None)
    assert install.PREF_LINE in (home.profile / "user.js").read_text("utf-8")
    assert stat.S_IMODE(home.data.stat().st_mode) == 0o700


def test_check_is_all_right(home: Home) -> None:
    """With the extension in a profile nothing of ours is left to mend."""
    done = home.run("check")

    wrong = [line for line in done.stdout.splitlines() if line.startswith("mend")]
    assert all("Thunderbird" in line for line in wrong), wrong  # a machine without one
    assert done.returncode == bool(wrong)


def test_a_broken_environment_is_to_be_mended(home: Home) -> None:
    """The system's Python has gone away under the environment: one line, no traceback."""
    environment = install.Record(home.machine).environment
    python = environment / "bin" / "python"
    python.rename(python.with_name("away"))
    try:
        done = home.run("check")
    finally:
        python.with_name("away").rename(python)

    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.endswith("python3 install.py\n")


def test_uninstall_leaves_nothing(home: Home, tmp_path: Path) -> None:
    """The home is as a home that never saw Sekisho; a second time there is nothing to do."""
    fresh = Home(tmp_path)
    expected = {path.replace(str(tmp_path), ""): what for path, what in tree(fresh.path).items()}

    done = home.run("uninstall")
    again = home.run("uninstall")

    assert done.returncode == 0, done.stderr
    assert "Sekisho is removed." in done.stdout
    assert {path.replace(str(home.path.parent), ""): what for path, what in tree(home.path).items()} == expected
    assert (again.returncode, again.stdout) == (0, "Nothing of Sekisho is installed here.\n")
