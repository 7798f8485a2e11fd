// The board of requests: cards move by drag and by keyboard; both do what the buttons of a card do.
const { $, $$, parse, toast, token, wait, words } = window.arsenal;
const board = $('.board');
const form = $('#move');
const columns = () => $$('.column', board);
const cards = column => $$('.card', column);
const columnOf = card => card.closest('.column');
const named = column => $('h2 span', column).textContent;
const ways = card => $$('.ways [data-column]', card);

// --- moving a card: told to the server, which answers with the card as it is then ---
function count(column, by) {
  const n = $('[data-total]', column);
  n.dataset.total = Number(n.dataset.total) + by;
  n.textContent = Number(n.dataset.total).toLocaleString(document.documentElement.lang);
}
function put(card, column, before) {
  const from = columnOf(card);
  $('ol', column).insertBefore(card, before ?? null);
  if (from === column) return;
  if (from) count(from, -1);
  count(column, 1);
}
function renew(card, told) {
  const column = columns().find(it => it.dataset.column === told.column);
  const fresh = $('.card', parse(told.card));
  const had = card.contains(document.activeElement);
  if (!column || !fresh) {
    count(columnOf(card), -1);
    return card.remove();
  }
  if (columnOf(card) !== column) put(card, column, $('.card', column));
  card.replaceWith(fresh);
  rove(fresh);
  if (had) focusOn(fresh);
}
async function send(card, way) {
  if (way.href) return location.assign(way.href);
  const from = columnOf(card);
  const next = card.nextElementSibling;
  const to = columns().find(it => it.dataset.column === way.dataset.column);
  const had = card.contains(document.activeElement);
  put(card, to, $('.card', to));
  if (had) focusOn(card);
  card.setAttribute('aria-busy', 'true');
  try {
    const r = await fetch(form.action, { method: 'POST', body: new URLSearchParams({ move: way.value }), headers: { 'X-CSRFToken': token, Accept: 'application/json' } });
    const told = [200, 403, 409].includes(r.status) && r.headers.get('Content-Type')?.includes('json') ? await r.json() : undefined;
    if (!told) throw new Error(r.status);
    if (told.go) return location.assign(told.go);
    if (told.why) put(card, from, next?.parentElement === $('ol', from) ? next : null);
    renew(card, told);
    say(told.why ?? board.dataset.said.replace('{column}', named(to)));
    if (told.why) toast(told.why);
  } catch {
    put(card, from, next?.parentElement === $('ol', from) ? next : null);
    toast(navigator.onLine ? words.failed : words.offline);
  } finally {
    card.removeAttribute('aria-busy');
  }
}
async function say(text) {
  $('#moved').textContent = '';
  await wait(50);
  $('#moved').textContent = text;
}

// --- the keyboard: one stop for the board, arrows between cards, M for where a card can go ---
function rove(card) {
  card.tabIndex = -1;
  for (const it of $$('a, summary, button', card)) it.tabIndex = -1;
}
function focusOn(card) {
  for (const old of $$('.card[tabindex="0"]', board)) rove(old);
  card.tabIndex = 0;
  for (const it of $$('a, summary, button', card)) it.removeAttribute('tabindex');
  card.focus();
}
board.addEventListener('focusin', e => {
  const card = e.target.closest('.card');
  if (card && card.tabIndex !== 0) focusOn(card);
});
board.addEventListener('keydown', e => {
  const card = e.target.closest('.card');
  if (!card || e.ctrlKey || e.metaKey || e.altKey) return;
  const menu = $('.ways', card);
  if (e.key === 'Escape' && menu?.open) {
    menu.open = false;
    return card.focus();
  }
  if (menu?.open && menu.contains(e.target)) {
    const buttons = ways(card);
    const at = buttons.indexOf(e.target);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1 }[e.key];
    if (to === undefined) return;
    e.preventDefault();
    e.stopPropagation();
    return buttons.at(to % buttons.length).focus();
  }
  if (e.target !== card) return;
  if (e.key === 'Enter') return $('a', card).click();
  if (e.key.toLowerCase() === 'm' && menu) {
    e.preventDefault();
    menu.open = true;
    return ways(card)[0].focus();
  }
  const all = columns().filter(it => cards(it).length);
  const c = all.indexOf(columnOf(card));
  const row = cards(all[c]).indexOf(card);
  const [dc, dr] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[e.key] ?? [];
  if (dc === undefined) return;
  e.preventDefault();
  e.stopPropagation();
  const there = cards(all[Math.max(0, Math.min(c + dc, all.length - 1))]);
  focusOn(there[Math.max(0, Math.min(row + dr, there.length - 1))]);
});
board.addEventListener('click', e => {
  const way = e.target.closest('button[form=move]');
  if (!way) return;
  e.preventDefault();
  way.closest('details').open = false;
  send(way.closest('.card'), way);
});

// --- dragging: a mouse takes the card anywhere, a finger by its grip, so that lists still scroll ---
board.addEventListener('pointerdown', e => {
  const card = e.target.closest('.card');
  const grip = e.target.closest('.grip');
  if (!card || e.button || e.target.closest('.ways') || (e.pointerType !== 'mouse' && !grip)) return;
  let lifted = false;
  let over;
  const x = e.clientX;
  const y = e.clientY;
  const at = board.scrollLeft;
  const open = ways(card);
  const move = to => {
    if (!lifted) {
      if (Math.hypot(to.clientX - x, to.clientY - y) < 6) return;
      lifted = true;
      card.setPointerCapture(e.pointerId);
      card.classList.add('lifted');
      for (const it of columns()) it.classList.toggle('can', it === columnOf(card) || open.some(way => way.dataset.column === it.dataset.column));
    }
    to.preventDefault();
    const box = board.getBoundingClientRect();
    if (to.clientX > box.right - 40) board.scrollLeft += 14;
    if (to.clientX < box.left + 40) board.scrollLeft -= 14;
    card.style.transform = `translate(${to.clientX - x + board.scrollLeft - at}px, ${to.clientY - y}px)`;
    over = columns().find(it => {
      const { left, right } = it.getBoundingClientRect();
      return to.clientX >= left && to.clientX <= right;
    });
    for (const it of columns()) it.classList.toggle('over', it === over);
  };
  const end = up => {
    removeEventListener('pointermove', move);
    removeEventListener('pointerup', end);
    removeEventListener('pointercancel', end);
    removeEventListener('keydown', stop, true);
    card.classList.remove('lifted');
    card.style.transform = '';
    for (const it of columns()) it.classList.remove('can', 'over');
    if (!lifted) return;
    // the click that ends a drag opens nothing
    const click = c => { c.preventDefault(); c.stopPropagation(); };
    addEventListener('click', click, { capture: true, once: true });
    setTimeout(() => removeEventListener('click', click, true));
    if (up.type !== 'pointerup' || !over || over === columnOf(card)) return;
    const way = open.find(it => it.dataset.column === over.dataset.column);
    if (way) return send(card, way);
    toast(board.dataset.refused);
    say(board.dataset.refused);
  };
  const stop = key => {
    if (key.key === 'Escape') end(key);
  };
  addEventListener('pointermove', move);
  addEventListener('pointerup', end);
  addEventListener('pointercancel', end);
  addEventListener('keydown', stop, true);
});

for (const card of $$('.card', board)) rove(card);
const first = $('.card', board);
if (first) first.tabIndex = 0;
