"""The banner above a suspicious message, in a real Thunderbird, and mails that want it gone."""

from __future__ import annotations

import contextlib
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from .conftest import BENIGN, running
from .hostile_html import FORM, HOSTILE, MAILS, OPENER, PLAIN
from .mails import Mail, samples
from .reader import Reader, words
from .screen import eventually
from .test_accounts import told

KAGOYA, HONEST = samples()["kagoya"], samples()["honest"]

# Looks into the closed root as only Thunderbird itself can.
LOOK = """
const browserOf = args[0] == "window" ? Services.wm.getMostRecentWindow("mail:messageWindow").messageBrowser.contentWindow : about();
const frame = browserOf?.document.getElementById("messagepane"), doc = frame?.contentDocument;
const host = doc?.documentElement && [...doc.documentElement.children].find(one => one.openOrClosedShadowRoot);
const root = host?.openOrClosedShadowRoot, bar = root?.getElementById("bar"), owner = root?.getElementById("owner");
const at = element => { const box = element.getBoundingClientRect(), view = doc.defaultView;
  return [view.mozInnerScreenX + box.left, view.mozInnerScreenY + box.top, box.width, box.height]; };
"""
STATE = (
    LOOK
    + """
if (!root) return null;
const open = bar.matches(":popover-open");
return {open, level: bar.className.split(" ")[1] ?? "", text: bar.querySelector("[role=status]")?.textContent ?? "", at: at(bar),
  buttons: open ? [...bar.querySelectorAll("button")].map(one => [one.textContent, ...at(one)]) : [],
  reasons: [...bar.querySelectorAll("li")].map(one => one.textContent), reasonsShown: bar.querySelector("ul")?.hidden === false,
  owner: owner.matches(":popover-open") ? owner.innerText : null, warns: owner.className.includes("warn"), ownerAt: at(owner),
  spoken: root.getElementById("spoken").textContent, attributes: host.getAttributeNames(), closed: host.shadowRoot === null,
  space: host.getBoundingClientRect().height, page: doc.documentElement.getAttribute("style"), needed: bar.scrollWidth - bar.clientWidth,
  dark: doc.defaultView.matchMedia("(prefers-color-scheme: dark)").matches, url: doc.URL};
"""
)

State = dict[str, Any]


@pytest.fixture(scope="module")
def thunderbird(program: Path, tmp_path_factory: pytest.TempPathFactory, alone: bool) -> Iterator[Reader]:
    with running(program, tmp_path_factory.mktemp("banner"), "en", alone, ["Inbox", "Hostile"]) as reader:
        yield reader


@pytest.fixture
def at_banner(thunderbird: Reader) -> Iterator[Reader]:
    thunderbird.close_panels()
    thunderbird.run("Services.console.reset()")
    yield thunderbird
    thunderbird.close_panels()
    assert thunderbird.thunderbird.complaints(BENIGN) == []


def state(reader: Reader, place: str = "pane") -> State | None:
    found: State | None = reader.run(STATE, place)
    return found


def drawn(reader: Reader, place: str = "pane") -> State:
    """The banner, once there is one that stays where it is."""
    before: list[object] = []

    def look() -> State | None:
        now = state(reader, place)
        before[:] = [before[-1:], now and (now["at"], now["space"])]
        return now if now and now["open"] and now["text"] and before[0] == before[1:] else None

    return eventually("a banner", look)


def with_room(reader: Reader, place: str = "pane") -> State:
    """The banner, once the message has made the room for it."""

    def look() -> State | None:
        now = drawn(reader, place)
        return now if abs(now["space"] - now["at"][3]) < 1 else None

    return eventually("room for the banner", look)


def show(reader: Reader, mail: Mail) -> State:
    """Open that mail of the hostile folder and wait for its banner."""
    reader.open_folder("Hostile", len(MAILS))
    reader.select(mail)
    reader.displayed(mail)
    return drawn(reader)


# Near its beginning, at its first line.
NEAR = "one => { const [left, top, width, height] = at(one); return [left + Math.min(width / 2, 30), top + Math.min(height / 2, 9)]; }"


def click_in_mail(reader: Reader, selector: str) -> None:
    reader.click_on("doc.querySelector(args[1])", "pane", selector, setup=LOOK, spot=NEAR)


