// Pictures dropped, pasted or chosen: uploaded, with a mark in the text that gives way to the picture.
const { $, editor, toast } = window.arsenal;

if (editor) {
  const { form, body, says, insert, replace } = editor;
  let number = 0;
  const say = (what, name) => {
    const text = says[what].replace('{name}', name);
    $('#editor_says').textContent = text;
    toast(text);
  };
  const safe = name => name.replace(/[<>\[\]()\n\r]|--/g, ' ').trim().slice(0, 60) || '…';

  function settle(mark, text) {
    const at = body.value.indexOf(mark);
    if (at >= 0) replace(at, at + mark.length, text);
  }
  async function upload(file, mark) {
    const name = safe(file.name);
    const data = new FormData();
    data.append('file', file, file.name || 'picture.png');
    try {
      const r = await fetch(form.dataset.upload, { method: 'POST', body: data, headers: { 'X-CSRFToken': window.arsenal.token, Accept: 'application/json' } });
      if (r.status === 201) {
        const told = await r.json();
        settle(mark, told.markdown);
        return say('placed', name);
      }
      settle(mark, '');
      const why = r.headers.get('Content-Type')?.includes('json') ? (await r.json()).error : '';
      if (why) return toast(why);
      say(r.status === 413 ? 'large' : r.status === 401 || r.status === 400 ? 'out' : 'refused', name);
    } catch {
      settle(mark, '');
      say('refused', name);
    }
  }
  function take(files) {
    const marks = files.map(file => `<!-- ↑ ${safe(file.name)} ${++number} -->`);
    const at = body.selectionStart;
    const lead = at && body.value[at - 1] !== '\n' ? '\n\n' : '';
    insert(`${lead}${marks.join('\n\n')}${body.value[at] && body.value[at] !== '\n' ? '\n\n' : ''}`);
    say('uploading', safe(files[0].name));
    files.forEach((file, n) => upload(file, marks[n]));
  }

  editor.takeFiles = take;
  $('[data-picture]', form).addEventListener('change', e => {
    const files = [...e.target.files];
    body.focus();
    if (files.length) take(files);
    e.target.value = '';
  });
  const carries = e => [...(e.dataTransfer?.types ?? [])].includes('Files');
  for (const name of ['dragenter', 'dragover']) {
    body.addEventListener(name, e => {
      if (!carries(e)) return;
      e.preventDefault();
      body.classList.add('dropping');
    });
  }
  // A file dropped beside the text must not replace the page.
  for (const name of ['dragover', 'drop']) addEventListener(name, e => carries(e) && e.preventDefault());
  for (const name of ['dragleave', 'drop']) body.addEventListener(name, () => body.classList.remove('dropping'));
  body.addEventListener('drop', e => {
    if (!carries(e)) return;
    e.preventDefault();
    body.focus();
    take([...e.dataTransfer.files]);
  });
}
