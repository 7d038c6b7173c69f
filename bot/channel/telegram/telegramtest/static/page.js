'use strict';
// The page works by plain forms. This sends them in the background, asks for
// what is new, and puts in place only what changed.
(() => {
  const body = document.body;
  const talk = document.getElementById('talk');
  const scroll = document.getElementById('scroll');
  const foot = document.getElementById('foot');
  const doing = document.getElementById('doing');
  const notice = document.getElementById('notice');
  const alertBox = document.getElementById('alert');
  const who = new URLSearchParams({ as: body.dataset.as, lang: body.dataset.lang, start: body.dataset.start });
  let version = '', answered = -1, footNow = '', hiding = 0;

  function say(text, stay) {
    clearTimeout(hiding);
    notice.textContent = text;
    notice.hidden = !text;
    if (text && !stay) hiding = setTimeout(() => { notice.hidden = true; }, 3500);
  }

  function nodes(html) {
    const t = document.createElement('template');
    t.innerHTML = html;
    return t.content;
  }

  // Entries that stay the same stay in place, with what is selected or focused.
  function merge(html) {
    const old = new Map([...talk.children].map(e => [e.dataset.id, e]));
    let place = null;
    for (const fresh of [...nodes(html).children]) {
      const known = old.get(fresh.dataset.id);
      let here = fresh;
      if (known && known.dataset.v === fresh.dataset.v) {
        here = known;
      } else if (known) {
        const focused = known.contains(document.activeElement);
        known.replaceWith(fresh);
        if (focused) (fresh.querySelector('.buttons button, .buttons a') || fresh).focus({ preventScroll: true });
      }
      old.delete(fresh.dataset.id);
      const after = place ? place.nextElementSibling : talk.firstElementChild;
      if (after !== here) talk.insertBefore(here, after);
      place = here;
    }
    for (const e of old.values()) e.remove();
  }

  function mergeFoot(html) {
    if (html === footNow) return;
    footNow = html;
    const fresh = nodes(html), shape = document.createElement('div');
    shape.append(fresh.cloneNode(true));
    if (shape.innerHTML === foot.innerHTML) return;
    const field = document.getElementById('text');
    const kept = field ? field.value : '';
    const focused = document.activeElement && foot.contains(document.activeElement);
    foot.replaceChildren(fresh);
    const next = document.getElementById('text');
    if (next) next.value = kept;
    if (focused && next) next.focus();
  }

  function show(news) {
    version = news.version;
    merge(news.log);
    mergeFoot(news.foot);
    doing.textContent = news.doing || doing.dataset.idle;
    doing.classList.toggle('busy', !!news.doing);
    if (answered >= 0 && news.answered > answered) {
      for (const b of document.querySelectorAll('.busy-button')) b.classList.remove('busy-button');
      if (news.toast && news.alert) {
        alertBox.querySelector('p').textContent = news.toast;
        if (!alertBox.open) alertBox.showModal();
      } else if (news.toast) {
        say(news.toast);
      }
    }
    answered = news.answered;
  }

  async function listen() {
    for (let lost = false; ;) {
      try {
        const r = await fetch('log?' + who + '&since=' + encodeURIComponent(version), { cache: 'no-store' });
        if (!r.ok) throw new Error(r.status);
        if (lost) say('');
        lost = false;
        if (r.status === 200) show(await r.json());
      } catch {
        lost = true;
        say(body.dataset.lost, true);
        await new Promise(done => setTimeout(done, 1500));
      }
    }
  }

  async function send(form, button) {
    const fields = new FormData(form, button);
    if (form.enctype !== 'multipart/form-data') {
      const plain = new URLSearchParams(fields);
      return post(form, plain);
    }
    return post(form, fields);
  }

  async function post(form, fields) {
    const r = await fetch(form.getAttribute('action'), { method: 'POST', body: fields, headers: { 'X-Page': '1' } });
    if (!r.ok) throw new Error(r.status);
  }

  document.addEventListener('submit', async event => {
    const form = event.target, button = event.submitter;
    if (form.method === 'dialog') return;
    event.preventDefault();
    const field = form.id === 'say' ? form.elements.namedItem('text') : null;
    if (field && !field.value.trim()) return;
    if (form.classList.contains('buttons') && button) button.classList.add('busy-button');
    for (const d of document.querySelectorAll('details[open]')) d.open = false;
    const sending = send(form, button);
    if (field) field.value = '';
    scroll.scrollTop = 0;
    try {
      await sending;
    } catch {
      if (button) button.classList.remove('busy-button');
      say(body.dataset.failed);
    }
    if (form.id === 'attach') form.reset();
  });

  document.addEventListener('change', event => {
    if (event.target.type === 'file' && event.target.files.length) event.target.form.requestSubmit();
  });

  document.addEventListener('click', async event => {
    const copy = event.target.closest('[data-copy]');
    if (copy) {
      try { await navigator.clipboard.writeText(copy.dataset.copy); } catch { return; }
      say(body.dataset.copied);
      return;
    }
    for (const d of document.querySelectorAll('details[open]')) if (!d.contains(event.target)) d.open = false;
  });

  document.addEventListener('keydown', event => {
    if (event.key !== 'Escape') return;
    for (const d of document.querySelectorAll('details[open]')) {
      d.open = false;
      d.querySelector('summary').focus();
    }
  });

  listen();
})();
