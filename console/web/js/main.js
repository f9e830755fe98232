// The page: one store, one link, and panels that each own a part of the document. A panel exports
// mount(element, app), draws itself from the store and listens for what changes. Text is only ever set
// as textContent, never parsed as HTML.

import * as alertDetail from './alert_detail.js';
import * as chart from './chart.js';
import * as distanceBoard from './distance_board.js';
import * as feedsPanel from './feeds_panel.js';
import * as instruments from './instruments.js';
import * as keyboard from './keyboard.js';
import * as latencyStrip from './latency_strip.js';
import { keepLink } from './link.js';
import * as masthead from './masthead.js';
import * as notify from './notify.js';
import * as pairPanel from './pair_panel.js';
import * as sessionClock from './session_clock.js';
import { Settings } from './settings.js';
import * as settingsPanel from './settings_panel.js';
import { Store } from './store.js';
import * as tape from './tape.js';
import { speak, translate } from './words.js';

const store = new Store();
const settings = new Settings();
const app = { store, settings };

const kPanels = {
  top: masthead,
  'session-clock': sessionClock,
  settings: settingsPanel,
  instruments,
  chart,
  'alert-detail': alertDetail,
  distances: distanceBoard,
  tape,
  pair: pairPanel,
  feeds: feedsPanel,
  latency: latencyStrip,
  notify,
  keys: keyboard,
};

function wear() {
  const root = document.documentElement;
  root.dataset.theme = settings.get('theme');
  root.dataset.colours = settings.get('colours');
}

wear();
speak(settings.get('lang'));
settings.on((name) => {
  wear();
  if (name === 'lang') speak(settings.get('lang'));
});
store.preferred = settings.get('instrument');
store.on('selection', () => { if (store.selected) settings.set('instrument', store.selected); });
for (const [id, panel] of Object.entries(kPanels)) {
  const element = document.getElementById(id);
  try {
    if (element) panel.mount(element, app);
  } catch (error) {
    console.error(`panel ${id}:`, error);  // the others still work
  }
}
translate(document);
keepLink(store);
