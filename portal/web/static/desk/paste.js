// What is pasted from Word, Google Docs or a page becomes Markdown; its HTML is only read, never run or shown.
const { $, parse, toast, editor } = window.arsenal;

const SKIPPED = new Set('SCRIPT STYLE META LINK TITLE HEAD XML OBJECT TEMPLATE NOSCRIPT COL COLGROUP BUTTON INPUT SELECT TEXTAREA IFRAME SVG'.split(' '));
const BLOCKS = new Set('P DIV H1 H2 H3 H4 H5 H6 UL OL LI TABLE BLOCKQUOTE PRE HR SECTION ARTICLE HEADER FOOTER MAIN ASIDE NAV FIGURE FIGCAPTION DL DT DD ADDRESS DETAILS SUMMARY FORM FIELDSET CENTER'.split(' '));
const FORMATTED = 'h1,h2,h3,h4,h5,h6,ul,ol,table,a[href],b,strong,i,em,blockquote,[data-style*="font-weight"],[data-style*="font-style"],[data-style*="mso-list"]';
const BREAK = '\u0000';

const style = node => node.getAttribute?.('data-style') ?? '';
const styled = (node, name) => new RegExp(`(?:^|;)\\s*${name}\\s*:\\s*([^;]+)`, 'i').exec(style(node))?.[1].trim().toLowerCase() ?? '';
const isSkipped = node => SKIPPED.has(node.nodeName.toUpperCase()) || styled(node, 'display') === 'none' || styled(node, 'mso-hide') === 'all' || styled(node, 'mso-element') === 'comment-list' || /^mso-list:\s*ignore/i.test(style(node));

