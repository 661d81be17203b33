"""Mails whose HTML wants the banner above them gone, covered, unreadable or believed to be theirs. One weapon each."""

from __future__ import annotations

from .mails import Mail

ADDRESS = "https://w-support.jp/activemail.kagoya.com/?e={EMAIL64}"
LINK = f'<p><a href="{ADDRESS}">Open your mailbox</a></p>'
COVER = "position: fixed; inset: 0; width: 100vw; height: 100vh; z-index: 2147483647; background: #fff; color: #000"


def mail(name: str, html: str) -> Mail:
    """The sample from "KAGOYA" again, with this HTML alone."""
    head = (
        "Return-Path: <mori@office.example>\n"
        "Delivered-To: stray@office.example\n"
        "Received: from sv742.xserver.jp (sv742.xserver.jp [120.136.14.43])\n"
        "\tby mx1.office.example (Postfix) with ESMTPS id 5C1E02A0F7\n"
        "\tfor <mori@office.example>; Tue, 10 May 2022 06:12:44 +0900 (JST)\n"
        "From: eKagoya ISP <mori@office.example>\n"
        "To: mori@office.example\n"
        f"Subject: {name}\n"
        "Date: Mon, 9 May 2022 21:12:40 +0000\n"
        f"Message-ID: <hostile-{name}@tests.example>\n"
        "MIME-Version: 1.0\n"
        "Content-Type: text/html; charset=UTF-8\n\n"
    )
    return Mail(name, (head + html + "\n").encode())


def styled(style: str, body: str = "") -> str:
    return f"<html><head><style>{style}</style></head><body><p>Your mailbox is full.</p>{LINK}{body}</body></html>"


PLAIN = mail("plain", styled(""))

# Everything that one rule can do to one element.
GONE = (
    "display: none !important; visibility: hidden !important; opacity: 0 !important; transform: translate(-9999px) !important; "
    "clip-path: inset(50%) !important; filter: opacity(0) !important; mask: linear-gradient(transparent, transparent) !important; "
    "content-visibility: hidden !important; contain: strict !important; position: absolute !important; left: -9999px !important; "
    "width: 0 !important; height: 0 !important; max-height: 0 !important; overflow: hidden !important; zoom: 0.01 !important; "
    "pointer-events: none !important; z-index: -1 !important; translate: -9999px !important; scale: 0 !important"
)
TEXT = (
    "color: transparent !important; -webkit-text-fill-color: transparent !important; font-size: 0 !important; line-height: 0 !important; "
    "letter-spacing: -1em !important; text-indent: -9999px !important; direction: rtl !important; unicode-bidi: bidi-override !important; "
    "writing-mode: vertical-rl !important; text-transform: uppercase !important; user-select: none !important; cursor: none !important; "
    "word-spacing: 9em !important; font-variant: small-caps !important; text-shadow: 0 0 9px red !important; visibility: hidden !important"
)
NAMES = [
    "createElement",
    "documentElement",
    "querySelector",
    "addEventListener",
    "body",
    "head",
    "URL",
    "title",
    "prepend",
    "append",
    "firstChild",
    "parentNode",
    "attachShadow",
    "style",
    "removeAttribute",
    "hasAttribute",
    "setProperty",
    "closest",
    "matches",
]

STILL: dict[str, str] = {
    "every-element": styled(f"* {{ {GONE} }}"),
    "page": styled(f":root, html, body {{ {GONE} }}"),
    "page-attributes": f'<html inert hidden popover style="display: none !important; zoom: 0.1 !important"><body inert hidden>{LINK}</body></html>',
    "its-element": styled(
        f"html > div:first-child, html > :not(head, body), :host, :host(*), div:empty, [popover], ::backdrop, ::part(bar), ::slotted(*) {{ {GONE} }}"
    ),
    "cascade-layer": styled(f"@layer first {{ * {{ {GONE} }} }} @scope (html) {{ * {{ {GONE} }} }}"),
    "inherited": styled(f":root, :root > * {{ {TEXT} }}"),
    "variables": styled(
        "* { --wash: #fff !important; --ink: #fff !important; --mark: #fff !important; --edge: #fff !important; --mark-ink: #fff !important }"
        "@property --wash { syntax: '<color>'; inherits: false; initial-value: #fff }"
    ),
    "fonts": styled(
        "".join(
            f"@font-face {{ font-family: {name}; src: local('Noto Sans CJK JP'), local('DejaVu Serif'); size-adjust: 300% }}"
            for name in ("'system-ui'", "'sans-serif'", "'DejaVu Sans'", "'Cantarell'", "'Noto Sans'")
        )
    ),
    "motion": styled(
        f"* {{ animation: gone 1ms forwards !important; transition: all 9999s !important }} @keyframes gone {{ to {{ {GONE.replace('!important', '')} }} }}"
        f"@starting-style {{ * {{ opacity: 0; display: none }} }}"
    ),
    "cover": styled("", f'<div style="{COVER}">Sekisho: verified</div>'),
    "cover-generated": styled(
        f"html::before, body::after, html > div:first-child::before {{ content: 'verified'; {COVER} }}"
    ),
    "cover-picture": styled(
        "",
        f'<svg style="{COVER}"><rect width="100%" height="100%" fill="#fff"/></svg><dialog open style="{COVER}">ok</dialog>',
    ),
    "names": styled(
        "",
        "".join(f'<form name="{name}" id="{name}"><input name="{name}"></form><img name="{name}">' for name in NAMES),
    ),
    "policy": f"""<html><head><meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'none'; script-src 'none'; sandbox">
<meta name="color-scheme" content="dark"><meta name="viewport" content="width=9000"><meta http-equiv="refresh" content="0; url=about:blank">
<base href="https://base.example/" target="_top"></head><body>{LINK}</body></html>""",
    "frames": f'<html><frameset rows="*"><frame src="about:blank"></frameset><noframes>{LINK}</noframes></html>',
    "unclosed": f"<html><body>{LINK}<template><textarea><title><style>* {{ display: none !important }}</style><plaintext>",
    "flow": styled(
        "html { display: flex !important; position: fixed !important; top: 300px !important; flex-direction: column-reverse; perspective: 1px }"
    ),
    "twice": f"{styled('')}<html hidden inert style='display: none !important'><body style='display: none !important' inert>",
}
HOSTILE = [mail(name, html) for name, html in STILL.items()]

# What opens a layer above everything, once the reader clicks on it.
OPENER = mail(
    "opener",
    styled(
        f"[popover], dialog {{ {COVER}; border: 0; margin: 0; padding: 0; max-width: none; max-height: none }}",
        '<button id="first" popovertarget="over">one</button> <button id="second" commandfor="modal" command="show-modal">two</button>'
        ' <button id="third" commandfor="over" command="show-popover">three</button> <details id="fold"><summary>four</summary>fold</details>'
        '<div id="over" popover="manual">verified</div><dialog id="modal">verified</dialog>',
    ),
)

# The mail's own form, of which Thunderbird itself warns with a bar.
FORM = mail(
    "form",
    styled(
        "",
        '<form action="https://form.w-support.jp/in" method="post"><input name="password"><button>Log in</button></form>',
    ),
)
MAILS = [PLAIN, *HOSTILE, OPENER, FORM]
