// Opens the editor at the section an address names: the caret before its heading, the heading in sight.
const { $ } = window.arsenal;
const form = $('#write_form');
const body = $('#write_body');
const places = form?.dataset.places ? JSON.parse(form.dataset.places) : {};

// What stands in code or in a hint is no heading: blanked, every place stays where it is.
const blank = text => text.replace(/[^\n]/g, ' ');
const bare = text => text.replace(/<!--[\s\S]*?(-->|$)/g, blank).replace(/^( {0,3})(`{3,}|~{3,})[\s\S]*?(^ {0,3}\2[`~]*[ \t]*$|(?![\s\S]))/gm, blank);
// A heading as its page shows it, of a heading as it is written, for comparison.
const plain = text => text.replace(/!?\[([^\]]*)\](\([^)]*\)|\[[^\]]*\])/g, '$1').replace(/<[^>]*>|\{[^}]*\}|[\\*_`~#]/g, '').normalize().replace(/[^\p{L}\p{N}]+/gu, ' ').trim().toLowerCase();

// The nth heading that says this.
function find([heading, nth]) {
  const text = bare(body.value);
  const wanted = plain(heading);
  for (const it of text.matchAll(/^ {0,3}#{1,6}[ \t]+(.+)$|^ {0,3}(\S.*)\n {0,3}(?:=+|-+)[ \t]*$/gm)) {
    if (plain(it[1] ?? it[2]) === wanted && nth-- === 0) return it.index;
  }
  return -1;
}

// How far down a place is: as high as a field that holds just what stands before it. It keeps its id, by which it is styled.
function depth(at) {
  const mirror = body.cloneNode();
  mirror.removeAttribute('name');
  mirror.tabIndex = -1;
  mirror.value = body.value.slice(0, at);
  Object.assign(mirror.style, { position: 'absolute', visibility: 'hidden', height: '0', minHeight: '0', width: `${body.offsetWidth}px` });
  body.after(mirror);
  const high = mirror.scrollHeight;
  mirror.remove();
  return high;
}

function go() {
  let name = location.hash.slice(1);
  try {
    name = decodeURIComponent(name);
  } catch { /* as it stands */ }
  if (!Object.hasOwn(places, name)) return;
  const at = find(places[name]);
  if (at < 0) return;
  window.arsenal.editor?.show('write');
  body.focus({ preventScroll: true });
  body.setSelectionRange(at, at);
  const down = depth(at);
  body.scrollTop = Math.max(0, down - 60); // where the field scrolls; where it grows with its text, the page does
  scrollBy({ top: body.getBoundingClientRect().top + down - body.scrollTop - innerHeight / 3, behavior: 'instant' });
}

if (body) {
  document.addEventListener('DOMContentLoaded', go); // once the drafts are in
  addEventListener('hashchange', go);
}
