"""`sekisho doctor`: one line for each thing that must be right, with the command that mends what is not."""

from __future__ import annotations

import argparse
import importlib
import os
import platform
import shlex
import shutil
import stat
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from sekisho.locales import languages
from sekisho.named import TYPE_CHECKING, NamedTuple

from . import __version__, folders, places
from .client import Host, HostError, read_manifest
from .places import Machine, Profile, Thunderbird

if TYPE_CHECKING:
    from typing import Any

OLDEST_PYTHON = (3, 10)
OLDEST_THUNDERBIRD = 128  # its manifest's strict_min_version
TABLES = {"atlas": ".bin", "suffixes": ".bin", "registries": ".json"}
INSTALL = "python3 install.py"
LITTLE = 1 << 20  # bytes: less room than this on a disk is none


class Line(NamedTuple):
    ok: bool
    text: str
    mend: str | None = None  # the command or the step; None where nothing is to be mended


Say = Callable[..., str]

WORDS = {
    "python": ("Python {version}", "Python {version}"),
    "python-old": (
        "Python {version} is too old: 3.10 or newer is needed",
        "Python {version} は古すぎます。3.10 以降が必要です",
    ),
    "package": ("Sekisho {version} in {folder}", "Sekisho {version}({folder})"),
    "table": ("table {name}, as of {date}", "表 {name}({date} 現在)"),
    "table-fetched": (
        "table {name}, as of {date}, fetched by sekisho update",
        "表 {name}({date} 現在。sekisho update で取得)",
    ),
    "table-bad": ("table {name}: {problem}", "表 {name}: {problem}"),
    "manifest": ("manifest {file}", "マニフェスト {file}"),
    "manifest-missing": ("no manifest at {file}", "マニフェストがありません: {file}"),
    "manifest-bad": (
        "manifest that Thunderbird will not take: {problem}",
        "Thunderbird が受け付けないマニフェストです: {problem}",
    ),
    "registry": ("registry key {key}", "レジストリキー {key}"),
    "registry-bad": (
        "registry key {key} does not name {file}",
        "レジストリキー {key} が {file} を指していません",
    ),
    "host": ("host {version} answers", "ホスト {version} が応答します"),
    "host-other": (
        "the manifest starts host {version}, this is {here}",
        "マニフェストが起動するホストは {version} ですが、ここにあるのは {here} です",
    ),
    "host-bad": ("the host does not answer: {problem}", "ホストが応答しません: {problem}"),
    "host-problem": ("the host says: {problem}", "ホストからの知らせ: {problem}"),
    "thunderbird": ("Thunderbird {version} ({kind}) in {path}", "Thunderbird {version}({kind}、{path})"),
    "thunderbird-none": ("Thunderbird is not found", "Thunderbird が見つかりません"),
    "thunderbird-old": (
        "Thunderbird {version} in {path} is older than {oldest}",
        "Thunderbird {version}({path})は {oldest} より古い版です",
    ),
    "flatpak": (
        "Thunderbird in {path} is a Flatpak: it cannot start a program outside its box, so not Sekisho either",
        "{path} の Thunderbird は Flatpak 版です。外のプログラムを起動できないため、Sekisho も使えません",
    ),
    "get-thunderbird": ("install Thunderbird: {command}", "Thunderbird を入れてください: {command}"),
    "get-deb": (
        "use your system's package or the archive from thunderbird.net: {command}",
        "OS のパッケージか thunderbird.net のアーカイブをお使いください: {command}",
    ),
    "update-thunderbird": ("update Thunderbird", "Thunderbird を更新してください"),
    "snap-step": (
        "a Snap asks once whether the extension may start sekisho: choose Allow; "
        "if it never asks: sudo snap refresh thunderbird",
        "Snap 版は、拡張機能が sekisho を起動してよいか一度だけ尋ねます。「許可」を選んでください。"
        "尋ねられないときは: sudo snap refresh thunderbird",
    ),
    "extension": ("extension {version} in profile {profile}", "プロファイル {profile} に拡張機能 {version}"),
    "extension-off": (
        "extension {version} in profile {profile} is switched off",
        "プロファイル {profile} の拡張機能 {version} は無効になっています",
    ),
    "extension-other": (
        "extension {version} in profile {profile}, but the host is {here}",
        "プロファイル {profile} の拡張機能は {version} ですが、ホストは {here} です",
    ),
    "extension-none": ("the extension is in no profile", "どのプロファイルにも拡張機能が入っていません"),
    "add-extension": (
        "in Thunderbird: Add-ons and Themes > gear > Install Add-on From File… > {file}",
        "Thunderbird で: アドオンとテーマ > 歯車 > ファイルからアドオンをインストール… > {file}",
    ),
    "switch-on": (
        "in Thunderbird: Add-ons and Themes > Extensions > Sekisho: switch it on",
        "Thunderbird で: アドオンとテーマ > 拡張機能 > Sekisho を有効にする",
    ),
    "folder": ("only you can write to {path}", "{path} に書き込めるのはあなただけです"),
    "folder-open": ("others can write to {path}", "{path} に他の人も書き込めます"),
    "folder-foreign": ("{path} belongs to another user", "{path} の所有者が別のユーザーです"),
    "register": (
        "the register knows {messages} messages of {accounts} accounts ({size} kB in {file})",
        "記録簿にはメール {messages} 通分({accounts} アカウント、{size} kB)があります: {file}",
    ),
    "register-none": ("nothing is remembered of any mail yet", "メールから覚えたことはまだありません"),
    "register-bad": ("the register {file} cannot be read: {problem}", "記録簿 {file} を読み取れません: {problem}"),
    "register-closed": ("the register {file} cannot be written", "記録簿 {file} に書き込めません"),
    "register-full": ("there is no room left where {file} is", "{file} のあるディスクに空きがありません"),
    "make-room": ("delete something there", "不要なものを削除してください"),
    "right": ("everything is right", "すべて正常です"),
    "wrong": ("{number} to mend", "直すところが {number} 件あります"),
}


