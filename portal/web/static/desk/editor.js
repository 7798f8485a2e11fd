// The editor: formatting and blocks by button and key, counters, rows of results, preview.
const { $, $$, parse, toast } = window.arsenal;
const form = $('#write_form');
const body = $('#write_body');
const says = $('#editor_says')?.dataset ?? {};

// Typing by script goes through the browser's own insertion where it can, so that undo takes it back.
function replace(start, end, text) {
  const [from, to, scroll] = [body.selectionStart, body.selectionEnd, body.scrollTop];
  const away = document.activeElement !== body && document.activeElement?.matches('input, textarea, select');
  let done = false;
  if (!away) {
    body.focus({ preventScroll: true });
    body.setSelectionRange(start, end);
    done = text === '' ? document.execCommand('delete') : document.execCommand('insertText', false, text);
  }
  if (!done) {
    body.setRangeText(text, start, end, 'end');
    body.dispatchEvent(new Event('input', { bubbles: true }));
  }
  const moved = at => (at <= start ? at : at >= end ? at + text.length - (end - start) : start + text.length);
  if (from !== start || to !== end) {
    body.setSelectionRange(moved(from), moved(to));
    body.scrollTop = scroll;
  }
}
function insert(text) {
  replace(body.selectionStart, body.selectionEnd, text);
}

