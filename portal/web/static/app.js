// Everything here only improves pages that already work without it.
const $ = (s, r = document) => r.querySelector(s);
const $$ = (s, r = document) => [...r.querySelectorAll(s)];
const policy = window.trustedTypes?.createPolicy('portal', { createHTML: s => s }) ?? { createHTML: s => s };
const words = $('#toasts')?.dataset ?? {};
const token = $('meta[name=csrf-token]')?.content;
const wait = ms => new Promise(done => setTimeout(done, ms));
const parse = html => {
  const t = document.createElement('template');
  t.innerHTML = policy.createHTML(html);
  return t.content;
};

async function toast(text) {
  const p = document.createElement('p');
  p.className = 'toast';
  p.textContent = text;
  $('#toasts')?.append(p);
  await wait(2600);
  p.remove();
}

// --- where the reader came from: told to the ledger with a copy, then taken out of the address ---
const here = new URL(location.href);
const source = here.searchParams.get('from') ?? '', deal = here.searchParams.get('deal') ?? '';
if (source) {
  for (const name of ['from', 'ref', 'rank', 'deal']) here.searchParams.delete(name);
  history.replaceState(history.state, '', here);
}
function note(fields) {
  const url = $('meta[name=usage-url]')?.content;
  if (!url || !fields.asset) return;
  fetch(url, { method: 'POST', body: new URLSearchParams({ ...fields, deal }), headers: { 'X-CSRFToken': token }, keepalive: true }).catch(() => {});
}

// --- instant results: every <form data-live> is one half of the same question ---
let pending, timer;
function question() {
  const p = new URLSearchParams();
  for (const form of $$('form[data-live]')) for (const [k, v] of new FormData(form)) if (v && !p.has(k, v) && !(k === 'q' && p.has('q'))) p.append(k, v);
  return p;
}
function swap(html) {
  const at = document.activeElement;
  for (let part of $$('[data-part]', parse(html))) {
    let old = $(`[data-part="${part.dataset.part}"]`);
    // Facets change inside their form, so that an open sheet stays open on a phone.
    if ($('form', old) && $('form', part)) [old, part] = [$('form', old), $('form', part)];
    if (part.matches('form')) old.replaceChildren(...part.childNodes);
    else old.replaceWith(part);
  }
  if (at.name && !at.isConnected) $$(`[name="${at.name}"]`).find(i => i.value === at.value)?.focus();
}
async function refresh(form) {
  const page = $('#answer');
  const p = question();
  pending?.abort();
  const mine = pending = new AbortController();
  page.setAttribute('aria-busy', 'true');
  try {
    const r = await fetch(`${form.action.split('?')[0]}?${p}&fragment=1`, { signal: mine.signal });
    if (r.status === 401) return location.assign(`?${p}`);
    if (!r.ok) throw new Error(r.status);
    swap(await r.text());
    history.replaceState(history.state, '', p.size ? `?${p}` : location.pathname);
  } catch (e) {
    if (e.name !== 'AbortError') toast(navigator.onLine ? words.failed : words.offline);
  } finally {
    if (mine === pending) page.removeAttribute('aria-busy');
  }
}
document.addEventListener('input', e => {
  const form = e.target.form;
  if (!form?.matches('[data-live]')) return;
  if (e.target.name === 'q') {
    for (const i of $$('form[data-live] [name=q]')) i.value = e.target.value;
    for (const i of $$('form[data-live] [name=typed]')) i.remove();
  }
  clearTimeout(timer);
  timer = setTimeout(refresh, e.target.name === 'q' ? 110 : 0, form);
});
document.addEventListener('submit', e => {
  if (e.target.matches('form[data-live]')) {
    e.preventDefault();
    clearTimeout(timer);
    refresh(e.target);
  }
});

// --- what is fetched when somebody first needs it: suggestions, pins, why a result ---
const box = $('#q'), hints = $('#hints');
let much;
const later = () => much ??= import($('meta[name=later]').content.split(' ')[0]);
if (hints && box) for (const type of ['focus', 'input']) box.addEventListener(type, () => later().then(m => m.hint(type)));