def main(argv: Sequence[str] | None = None) -> int:
    """Print the lines. 0: all is right; 1: something is to be mended."""
    parser = argparse.ArgumentParser(prog="sekisho doctor", description=__doc__)
    parser.add_argument("--locale", choices=languages())
    options = parser.parse_args(argv)
    sys.stdout.reconfigure(errors="replace")  # type: ignore[union-attr]  # a terminal's lack of letters is no fault
    machine = places.this_machine()
    locale = places.language(machine, options.locale)
    wrong = 0
    for line in run(machine, locale):
        wrong += not line.ok
        print(show(line), flush=True)
    say = speaker(locale)
    print(say("wrong", number=wrong) if wrong else say("right"))
    return 1 if wrong else 0


def show(line: Line) -> str:
    """One line of text, whatever line ends the facts hold."""
    text = f"{'ok  ' if line.ok else 'mend'}  {line.text}" + (f"  ->  {line.mend}" if line.mend else "")
    return " ".join(text.splitlines())


def run(machine: Machine, locale: str) -> Iterator[Line]:
    """Every line, as it becomes known. Reads, and starts the host once; changes nothing."""
    say = speaker(locale)
    yield _python(say)
    yield Line(True, say("package", version=__version__, folder=Path(__file__).parent))
    yield from (_table(name, say) for name in TABLES)
    yield from _manifest(machine, locale, say)
    yield from thunderbird_lines(machine, locale)
    yield from _extensions(machine, say)
    yield from _folders(machine, say)
    yield _register(machine, say)


def speaker(locale: str) -> Say:
    """A function from a key of WORDS and its values to a sentence."""
    column = 1 if locale == "ja" else 0
    return lambda key, **values: WORDS[key][column].format(**values)