// A block stands alone, after the paragraph: an empty line before and after it, its first words marked to type over.
function insertBlock(text, inline) {
  const stop = body.value.slice(body.selectionEnd).search(/\n\s*\n|\s*$/);
  const at = body.selectionEnd + (inline ? 0 : stop);
  body.setSelectionRange(at, at);
  const before = body.value.slice(0, at);
  const after = body.value.slice(at);
  text = text.trimEnd();
  const lead = inline ? (/[^\s(]$/.test(before) ? ' ' : '') : !before || before.endsWith('\n\n') ? '' : before.endsWith('\n') ? '\n' : '\n\n';
  const tail = inline ? '' : after.startsWith('\n\n') || !after ? (after ? '' : '\n') : after.startsWith('\n') ? '\n' : '\n\n';
  insert(lead + text + tail);
  const words = /(?:###\s*["«“]?|>\s*)([^\n"»”]+)|\| \| |^[^\n(]+(?= \()/.exec(text);
  if (!words) return;
  const cell = words[0] === '| | ';
  const begin = at + lead.length + words.index + (cell ? 1 : words[0].length - (words[1] ?? words[0]).length);
  body.setSelectionRange(begin, cell ? begin + 1 : begin + (words[1] ?? words[0]).length);
}

function wrap(mark, otherwise = '') {
  let { selectionStart: start, selectionEnd: end } = body;
  const marked = body.value.slice(start, end);
  const edge = mark.length;
  if (body.value.slice(start - edge, start) === mark && body.value.slice(end, end + edge) === mark) {
    replace(start - edge, end + edge, marked);
    return body.setSelectionRange(start - edge, end - edge);
  }
  const inner = marked.trim() || otherwise;
  start += marked.length - marked.trimStart().length;
  end = start + marked.trim().length;
  replace(start, end, mark + inner + mark);
  body.setSelectionRange(start + edge, start + edge + inner.length);
}

// Gives each line touched a beginning, or takes it away when all have it.
function begin(mark) {
  const start = body.value.lastIndexOf('\n', body.selectionStart - 1) + 1;
  const stop = body.value.indexOf('\n', Math.max(body.selectionEnd - 1, start));
  const end = stop < 0 ? body.value.length : stop;
  const lines = body.value.slice(start, end).split('\n');
  const all = lines.every(line => line.startsWith(mark));
  const done = lines.map(line => (all ? line.slice(mark.length) : mark + line.replace(/^(#{1,6} |[-*+] )/, ''))).join('\n');
  body.setSelectionRange(start, end);
  replace(start, end, done);
  body.setSelectionRange(start + (lines.length > 1 ? 0 : done.length), start + done.length);
}

const actions = {
  bold: () => wrap('**'),
  italic: () => wrap('*'),
  heading: () => begin('## '),
  list: () => begin('- '),
  link() {
    const { selectionStart: start, selectionEnd: end } = body;
    const marked = body.value.slice(start, end).trim();
    const isUrl = /^https?:\/\/\S+$/.test(marked);
    const label = isUrl || !marked ? says.link : marked;
    replace(start, end, `[${label}](${isUrl ? marked : 'https://'})`);
    if (isUrl || !marked) body.setSelectionRange(start + 1, start + 1 + label.length);
    else body.setSelectionRange(start + label.length + 3, start + label.length + 11);
  },
};

// Enter goes on with a list or quotation, and ends it on an empty item.
function goOn(e) {
  const at = body.selectionStart;
  if (at !== body.selectionEnd) return;
  const start = body.value.lastIndexOf('\n', at - 1) + 1;
  const line = body.value.slice(start, at);
  const [whole, pad, mark, number] = /^(\s*)([-*+] |(\d{1,3})\. |> )/.exec(line) ?? [];
  if (!whole) return;
  e.preventDefault();
  if (line === whole) return replace(start, at, '');
  insert(`\n${pad}${number ? `${Number(number) + 1}. ` : mark}`);
}

// --- counters ---
const bare = text => text.replace(/<!--[\s\S]*?-->/g, ' ');
function count() {
  $('[data-words]', form).textContent = (bare(body.value).match(/[\p{L}\p{N}_]+/gu) ?? []).length.toLocaleString(form.dataset.locale);
  for (const it of $$('[data-count]', form)) {
    const used = [...$(`#${it.dataset.count}`).value].length;
    it.textContent = `${used}/${it.dataset.most}`;
    it.classList.toggle('close', used > it.dataset.most * .9);
  }
}

// --- rows of results ---
function addRow(box) {
  const rows = $$('.result', box);
  const row = rows.at(-1).cloneNode(true);
  for (const it of $$('[id], [for], [name], [aria-describedby]', row)) {
    for (const name of ['id', 'for', 'name']) {
      const value = it.getAttribute(name);
      if (value) it.setAttribute(name, value.replace(/results-\d+/, `results-${rows.length}`));
    }
    it.removeAttribute('aria-describedby');
    it.removeAttribute('aria-invalid');
    if ('value' in it) it.value = '';
  }
  for (const error of $$('.error', row)) error.remove();
  rows.at(-1).after(row);
  if (rows.length + 1 >= Number(box.dataset.most)) $('[data-add-row]', box).hidden = true;
  return row;
}

// --- write or preview ---
const tabs = { write: $('#tab_write'), preview: $('#tab_preview') };
const panes = { write: $('#pane_write'), preview: $('#pane_preview') };
function show(name) {
  for (const key of ['write', 'preview']) {
    panes[key].hidden = key !== name;
    tabs[key].setAttribute('aria-selected', String(key === name));
    tabs[key].tabIndex = key === name ? 0 : -1;
  }
}
async function preview() {
  const drawn = panes.preview;
  panes.preview.setAttribute('aria-busy', 'true');
  try {
    const r = await fetch(tabs.preview.formAction.replace(/#.*/, '?fragment=1'), { method: 'POST', body: new URLSearchParams(new FormData(form)), headers: { 'X-CSRFToken': window.arsenal.token } });
    if (r.status === 422) throw new Error(says.undrawn);
    if (!r.ok) {
      window.arsenal.editor.trouble?.(r.status);
      throw new Error(window.arsenal.words.failed);
    }
    drawn.replaceChildren(parse(await r.text()));
    show('preview');
    tabs.preview.focus();
  } catch (e) {
    toast(e instanceof TypeError ? window.arsenal.words.failed : e.message);
  } finally {
    drawn.removeAttribute('aria-busy');
  }
}

if (form) {
  window.arsenal.editor = { form, body, says, insert, insertBlock, replace, addRow, count, show };
  $('.tabs-row', form).setAttribute('role', 'tablist');
  panes.write.setAttribute('role', 'tabpanel');
  panes.write.setAttribute('aria-labelledby', 'tab_write');
  for (const key of ['write', 'preview']) {
    tabs[key].setAttribute('role', 'tab');
    tabs[key].setAttribute('aria-controls', panes[key].id);
  }
  $('#shown_text')?.remove(); // what a page without script would show; the tab draws it anew
  show('write');
  count();
  form.addEventListener('input', count);
  form.addEventListener('click', e => {
    const b = e.target.closest('button');
    if (!b) return;
    if (b.dataset.do || b.dataset.block) {
      body.focus();
      if (b.dataset.do) actions[b.dataset.do]();
      else insertBlock(b.dataset.block, 'inline' in b.dataset);
    } else if (b.dataset.tab === 'preview') {
      e.preventDefault();
      preview();
    } else if (b.dataset.tab === 'write') {
      show('write');
      body.focus({ preventScroll: true });
    } else if ('addRow' in b.dataset) $('input:not([type=hidden])', addRow(b.closest('.results'))).focus();
  });
  $('.tabs-row', form).addEventListener('keydown', e => {
    if (!['ArrowLeft', 'ArrowRight'].includes(e.key)) return;
    e.preventDefault();
    if (panes.preview.hidden) preview();
    else {
      show('write');
      tabs.write.focus();
    }
  });
  form.addEventListener('keydown', e => {
    if (!(e.ctrlKey || e.metaKey) || e.altKey || e.shiftKey) {
      if (e.key === 'Enter' && e.target === body && !e.isComposing && !e.shiftKey && !e.altKey) goOn(e);
      return;
    }
    const name = { b: 'bold', i: 'italic', k: 'link' }[e.key.toLowerCase()];
    if (name && e.target === body) {
      e.preventDefault();
      e.stopPropagation();
      actions[name]();
    } else if (e.key.toLowerCase() === 's') {
      e.preventDefault();
      form.requestSubmit($('.savebar .primary', form));
    }
  });
}
