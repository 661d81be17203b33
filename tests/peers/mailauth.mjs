// What mailauth says of mails: reads {zone, mails} as JSON from standard input, writes one object a mail. The zone is asked instead of DNS.
import { createRequire } from "node:module";
import { text } from "node:stream/consumers";

const { authenticate } = createRequire(new URL("../extension/package.json", import.meta.url))("mailauth");
console.log = () => {}; // mailauth talks

const { zone, mails } = JSON.parse(await text(process.stdin));

const resolver = async (name, type) => {
  const found = zone[`${name.toLowerCase().replace(/\.$/, "")} ${type}`];
  if (!found) throw Object.assign(new Error(`no ${type} of ${name}`), { code: "ENOTFOUND" });
  if (type === "TXT") return found.map((record) => [record]);
  if (type !== "MX") return found;
  return found.map((record) => ({ priority: Number(record.split(" ")[0]), exchange: record.split(" ")[1] }));
};

const said = [];
for (const { source, ip, helo, sender } of mails) {
  const options = { ip, helo, sender, mta: "mx.office.example", resolver, disableBimi: true };
  const { dkim, spf, dmarc, arc } = await authenticate(Buffer.from(source, "base64"), options);
  said.push({
    dkim: dkim.results
      .filter((one) => one.signingDomain)
      .map((one) => [one.signingDomain, one.selector, one.status.result, one.status.comment ?? ""]),
    spf: spf ? spf.status.result : "none",
    dmarc: dmarc ? [dmarc.status.result, dmarc.policy ?? ""] : ["none", ""],
    arc: arc ? arc.status.result : "none",
  });
}
process.stdout.write(JSON.stringify(said));
