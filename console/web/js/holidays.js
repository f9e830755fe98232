// Names of the days on which a market rests, as the calendar files have them.

import { addWords, spoken } from './words.js';

/** @type {Record<string, string>} */
const kJapanese = {
  'weekend': '週末', 'year end': '年末休み', 'New Year': '年始休み', "New Year's Day": '元日', 'Coming of Age Day': '成人の日',
  'National Foundation Day': '建国記念の日', "Emperor's Birthday": '天皇誕生日', 'Vernal Equinox Day': '春分の日', 'Showa Day': '昭和の日',
  'Constitution Memorial Day': '憲法記念日', 'Greenery Day': 'みどりの日', "Children's Day": 'こどもの日', 'Marine Day': '海の日',
  'Mountain Day': '山の日', 'Respect for the Aged Day': '敬老の日', 'Autumnal Equinox Day': '秋分の日', 'Sports Day': 'スポーツの日',
  'Culture Day': '文化の日', 'Labor Thanksgiving Day': '勤労感謝の日', "Citizens' Holiday": '国民の休日', 'Christmas Day': 'クリスマス',
  'outage of the exchange': '取引所の障害',
};

addWords({
  en: Object.fromEntries(Object.keys(kJapanese).map((name) => [`holiday.${name}`, name])),
  ja: Object.fromEntries(Object.entries(kJapanese).map(([name, words]) => [`holiday.${name}`, words])),
});

/** A reason in the page's language; what nobody has translated stays as the calendar says it. @param {string} reason */
export function holidayText(reason) {
  if (spoken() === 'en') return reason;
  const substitute = /^Substitute for (.*?)(, no holiday trading)?$/.exec(reason);
  if (substitute) return `${kJapanese[substitute[1]] ?? substitute[1]}の振替休日`;
  const [name] = reason.split(', ');
  return kJapanese[name] ?? reason;
}
