// Exchanges the token for a cookie that scripts cannot read, then loads the page behind it.
import { Settings } from './settings.js';
import { addWords, speak, t } from './words.js';

addWords({
  en: { 'login.token': 'Token of this console', 'login.enter': 'Log in', 'login.title': 'Yagura: log in', 'login.away': 'The console does not answer.' },
  ja: { 'login.token': 'コンソールのトークン', 'login.enter': 'ログイン', 'login.title': 'Yagura：ログイン', 'login.away': 'コンソールが応答しません。' },
});
const settings = new Settings();
document.documentElement.dataset.theme = settings.get('theme');
speak(settings.get('lang'));
document.title = t('login.title');

const token = /** @type {HTMLInputElement} */ (document.getElementById('token'));
const wrong = /** @type {HTMLElement} */ (document.getElementById('wrong'));

async function logIn() {
  try {
    const answer = await fetch('/api/v1/login', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ token: token.value }),
    });
    if (answer.ok) return location.reload();
    wrong.textContent = (await answer.json()).error;
  } catch {
    wrong.textContent = t('login.away');
  }
  token.select();
}

document.getElementById('enter')?.addEventListener('click', logIn);
token.addEventListener('keydown', (event) => { if (event.key === 'Enter') logIn(); });
