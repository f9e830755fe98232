// Exchanges the token for a cookie that scripts cannot read, then loads the page behind it.
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
    wrong.textContent = 'The console does not answer.';
  }
  token.select();
}

document.getElementById('enter')?.addEventListener('click', logIn);
token.addEventListener('keydown', (event) => { if (event.key === 'Enter') logIn(); });
