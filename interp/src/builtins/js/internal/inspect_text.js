// SPDX-License-Identifier: MIT
'use strict';
// Text for inspect: quoting, widths, and the layout of lists of entries (one line, columns, or one
// entry a line). Nothing here looks into objects.

const control_names = { 8: '\\b', 9: '\\t', 10: '\\n', 12: '\\f', 13: '\\r', 39: "\\'", 92: '\\\\' };

function hex(number, width) {
  return number.toString(16).toUpperCase().padStart(width, '0');
}

function escape_unit(code) {
  if (control_names[code] !== undefined) return control_names[code];
  return code < 256 ? '\\x' + hex(code, 2) : '\\u' + code.toString(16);
}

function is_lone_surrogate(text, i, code) {
  if (code < 0xd800 || code > 0xdfff) return false;
  if (code >= 0xdc00) return true;
  const next = i + 1 < text.length ? text.charCodeAt(i + 1) : 0;
  return next < 0xdc00 || next > 0xdfff;
}

// Escapes everything that would not print as itself between quotes of the given code (0: none).
function escape_text(text, quote_code) {
  let result = '';
  let done = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    const control = code < 32 || (code > 126 && code < 160);
    const special = code === 92 || (code === 39 && quote_code === 39);
    if (code < 0xd800 && !control && !special) continue;
    if (code >= 0xd800) {
      if (!is_lone_surrogate(text, i, code)) {
        if (code <= 0xdfff) i++;
        continue;
      }
    }
    result += text.slice(done, i) + escape_unit(code);
    done = i + 1;
  }
  return done === 0 ? text : result + text.slice(done);
}

// A string literal as Node prints it: single quotes unless others avoid escaping.
function quote(text) {
  let mark = "'";
  if (text.includes("'")) {
    if (!text.includes('"')) mark = '"';
    else if (!text.includes('`') && !text.includes('${')) mark = '`';
  }
  return mark + escape_text(text, mark.charCodeAt(0)) + mark;
}

function is_zero_width(code) {
  return code <= 0x1f || (code >= 0x7f && code <= 0x9f) || (code >= 0x300 && code <= 0x36f) ||
    (code >= 0x200b && code <= 0x200f) || (code >= 0x20d0 && code <= 0x20ff) ||
    (code >= 0xfe00 && code <= 0xfe0f) || (code >= 0xfe20 && code <= 0xfe2f) ||
    (code >= 0xe0100 && code <= 0xe01ef);
}

function is_wide(code) {
  return code >= 0x1100 && (code <= 0x115f || code === 0x2329 || code === 0x232a ||
    (code >= 0x2e80 && code <= 0x3247 && code !== 0x303f) || (code >= 0x3250 && code <= 0x4dbf) ||
    (code >= 0x4e00 && code <= 0xa4c6) || (code >= 0xa960 && code <= 0xa97c) ||
    (code >= 0xac00 && code <= 0xd7a3) || (code >= 0xf900 && code <= 0xfaff) ||
    (code >= 0xfe10 && code <= 0xfe19) || (code >= 0xfe30 && code <= 0xfe6b) ||
    (code >= 0xff01 && code <= 0xff60) || (code >= 0xffe0 && code <= 0xffe6) ||
    (code >= 0x1b000 && code <= 0x1b001) || (code >= 0x1f200 && code <= 0x1f251) ||
    (code >= 0x1f300 && code <= 0x1f64f) || (code >= 0x1f680 && code <= 0x1f6ff) ||
    (code >= 0x1f900 && code <= 0x1f9ff) || (code >= 0x20000 && code <= 0x3fffd));
}

