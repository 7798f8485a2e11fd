// Choosing rows of a list: all of a page at once, ranges with Shift, and how many there are.
const { $, $$ } = window.arsenal;

for (const form of $$('form[data-batch]')) {
  const all = $('[data-all]', form);
  const boxes = $$(`input[type=checkbox][form="${form.id}"]`);
  let last = -1;
  const show = () => {
    const chosen = boxes.filter(box => box.checked).length;
    all.checked = chosen > 0 && chosen === boxes.length;
    all.indeterminate = chosen > 0 && chosen < boxes.length;
  };
  all.addEventListener('change', () => {
    for (const box of boxes) box.checked = all.checked;
    show();
  });
  boxes.forEach((box, number) => box.addEventListener('click', event => {
    if (event.shiftKey && last >= 0) {
      const [from, to] = [Math.min(last, number), Math.max(last, number)];
      for (const other of boxes.slice(from, to + 1)) other.checked = box.checked;
    }
    last = number;
    show();
  }));
  show();
}
