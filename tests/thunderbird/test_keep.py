"""What the reader copies and saves from the panel is on the clipboard and on the disk, and for strangers it does not name him."""

from __future__ import annotations

from pathlib import Path

from .mails import samples
from .reader import Reader
from .screen import eventually

KAGOYA = samples()["kagoya"]
FOLD = "details:has(> .body > [data-action=keep])"


def clipboard(reader: Reader) -> str:
    """What another program would paste."""
    text: str = reader.run(
        """
        const transfer = Cc["@mozilla.org/widget/transferable;1"].createInstance(Ci.nsITransferable);
        transfer.init(null);
        transfer.addDataFlavor("text/plain");
        Services.clipboard.getData(transfer, Ci.nsIClipboard.kGlobalClipboard);
        const data = {};
        try { transfer.getTransferData("text/plain", data); } catch { return ""; }
        return data.value.QueryInterface(Ci.nsISupportsString).data;
        """
    )
    return text


def test_a_report_is_copied_and_saved(reader: Reader, tmp_path: Path) -> None:
    """From the popup: Markdown to the clipboard, whole and for strangers; a page and a bundle to the disk, through the tab."""
    reader.run(
        """
        Services.prefs.setIntPref("browser.download.folderList", 2);
        Services.prefs.setCharPref("browser.download.dir", args[0]);
        Services.prefs.setBoolPref("browser.download.useDownloadDir", true);
        """,
        str(tmp_path),
    )
    reader.open_folder("Inbox", 4)
    reader.select(KAGOYA)
    reader.displayed(KAGOYA)
    reader.click_display_button()
    reader.until_done()
    reader.press(f"{FOLD} > summary")
    reader.picture_of_panel("keep-popup")
    reader.press(f"{FOLD} [data-action=keep]")
    whole = eventually(
        "the report on the clipboard", lambda: clipboard(reader) if "w-support" in clipboard(reader) else None
    )
    assert "mori" in whole

    reader.press(f"{FOLD} [data-action=publication]")
    reader.run(
        "await until('the switch', () => within(panels().at(-1), `return !!document.querySelector('[data-action=publication][aria-pressed=true]')`))"
    )
    reader.press(f"{FOLD} [data-action=keep]")
    article = eventually("the article on the clipboard", lambda: (now := clipboard(reader)) != whole and now)
    assert "w\\-support\\[\\.\\]jp" in article or "w-support[.]jp" in article
    assert "mori" not in article
    assert "office.example" not in article.replace("\\", "")

    reader.press(f'{FOLD} [data-action=keep][data-arguments*="html"]')
    reader.until_panel("the tab", lambda panel: panel["place"] == "tab" and panel["state"] == "done")
    saved = eventually("a page on the disk", lambda: next(iter(tmp_path.glob("*.html")), None))
    eventually("all of it", lambda: "</html>" in saved.read_text("utf-8"))
    assert saved.name.startswith("sekisho-2022-05-10-")
    assert "mori@" not in saved.read_text("utf-8")
    reader.picture_of_panel("keep-saved")
