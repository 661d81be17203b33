"""Hosts and domains at which strangers put files and pages side by side: that one of them was bad says nothing of the others.

as-of 2026-11-22, by hand, from the services' own pages and the private part of the Public Suffix List.
"""

from __future__ import annotations

from sekisho.tables import shorteners

# Hosts as links name them at which addresses differ by their path alone.
_HOSTS = frozenset(
    " ".join(
        (
            "github.com gist.github.com raw.githubusercontent.com objects.githubusercontent.com gitlab.com bitbucket.org",
            "translate.google.com www.google.com lh3.googleusercontent.com login.microsoftonline.com teams.microsoft.com",
            "www.icloud.com mega.nz www.mediafire.com mediafire.com we.tl wetransfer.com gigafile.nu file.io transfer.sh pastebin.com",
            "paste.ee archive.org web.archive.org cdn.discordapp.com media.discordapp.net discord.com www.facebook.com",
            "l.facebook.com www.instagram.com x.com twitter.com www.youtube.com www.linkedin.com line.me qr-code-generator.com",
            "docs.yahoo.co.jp www.sendgrid.net click.mailchimp.com list-manage.com medium.com",
        )
    ).split()
)
# Hosts at which anybody may put a page or a form of his own, in minutes and without saying who he is; where a path stands, below it.
_PAGES = {
    "docs.google.com": ("/forms", "/presentation", "/document", "/drawings", "/spreadsheets"),
    "storage.cloud.google.com": ("/",),
    **dict.fromkeys(
        " ".join(
            (
                "drive.google.com drive.usercontent.google.com sites.google.com forms.gle storage.googleapis.com",
                "firebasestorage.googleapis.com script.google.com lookerstudio.google.com onedrive.live.com 1drv.ms",
                "forms.office.com forms.microsoft.com forms.cloud.microsoft sway.office.com sway.cloud.microsoft www.dropbox.com",
                "dropbox.com dl.dropboxusercontent.com paper.dropbox.com s3.amazonaws.com telegra.ph graph.org te.legra.ph",
                "notion.so www.notion.so app.box.com www.canva.com linktr.ee note.com ameblo.jp plaza.rakuten.co.jp",
                "sites.yahoo.co.jp form.run formzu.net ws.formzu.net formok.com form-mailer.jp ssl.form-mailer.jp",
                "ipfs.io cloudflare-ipfs.com gateway.pinata.cloud gateway.ipfs.io cf-ipfs.com ipfs.fleek.co 4everland.io w3s.link",
                "dweb.link nftstorage.link gateway.lighthouse.storage typeform.com www.jotform.com form.jotform.com",
                "www.surveymonkey.com www.smartsheet.com app.smartsheet.com app.milanote.com www.evernote.com share.evernote.com",
                "padlet.com www.padlet.com indd.adobe.com express.adobe.com spark.adobe.com new.express.adobe.com www.scribd.com",
                "flipsnack.com www.flipsnack.com www.flipbookpdf.net codepen.io jsfiddle.net rentry.co rentry.org write.as",
            )
        ).split(),
        ("/",),
    ),
}
# Domains below which anybody gets a name: the one in front of it is a stranger's.
_NAMES = frozenset(
    " ".join(
        (
            # pages and programs
            "web.app firebaseapp.com appspot.com run.app cloudfunctions.net blogspot.com blogspot.jp pages.dev workers.dev r2.dev",
            "trycloudflare.com github.io gitlab.io gitbook.io netlify.app vercel.app now.sh surge.sh onrender.com",
            "herokuapp.com fly.dev up.railway.app glitch.me repl.co replit.app replit.dev deno.dev webcontainer.io",
            "codesandbox.io csb.app lovable.app bolt.host framer.app framer.website framer.ai webflow.io carrd.co typedream.app",
            "softr.app bubbleapps.io glideapp.io durable.co mystrikingly.com wixsite.com wixstudio.com",
            "editorx.io weebly.com weeblysite.com square.site godaddysites.com jimdofree.com jimdosite.com jimdoweb.com",
            "webnode.page webnode.jp site123.me yolasite.com ucoz.net tilda.ws wordpress.com wpcomstaging.com",
            "myshopify.com bigcartel.com tumblr.com livejournal.com substack.com ghost.io notion.site super.site",
            "000webhostapp.com infinityfreeapp.com epizy.com rf.gd byethost.com freehostia.com awardspace.com atwebpages.com",
            "mypressonline.com onlinewebshop.net x10.mx 5gbfree.com hstn.me great-site.net free.nf ct.ws 42web.io liveblog365.com",
            "hostingerapp.com zyrosite.com builder-preview.com builderallwppro.com mybluehost.me plesk.page cprapid.com",
            "servehttp.com zohosites.com zohopublic.com formstack.com forms.app",
            "hubspotpagebuilder.com hs-sites.com myclickfunnels.com systeme.io leadpages.co",
            "dweb.link w3s.link nftstorage.link fleek.co fleek.xyz on.fleek.co 4everland.app arweave.net",
            # buckets and clouds
            "blob.core.windows.net web.core.windows.net azurewebsites.net azurestaticapps.net cloudapp.net",
            "cloudapp.azure.com s3.amazonaws.com s3-website.amazonaws.com amplifyapp.com awsapprunner.com elasticbeanstalk.com",
            "storage.googleapis.com backblazeb2.com digitaloceanspaces.com ondigitalocean.app",
            "linodeobjects.com vultrobjects.com aliyuncs.com myqcloud.com",
            "bcebos.com appdomain.cloud codeanyapp.com",
            # Japan
            "fc2.com fc2.net fc2web.com xrea.com coreserver.jp hatenablog.com hatenablog.jp hatenadiary.jp",
            "hatenadiary.com livedoor.blog blog.jp blogo.jp seesaa.net seesaa.jp sblo.jp cocolog-nifty.com hp.infoseek.co.jp exblog.jp",
            "shinobi.jp stars.ne.jp wp.xdomain.jp html.xdomain.jp php.xdomain.jp main.jp lolipop.jp boo.jp moo.jp heteml.jp",
            "heteml.net sakura.ne.jp sakuraweb.com xsrv.jp wpx.jp wpxblog.jp crayonsite.com crayonsite.net crayonsite.info",
            "peraichi.com goope.jp thebase.in base.shop base.ec buyshop.jp official.ec stores.jp shop-pro.jp jugem.jp",
            "amebaownd.com localinfo.jp themedia.jp theblog.me storeinfo.jp shopinfo.jp therestaurant.jp studio.site",
            "formzu.com hp-ez.com",
            # tunnels to somebody's own computer
            "ngrok.io ngrok.app ngrok.dev ngrok-free.app ngrok-free.dev loca.lt localhost.run lhr.life serveo.net pinggy.link pinggy.io",
            "devtunnels.ms",
            # names for changing addresses
            "duckdns.org ddns.net no-ip.org no-ip.biz no-ip.info noip.me hopto.org zapto.org sytes.net myftp.org myftp.biz redirectme.net",
            "serveftp.com servebeer.com servegame.com serveminecraft.net servepics.com servequake.com ddnsking.com 3utilities.com bounceme.net",
            "freedynamicdns.net freedynamicdns.org gotdns.ch onthewifi.com viewdns.net webhop.me dyndns.org dyndns.info dyndns.biz dynu.net",
            "freeddns.org mywire.org webredirect.org ooguy.com casacam.net accesscam.org camdvr.org giize.com gleeze.com kozow.com",
            "loseyourip.com theworkpc.com dynv6.net ddns.info dns.army dns.navy chickenkiller.com mooo.com",
            "us.to crabdance.com ignorelist.com jumpingcrab.com strangled.net twilightparadox.com nsupdate.info spdns.de spdns.org myddns.jp",
            "mydns.jp mydns.to mydns.bz mydns.vc daemon.asia ddo.jp ieserver.net dip.jp netvolante.jp homeip.net",
            "synology.me myds.me quickconnect.to myqnapcloud.com tplinkdns.com asuscomm.com i234.me diskstation.me desec.io dedyn.io nip.io sslip.io xip.io",
        )
    ).split()
)
# A domain's own site and those that it makes for itself stand below it too.
_OWN = frozenset(
    (
        "www",
        "mail",
        "app",
        "login",
        "account",
        "accounts",
        "support",
        "help",
        "blog",
        "docs",
        "developer",
        "api",
        "status",
    )
)


def shared(host: str) -> bool:
    """Whether a host's addresses are different strangers'."""
    return host in _HOSTS or host in _PAGES or shorteners.of(host, "") is not None


def anybodys(host: str, path: str) -> str:
    """The service at which that page, or that name, is one that anybody may have; "" where it is not known to be."""
    for begin in _PAGES.get(host, ()):
        if path.startswith(begin):
            return host
    labels = host.split(".")[-6:]
    if host.endswith(".amazonaws.com") and any(label == "s3" or label.startswith("s3-") for label in labels):
        return "s3.amazonaws.com"  # whatever the region
    for start in range(1, len(labels) - 1):
        name = ".".join(labels[start:])
        if name in _NAMES and (labels[start - 1] not in _OWN or start > 1):
            return name
    return ""
