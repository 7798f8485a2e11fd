// Owns what is fetched when somebody first needs it: suggestions, one's own pins, why a result.
const { $, parse, toast, words } = window.arsenal;
const box = $('#q'), hints = $('#hints');
const isBelow = hints?.matches('.hints');
let hinting, soon;
const style = Object.assign(document.createElement('link'), { rel: 'stylesheet', href: $('meta[name=later]').content.split(' ')[1] });
const styled = new Promise(done => { style.onload = style.onerror = done; });
document.head.append(style);

// --- suggestions: below the box, or, where results stand there, beside them ---
async function suggest() {
  hinting?.abort();
  const live = box.form.matches('[data-live]'), q = box.value.trim();
  if (live && !q) return hints.hidden = true;
  const mine = hinting = new AbortController();
  const p = new URLSearchParams(live ? { q, brief: 1 } : { q });
  const r = await fetch(`${hints.dataset.url}?${p}`, { signal: mine.signal }).catch(() => 0);
  if (!r.ok || r.redirected || mine !== hinting) return;
  await styled;
  hints.replaceChildren(parse(await r.text()));
  hints.hidden = !$('a', hints) || (!live && box !== document.activeElement);
}
const leave = e => {
  if (isBelow && e.target !== box && !hints.contains(e.target)) hints.hidden = true;
};
if (hints && box) {
  document.addEventListener('focusin', leave);
  document.addEventListener('click', leave);
  hints.addEventListener('mousedown', e => e.preventDefault());
}
export function hint(type) {
  clearTimeout(soon);
  soon = setTimeout(suggest, type === 'input' ? 90 : 0);
}

// --- one's own pins ---
export async function pin(form, b) {
  const body = new URLSearchParams(new FormData(form));
  body.set('pinned', b.value);
  const r = await fetch(b.formAction, { method: 'POST', body, redirect: 'manual' }).catch(() => 0);
  if (r.type !== 'opaqueredirect') return toast(words.failed);
  b.setAttribute('aria-pressed', String(b.value === '1'));
  b.value = b.value === '1' ? '0' : '1';
}

// --- why a result: the page that says so, below the hit ---
export async function why(a) {
  const hit = a.closest('.hit'), old = $('.why', hit);
  a.setAttribute('aria-expanded', String(!old));
  if (old) return old.remove();
  const r = await fetch(`${a.href}&fragment=1`).catch(() => 0);
  if (!r.ok || r.redirected) return location.assign(a.href);
  await styled;
  hit.append(parse(await r.text()));
}
