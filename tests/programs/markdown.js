// Markdown to HTML with regular expressions.
const escapeHtml = (s) =>
    s.replace(/[&<>"]/g, (c) => ({'&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;'})[c]);
const inlineRules = [
  [/`([^`]+)`/g, (_, code) => `<code>${code}</code>`],
  [
    /!\[([^\]]*)\]\(([^)\s]+)(?:\s+&quot;(.*?)&quot;)?\)/g,
    (_, alt, src, title) => `<img src="${src}" alt="${alt}"${title ? ` title="${title}"` : ''}>`
  ],
  [/\[([^\]]+)\]\(([^)\s]+)\)/g, '<a href="$2">$1</a>'],
  [/(\*\*|__)(?=\S)(.+?)(?<=\S)\1/g, '<strong>$2</strong>'],
  [/(?<![*\w])(\*|_)(?=\S)(.+?)(?<=\S)\1(?![*\w])/g, '<em>$2</em>'],
  [/~~(.+?)~~/g, '<del>$1</del>'],
  [/(?<!["'>=\w])(https?:\/\/[^\s<]+[^\s<.,)])/g, '<a href="$1">$1</a>'],
  [/ {2}$/gm, '<br>'],
];
const inline = (text) => {
  const codes = [];
  let html = escapeHtml(text).replace(/`([^`]+)`/g, (m) => `\u0000${codes.push(m) - 1}\u0000`);
  for (const [pattern, replacement] of inlineRules.slice(1)) html = html.replace(pattern, replacement);
  return html.replace(/\u0000(\d+)\u0000/g, (_, i) => codes[i].replace(...inlineRules[0]));
};

function list(lines) {
  const stack = [], out = [];
  for (const line of lines) {
    const [, indent, marker, text] = /^(\s*)([-*+]|\d+\.)\s+(.*)$/.exec(line);
    const tag = /\d/.test(marker) ? 'ol' : 'ul', depth = indent.length;
    while (stack.length && stack.at(-1).depth > depth) out.push('</li>', `</${stack.pop().tag}>`);
    if (!stack.length || stack.at(-1).depth < depth) {
      stack.push({tag, depth});
      out.push(`<${tag}>`);
    } else
      out.push('</li>');
    out.push(`<li>${inline(text.replace(/^\[([ x])\]/, (_, c) => (c === 'x' ? '☑' : '☐')))}`);
  }
  while (stack.length) out.push('</li>', `</${stack.pop().tag}>`);
  return out.join('');
}

function table(lines) {
  const cells = (line) => line.replace(/^\||\|$/g, '').split('|').map((c) => c.trim());
  const align = cells(lines[1]).map((c) => (/^:-+:$/.test(c) ? 'center' : /-:$/.test(c) ? 'right' : null));
  const row = (line, tag) => `<tr>${
      cells(line)
          .map((c, i) => `<${tag}${align[i] ? ` align="${align[i]}"` : ''}>${inline(c)}</${tag}>`)
          .join('')}</tr>`;
  return `<table>${row(lines[0], 'th')}${lines.slice(2).map((l) => row(l, 'td')).join('')}</table>`;
}

const blocks = [
  {
    name: 'fence',
    match: /^```(\w*)\n([\s\S]*?)\n```$/m,
    render: ([, language, code]) => `<pre${language && ` class="${language}"`}>${escapeHtml(code)}</pre>`
  },
  {
    name: 'heading',
    match: /^(#{1,6})\s+(.+?)\s*#*$/,
    render: ([, {length}, text]) => `<h${length} id="${
        text.toLowerCase().replace(/[^\w]+/g, '-').replace(/^-|-$/g, '')}">${inline(text)}</h${length}>`
  },
  {name: 'rule', match: /^([-*_])(?:\s*\1){2,}$/, render: () => '<hr>'},
  {
    name: 'quote',
    match: /^>/,
    render: ({input}) => `<blockquote>${markdown(input.replace(/^> ?/gm, ''))}</blockquote>`
  },
  {name: 'list', match: /^\s*(?:[-*+]|\d+\.)\s/, render: ({input}) => list(input.split('\n'))},
  {name: 'table', match: /^\|.*\n\|[\s:|-]+$/m, render: ({input}) => table(input.split('\n'))},
  {name: 'paragraph', match: /[^]/, render: ({input}) => `<p>${inline(input)}</p>`},
];
const used = {};
function markdown(text) {
  const pieces = text.replace(/\r\n?/g, '\n').match(/```[\s\S]*?\n```|[^\n]+(?:\n(?!```)[^\n]+)*/g) ?? [];
  return pieces
      .map((piece) => {
        for (const {name, match, render} of blocks) {
          const found = match.exec(piece);
          if (!found) continue;
          used[name] = (used[name] ?? 0) + 1;
          return render(found);
        }
      })
      .join('\n');
}

const text = `# Heap & Collectors #

A *moving* heap with **bold ideas**, ~~no~~ bugs, \`a < b && *c*\`, and [links](https://example.org/x?a=1&b=2).
See https://example.org/docs, or snake_case_names and 2 * 3 * 4.

## Lists, nested!
- one
- two with _emphasis_
  - inner **a**
  - inner b
- [x] done
- [ ] open

1. first
2. second

> Quoted *text*
> over lines
> - with a list

| Plan | Pause | RSS |
|:----:|------:|-----|
| generational | 8 ms | \`48 MB\` |
| semispace | **big** | x |

\`\`\`js
const x = 1 < 2 ? "a" : 'b';

# not a heading
\`\`\`
***
![picture](a.png "The <title>") and line  
break`;
console.log(markdown(text));
console.log(used, markdown('') === '', markdown('plain'));
const long = Array.from({length: 60}, (_, i) => text.replace(/Heap/g, `Heap ${i}`)).join('\n\n');
const html = markdown(long);
console.log(
    html.length, html.split('<li>').length, html.lastIndexOf('id="heap-59-collectors"') > 0,
    (html.match(/<(\w+)/g) || []).reduce((c, t) => ((c[t] = (c[t] || 0) + 1), c), {}));
