// What may answer already, while somebody types what is missing: #similar beside the form #ask.
const { $, parse } = window.arsenal;

const form = $('#ask');
const place = $('#similar');
const TOLD = ['title', 'situation', 'query', 'kind', 'competitor', 'product', 'industry', 'stage', 'language'];
const MOST = { situation: 700 }; // an address holds only so much

function asked() {
  const p = new URLSearchParams();
  const data = new FormData(form);
  for (const name of TOLD) {
    const value = String(data.get(name) ?? '').trim().slice(0, MOST[name] ?? 200);
    if (value) p.set(name, value);
  }
  return p.has('title') ? p.toString() : '';
}

let pending, timer, last;
function show(html) {
  if (place.contains(document.activeElement)) return; // somebody is about to choose: let it stand
  place.replaceChildren(parse(html));
}
async function look() {
  const p = asked();
  if (p === last || !navigator.onLine) return;
  pending?.abort();
  last = p;
  if (!p) return show('');
  const mine = pending = new AbortController();
  place.setAttribute('aria-busy', 'true');
  try {
    const r = await fetch(`${place.dataset.url}?${p}`, { signal: mine.signal });
    if (!r.ok || r.redirected) throw new Error(r.status);
    const html = await r.text();
    if (mine === pending) show(html);
  } catch {
    if (mine === pending) last = undefined; // the next key tries again; typing is never disturbed
  } finally {
    if (mine === pending) place.removeAttribute('aria-busy');
  }
}
function soon() {
  clearTimeout(timer);
  timer = setTimeout(look, 200);
}

if (form && place) {
  // Whoever looks at an asset and comes back finds what was typed.
  const kept = history.state?.ask;
  for (const [name, value] of Object.entries(kept ?? {})) {
    const field = form.elements[name];
    if (field && 'value' in field && !field.value) field.value = value;
  }
  form.addEventListener('input', soon);
  form.addEventListener('change', soon);
  place.addEventListener('click', e => {
    if (!e.target.closest('a')) return;
    const typed = {};
    for (const name of [...TOLD, 'deal', 'needed_by', 'department']) {
      const field = form.elements[name];
      if (field && 'value' in field && field.type !== 'hidden') typed[name] = field.value;
    }
    history.replaceState({ ...history.state, ask: typed }, '');
  });
  // Me too, for the deal that is chosen.
  place.addEventListener('submit', e => {
    const deal = e.target.elements.deal;
    if (deal) deal.value = form.elements.deal?.value ?? '';
    if (e.target.dataset.sent) return e.preventDefault();
    e.target.dataset.sent = 'yes';
  });
  addEventListener('pageshow', () => {
    for (const one of place.querySelectorAll('form')) delete one.dataset.sent;
  });
  addEventListener('online', soon);
  soon();
}