def point_at(reader: Reader, selector: str, told: Callable[[State], object]) -> State:
    """Bring the mouse to that place of the mail, from elsewhere, and wait for what the banner says of it."""
    for _ in range(6):
        reader.screen.act("mousemove", 20, 600)
        find = f"return (await still(args[1], () => doc.querySelector(args[1]), {NEAR}))[1]"
        place = reader.run(LOOK + find, "pane", selector)
        reader.screen.act("mousemove", *(round(value) for value in place))
        with contextlib.suppress(AssertionError):
            return eventually("its owner", lambda: (one := state(reader)) and told(one) and one, 10)
    raise AssertionError(f"nothing is told of {selector}")


def click_button(reader: Reader, label: str, place: str = "pane", tries: int = 6) -> None:
    """Click on a button of the banner."""
    button = "[...bar.querySelectorAll('button')].find(one => one.textContent == args[1])"
    middle = "one => { const [left, top, width, height] = at(one); return [left + width / 2, top + height / 2]; }"
    reader.click_on(button, place, label, setup=LOOK, spot=middle, tries=tries)


def picture_of_banner(reader: Reader, name: str) -> Path:
    """What the screen shows where the banner is."""
    # Away from the message: what is under the mouse looks different.
    reader.screen.act("mousemove", 20, 600)
    whole = reader.picture(name)
    left, top, width, height = (round(value) for value in drawn(reader)["at"])
    cut = whole.with_name(f"{whole.stem}-cut.png")
    command = ["convert", str(whole), "-crop", f"{width}x{height}+{left}+{top}", "+repage", str(cut)]
    subprocess.run(command, check=True)
    return cut


def difference(reader: Reader, kept: Path, name: str, most: int) -> float:
    """In how many points the banner looks different, 0 for `most` of them or fewer, once the screen has come to rest."""
    for _ in range(8):
        cut = picture_of_banner(reader, name)
        compared = subprocess.run(
            ["compare", "-metric", "AE", str(kept), str(cut), "null:"], capture_output=True, text=True
        )
        points = float(compared.stderr.split()[0])
        if points <= most:
            return 0
        time.sleep(0.5)
    return points


def test_above_a_dangerous_message(at_banner: Reader) -> None:
    """It says what the button says, stands above the text and not over it, and the mail can read nothing of it."""
    show(at_banner, PLAIN)
    now = with_room(at_banner)
    at_banner.picture("banner")
    assert now["level"] == "danger"
    for name in ("KAGOYA", "sv742.xserver.jp", "w-support.jp"):
        assert name in now["text"]
    paper = at_banner.run(
        LOOK
        + """const page = doc.defaultView.browsingContext;
        page.mediumOverride = "print";
        try { return host.getBoundingClientRect().height + bar.getBoundingClientRect().height; } finally { page.mediumOverride = ""; }""",
        "pane",
    )
    assert paper == 0, "it is printed"
    assert now["closed"]
    assert now["attributes"] == []
    first = at_banner.run(LOOK + "return at(doc.querySelector('p'))", "pane")
    assert first[1] >= now["at"][1] + now["at"][3]
    at_banner.open_folder("Inbox", 4)
    at_banner.select(HONEST)
    at_banner.displayed(HONEST)
    at_banner.marked("", "Sekisho:")
    clear = eventually("its script", lambda: state(at_banner))
    assert not clear["open"]
    assert (clear["attributes"], clear["page"]) == (now["attributes"], now["page"]), "a mail could tell the verdict"
    assert clear["space"] == 0


def test_reasons_open_and_analyse_opens_the_panel(at_banner: Reader) -> None:
    """The two buttons, with the mouse and from the keyboard."""
    show(at_banner, PLAIN)
    click_button(at_banner, words("en")["banner_why"])
    now = eventually(
        "reasons, and room for them", lambda: (one := with_room(at_banner)) and one["reasonsShown"] and one
    )
    assert 1 < len(now["reasons"]) <= 5
    at_banner.picture("banner-reasons")
    click_button(at_banner, words("en")["analyse"])
    panel = at_banner.until_done()
    assert (panel["place"], panel["level"]) == ("popup", "danger")
    at_banner.close_panels()
    click_in_mail(at_banner, "p")
    at_banner.screen.key("ctrl+Home")
    focus = "bar.querySelector('button').focus(); return doc.hasFocus() && root.activeElement == bar.querySelector('button')"
    eventually("the keyboard", lambda: at_banner.run(LOOK + focus, "pane"))
    at_banner.key("Return", "bar.querySelector('ul').hidden", "pane", setup=LOOK)


