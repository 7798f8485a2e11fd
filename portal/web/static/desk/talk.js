// A tap on a name puts it into what somebody is writing.
for (const chips of document.querySelectorAll('[data-mentions]')) {
  const box = document.getElementById(chips.dataset.mentions);
  chips.addEventListener('click', e => {
    const name = e.target.closest('[data-mention]')?.dataset.mention;
    if (!name) return;
    const at = box.selectionStart, before = box.value.slice(0, at);
    const gap = before && !/\s$/.test(before) ? ' ' : '';
    box.setRangeText(`${gap}${name} `, at, box.selectionEnd, 'end');
    box.focus();
  });
}
// The address may name a move that needs words.
const wanted = location.hash && document.querySelector(`details${CSS.escape(location.hash).replace('\\#', '#')}`);
if (wanted) { wanted.open = true; wanted.querySelector('textarea')?.focus(); }
