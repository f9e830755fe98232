// What a script does: the package `ws` for both sockets, JSON.parse for ticks, JSON.stringify for alerts.
//   node node_ws.mjs --feed 127.0.0.1:9225 [--alert-bytes 1024]
import { createRequire } from 'node:module';
import { parseArgs } from 'node:util';

const require = createRequire(import.meta.url);
const { WebSocket, WebSocketServer } = findWs();

// Debian's node knows where Debian's node-ws is; any other has to be told.
function findWs() {
  try {
    return require('ws');
  } catch {
    return require('/usr/share/nodejs/ws');
  }
}

const { values: options } = parseArgs({
  options: {
    feed: { type: 'string' },
    wait: { type: 'string', default: 'block' },
    'alert-bytes': { type: 'string', default: '1024' },
  },
});
if (!options.feed || options.wait !== 'block') {
  console.error('usage: node node_ws.mjs --feed ADDRESS:PORT [--wait block] [--alert-bytes N]');
  process.exit(2);
}
const alertBytes = Number(options['alert-bytes']);

// The nearest milestone above and below. Prices are whole millionths, so that thresholds are exact.
class Thresholds {
  constructor(step, rearm) {
    this.step = step * 1e6;
    this.rearm = rearm * 1e6;
    this.above = 0;
    this.below = 0;
    this.last = null;
  }

  onPrice(price) {
    const previous = this.last;
    this.last = price;
    if (price < this.above && price > this.below) return null;
    const reached = price >= this.above;
    const level = reached ? Math.floor(price / this.step) * this.step : Math.ceil((price + this.rearm) / this.step) * this.step;
    this.above = reached ? level + this.step : level;
    this.below = (reached ? level : level - this.step) - this.rearm;
    return previous === null ? null : { reached, level, previous };
  }
}

const watches = new Map([
  ['NI225', new Thresholds(1000, 100)],
  ['USDJPY', new Thresholds(1, 0.1)],
  ['PROBE', new Thresholds(1, 0.001)],
]);

let client = null;
let count = 0;
let filler = null;

function alertOf(symbol, price, crossing, nanoseconds) {
  const { reached, level, previous } = crossing;
  const alert = {
    v: 1,
    seq: ++count,
    kind: 'milestone',
    event: reached ? 'reached' : 'lost',
    instrument: symbol,
    direction: reached ? 'up' : 'down',
    price: price / 1e6,
    previous: previous / 1e6,
    level: level / 1e6,
    ts_event_ns: '@',
    ts_decided_ns: Date.now() + '000000',
    text: filler ?? '',
  };
  const text = JSON.stringify({ type: 'alert', alert }).replace('"@"', nanoseconds);
  // The text is as long as the first alert leaves room for; blanks do the rest.
  filler ??= '.'.repeat(Math.max(0, alertBytes - text.length - 32));
  return text.padEnd(alertBytes);
}

function onTick(message) {
  const tick = JSON.parse(message);
  const watch = watches.get(tick.symbol);
  if (!watch) return;
  const price = Math.round(tick.price !== undefined ? tick.price * 1e6 : (Number(tick.bid) + Number(tick.ask)) * 5e5);
  const crossing = watch.onPrice(price);
  if (!crossing) return;
  // 19 digits do not fit into a number: those of the alert are taken from the text.
  const nanoseconds = /"ts_ns":(\d+)/.exec(message)[1];
  client.send(alertOf(tick.symbol, price, crossing, nanoseconds));
}

function subscribe() {
  const feed = new WebSocket(`ws://${options.feed}/`, { perMessageDeflate: false });
  feed.on('open', () => feed.send(JSON.stringify({ type: 'subscribe', symbols: [...watches.keys()] })));
  feed.on('message', (data) => onTick(data.toString()));
  feed.on('close', () => process.exit(0));
  feed.on('error', (error) => {
    console.error(`cannot connect to the feed at ${options.feed}: ${error.message}`);
    process.exit(1);
  });
}

const server = new WebSocketServer({ host: '127.0.0.1', port: 0, path: '/ws', perMessageDeflate: false });
server.on('listening', () => console.log(`listening 127.0.0.1:${server.address().port}`));
server.on('connection', (socket) => {
  client = socket;
  client.on('close', () => process.exit(0));
  subscribe();
});
process.stdin.on('end', () => process.exit(0)).resume();
