// A form[data-passkey] is answered by the device: a key is made or shown, and the form is sent.
const bytes = text => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), c => c.charCodeAt(0));
const text = buffer => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
const known = list => (list ?? []).map(it => ({ ...it, id: bytes(it.id) }));

function read(options, mode) {
  options.challenge = bytes(options.challenge);
  if (mode === 'create') {
    options.user.id = bytes(options.user.id);
    options.excludeCredentials = known(options.excludeCredentials);
  } else options.allowCredentials = known(options.allowCredentials);
  return { publicKey: options };
}

function written(key) {
  const from = key.response, response = { clientDataJSON: text(from.clientDataJSON) };
  for (const name of ['attestationObject', 'authenticatorData', 'signature', 'userHandle']) if (from[name]) response[name] = text(from[name]);
  return JSON.stringify({ id: key.id, rawId: text(key.rawId), type: key.type, response });
}

for (const form of document.querySelectorAll('form[data-passkey]')) {
  const { passkey: mode, options, cancelled, known: twice, unsupported } = form.dataset;
  const said = form.querySelector('[role=alert]'), button = form.querySelector('button');
  const say = words => {
    said.querySelector('span').textContent = words;
    said.hidden = !words;
  };
  const ask = async () => {
    say('');
    button.disabled = true;
    try {
      form.elements.answer.value = written(await navigator.credentials[mode](read(JSON.parse(options), mode)));
      form.submit();
    } catch (error) {
      say(error.name === 'InvalidStateError' && twice ? twice : cancelled);
      button.disabled = false;
    }
  };
  form.addEventListener('submit', e => {
    e.preventDefault();
    ask();
  });
  if (!window.PublicKeyCredential) {
    say(unsupported);
    button.disabled = true;
  } else if ('now' in form.dataset) ask();
}
