"""Who sends mail for others: services for newsletters, tickets and aliases, and hosts of mailing lists, by their own domains.

as-of 2026-11-22, by hand, from the services' own documentation of their sending hosts, bounce domains and DKIM domains.
Registrable domains, and hosts under a shared one. A row says who the service is when its host or its signature is proven;
it says nothing where only a header names it.
"""

from __future__ import annotations

from sekisho.named import NamedTuple

NEWSLETTER, TICKETS, ALIAS, LIST = "newsletter", "tickets", "alias", "list"


class Service(NamedTuple):
    """`open`: anybody can become a customer and write any name into From; a service that is not works for firms under contract."""

    name: str
    kind: str
    open: bool


_OPEN = {
    "SendGrid": "sendgrid.net sendgrid.com sendgrid.info",
    "Amazon SES": "amazonses.com",
    "Mailchimp": "mcsv.net rsgsv.net mcdlv.net mailchimpapp.net mailchimpapp.com mailchimp.com",
    "Mandrill": "mandrillapp.com",
    "SparkPost": "sparkpostmail.com sparkpostmail2.com",
    "Mailgun": "mailgun.org mailgun.net mailgun.us mailgun.info",
    "Mailjet": "mailjet.com",
    "Postmark": "mtasv.net postmarkapp.com",
    "HubSpot": "hubspotemail.net hubspot.com",
    "Brevo": "sendinblue.com brevo.com brevosend.com sender-sib.com",
    "Constant Contact": "constantcontact.com ccsend.com",
    "Campaign Monitor": " ".join(f"cmail{number}.com" for number in range(1, 21)) + " createsend.com",
    "Klaviyo": "klaviyomail.com",
    "ActiveCampaign": "acems1.com acems2.com acems3.com acems4.com activehosted.com",
    "MailerLite": "mlsend.com mailerlite.com mailersend.net",
    "GetResponse": "getresponse.com getresponse-mail.com",
    "AWeber": "aweber.com",
    "Kit": "convertkit.com convertkit-mail.com convertkit-mail2.com",
    "Elastic Email": "elasticemail.com elasticemail.net",
    "SMTP2GO": "smtp2go.com smtpservice.net",
    "Customer.io": "customeriomail.com",
    "beehiiv": "beehiiv.com",
    "Substack": "substack.com",
    "Zoho Campaigns": "zcsend.net zohocampaigns.com",
    "Benchmark Email": "benchmarkemail.com bmsend.com",
    "Wix": "wixemails.com ascendbywix.com",
    "Shopify": "shopifyemail.com",
    "Kajabi": "kajabimail.net",
    "Salesforce": "salesforce.com",
    # Japan
    "まぐまぐ": "mag2.com",
    "MyASP": "myasp.jp",
    "オートビズ": "autobiz.jp",
    "アスメル": "asumeru.com",
    "formzu": "formzu.net formzu.jp",
    "フォームメーラー": "form-mailer.jp",
    "blastmail": "blastmail.jp blayn.jp",
    "コンビーズメール": "combzmail.jp",
    "WiLL Mail": "willap.jp",
}
_CONTRACTED = {
    "Salesforce Marketing Cloud": "exacttarget.com exct.net",
    "Oracle Responsys": "rsys2.com rsys5.com responsys.net",
    "Oracle Eloqua": "eloqua.com en25.com",
    "Epsilon": "bfi0.com epsilon.com",
    "Cheetah Digital": "cheetahmail.com chtah.net chtah.com",
    "Acoustic": "silverpop.com",
    "Adobe": "neolane.net mktomail.com",
    "Bazaarvoice": "bazaarvoice-cgc.com bazaarvoice.com",
    "Narvar": "narvar.com",
    "Medallia": "medallia.com",
    "Cuenote": "cuenote.jp",
    "Mail Publisher": "mpse.jp emberpoint.com",
    "SPIRAL": "smp.ne.jp",
    "アララ": "repica.jp",
    "HENNGE": "hennge.com hdemail.jp",
}
_TICKETS = {
    "Zendesk": "zendesk.com",
    "Freshdesk": "freshdesk.com freshemail.io",
    "Jira": "atlassian.net atlassian.com",
    "GitHub": "github.com",
    "GitLab": "gitlab.com",
    "Intercom": "intercom-mail.com intercom.io",
    "Help Scout": "helpscout.net helpscoutapp.com",
    "Backlog": "backlog.jp backlog.com",
    "Re:lation": "relationapp.jp",
}
_ALIASES = {
    "Firefox Relay": "mozmail.com relay.firefox.com",
    "Hide My Email": "privaterelay.appleid.com",
    "SimpleLogin": "simplelogin.co simplelogin.com simplelogin.io aleeas.com slmails.com slmail.me",
    "addy.io": "anonaddy.com anonaddy.me addy.io addymail.com",
    "DuckDuckGo Email Protection": "duck.com duckduckgo.com",
}
_LISTS = {
    "Google Groups": "googlegroups.com",
    "SourceForge": "lists.sourceforge.net",
    "groups.io": "groups.io",
    "freeml": "freeml.com",
    "らくらくメーリングリスト": "rakurakuml.com",
    "GNU": "gnu.org nongnu.org",
    "Apache": "apache.org",
    "Debian": "lists.debian.org",
    "kernel.org": "vger.kernel.org lists.linux.dev",
    "freedesktop.org": "lists.freedesktop.org",
    "Python": "python.org",
    "IETF": "ietf.org",
}

_services: dict[str, Service] = {}


def service(host: str, registrable: str) -> Service | None:
    """Whose a host is: by its whole name, a parent of it that has a row of its own, or its registrable domain. Equality only."""
    if not _services:
        for rows, kind, anybody in (
            (_OPEN, NEWSLETTER, True),
            (_CONTRACTED, NEWSLETTER, False),
            (_TICKETS, TICKETS, True),
            (_ALIASES, ALIAS, True),
            (_LISTS, LIST, True),
        ):
            for name, domains in rows.items():
                _services.update(dict.fromkeys(domains.split(), Service(name, kind, anybody)))
    name = host.lower()
    while name and name != registrable:
        found = _services.get(name)
        if found is not None:
            return found
        name = name.partition(".")[2]
    return _services.get(registrable) if registrable else None