def test_a_mail_cannot_touch_it(at_banner: Reader) -> None:
    """Under each weapon the screen shows the banner as it does above the plain mail, and its button works."""
    show(at_banner, PLAIN)
    kept = picture_of_banner(at_banner, "banner-plain")
    lost = []
    for mail in HOSTILE:
        show(at_banner, mail)
        # The smoothing of an edge may differ, and a scroll bar cover one. A mail of frames has no link in it, so that the
        # sentence is another.
        pixels = difference(at_banner, kept, f"banner-{mail.name}", 2000 if mail.name == "frames" else 400)
        if pixels:
            lost.append(f"{mail.name}: {pixels:.0f} points")
        try:
            click_button(at_banner, words("en")["analyse"], tries=1)
            at_banner.until_done()
        except AssertionError:
            lost.append(f"{mail.name}: no panel")
        at_banner.close_panels()
    assert not lost


def test_a_mail_opens_no_layer_above_it(at_banner: Reader) -> None:
    """Buttons that need no script to open a popover or a dialog open none."""
    show(at_banner, PLAIN)
    kept = picture_of_banner(at_banner, "banner-plain")
    show(at_banner, OPENER)
    for name in ("first", "second", "third", "fold summary"):
        click_in_mail(at_banner, f"#{name}")
    at_banner.run(LOOK + "await until('the fold', () => doc.querySelector('details').open)", "pane")
    assert difference(at_banner, kept, "banner-opener", 60) == 0
    opened = at_banner.run(
        LOOK + "return [...doc.querySelectorAll(':popover-open, dialog[open], details[open]')].map(one => one.id)",
        "pane",
    )
    assert opened == ["fold"], "only what lies in the mail's own text opens"


def test_links_tell_their_owner(at_banner: Reader) -> None:
    """Under the mouse and under the focus, with what was found; nothing is asked of anybody."""
    show(at_banner, FORM)
    now = point_at(at_banner, "a", lambda one: one["owner"])
    assert now["owner"].startswith(words("en")["banner_owner"].replace("$1", "w-support.jp"))
    assert "activemail.kagoya.com" in now["owner"]
    assert now["warns"]
    at_banner.picture("banner-owner")
    link = at_banner.run(LOOK + "return at(doc.querySelector('a'))", "pane")
    assert now["ownerAt"][1] >= link[1] + link[3], "it covers what it speaks of"
    at_banner.screen.act("mousemove", 20, 600)
    eventually("nothing", lambda: (one := state(at_banner)) and one["owner"] is None)
    now = point_at(at_banner, "form button", lambda one: one["owner"])
    assert "w-support.jp" in now["owner"]
    assert "form.w-support.jp" in now["owner"]
    at_banner.screen.act("mousemove", 20, 600)
    eventually("nothing", lambda: (one := state(at_banner)) and one["owner"] is None)
    click_in_mail(at_banner, "p")
    at_banner.run(LOOK + "await until('the keyboard', () => doc.hasFocus())", "pane")
    at_banner.key("Tab", "doc.activeElement?.matches('a')", "pane", setup=LOOK)
    now = eventually("the owner, aloud", lambda: (one := state(at_banner)) and one["owner"] and one["spoken"] and one)
    assert now["spoken"]
    at_banner.key("Escape", "!owner.matches(':popover-open')", "pane", setup=LOOK)


WATCH = (
    "win.seen = []; win.watching = win.setInterval(() => { try {"
    + LOOK.replace("args[0]", "'pane'")
    + "win.seen.push([doc.querySelector('title')?.textContent ?? '', !!bar?.matches(':popover-open')]); } catch {} }, 5);"
)