def _python(say: Say) -> Line:
    if sys.version_info[:2] < OLDEST_PYTHON:
        return Line(False, say("python-old", version=platform.python_version()), INSTALL)
    return Line(True, say("python", version=platform.python_version()))


def _table(name: str, say: Say) -> Line:
    try:
        table = importlib.import_module(f"sekisho.tables.{name}")
        newer: Any = importlib.import_module("sekisho.tables.newer")
        newer.FOLDER = folders.own_tables()
        problem, dated = table.problem(), table.as_of()
        date = dated["dns"] if isinstance(dated, dict) else dated
        fetched = f"{name}-{date}{TABLES[name]}" in newer.versions(name, TABLES[name])
    except Exception as error:  # whatever is wrong with it, a line must say so
        problem, date = f"{type(error).__name__}: {error}", None
    if problem:
        return Line(False, say("table-bad", name=name, problem=problem), INSTALL)
    return Line(True, say("table-fetched" if fetched else "table", name=name, date=date))


def _manifest(machine: Machine, locale: str, say: Say) -> Iterator[Line]:
    file = places.manifest_file(machine)
    if machine.system == "windows":
        yield _registry(file, say)
    if not file.exists():
        yield Line(False, say("manifest-missing", file=file), INSTALL)
        return
    try:
        manifest = read_manifest(file)
    except HostError as error:
        yield Line(False, say("manifest-bad", problem=error), INSTALL)
        return
    yield Line(True, say("manifest", file=file))
    try:
        with Host(manifest) as host:
            hello = host.hello(locale, __version__)
    except HostError as error:
        yield Line(False, say("host-bad", problem=error), INSTALL)
        return
    version = hello.get("host")
    if version == __version__:
        yield Line(True, say("host", version=version))
    else:
        yield Line(False, say("host-other", version=version, here=__version__), INSTALL)
    yield from (Line(False, say("host-problem", problem=problem), INSTALL) for problem in hello.get("problems") or ())


def _registry(file: Path, say: Say) -> Line:
    key = "HKCU\\" + places.REGISTRY_KEY
    if registry_value(importlib.import_module("winreg")) == str(file):
        return Line(True, say("registry", key=key))
    return Line(False, say("registry-bad", key=key, file=file), INSTALL)


def registry_value(winreg: object) -> str | None:
    """The manifest that the registry names. `winreg`: the module of that name, or a test's."""
    try:
        value = winreg.QueryValue(winreg.HKEY_CURRENT_USER, places.REGISTRY_KEY)  # type: ignore[attr-defined]  # winreg is on Windows only
    except OSError:
        return None
    return value if isinstance(value, str) else None


def thunderbird_lines(machine: Machine, locale: str) -> Iterator[Line]:
    """What Thunderbirds there are, and whether they can start a host."""
    say, found = speaker(locale), places.thunderbirds(machine)
    if not found:
        yield Line(False, say("thunderbird-none"), say("get-thunderbird", command=get_thunderbird(machine)))
    usable = any(one.kind != "flatpak" for one in found)
    for one in found:
        yield _thunderbird(one, usable, machine, say)


def _thunderbird(one: Thunderbird, usable: bool, machine: Machine, say: Say) -> Line:
    """`usable`: there is one that is no Flatpak, so that a Flatpak beside it is no fault."""
    if one.kind == "flatpak":
        return Line(usable, say("flatpak", path=one.path), say("get-deb", command=get_thunderbird(machine)))
    if one.version and _major(one.version) < OLDEST_THUNDERBIRD:
        text = say("thunderbird-old", version=one.version, path=one.path, oldest=OLDEST_THUNDERBIRD)
        return Line(False, text, say("update-thunderbird"))
    text = say("thunderbird", version=one.version or "?", kind=one.kind, path=one.path)
    return Line(True, text, say("snap-step") if one.kind == "snap" else None)


