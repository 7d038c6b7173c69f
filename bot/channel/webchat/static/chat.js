// The page works without this script. With it, forms are sent in the
// background and what is said appears by itself. Every entry carries its
// number; only higher numbers than the last one are shown, whichever way they
// come (answer to a post, event stream, polling), so nothing appears twice.

const log = document.getElementById('log');
const lines = document.getElementById('lines');
const pending = document.getElementById('pending');
const typing = document.getElementById('typing');
const newest = document.getElementById('newest');
const notice = document.getElementById('notice');
const composer = document.getElementById('composer');
const upload = document.getElementById('upload');
const bubble = document.getElementById('bubble').content.firstElementChild;
const words = document.getElementById('words').dataset;
const field = composer.elements.text;
const lang = document.documentElement.lang;
const title = document.title;

let last = Number(log.dataset.last);
let begun = false; // the previewed beginning was committed by this page

// ---- showing entries ----

function receive(html) {
  const box = document.createElement('template');
  box.innerHTML = html;
  const fresh = [...box.content.querySelectorAll('.entry')].filter((e) => Number(e.dataset.seq) > last);
  if (!fresh.length) return false;
  const low = atEnd();
  for (const entry of fresh) place(entry);
  lines.querySelectorAll('[data-preview]').forEach((e) => e.remove());
  const seen = fresh.filter((e) => !e.hidden && e.isConnected);
  if (low && seen.length) follow(seen);
  else if (seen.length) newest.hidden = false;
  if (document.hidden && seen.some((e) => !e.classList.contains('person'))) document.title = `● ${title}`;
  if (tabs) tabs.postMessage(last);
  return true;
}

function place(entry) {
  last = Number(entry.dataset.seq);
  if (entry.classList.contains('person')) answered(entry.dataset.pressed);
  else if (adopted(entry)) return;
  if (!entry.hidden) oneDay(entry);
  lines.append(entry);
  setHint(entry);
}

// adopted keeps the preview of an entry where it stands, so that a screen
// reader does not say it again.
function adopted(entry) {
  const preview = lines.querySelector('[data-preview]');
  if (!preview) return false;
  const text = (e) => e.querySelector('.said')?.innerHTML;
  if (text(preview) !== text(entry)) {
    preview.remove();
    return false;
  }
  delete preview.dataset.preview;
  for (const { name, value } of entry.attributes) preview.setAttribute(name, value);
  preview.querySelectorAll('.choices').forEach((c) => c.remove());
  preview.append(...entry.querySelectorAll('.picture, .file, .choices'));
  setHint(preview);
  return true;
}

// answered takes away the choices that the person has gone past. Those of a
// message that answered nothing stay until one of its own is pressed.
function answered(pressed) {
  for (const choices of lines.querySelectorAll('.choices')) {
    const entry = choices.closest('.entry');
    const own = [...choices.querySelectorAll('button')].some((b) => b.value === pressed);
    if (!('push' in entry.dataset) || (pressed && own)) choices.remove();
  }
}

// oneDay leaves the name of a day only where the day begins.
function oneDay(entry) {
  const before = [...lines.querySelectorAll('.entry:not([hidden])')].pop();
  if (before && before.dataset.day === entry.dataset.day) {
    entry.querySelector('.day')?.remove();
  } else {
    for (const t of lines.querySelectorAll('.day time')) t.textContent = t.dataset.full;
  }
}

function setHint(entry) {
  const hint = entry.classList.contains('person') ? '' : entry.dataset.hint || '';
  const modes = { phone: 'tel', email: 'email', number: 'decimal' };
  const fills = { phone: 'tel', email: 'email', name: 'name' };
  field.inputMode = modes[hint] || 'text';
  field.autocomplete = fills[hint] || 'off';
  field.autocapitalize = hint === 'email' ? 'off' : hint === 'name' ? 'words' : 'sentences';
  upload.hidden = hint !== 'file';
}

// ---- scrolling: the end of the log is at 0, above it is negative ----

function atEnd() {
  return log.scrollTop > -80;
}

function toEnd() {
  log.scrollTop = 0;
  newest.hidden = true;
}

// follow brings what is new into view, from its beginning when it is long.
function follow(entries) {
  toEnd();
  const first = entries.find((e) => !e.classList.contains('person')) || entries[0];
  const height = entries.at(-1).getBoundingClientRect().bottom - first.getBoundingClientRect().top;
  if (height > log.clientHeight) first.scrollIntoView({ block: 'start' });
}