function remove_colors(text) {
  return text.replace(/\u001b\[\d+m/g, '');
}

// Columns of a terminal the text takes.
function text_width(text, colors) {
  if (colors) text = remove_colors(text);
  let width = 0;
  for (let i = 0; i < text.length; i++) {
    let code = text.charCodeAt(i);
    if (code >= 0x20 && code < 0x7f) {
      width++;
      continue;
    }
    if (code >= 0xd800 && code <= 0xdbff && i + 1 < text.length) code = text.codePointAt(i++);
    if (is_wide(code)) width += 2;
    else if (!is_zero_width(code)) width++;
  }
  return width;
}

function fits_on_line(context, entries, start, base) {
  let total = entries.length + start;
  if (total + entries.length > context.breakLength) return false;
  for (let i = 0; i < entries.length; i++) {
    total += context.colors ? remove_colors(entries[i]).length : entries[i].length;
    if (total > context.breakLength) return false;
  }
  return base === '' || !base.includes('\n');
}

function all_numbers(value, count) {
  if (value === undefined) return true;
  for (let i = 0; i < count; i++) {
    if (typeof value[i] !== 'number') return false;
  }
  return true;
}

function choose_columns(context, widths, total, longest, entry_count) {
  const cell = longest + 2;
  const bias = Math.sqrt(cell - total / entry_count);
  const biased = Math.max(cell - 3 - bias, 1);
  return Math.min(
    Math.round(Math.sqrt(2.5 * biased * widths.length) / biased),  // about a square
    Math.floor((context.breakLength - context.indentationLvl) / cell),
    context.compact * 4,
    15);
}

// Joins the entries of a long array into lines of aligned columns; returns the entries unchanged
// where columns would not help. A trailing "... n more items" stays on its own line.
function group_in_columns(context, entries, value) {
  let count = entries.length;
  const has_more = context.maxArrayLength < entries.length;
  if (has_more) count--;
  const widths = [];
  let total = 0;
  let longest = 0;
  for (let i = 0; i < count; i++) {
    const width = text_width(entries[i], context.colors);
    widths.push(width);
    total += width + 2;
    if (longest < width) longest = width;
  }
  const cell = longest + 2;
  if (cell * 3 + context.indentationLvl >= context.breakLength) return entries;
  if (total / cell <= 5 && longest > 6) return entries;
  const columns = choose_columns(context, widths, total, longest, entries.length);
  if (columns <= 1) return entries;

  const column_widths = [];
  for (let i = 0; i < columns; i++) {
    let width = 0;
    for (let k = i; k < count; k += columns) width = Math.max(width, widths[k]);
    column_widths.push(width + 2);
  }
  const align_right = all_numbers(value, entries.length);
  const lines = [];
  for (let i = 0; i < count; i += columns) {
    const last = Math.min(i + columns, count) - 1;
    let line = '';
    for (let k = i; k < last; k++) {
      const padding = column_widths[k - i] + entries[k].length - widths[k];
      const text = entries[k] + ', ';
      line += align_right ? text.padStart(padding) : text.padEnd(padding);
    }
    if (align_right) {
      const padding = column_widths[last - i] + entries[last].length - widths[last] - 2;
      line += entries[last].padStart(padding);
    } else {
      line += entries[last];
    }
    lines.push(line);
  }
  if (has_more) lines.push(entries[count]);
  return lines;
}

// Puts entries between braces: on one line where short and not too deep, else one entry a line.
function arrange(context, entries, base, braces, is_array, depth, value) {
  const head = base ? base + ' ' : '';
  if (context.compact === true) {
    if (fits_on_line(context, entries, 0, base)) {
      return braces[0] + (base ? ' ' + base : '') + ' ' + entries.join(', ') + ' ' + braces[1];
    }
    const indent = '\n' + ' '.repeat(context.indentationLvl);
    const gap = base === '' && braces[0].length === 1 ? ' ' : (base ? ' ' + base : '') + indent + '  ';
    return braces[0] + gap + entries.join(',' + indent + '  ') + ' ' + braces[1];
  }
  if (typeof context.compact === 'number' && context.compact >= 1) {
    const count = entries.length;
    if (is_array && count > 6) entries = group_in_columns(context, entries, value);
    if (context.currentDepth - depth < context.compact && count === entries.length) {
      const start = entries.length + context.indentationLvl + braces[0].length + base.length + 10;
      if (fits_on_line(context, entries, start, base)) {
        const joined = entries.join(', ');
        if (!joined.includes('\n')) return head + braces[0] + ' ' + joined + ' ' + braces[1];
      }
    }
  }
  const indent = '\n' + ' '.repeat(context.indentationLvl);
  return head + braces[0] + indent + '  ' + entries.join(',' + indent + '  ') + indent + braces[1];
}

function more_items(count) {
  return '... ' + count + ' more item' + (count > 1 ? 's' : '');
}

function empty_items(count) {
  return '<' + count + ' empty item' + (count > 1 ? 's' : '') + '>';
}

module.exports = { quote, escape_text, text_width, arrange, more_items, empty_items };
