// A collection's order by dragging and by its arrows, without loading the page anew.
const { $, $$, toast, token, words } = window.arsenal;
const list = $('.order[data-order]');
const rows = () => $$('[data-entry]', list);
const order = () => rows().map(row => row.dataset.entry);

// one at a time: the version to send is the one the last answer told
let sending = Promise.resolve();
function send(before) {
  sending = sending.then(async () => {
    const now = order();
    if (now.join() === before.join()) return;
    const body = new URLSearchParams({ order: now.join(), version: list.dataset.version });
    try {
      const r = await fetch(list.dataset.order, { method: 'POST', body, headers: { 'X-CSRFToken': token, Accept: 'application/json' } });
      if (r.status === 409) {
        toast(list.dataset.stale);
        return setTimeout(() => location.reload(), 1200);
      }
      if (!r.ok) throw new Error(r.status);
      list.dataset.version = (await r.json()).version;
      for (const field of $$('[name=version]')) field.value = list.dataset.version;
    } catch {
      put(before);
      toast(navigator.onLine ? words.failed : words.offline);
    }
  });
}
function put(ids) {
  for (const id of ids) list.append($(`[data-entry="${id}"]`, list));
}
function told(row) {
  $('#moved').textContent = list.dataset.moved.replace('{n}', rows().indexOf(row) + 1);
}

list?.addEventListener('click', e => {
  const button = e.target.closest('.arrows button');
  if (!button) return;
  e.preventDefault();
  const row = button.closest('[data-entry]');
  const before = order();
  if (button.value === 'up') row.previousElementSibling?.before(row);
  else row.nextElementSibling?.after(row);
  told(row);
  send(before);
  button.focus();
  if (getComputedStyle(button).visibility === 'hidden') $(`.arrows [value=${button.value === 'up' ? 'down' : 'up'}]`, row).focus();
});

list?.addEventListener('pointerdown', e => {
  const grip = e.target.closest('.grip');
  if (!grip || e.button) return;
  e.preventDefault();
  const row = grip.closest('[data-entry]');
  const before = order();
  grip.setPointerCapture(e.pointerId);
  row.classList.add('lifted');
  const move = at => {
    const other = rows().find(it => it !== row && at.clientY > it.getBoundingClientRect().top && at.clientY < it.getBoundingClientRect().bottom);
    if (!other) return;
    const box = other.getBoundingClientRect();
    const upper = at.clientY < box.top + box.height / 2;
    const above = row.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_PRECEDING;
    // the others move around the row, since a row taken out and put in again loses the pointer
    const [side, step] = above ? ['previousElementSibling', 'after'] : ['nextElementSibling', 'before'];
    if (Boolean(above) !== upper) return;
    for (let it; it !== other;) {
      it = row[side];
      row[step](it);
    }
  };
  const drop = end => {
    grip.removeEventListener('pointermove', move);
    row.classList.remove('lifted');
    if (end.type === 'pointercancel') return put(before);
    told(row);
    send(before);
  };
  grip.addEventListener('pointermove', move);
  grip.addEventListener('pointerup', drop, { once: true });
  grip.addEventListener('pointercancel', drop, { once: true });
});
