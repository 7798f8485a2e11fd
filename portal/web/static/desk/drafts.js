// Keeps what is typed: on the server after a pause, and in this browser until the server has it.
const { $, $$, parse, editor } = window.arsenal;
const PAUSE = 1500;
const FRESH = 20_000; // so long after an answer the session is taken for open
const OLD = 14 * 86_400_000;
const BEACON = 60_000; // bytes a page may still send while it closes

if (editor) {
  const { form, count, addRow } = editor;
  const set = { ...$('#kept_line').dataset, ...form.dataset };
  const key = `desk/${set.person}/${set.key}`;
  const own = new Set(['csrf_token', 'base']);
  const read = () => JSON.stringify([...new FormData(form)].filter(([name, v]) => !own.has(name) && typeof v === 'string'));
  const base = () => form.elements.base;
  const loaded = { values: read(), base: base().value };
  let sent = 'posted' in set ? '' : loaded.values;
  let typedAt = 0;
  let heard = Date.now();
  let busy = false;
  let going = false;
  let nowhere = false;
  let waitMs = PAUSE;
  let [soon, sooner] = [];

  // --- in this browser ---
  function keep(saving) {
    try {
      localStorage.setItem(key, JSON.stringify({ at: typedAt || Date.now(), base: base().value, values: read(), mine: saving ? Number(set.mine) : null }));
      nowhere = false;
    } catch {
      nowhere = true;
    }
  }
  const forget = () => {
    try {
      localStorage.removeItem(key);
    } catch { /* a browser that keeps nothing has nothing to forget */ }
  };
  function kept() {
    try {
      for (const name of Object.keys(localStorage)) {
        if (name.startsWith('desk/') && Date.now() - JSON.parse(localStorage[name]).at > OLD) localStorage.removeItem(name);
      }
      return JSON.parse(localStorage.getItem(key));
    } catch {
      return null;
    }
  }
  function put({ values, base: from }) {
    const used = {};
    for (const it of $$('input[type=checkbox]', form)) it.checked = false; // those told are checked again
    for (const [name, value] of JSON.parse(values)) {
      const row = /results-(\d+)-/.exec(name);
      const box = $('.results', form);
      while (row && box && Number(row[1]) >= $$('.result', box).length && $$('.result', box).length < Number(box.dataset.most)) addRow(box);
      let field = form.elements.namedItem(name);
      if (field instanceof RadioNodeList) field = field[(used[name] = (used[name] ?? -1) + 1)];
      if (field?.type === 'checkbox') field.checked = true;
      else if (field && 'value' in field) field.value = value;
    }
    base().value = from;
    count();
  }

  // --- what the person is told ---
  const line = $('#kept_line');
  const box = $('#trouble_box');
  function trouble(what) {
    box.hidden = !what;
    if (!what) return;
    if (nowhere && what === 'offline') what = 'nowhere';
    const text = $('span', box);
    if (text.textContent !== text.dataset[what]) text.textContent = text.dataset[what];
    $('a', box).hidden = !['out', 'other'].includes(what);
    line.textContent = set.saidTyping;
  }
  const named = status => ({ 400: 'out', 401: 'out', 403: 'closed', 404: 'closed', 409: 'closed', 413: 'large', 422: 'large' })[status] ?? 'offline';
  editor.trouble = status => trouble(named(status));
  const told = at => {
    line.textContent = set.saidSaved.replace('{time}', at);
    trouble('');
  };

  // The session may have been begun anew in another tab: then this page needs its new token.
  async function renew() {
    try {
      const r = await fetch(set.edit, { headers: { 'X-CSRFToken': 'renew' }, cache: 'no-store' });
      if (!r.ok) return named(r.status);
      const page = parse(await r.text());
      if ($('#kept_line', page)?.dataset.person !== set.person) return 'other';
      const token = $('meta[name=csrf-token]', page).content;
      window.arsenal.token = token;
      for (const it of $$('input[name=csrf_token]')) it.value = token;
      heard = Date.now();
      return '';
    } catch {
      return 'offline';
    }
  }

  // --- on the server ---
  async function send(again) {
    clearTimeout(soon);
    const values = read();
    if (going) return;
    if (values === sent) return trouble('');
    line.textContent = set.saidSaving;
    const parts = new URLSearchParams(JSON.parse(values));
    parts.set('base', base().value);
    let what;
    try {
      const r = await fetch(set.draft, { method: 'POST', body: parts, headers: { 'X-CSRFToken': window.arsenal.token, Accept: 'application/json' }, keepalive: String(parts).length < BEACON });
      if (r.ok) {
        heard = Date.now();
        waitMs = PAUSE;
        sent = values;
        if (read() === values && !going) forget();
        return told((await r.json()).at);
      }
      what = named(r.status);
      if (what === 'out' && !again) {
        what = await renew();
        if (!what) return send(true);
        if (what === 'closed') what = 'other'; // open to whoever wrote here, not to who is signed in now
      }
    } catch {
      what = 'offline';
    }
    keep();
    trouble(what);
    if (what === 'offline' || what === 'out') {
      waitMs = Math.min(waitMs * 2, 60_000);
      soon = setTimeout(send, waitMs);
    }
  }
  function typed() {
    typedAt = Date.now();
    if (box.hidden) line.textContent = set.saidTyping;
    clearTimeout(sooner);
    sooner = setTimeout(keep, 250);
    clearTimeout(soon);
    soon = setTimeout(send, waitMs);
  }
  form.addEventListener('input', typed);
  form.addEventListener('change', e => e.target.type !== 'file' && read() !== sent && typed());
  const leave = () => {
    if (read() === sent || going) return;
    keep();
    send();
  };
  addEventListener('pagehide', leave);
  document.addEventListener('visibilitychange', () => (document.hidden ? leave() : back()));
  const back = () => !box.hidden && send();
  addEventListener('focus', back);
  addEventListener('online', back);
  addEventListener('beforeunload', e => nowhere && !going && read() !== sent && e.preventDefault());

  // --- saving: once, and only while somebody is signed in ---
  form.addEventListener('submit', async e => {
    if (e.submitter?.dataset.tab) return;
    if (busy) return e.preventDefault();
    typedAt ||= Date.now();
    clearTimeout(soon);
    clearTimeout(sooner);
    keep(true);
    busy = true;
    if (Date.now() - heard < FRESH && box.hidden) {
      going = true;
      return;
    }
    e.preventDefault();
    const what = await renew();
    busy = false;
    if (what) return trouble(what);
    trouble('');
    form.requestSubmit(e.submitter);
  });
  addEventListener('pageshow', () => {
    busy = going = false;
  });

  // --- words kept before: newer ones are put back at once, older ones are offered ---
  const bar = $('#local_bar');
  const before = kept();
  const isSaved = before?.mine != null && Number(set.mine) > before.mine;
  if (before && (isSaved || before.values === loaded.values)) forget();
  else if (before && !('posted' in set)) {
    const isNewer = before.at > Number(set.draftAt);
    const text = $('b', bar);
    const today = new Date(before.at).toDateString() === new Date().toDateString();
    const time = new Intl.DateTimeFormat(set.locale, today ? { timeStyle: 'short' } : { dateStyle: 'short', timeStyle: 'short' }).format(before.at);
    text.textContent = text.dataset[isNewer ? 'newer' : 'older'].replace('{time}', time);
    bar.hidden = false;
    const taken = () => {
      put(before);
      typedAt = before.at;
      send();
    };
    if (isNewer) {
      const first = $('#draft_bar');
      if (first) first.hidden = true;
      taken();
    }
    $('[data-take]', bar).onclick = () => {
      if (!isNewer) taken();
      bar.hidden = true;
    };
    $('[data-drop]', bar).onclick = () => {
      forget();
      bar.hidden = true;
      if (!isNewer) return;
      put(loaded);
      if ($('#draft_bar')) $('#draft_bar').hidden = false;
      send();
    };
  }
  if ('posted' in set) typed();
  $('[data-keep]')?.addEventListener('click', () => {
    $('#draft_bar').hidden = true;
    editor.body.focus();
  });
  $('[data-discarding]')?.addEventListener('click', () => {
    going = true;
    clearTimeout(soon);
    forget();
  });

  // --- the same text in two tabs ---
  const channel = 'BroadcastChannel' in window && new BroadcastChannel(key);
  if (channel) {
    channel.onmessage = ({ data }) => {
      line.textContent = set.saidTab;
      if (data === 'here?') channel.postMessage('here');
    };
    channel.postMessage('here?');
  }
}
