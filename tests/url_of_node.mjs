// What a browser makes of URLs: a JSON list of texts on standard input, the parts of each (or null) as JSON on standard output.
let given = "";
for await (const piece of process.stdin) given += piece;
const read = JSON.parse(given).map((text) => {
  try {
    const { protocol, username, password, hostname, port } = new URL(text);
    return { protocol, username, password, hostname, port };
  } catch {
    return null;
  }
});
process.stdout.write(JSON.stringify(read));
