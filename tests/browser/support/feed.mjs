// A vendor on loopback that says what the test tells it to, in the native protocol (docs/feeds.md).

import { once } from 'node:events';

import { websockets } from './packages.mjs';

const MONDAY_NINE = 1_770_595_200n * 1_000_000_000n;  // 2026-02-09 09:00 JST

export class Feed {
  /** @type {Set<any>} */
  #listeners = new Set();
  #elapsed = 0n;
  /** @type {any} */
  #server;

  /** @param {{after: (done: () => unknown) => void}} test */
  static async start(test) {
    const feed = new Feed();
    const server = feed.#server = new (websockets().WebSocketServer)({ host: '127.0.0.1', port: 0 });
    await once(server, 'listening');
    server.on('connection', (/** @type {any} */ socket) => feed.#greet(socket));
    test.after(() => {
      for (const socket of server.clients) socket.terminate();
      return new Promise((done) => server.close(done));
    });
    return feed;
  }

  /** As a [[feed]] of the configuration. @param {string} name @param {string} extra */
  configuration(name = 'desk', extra = '') {
    const url = `ws://127.0.0.1:${this.#server.address().port}`;
    return `[[feed]]\nname = "${name}"\nvendor = "native"\nurl = "${url}"\n`
      + `symbols = { NI225 = "NI225", USDJPY = "USDJPY" }\n${extra}\n[pipeline]\non_full = "wait"\n`;
  }

  get listeners() { return this.#listeners.size; }

  /** A price, `seconds` of the market's time after the last one. @param {string} symbol @param {string} price @param {number} [seconds] */
  say(symbol, price, seconds = 1) {
    this.#elapsed += BigInt(Math.round(seconds * 1000)) * 1_000_000n;
    this.send(`{"type":"tick","symbol":"${symbol}","ts_ns":${MONDAY_NINE + this.#elapsed},"price":"${price}"}`);
  }

  /** @param {string} text */
  send(text) {
    for (const socket of this.#listeners) socket.send(text);
  }

  #greet(/** @type {any} */ socket) {
    socket.on('message', (/** @type {Buffer} */ data) => {
      const message = JSON.parse(data.toString());
      if (message.type !== 'subscribe') return;
      socket.send(JSON.stringify({ type: 'subscribed', symbols: message.symbols }));
      this.#listeners.add(socket);
    });
    socket.on('close', () => this.#listeners.delete(socket));
    socket.on('error', () => this.#listeners.delete(socket));
  }
}
