// verify.mjs SEND_WEBHOOK: has the webhook channel post to a server of its own, and checks each message
// with the npm package standardwebhooks, as a receiver would.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import { Webhook } from "standardwebhooks";

const [sender] = process.argv.slice(2);
const NEW = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const OLD = "whsec_" + Buffer.from("an older secret, 32 bytes long..").toString("base64");
const OTHER = "whsec_" + Buffer.from("a secret of somebody else's.....").toString("base64");
const ID = "0123456789abcdeffedcba9876543210";

async function receive(secrets) {
  let message;
  const server = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    message = { headers: request.headers, body: Buffer.concat(chunks).toString("utf8") };
    response.writeHead(204).end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const child = spawn(sender, [`http://127.0.0.1:${server.address().port}/hook`], {
    env: { ...process.env, ...secrets },
    stdio: ["ignore", "inherit", "inherit"],
  });
  const [code] = await once(child, "exit");
  server.close();
  assert.equal(code, 0, "the channel says that it was delivered");
  return message;
}

const accepts = (secret, { body, headers }, options) => new Webhook(secret, options).verify(body, headers);
const refuses = (secret, message, why) => assert.throws(() => accepts(secret, message), why);

let checks = 0;
async function check(name, body) {
  await body();
  checks += 1;
  console.log(`ok ${name}`);
}

const message = await receive({ HOOK_SECRET: NEW });
await check("a message verifies and holds the alert", () => {
  assert.equal(accepts(NEW, message).id, ID);
  assert.equal(message.headers["webhook-id"], ID);
  assert.match(accepts(NEW, message).title, /日経平均 57,000 🚀/);
});
await check("another secret does not verify it", () => refuses(OTHER, message, /No matching signature/));
await check("a changed byte does not verify", () => {
  for (const at of [0, 10, Math.floor(message.body.length / 2), message.body.length - 1]) {
    const changed = message.body.slice(0, at) + (message.body[at] === "x" ? "y" : "x") + message.body.slice(at + 1);
    refuses(NEW, { ...message, body: changed }, /No matching signature/);
  }
});
await check("another id does not verify", () => {
  refuses(NEW, { ...message, headers: { ...message.headers, "webhook-id": ID.replace("0", "1") } }, /No matching signature/);
});
await check("an old time-stamp does not verify, changed or signed", () => {
  const old = new Date(Date.now() - 600_000);
  const stamp = String(Math.floor(old.getTime() / 1000));
  const headers = { ...message.headers, "webhook-timestamp": stamp };
  refuses(NEW, { ...message, headers }, /too old/);
  headers["webhook-signature"] = new Webhook(NEW).sign(ID, old, message.body);
  refuses(NEW, { ...message, headers }, /too old/);
});

const rotated = await receive({ HOOK_SECRET: NEW, HOOK_OLD_SECRET: OLD });
await check("while a secret changes both verify, no other does", () => {
  assert.equal(accepts(NEW, rotated).id, ID);
  assert.equal(accepts(OLD, rotated).id, ID);
  refuses(OTHER, rotated, /No matching signature/);
});
await check("the old secret alone is not signed for", () => refuses(OLD, message, /No matching signature/));

const raw = await receive({ HOOK_SECRET: "a secret of plain text" });
await check("a secret of plain text verifies", () => {
  assert.equal(accepts("a secret of plain text", raw, { format: "raw" }).id, ID);
});
console.log(`${checks} passed`);