// --- keyboard: / search, j k or arrows through results, Ctrl+K commands, ? help ---
addEventListener('keydown', e => {
  const typing = e.target.matches('input:not([type=checkbox]), textarea, select');
  if ((e.ctrlKey || e.metaKey) && e.key.toLowerCase() === 'k') {
    e.preventDefault();
    return openPalette();
  }
  if (e.ctrlKey || e.metaKey || e.altKey || $('dialog[open]')) return;
  if (e.key === '/' && !typing) {
    e.preventDefault();
    box?.focus();
    return box?.select();
  }
  const deal = e.key === 'd' && !typing && $('#pick-deal');
  if (deal) return location.assign(`${deal.href}?next=${encodeURIComponent(location.pathname + location.search)}`);
  if (e.key === '?' && !typing) return $('#keys')?.showModal();
  const inHints = hints?.contains(e.target);
  if (e.key === 'Escape' && (e.target === box || inHints)) {
    if (hints && !hints.hidden) {
      box.focus();
      return hints.hidden = true;
    }
    return box.blur();
  }
  const hits = [...$$('.hints:not([hidden]) a'), ...$$('[data-hit] :is(h2, h3) a')];
  if (!hits.length) return;
  const now = document.activeElement;
  const at = hits.indexOf(inHints ? now : now?.closest('[data-hit]')?.querySelector(':is(h2, h3) a'));
  const down = (e.key === 'ArrowDown' && (e.target === box || at >= 0)) || (e.key === 'j' && !typing);
  const up = (e.key === 'ArrowUp' && at >= 0) || (e.key === 'k' && !typing);
  if (down || up) {
    e.preventDefault();
    (up && at <= 0 ? box : hits[Math.min(at + (down ? 1 : -1), hits.length - 1)])?.focus();
  }
});

// --- command palette ---
const palette = $('#palette');
async function openPalette() {
  if (!palette || palette.open) return;
  $('dialog[open]')?.close();
  palette.showModal();
  const input = $('input', palette);
  const list = $('[role=listbox]', palette);
  const options = () => $$('[role=option]', list);
  const pick = i => options().forEach((o, n) => {
    o.setAttribute('aria-selected', String(n === i));
    if (n === i) {
      input.setAttribute('aria-activedescendant', o.id);
      o.scrollIntoView({ block: 'nearest' });
    }
  });
  let last;
  const load = async () => {
    last?.abort();
    last = new AbortController();
    try {
      const r = await fetch(`${palette.dataset.url}?${new URLSearchParams({ q: input.value })}`, { signal: last.signal });
      if (r.ok && !r.redirected) list.replaceChildren(parse(await r.text()));
      pick(0);
    } catch (e) {
      if (e.name !== 'AbortError') toast(navigator.onLine ? words.failed : words.offline);
    }
  };
  let soon;
  input.oninput = () => {
    clearTimeout(soon);
    soon = setTimeout(load, 80);
  };
  input.onkeydown = e => {
    const o = options();
    const i = o.findIndex(x => x.ariaSelected === 'true');
    const to = { ArrowDown: i + 1, ArrowUp: i - 1 + o.length }[e.key];
    if (to !== undefined || e.key === 'Enter') e.preventDefault();
    if (to !== undefined && o.length) pick(to % o.length);
    if (e.key === 'Enter') o[i]?.click();
  };
  input.value = '';
  load();
}
for (const d of $$('dialog')) d.addEventListener('click', e => e.target === d && d.close());

// --- light or dark: the server renders the cookie, so no page flashes ---
function setTheme(value) {
  document.documentElement.dataset.theme = value;
  document.cookie = `theme=${value};path=/;max-age=31536000;samesite=lax${location.protocol === 'https:' ? ';secure' : ''}`;
  for (const b of $$('#menu button[name=theme]')) b.setAttribute('aria-pressed', String(b.value === value));
}
const isDark = () => ({ dark: true, light: false })[document.documentElement.dataset.theme] ?? matchMedia('(prefers-color-scheme: dark)').matches;