log.addEventListener('scroll', () => { if (atEnd()) newest.hidden = true; }, { passive: true });
newest.addEventListener('click', () => { toEnd(); log.focus({ preventScroll: true }); });
new ResizeObserver(([e]) => document.body.style.setProperty('--dock', `${e.target.offsetHeight}px`)).observe(document.querySelector('.dock'));

// ---- sending ----

const queue = []; // what was said and is not known to be durable, in order
let sending = false;
let held = []; // entries that arrived meanwhile: the answer to the post comes first

document.addEventListener('submit', (event) => {
  const form = event.target;
  const button = event.submitter;
  if ('reload' in form.dataset) return; // the page comes back in the other language
  event.preventDefault();
  tell('');
  const data = new FormData(form);
  if (button?.name) data.set(button.name, button.value);
  const file = data.get('file');
  const text = (data.get('text') || '').trim();
  if (form === upload && !(file && file.size)) return tell(words.nofile);
  if (file && file.size > 10 << 20) return tell(words.bigfile);
  if (form === composer && !text) return field.focus();
  if ([...text].length > 4000) return tell(words.toolong);
  data.set('id', nonce());
  say(form, data, form === upload ? file.name : form === composer ? text : button.textContent.trim());
});

// Once there is a conversation, its language is changed by a command; the link
// is for those who have none yet.
document.getElementById('other')?.addEventListener('click', (event) => {
  if (!last) return;
  event.preventDefault();
  const data = new FormData();
  data.set('text', event.target.dataset.text);
  data.set('id', nonce());
  say(event.target, data, event.target.textContent);
});

function say(form, data, label) {
  const entry = bubble.cloneNode(true);
  entry.querySelector('.said').textContent = label;
  entry.querySelector('.retry').addEventListener('click', () => {
    focusOn(entry); // the button goes away
    drain();
  });
  pending.append(entry);
  queue.push({ form, data, entry });
  if (form === composer) {
    field.value = '';
    keepDraft();
    field.focus({ preventScroll: true });
  } else if (form.closest('#lines')) {
    for (const b of form.querySelectorAll('button')) b.disabled = true;
    focusOn(entry);
  }
  if (form === upload) upload.reset();
  toEnd();
  drain();
}

// focusOn lets the next Tab lead to what comes after an entry.
function focusOn(entry) {
  entry.tabIndex = -1;
  entry.focus({ preventScroll: true });
}

async function drain() {
  if (sending || !queue.length) return;
  sending = true;
  busy(true);
  while (queue.length && await post(queue[0])) queue.shift();
  sending = false;
  busy(false);
  held.splice(0).forEach(receive);
  if (reloadWanted) reload();
}

// post sends one thing; false: it stays in the queue.
async function post(job) {
  const { data, entry } = job;
  mark(entry, true);
  data.set('after', last);
  if (begun) ['begin', 'start'].forEach((name) => data.delete(name));
  const isFile = data.get('file') instanceof File;
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), isFile ? 180000 : 20000);
  try {
    const answer = await fetch('/say', { method: 'POST', body: isFile ? data : new URLSearchParams(data), signal: stop.signal });
    const text = await answer.text();
    if (answer.ok) {
      done(job, text, answer.headers.get('Content-Language'));
      reloadWanted ||= answer.status === 205; // what this page shows was deleted
      return true;
    }
    if (answer.status === 429 || answer.status >= 500) {
      later(entry, text, Number(answer.headers.get('Retry-After')) || 0);
      return false;
    }
    refused(job, text);
    if (answer.status === 403 && window.parent !== window) offerWindow(); // no cookie in this frame
    return true;
  } catch {
    later(entry, words.offline, 0);
    return false;
  } finally {
    clearTimeout(timer);
  }
}

function done(job, html, spoken) {
  const focused = job.entry === document.activeElement;
  if (job.data.has('begin')) {
    begun = true;
    document.querySelectorAll('[name=begin], [name=start]').forEach((e) => e.remove());
    const url = new URL(location.href);
    url.searchParams.delete('start');
    history.replaceState(null, '', url);
  }
  job.entry.remove();
  tell('');
  receive(html);
  if (focused) focusOn([...lines.querySelectorAll('.entry.person:not([hidden])')].pop() || log);
  if (spoken && spoken !== lang) reloadWanted = true;
  connect();
}

// later leaves what could not be sent where it is, with a way to send it again.
function later(entry, why, seconds) {
  mark(entry, false);
  tell(why);
  if (seconds) setTimeout(drain, seconds * 1000);
}

// refused gives back what was not taken.
function refused({ form, data, entry }, why) {
  const focused = entry === document.activeElement;
  entry.remove();
  for (const b of form.querySelectorAll('button')) b.disabled = false;
  if (form === composer && !field.value) field.value = data.get('text');
  if (focused) field.focus({ preventScroll: true });
  tell(why);
  if (!source) poll();
}

