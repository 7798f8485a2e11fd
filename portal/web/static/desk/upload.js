// Files sent one by one with their progress; without this the form sends them all at once.
const { $, $$, parse, token } = window.arsenal;

function line(list, name) {
  const li = document.createElement('li');
  const text = document.createElement('span');
  const bar = document.createElement('progress');
  text.textContent = name;
  bar.max = 1;
  bar.value = 0;
  bar.setAttribute('aria-label', name);
  li.append(text, bar);
  list.append(li);
  return { li, text, bar };
}

function fail(row, reason) {
  row.bar.remove();
  row.li.className = 'error';
  row.text.textContent = reason;
}

function send(form, file, row) {
  const words = form.dataset;
  return new Promise(done => {
    const ask = new XMLHttpRequest();
    const body = new FormData();
    body.append('file', file);
    ask.open('POST', form.action);
    ask.setRequestHeader('Accept', 'application/json');
    ask.setRequestHeader('X-CSRFToken', token);
    ask.responseType = 'json';
    ask.upload.addEventListener('progress', e => { row.bar.value = e.total ? e.loaded / e.total : 0; });
    ask.upload.addEventListener('load', () => { row.bar.removeAttribute('value'); row.text.textContent = `${file.name}: ${words.reading}`; });
    ask.addEventListener('loadend', () => {
      const good = ask.status === 201;
      if (good) row.li.remove();
      else fail(row, ask.response?.error || words.failed.replace('{name}', file.name));
      done(good);
    });
    ask.send(body);
  });
}

async function show() {
  const answer = await fetch(location.pathname, { headers: { Accept: 'text/html' } });
  if (!answer.ok) return;
  const fresh = parse(await answer.text());
  // an attachment is a change of its asset: how far it has come and the next step are others now
  for (const part of ['.desk-head', '#files-list', '.desk-side']) {
    const old = $(part), now = $(part, fresh);
    if (old && now) old.replaceWith(now);
  }
}

async function sendAll(form, files) {
  const { most, large, size } = form.dataset;
  const list = $('.uploads', form), button = $('button', form);
  list.replaceChildren();
  button.disabled = true;
  let some = false;
  for (const file of files) {
    const row = line(list, file.name);
    if (file.size > Number(most)) fail(row, large.replace('{name}', file.name).replace('{most}', size));
    else some = (await send(form, file, row)) || some;
  }
  button.disabled = false;
  form.reset();
  if (some) await show();
}

for (const form of $$('form[data-upload]')) {
  const panel = form.closest('section');
  form.addEventListener('submit', event => {
    event.preventDefault();
    sendAll(form, [...$('input[type=file]', form).files]);
  });
  panel.addEventListener('dragover', event => {
    if (!event.dataTransfer.types.includes('Files')) return;
    event.preventDefault();
    panel.classList.add('dropping');
  });
  panel.addEventListener('dragleave', () => panel.classList.remove('dropping'));
  panel.addEventListener('drop', event => {
    panel.classList.remove('dropping');
    if (!event.dataTransfer.files.length || event.target.matches('input[type=file]')) return;
    event.preventDefault();
    sendAll(form, [...event.dataTransfer.files]);
  });
}