def _major(version: str) -> int:
    number = version.split(".")[0]
    return int(number) if number.isdecimal() else OLDEST_THUNDERBIRD


def get_thunderbird(machine: Machine) -> str:
    """The command that installs Thunderbird as something other than Snap or Flatpak, or its address."""
    managers = {"apt-get": "sudo apt install thunderbird", "dnf": "sudo dnf install thunderbird"}
    managers |= {"zypper": "sudo zypper install MozillaThunderbird", "pacman": "sudo pacman -S thunderbird"}
    if machine.system == "linux":
        for program, command in managers.items():
            if (machine.root / "usr/bin" / program).exists():
                return command
    return "https://www.thunderbird.net/"


def _extensions(machine: Machine, say: Say) -> Iterator[Line]:
    found = [(profile, places.extension_in(profile.folder)) for profile in places.profiles(machine)]
    add = say("add-extension", file=places.extension_file(machine))
    if not any(extension for _, extension in found):
        yield Line(False, say("extension-none"), add)
    for profile, extension in found:
        if extension:
            yield _extension(profile, extension, add, say)


def _extension(profile: Profile, extension: places.InstalledExtension, add: str, say: Say) -> Line:
    facts = {"version": extension.version or "?", "profile": profile.name, "here": __version__}
    if extension.version != __version__:
        return Line(False, say("extension-other", **facts), add)
    if extension.active is False:
        return Line(False, say("extension-off", **facts), say("switch-on"))
    return Line(True, say("extension", **facts))


def _folders(machine: Machine, say: Say) -> Iterator[Line]:
    """Whoever can write here decides what runs with the reader's rights."""
    if machine.system == "windows":  # the user's own folder, guarded by its access list
        return
    data, manifest = places.data_folder(machine), places.manifest_file(machine)
    for path in (data, places.launcher_file(machine), manifest.parent, manifest):
        if path.exists():
            yield _folder(path, say)
    for above in sorted(
        {*data.parents, *manifest.parent.parents}
    ):  # who may rename a folder may put another in its place
        if machine.home in (above, *above.parents) and above.exists() and not (line := _folder(above, say)).ok:
            yield line


def _register(machine: Machine, say: Say) -> Line:
    """Whether what the reader's mail teaches can be remembered."""
    from .register import NewerError, RegisterError, look

    file = places.data_folder(machine) / folders.REGISTER
    folder = next((one for one in file.parents if one.exists()), file.parent)
    forget = f"{shlex.quote(str(places.command_file(machine)))} forget"
    try:
        size = look(str(file))
    except NewerError as error:
        return Line(False, say("register-bad", file=file, problem=error), INSTALL)
    except RegisterError as error:
        return Line(False, say("register-bad", file=file, problem=error), forget)
    if not os.access(folder, os.W_OK) or (size and not os.access(file, os.W_OK)):
        return Line(False, say("register-closed", file=file), f"chmod -R u+rwX {shlex.quote(str(folder))}")
    if shutil.disk_usage(folder).free < LITTLE:
        return Line(False, say("register-full", file=file), say("make-room"))
    if size is None:
        return Line(True, say("register-none"))
    kilobytes = -(-size.bytes // 1024)
    return Line(True, say("register", messages=size.messages, accounts=size.accounts, size=kilobytes, file=file))


def _folder(path: Path, say: Say) -> Line:
    about, quoted = path.stat(), shlex.quote(str(path))
    if about.st_uid not in (os.getuid(), 0):
        return Line(False, say("folder-foreign", path=path), f"sudo chown -R {os.getuid()} {quoted}")
    if about.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        return Line(False, say("folder-open", path=path), f"chmod go-w {quoted}")
    return Line(True, say("folder", path=path))


if __name__ == "__main__":
    try:
        sys.exit(main())
    except BrokenPipeError:  # the reader has seen enough ("| head"); what is left must not be flushed into it
        os._exit(1)