def test_no_banner_of_the_last_message_on_the_next(at_banner: Reader) -> None:
    """However fast the reader changes between a dangerous and an honest mail."""
    at_banner.open_folder("Inbox", 4)
    for mail in (KAGOYA, HONEST, KAGOYA):
        at_banner.select(mail)
        at_banner.displayed(mail)
        at_banner.marked("!" if mail is KAGOYA else "", "Sekisho: ")
    at_banner.run(WATCH)
    try:
        for pause in (0.05, 0.2, 0.3, 0.35, 0.4, 0.5, 0.7, 0.25, 0.45, 0.6):
            for mail in (HONEST, KAGOYA):
                at_banner.screen.click(at_banner.row(mail))
                time.sleep(pause)
        for mail in (HONEST, KAGOYA):  # neither may have been there long enough on a slow machine
            at_banner.select(mail)
            at_banner.displayed(mail)
        drawn(at_banner)
        at_banner.run("await until('the banner, noted', () => win.seen.at(-1)?.[1])")
    finally:
        seen = at_banner.run("win.clearInterval(win.watching); return win.seen")
    over = {title for title, is_open in seen if is_open}
    assert {title for title, _ in seen} - {""} >= {"土曜日の練習について", "非常に重要なメッセージ"}
    assert over == {"非常に重要なメッセージ"}


def test_choices(at_banner: Reader) -> None:
    """Always: a fact above an honest mail, and no word that calms. Never: nothing is put into mails."""
    at_banner.open_folder("Inbox", 4)
    try:
        choose(at_banner, "always")
        at_banner.select(HONEST)
        at_banner.displayed(HONEST)
        now = drawn(at_banner)
        assert now["level"] == ""
        assert "club.example" in now["text"]
        assert now["reasons"] == []
        assert [text for text, *_ in now["buttons"]] == [words("en")["analyse"]]
        at_banner.picture("banner-always")
        choose(at_banner, "never")
        eventually("gone", lambda: (one := state(at_banner)) and not one["open"])
        at_banner.select(KAGOYA)
        at_banner.displayed(KAGOYA)
        at_banner.marked("!", "KAGOYA")
        assert state(at_banner) is None
        choose(at_banner, "suspicious")
        drawn(at_banner)  # in the message that is shown already, too
    finally:
        choose(at_banner, "suspicious")


OPTIONS = """
const options = () => views().map(view => view.xulBrowser.browsingContext)
  .find(bc => bc?.currentWindowGlobal?.documentURI.spec.includes("/options.html"));
await extension().wakeupBackground?.();
await within(await until("background", background), "await browser.runtime.openOptionsPage()");
await until("the page", async () => options() && await within(options(), "return document.body.dataset.state == 'shown'"));
"""


def choose(reader: Reader, when: str) -> None:
    """On the options page."""
    reader.run(
        OPTIONS
        + """
        const there = "return document.querySelector(`#banner-${args[0]}`).checked";
        if (!await within(options(), there, args[0])) {
          await within(options(), "document.querySelector(`#banner-${args[0]}`).click()", args[0]);
          await until("kept", () => within(options(), "return document.querySelector('#live').textContent"));
        }
        while (tabmail.tabInfo.length > 1) tabmail.closeTab(tabmail.tabInfo[1]);
        await until("three panes", () => pane()?.document.readyState == "complete");
        """,
        when,
    )


CLOSE = "for (const one of Services.wm.getEnumerator('mail:messageWindow')) one.close();"


def test_in_a_tab(at_banner: Reader) -> None:
    """A mail in a tab of its own, which later shows nothing of it."""
    show(at_banner, PLAIN)
    at_banner.open_by_itself(PLAIN, "tab")
    drawn(at_banner)
    click_button(at_banner, words("en")["analyse"])
    at_banner.until_done()


def test_in_a_narrow_window(at_banner: Reader) -> None:
    """A mail in a window of its own, the message 360 points wide: all is there, nothing is cut off at the side, the buttons work."""
    show(at_banner, PLAIN)
    at_banner.open_by_itself(PLAIN, "window")
    try:
        drawn(at_banner, "window")
        at_banner.run(LOOK + "frame.style.maxWidth = '360px'", "window")
        now = eventually("narrow", lambda: (one := with_room(at_banner, "window")) and one["at"][2] == 360 and one)
        at_banner.picture("banner-narrow")
        assert now["needed"] == 0
        assert now["at"][3] < 150
        click_button(at_banner, words("en")["analyse"], "window")
        assert at_banner.until_done()["level"] == "danger"
    finally:
        at_banner.run(CLOSE)  # its popup with it