// --- copying ---
async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const t = Object.assign(document.createElement('textarea'), { value: text, className: 'vh' });
    document.body.append(t);
    t.select();
    const done = document.execCommand('copy');
    t.remove();
    if (!done) throw new Error('copy');
  }
}
async function onCopy(button) {
  const quote = button.dataset.copy && document.getElementById(button.dataset.copy);
  const text = quote ? quote.innerText.trim() : new URL(button.dataset.link ?? '', here).href;
  try {
    await copy(text);
  } catch {
    return toast(words.uncopied);
  }
  toast(`✓ ${text.length > 70 ? `${text.slice(0, 68)}…` : text}`);
  const about = button.closest('[data-asset]')?.dataset;
  if (quote && about) {
    const section = quote.dataset.section ?? quote.closest('section[id]')?.id ?? quote.closest('.hit')?.querySelector('.at')?.hash.slice(1) ?? '';
    note({ action: 'copied', asset: about.asset, language: about.language, revision: about.revision, section, sentence: text, source: about.source ?? source });
  }
  button.classList.add('done');
  await wait(1600);
  button.classList.remove('done');
}
document.addEventListener('click', e => {
  const b = e.target.closest('[data-copy], [data-link], [data-open], [data-print], [data-back], button[name=theme], a[data-keep-hash]');
  if (!b) return;
  if (b.matches('[data-copy], [data-link]')) onCopy(b);
  else if (b.dataset.open === 'palette') openPalette();
  else if (b.dataset.open) $(`#${b.dataset.open}`).showModal();
  else if (b.matches('[data-print]')) print();
  else if (b.matches('[data-back]')) history.back();
  else if (b.name === 'theme') {
    e.preventDefault();
    setTheme(b.matches('[data-toggle]') ? (isDark() ? 'light' : 'dark') : b.value);
  } else if (location.hash) b.hash = location.hash;
});
document.addEventListener('submit', e => {
  if (e.target.id !== 'pin') return;
  e.preventDefault();
  const b = e.submitter;
  later().then(m => m.pin(e.target, b));
});
document.addEventListener('click', e => {
  const a = e.target.closest('a[data-why]');
  if (!a || e.ctrlKey || e.metaKey) return;
  e.preventDefault();
  later().then(m => m.why(a)).catch(() => location.assign(a.href));
});
$('#preferences')?.addEventListener('submit', e => {
  const next = e.target.elements.next;
  next.value = location.pathname + location.search + location.hash;
});
addEventListener('beforeprint', () => {
  const { asset, language, revision } = $('article[data-asset]')?.dataset ?? {};
  note({ action: 'printed', asset, language, revision, source });
});

// --- tabs of a battlecard: links and sections become tabs and panels ---
customElements.define('x-tabs', class extends HTMLElement {
  connectedCallback() {
    const links = $$('.tabs a', this);
    const panels = links.map(a => document.getElementById(decodeURIComponent(a.hash.slice(1))));
    const show = (i, focus) => {
      links.forEach((a, n) => {
        a.setAttribute('aria-selected', String(n === i));
        a.tabIndex = n === i ? 0 : -1;
        panels[n].hidden = n !== i;
      });
      if (focus) links[i].focus();
      const bar = $('.tabs', this);
      bar.scrollLeft = links[i].offsetLeft - bar.offsetLeft - (bar.clientWidth - links[i].offsetWidth) / 2;
    };
    const follow = () => {
      const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
      const i = panels.findIndex(p => target && p.contains(target));
      if (i >= 0) show(i);
      if (i >= 0 && target !== panels[i]) target.scrollIntoView();
      return i >= 0;
    };
    $('.tabs', this).setAttribute('role', 'tablist');
    links.forEach((a, i) => {
      a.setAttribute('role', 'tab');
      a.id = `tab-${panels[i].id}`;
      a.setAttribute('aria-controls', panels[i].id);
      panels[i].setAttribute('role', 'tabpanel');
      panels[i].setAttribute('aria-labelledby', a.id);
    });
    this.addEventListener('click', e => {
      const i = links.indexOf(e.target.closest('.tabs a'));
      if (i < 0) return;
      e.preventDefault();
      show(i);
      history.replaceState(history.state, '', links[i].hash);
    });
    this.addEventListener('keydown', e => {
      const i = links.indexOf(document.activeElement);
      const to = i < 0 ? undefined : { ArrowRight: i + 1, ArrowLeft: i - 1, Home: 0, End: links.length - 1 }[e.key];
      if (to === undefined) return;
      e.preventDefault();
      show((to + links.length) % links.length, true);
    });
    addEventListener('hashchange', follow);
    this.dataset.ready = '';
    if (!follow()) show(0);
  }
});

// --- rows of chips that scroll: the current one in sight ---
$$('.scroll > [aria-current]').forEach(a => { a.parentNode.scrollLeft = a.offsetLeft - 60; });

// --- for the scripts of the desk ---
window.arsenal = { $, $$, parse, toast, token, wait, words };
