// A translation beside its original: what drafts.js needs of its form, and saving by key.
const { $ } = window.arsenal;
const form = $('#write_form');

if (form) {
  window.arsenal.editor = { form, body: form.elements.title, count() {}, addRow() {} };
  form.addEventListener('keydown', e => {
    if (!(e.ctrlKey || e.metaKey) || e.altKey || e.shiftKey || e.key.toLowerCase() !== 's') return;
    e.preventDefault();
    form.requestSubmit($('.savebar .primary', form));
  });
}
