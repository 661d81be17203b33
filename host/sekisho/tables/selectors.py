"""DKIM selectors that many domains use: a key looked up under one of them tells nobody who is looking (DESIGN section 4).

as-of 2026-11-22. From the published set-up guides of the mail services named.
"""

COMMON = frozenset(
    [
        *("default", "dkim", "mail", "email", "smtp", "mx", "key", "key1", "key2", "k1", "k2", "k3", "s1", "s2"),
        *("s1024", "s2048", "sel1", "sel2", "selector", "selector1", "selector2", "dkim1", "dkim2", "main", "server"),
        *("google", "20161025", "20210112", "20221208", "20230601", "20251104"),  # Google
        *("amazonses", "mandrill", "mailo", "pic", "mta", "krs", "smtpapi", "sendgrid", "sg", "em"),  # mail services
        *("fm1", "fm2", "fm3", "protonmail", "protonmail2", "protonmail3", "zoho", "zmail"),
        *("sig1", "1a1hai", "200608", "20150623", "mesmtp", "pm", "cm", "ctct1", "ctct2", "hs1", "hs2"),
        *("turbo-smtp", "dk", "yj20110701", "xserver", "sakura", "lolipop", "kagoya", "conoha", "biglobe", "nifty"),
    ]
)