function mark(entry, underWay) {
  entry.querySelector('.meta').hidden = !underWay;
  entry.querySelector('.retry').hidden = underWay;
}

let typingTimer;
function busy(on) {
  log.setAttribute('aria-busy', String(on));
  clearTimeout(typingTimer);
  if (on) typingTimer = setTimeout(() => { typing.hidden = false; }, 150);
  else typing.hidden = true;
}

function tell(sentence) {
  if (notice.textContent.trim() === sentence.trim()) return;
  notice.replaceChildren();
  if (!sentence) return;
  const p = document.createElement('p');
  p.textContent = sentence;
  notice.append(p);
}

function offerWindow() {
  const p = document.createElement('p');
  const link = document.createElement('a');
  Object.assign(link, { href: '/', target: '_blank', rel: 'noopener', textContent: words.window });
  p.append(link);
  notice.append(p);
}

function nonce() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, '0')).join('');
}

// ---- what is typed survives a reload of this tab ----

const draft = 'draft';
function keepDraft() {
  try {
    if (field.value) sessionStorage.setItem(draft, field.value);
    else sessionStorage.removeItem(draft);
  } catch { /* storage may be shut off; the field itself still holds it */ }
}
try { field.value ||= sessionStorage.getItem(draft) || ''; } catch { /* as above */ }
field.addEventListener('input', keepDraft);
// A one-line field would join pasted lines without a blank.
field.addEventListener('paste', (event) => {
  const text = event.clipboardData?.getData('text/plain') || '';
  if (!/[\r\n]/.test(text)) return;
  event.preventDefault();
  field.setRangeText(text.replace(/\s*[\r\n]+\s*/g, ' '), field.selectionStart, field.selectionEnd, 'end');
  keepDraft();
});

let reloadWanted = false;
function reload() {
  reloadWanted = true;
  if (queue.length) return; // what is not sent would be lost
  keepDraft();
  location.reload();
}

// ---- hearing: a stream while the page is in view, else a look now and then ----

let source = null;
let helloTimer, pollTimer, againTimer;
const query = () => `after=${last}&lang=${lang}`;
const tabs = 'BroadcastChannel' in window ? new BroadcastChannel('chat') : null;
if (tabs) tabs.onmessage = (event) => { if (event.data > last && !source) poll(); };

function hear(html) {
  if (sending) held.push(html);
  else receive(html);
}

function connect() {
  clearTimeout(againTimer);
  if (source || document.hidden) return;
  source = new EventSource(`/events?${query()}`);
  helloTimer = setTimeout(() => pollEvery(4000), 6000); // something in between holds the stream back
  source.addEventListener('hello', () => {
    clearTimeout(helloTimer);
    clearInterval(pollTimer);
    drain();
  });
  source.addEventListener('entry', (event) => hear(event.data));
  source.addEventListener('reset', reload);
  source.addEventListener('lang', reload);
  source.onerror = () => {
    pollEvery(4000);
    if (source.readyState !== EventSource.CLOSED) return; // the browser tries again by itself
    disconnect();
    againTimer = setTimeout(connect, 30000);
  };
}

function disconnect() {
  clearTimeout(helloTimer);
  source?.close();
  source = null;
}

function pollEvery(ms) {
  clearInterval(pollTimer);
  pollTimer = setInterval(poll, ms);
}

async function poll() {
  try {
    const answer = await fetch(`/events?poll=1&${query()}`);
    if (answer.status === 205) return reload();
    if (answer.status === 403) clearInterval(pollTimer); // no cookie: nothing to hear before something is said
    if (!answer.ok) return;
    hear(await answer.text());
    const spoken = answer.headers.get('Content-Language');
    if (spoken && spoken !== lang) reload();
    drain();
  } catch { /* offline: the next look finds out */ }
}

// A browser opens only a few connections to one host: pages out of view do
// not hold one.
document.addEventListener('visibilitychange', () => {
  clearInterval(pollTimer);
  if (document.hidden) {
    disconnect();
    pollEvery(30000);
  } else {
    document.title = title;
    poll();
    connect();
  }
});
window.addEventListener('pagehide', disconnect);
window.addEventListener('pageshow', (event) => {
  if (event.persisted) {
    poll();
    connect();
  }
});
window.addEventListener('online', () => {
  drain();
  poll();
});
window.addEventListener('keydown', (event) => {
  if (event.key === 'Escape' && window.parent !== window) window.parent.postMessage('chat:close', '*');
});
connect();
