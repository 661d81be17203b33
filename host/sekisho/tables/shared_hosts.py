"""Hosts at which strangers put files and pages side by side: that one of them was bad says nothing of the others.

as-of 2026-11-22, by hand. Hosts as links name them; what the Public Suffix List keeps apart (x.web.app) needs no entry.
"""

HOSTS = frozenset(
    " ".join(
        (
            "github.com gist.github.com raw.githubusercontent.com objects.githubusercontent.com gitlab.com bitbucket.org",
            "drive.google.com docs.google.com sites.google.com forms.gle storage.googleapis.com firebasestorage.googleapis.com",
            "drive.usercontent.google.com translate.google.com www.google.com lh3.googleusercontent.com",
            "onedrive.live.com 1drv.ms forms.office.com login.microsoftonline.com teams.microsoft.com",
            "www.dropbox.com dropbox.com dl.dropboxusercontent.com www.icloud.com mega.nz www.mediafire.com mediafire.com",
            "we.tl wetransfer.com gigafile.nu file.io transfer.sh pastebin.com paste.ee archive.org web.archive.org ipfs.io",
            "cdn.discordapp.com media.discordapp.net discord.com t.me telegra.ph s3.amazonaws.com notion.so www.notion.so",
            "www.canva.com linktr.ee medium.com www.facebook.com l.facebook.com www.instagram.com x.com twitter.com www.youtube.com",
            "www.linkedin.com line.me lin.ee amzn.to bit.ly t.co t.ly tinyurl.com is.gd cutt.ly ow.ly rebrand.ly goo.gl x.gd",
            "qr-code-generator.com qrco.de docs.yahoo.co.jp sites.yahoo.co.jp note.com ameblo.jp plaza.rakuten.co.jp",
            "www.sendgrid.net click.mailchimp.com list-manage.com",
        )
    ).split()
)