def test_a_file_that_is_opened(at_banner: Reader, tmp_path: Path) -> None:
    """A mail that lies on the disk as a file."""
    file = tmp_path / "mail.eml"
    file.write_bytes(PLAIN.raw)
    try:
        at_banner.run(
            """const {MailUtils} = ChromeUtils.importESModule("resource:///modules/MailUtils.sys.mjs");
            const file = Cc["@mozilla.org/file/local;1"].createInstance(Ci.nsIFile); file.initWithPath(args[0]);
            await MailUtils.openEMLFile(win, file, Services.io.newFileURI(file));
            await until("a window", () => Services.wm.getMostRecentWindow("mail:messageWindow")?.messageBrowser);""",
            str(file),
        )
        assert drawn(at_banner, "window")["level"] == "danger"
    finally:
        at_banner.run(CLOSE)


def test_several_messages_and_writing_are_left_alone(at_banner: Reader) -> None:
    """Where several are selected, and where a mail is written, nothing is drawn."""
    show(at_banner, PLAIN)
    at_banner.select_too(OPENER)
    at_banner.run(
        """await until("two", () => pane().threadTree.selectedIndices.length == 2);
        await until("their summary", () => !about()?.gMessage);"""
    )
    summary = at_banner.run(
        """const several = pane().document.getElementById("multiMessageBrowser").contentDocument;
        return [...several.documentElement.children].some(one => one.openOrClosedShadowRoot && !one.shadowRoot)"""
    )
    assert summary is False


def test_dark(at_banner: Reader) -> None:
    """In the dark theme the banner is dark; Thunderbird's own way to darken mails leaves it alone."""
    show(at_banner, PLAIN)
    light = picture_of_banner(at_banner, "banner-plain")
    at_banner.thunderbird.set_pref("ui.systemUsesDarkTheme", 1)
    try:
        eventually("a dark banner", lambda: drawn(at_banner)["dark"])
        eventually("dark", lambda: brightness(picture_of_banner(at_banner, "banner-dark")) < 0.35)
        point_at(at_banner, "a", lambda one: one["owner"])
        at_banner.picture("banner-dark-owner")
        assert brightness(light) > 0.65
    finally:
        at_banner.screen.act("mousemove", 20, 600)
        at_banner.thunderbird.set_pref("ui.systemUsesDarkTheme", 0)
        eventually("a light banner", lambda: not drawn(at_banner)["dark"])


def brightness(picture: Path) -> float:
    command = ["convert", str(picture), "-colorspace", "gray", "-format", "%[fx:mean]", "info:"]
    return float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def test_nobody_is_asked(at_banner: Reader, tmp_path: Path) -> None:
    """Opening mails, pointing at their links and reading the reasons: the host is only asked what this computer knows."""
    log = tmp_path / "frames"
    at_banner.unload()
    try:
        with at_banner.home.overheard(log):
            show(at_banner, FORM)
            click_button(at_banner, words("en")["banner_why"])
            point_at(at_banner, "a", lambda one: one["owner"])
            show(at_banner, OPENER)
    finally:
        at_banner.screen.act("mousemove", 20, 600)
        at_banner.unload()
    analysed = told(log)
    assert len(analysed) == 2
    assert {given["privacy"] for given in analysed} == {"offline"}
    assert b'"ask_more"' not in log.read_bytes()


def test_it_comes_back_after_a_restart(at_banner: Reader) -> None:
    """A registered script does not outlive Thunderbird: each start registers it anew."""
    at_banner.thunderbird.restart()
    assert show(at_banner, PLAIN)["level"] == "danger"


def test_japanese(program: Path, tmp_path: Path, alone: bool) -> None:
    """The same in a Japanese Thunderbird: sentence, reasons, owner."""
    with running(program, tmp_path, "ja", alone, ["Inbox", "Hostile"]) as reader:
        show(reader, PLAIN)
        click_button(reader, words("ja")["banner_why"])
        now = eventually("reasons", lambda: (one := state(reader)) and one["reasonsShown"] and one)
        assert now["text"].startswith(words("ja")["level_danger"])
        assert words("ja")["analyse"] in [text for text, *_ in now["buttons"]]
        now = point_at(reader, "a", lambda one: one["owner"])
        assert now["owner"].startswith(words("ja")["banner_owner"].replace("$1", "w-support.jp"))
        reader.picture("banner-owner")
        reader.open_folder("Inbox", 4)
        choose(reader, "always")
        reader.select(HONEST)
        reader.displayed(HONEST)
        drawn(reader)
        reader.picture("banner-always")
        assert reader.thunderbird.complaints(BENIGN) == []
