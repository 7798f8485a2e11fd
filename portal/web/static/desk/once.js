// A form is sent once, however often its button is pressed; the server knows a second one, too.
for (const form of document.querySelectorAll('form[data-once]')) {
  form.addEventListener('submit', e => {
    if (form.dataset.sent) e.preventDefault();
    form.dataset.sent = 'yes';
  });
  addEventListener('pageshow', () => delete form.dataset.sent);
}