function address(href) {
  let url;
  try {
    url = new URL(href);
  } catch {
    return '';
  }
  if (url.hostname === 'www.google.com' && url.pathname === '/url' && url.searchParams.get('q')) return address(url.searchParams.get('q'));
  return ['http:', 'https:', 'mailto:'].includes(url.protocol) ? url.href.replace(/[()<>\s]/g, c => `%${c.charCodeAt(0).toString(16).toUpperCase()}`) : '';
}
const escaped = text => text.replace(/[\\*`]/g, '\\$&').replace(/(^|[^\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, m => m.replace('_', '\\_')).replace(/<(?=[a-z/!?])/gi, '&lt;').replace(/\[(?=[^\]]*\]\()/g, '\\[');

// --- inline: runs of text with what they are, so that Word's split runs grow together ---
function runs(node, format, out, state) {
  for (const child of node.childNodes) {
    if (child.nodeType === 3) {
      const text = child.data.replace(/[\s\u00a0]+/g, ' ');
      if (text) out.push({ ...format, text });
      continue;
    }
    if (child.nodeType !== 1 || isSkipped(child)) continue;
    const tag = child.nodeName.toUpperCase();
    if (tag === 'BR') {
      out.push({ text: BREAK });
      continue;
    }
    if (tag === 'IMG') {
      const src = address(child.getAttribute('src') ?? '');
      if (src.startsWith('https:')) out.push({ ...format, raw: true, text: `![${escaped((child.getAttribute('alt') ?? '').replace(/[\s[\]]+/g, ' ').trim())}](${src})` });
      else state.left += 1;
      continue;
    }
    const next = { ...format };
    const weight = styled(child, 'font-weight');
    if (['B', 'STRONG'].includes(tag)) next.bold = true;
    if (weight) next.bold = weight === 'bold' || weight === 'bolder' || Number(weight) >= 600;
    if (['I', 'EM', 'CITE'].includes(tag)) next.italic = true;
    const slant = styled(child, 'font-style');
    if (slant) next.italic = slant === 'italic' || slant === 'oblique';
    if (['S', 'STRIKE', 'DEL'].includes(tag)) next.gone = true;
    if (['CODE', 'TT', 'KBD', 'SAMP'].includes(tag)) next.code = true;
    if (tag === 'A') next.link = address(child.getAttribute('href') ?? '') || format.link;
    if (BLOCKS.has(tag) && out.length) out.push({ text: BREAK });
    runs(child, next, out, state);
  }
  return out;
}
function merged(list) {
  const out = [];
  for (const run of list) {
    const last = out.at(-1);
    if (last && !run.raw && !last.raw && ['bold', 'italic', 'gone', 'code', 'link'].every(k => Boolean(run[k]) === Boolean(last[k]) && (k !== 'link' || run.link === last.link)) && run.text !== BREAK && last.text !== BREAK) last.text += run.text;
    // A blank between two bold runs is bold, too.
    else out.push({ ...run });
  }
  return out;
}
function write(run, plain) {
  if (run.text === BREAK) return BREAK;
  if (run.raw) return run.text;
  const [, lead, text, tail] = /^(\s*)([\s\S]*?)(\s*)$/.exec(run.text);
  if (!text) return run.text;
  let said = run.code ? `\`${text.replaceAll('`', '')}\`` : escaped(text);
  if (run.gone) said = `<s>${said}</s>`;
  if (!plain) {
    const mark = (run.bold ? '**' : '') + (run.italic ? '*' : '');
    said = mark + said + [...mark].reverse().join('');
  }
  if (run.link) said = text === run.link || `mailto:${text}` === run.link ? `<${text}>` : `[${said}](${run.link})`;
  return lead + said + tail;
}
function inline(node, state, { plain = false, joint = '  \n' } = {}) {
  let list = runs(node, {}, [], state);
  const bold = list.filter(run => run.text.trim() && run.text !== BREAK);
  if (plain) list = list.map(run => ({ ...run, bold: false, italic: false }));
  // A blank takes the format of both its neighbours, so that "**a** **b**" is "**a b**".
  list = list.map((run, n) => (!run.text.trim() && run.text !== BREAK && list[n - 1] && list[n + 1] && list[n - 1].bold === list[n + 1].bold && list[n - 1].italic === list[n + 1].italic && list[n - 1].link === list[n + 1].link ? { ...list[n - 1], text: run.text, raw: false } : run));
  const text = merged(list).map(run => write(run, plain)).join('').replace(/ +/g, ' ');
  const lines = text.split(BREAK).map(line => line.trim());
  while (lines.length && !lines.at(-1)) lines.pop();
  while (lines.length && !lines[0]) lines.shift();
  return bold.length ? lines.join(joint) : lines.some(Boolean) ? lines.join(joint) : '';
}
// What would begin a heading, list or quotation by accident.
const safely = text => text.replace(/^(#{1,6} |>|[-+] |\d{1,9}(?=[.)] ))/gm, m => (/^\d/.test(m) ? `${m}\\` : `\\${m}`));

// --- blocks ---
const indented = (text, pad) => text.split('\n').map((line, n) => (n && line ? pad + line : line)).join('\n');

function table(node, state) {
  const rows = [...node.querySelectorAll('tr')].filter(row => row.closest('table') === node).map(row => [...row.children].filter(c => /^T[DH]$/.test(c.nodeName.toUpperCase())));
  const cells = rows.filter(row => row.length);
  if (cells.length === 1 && cells[0].length === 1) return blocks(cells[0][0], state); // a frame, not a table
  const texts = cells.map(row => row.flatMap(cell => [inline(cell, state, { joint: '<br>' }).replaceAll('|', '\\|').replaceAll('\n', ' '), ...Array(Math.min(Math.max((cell.colSpan || 1) - 1, 0), 50)).fill('')]));
  const width = Math.max(...texts.map(row => row.length), 0);
  if (!width) return [];
  const line = row => `| ${[...row, ...Array(width - row.length).fill('')].join(' | ')} |`;
  const head = texts[0].map(text => text.replace(/^\*\*(.*)\*\*$/, '$1'));
  return [[line(head), `|${'---|'.repeat(width)}`, ...texts.slice(1).map(line)].join('\n')];
}
function list(node, state, depth = 0) {
  const isOrdered = node.nodeName.toUpperCase() === 'OL';
  let number = Number(node.getAttribute('start')) || 1;
  const lines = [];
  for (const child of node.children) {
    const tag = child.nodeName.toUpperCase();
    if (tag === 'UL' || tag === 'OL') lines.push(...list(child, state, lines.length ? depth + 1 : depth)); // as Google Docs nests
    else if (!isSkipped(child)) lines.push(...item(child, isOrdered ? `${number++}. ` : '- ', state, depth));
  }
  return lines;
}
function item(node, mark, state, depth) {
  const pad = '    '.repeat(depth);
  const own = node.cloneNode(true);
  for (const inner of own.querySelectorAll('ul, ol')) inner.remove();
  const rest = [...node.querySelectorAll('ul, ol')].filter(inner => inner.parentElement.closest('ul, ol, li') === node);
  const parts = blocks(own, state).join('  \n');
  const first = parts ? [`${pad}${mark}${indented(parts, `${pad}    `)}`] : [];
  return [...first, ...rest.flatMap(inner => list(inner, state, depth + 1))];
}
// Word has no lists, only paragraphs that say which level of which list they are.
const wordLevel = node => Number(/mso-list:[^;"']*level(\d+)/i.exec(style(node))?.[1] ?? 0);
function wordItem(node, level, state) {
  const sign = [...node.querySelectorAll('span')].find(span => /^mso-list:\s*ignore/i.test(style(span)))?.textContent.trim() ?? '';
  const isOrdered = /^\(?(\d+|[a-z]{1,4}|[а-я])[.)]/i.test(sign);
  const depth = Math.min(level, 9) - 1;
  state.counts.length = depth + 1;
  state.counts[depth] = (state.counts[depth] ?? 0) + 1;
  const pad = '    '.repeat(depth);
  return `${pad}${isOrdered ? `${state.counts[depth]}. ` : '- '}${indented(inline(node, state), `${pad}    `)}`;
}
function heading(node) {
  const tag = /^H([1-6])$/.exec(node.nodeName.toUpperCase());
  const named = /\bMso(Title|Heading(\d))/i.exec(node.className);
  const outline = Number(/mso-outline-level:\s*(\d)/i.exec(style(node))?.[1] ?? 0);
  const aria = node.getAttribute('role') === 'heading' ? Number(node.getAttribute('aria-level')) || 2 : 0;
  return tag ? Number(tag[1]) : named ? Number(named[2]) || 1 : outline && outline < 7 ? outline : aria;
}
function blocks(node, state) {
  const out = [];
  const doc = node.ownerDocument; // the inert one: in the page's own, a picture would load
  let loose = doc.createElement('p');
  const close = () => {
    const text = inline(loose, state);
    if (text) out.push(...text.split(/(?: {2}\n){2,}/).map(safely));
    loose = doc.createElement('p');
  };
  for (const child of node.childNodes) {
    const tag = child.nodeName.toUpperCase();
    if (child.nodeType === 8 || (child.nodeType === 1 && isSkipped(child))) continue;
    const holds = child.nodeType === 1 && !BLOCKS.has(tag) && child.querySelector([...BLOCKS].join(',').toLowerCase());
    if (!BLOCKS.has(tag) && !holds) {
      loose.append(child.cloneNode(true));
      continue;
    }
    close();
    const level = wordLevel(child);
    const head = heading(child);
    if (!level) state.counts.length = 0;
    if (head) {
      const text = inline(child, state, { plain: true, joint: ' ' });
      if (text) out.push({ head, text });
    } else if (level) {
      const text = wordItem(child, level, state);
      if (typeof out.at(-1)?.list === 'string') out.at(-1).list += `\n${text}`;
      else out.push({ list: text });
    } else if (tag === 'UL' || tag === 'OL') out.push(list(child, state).join('\n'));
    else if (tag === 'TABLE') out.push(...table(child, state));
    else if (tag === 'HR') out.push('---');
    else if (tag === 'PRE') out.push(`\`\`\`\n${child.textContent.replace(/\n$/, '')}\n\`\`\``);
    else if (tag === 'BLOCKQUOTE' || /\bMso(Intense)?Quote/i.test(child.className)) out.push(flat(blocks(tag === 'BLOCKQUOTE' ? child : wrapped(child), state), state).join('\n\n').replace(/^/gm, '> ').replace(/^> $/gm, '>'));
    else if (tag === 'P' && !child.querySelector('table, ul, ol')) {
      loose = child;
      close();
    } else out.push(...blocks(child, state));
  }
  close();
  return node.nodeName === '#document-fragment' ? out : flat(out, state);
}
function wrapped(node) {
  const holder = node.ownerDocument.createElement('div');
  for (const child of node.childNodes) holder.append(child.cloneNode(true));
  return holder;
}
// The asset's title is the page's first heading, so that a document's own begin at the second level.
function flat(parts, state) {
  const shift = state.top === 1 ? 1 : 0;
  return parts.map(part => (typeof part === 'string' ? part : part.list ?? `${'#'.repeat(Math.min(part.head + shift, 6))} ${part.text}`)).filter(Boolean);
}

// The page's policy speaks up about styles and handlers even where they could never work, so they go
// before anything is parsed; what is bold is told by a style, which is kept under another name.
const unstyled = html => html
  .replace(/<(style|script|svg|iframe|object|xml)\b[\s\S]*?<\/\1\s*>/gi, '')
  .replace(/<[a-z][^>]*>/gi, tag => tag.replace(/[\s/"']style\s*=/gi, ' data-style=').replace(/[\s/"']on[a-z]+\s*=/gi, ' data-on='));

function markdown(html) {
  const tree = parse(unstyled(html));
  const levels = [...tree.querySelectorAll('h1,h2,h3,h4,h5,h6,p,div')].map(heading).filter(Boolean);
  const state = { left: 0, counts: [], top: Math.min(...levels, 9) };
  const text = flat(blocks(tree, state), state).join('\n\n');
  return { text, left: state.left, isFormatted: Boolean(tree.querySelector(FORMATTED)) };
}

if (editor) {
  editor.markdown = markdown;
  editor.body.addEventListener('paste', e => {
    const files = [...(e.clipboardData?.files ?? [])];
    const html = e.clipboardData?.getData('text/html') ?? '';
    const { text, left, isFormatted } = html ? markdown(html) : {};
    if (files.length && !text) {
      e.preventDefault();
      return editor.takeFiles(files);
    }
    if (!isFormatted || !text) return; // plain text pastes itself
    e.preventDefault();
    editor.insert(text);
    const told = [editor.says.pasted, left ? editor.says.left : ''].join(' ').trim();
    $('#editor_says').textContent = told;
    toast(told);
  });
}
