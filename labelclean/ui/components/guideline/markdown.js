// Markdown into DOM nodes: text goes in as textContent only, links and pictures as their words.

const INLINE = new RegExp([
  "\\\\([\\\\`*_{}\\[\\]()#+\\-.!|>~])", "`([^`\\n]{1,2000})`", "\\*\\*([^*\\n]{1,2000})\\*\\*", "__([^_\\n]{1,2000})__",
  "\\*([^*\\s][^*\\n]{0,2000})\\*", "(?<![\\p{L}\\p{N}_])_([^_\\s][^_\\n]{0,2000})_(?![\\p{L}\\p{N}_])",
  "!?\\[([^\\[\\]\\n]{0,500})\\]\\(([^()\\s]{0,500})[^()\\n]{0,200}\\)",
].join("|"), "gu");
const FENCE = /^ {0,3}(```+|~~~+)/;
const HEADING = /^ {0,3}(#{1,6})\s(.*)$/;
const RULE = /^ {0,3}([-*_])(?:\s*\1){2,}\s*$/;
const ITEM = /^(\s*)(?:[-*+]|(\d{1,9})[.)])\s+(.*)$/;
const QUOTE = /^ {0,3}>\s?(.*)$/;
const TABLE_RULE = /^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$/;
const MOST_NESTED = 4;

function inlineNodes(text, depth = 0) {
  const nodes = [];
  let last = 0;
  for (const match of text.matchAll(INLINE)) {
    if (match.index > last) nodes.push(document.createTextNode(text.slice(last, match.index)));
    nodes.push(...inlineMatch(match, depth));
    last = match.index + match[0].length;
  }
  if (last < text.length) nodes.push(document.createTextNode(text.slice(last)));
  return nodes;
}

function inlineMatch([whole, escaped, code, strong, strongToo, slanted, slantedToo, words, address], depth) {
  if (escaped !== undefined) return [document.createTextNode(escaped)];
  if (code !== undefined) return [el("code", { text: code })];
  const inner = (part) => (depth < MOST_NESTED ? inlineNodes(part, depth + 1) : [document.createTextNode(part)]);
  if (strong ?? strongToo) return [el("strong", {}, ...inner(strong ?? strongToo))];
  if (slanted ?? slantedToo) return [el("em", {}, ...inner(slanted ?? slantedToo))];
  if (words === undefined) return [document.createTextNode(whole)];
  const isAddressSaid = !address || address === words || whole.startsWith("!");
  return [...inner(words), ...(isAddressSaid ? [] : [el("span", { class: "address", text: ` (${address})` })])];
}

// The page around has the first headings: those of the guideline begin one level further down.
function headingNode([, marks, words]) {
  return el(`h${Math.min(marks.length + 2, 6)}`, {}, ...inlineNodes(words.trim().replace(/\s#{1,6}$/, "")));
}

class Lines {
  constructor(text) {
    this.lines = text.split("\n");
    this.at = 0;
  }

  get isOver() {
    return this.at >= this.lines.length;
  }

  get line() {
    return this.lines[this.at];
  }

  next() {
    this.at += 1;
    return this.lines[this.at - 1];
  }

  takeWhile(fits) {
    const taken = [];
    while (!this.isOver && fits(this.line)) taken.push(this.next());
    return taken;
  }
}

function codeNode(lines) {
  const fence = FENCE.exec(lines.next())[1];
  const code = lines.takeWhile((line) => !line.trim().startsWith(fence));
  if (!lines.isOver) lines.next();
  return el("pre", { tabindex: "0" }, el("code", { text: code.join("\n") }));
}

function beginsBlock(line) {
  return line.trim() === "" || [FENCE, HEADING, RULE, ITEM, QUOTE].some((form) => form.test(line));
}

function paragraphNode(lines) {
  const first = lines.next();
  const words = [first, ...lines.takeWhile((line) => !beginsBlock(line))];
  return el("p", {}, ...words.flatMap((line, place) => [
    ...inlineNodes(line.trim()), ...(place < words.length - 1 ? [line.endsWith("  ") ? el("br") : document.createTextNode(" ")] : []),
  ]));
}

// Items further in belong to the item before them; lines without a mark go on with its words.
function listNode(lines, depth = 0) {
  const [, indent, number] = ITEM.exec(lines.line);
  const list = el(number === undefined ? "ul" : "ol", number && number !== "1" ? { start: number } : {});
  while (!lines.isOver) {
    const item = ITEM.exec(lines.line);
    if (!item) {
      const isMore = lines.line.trim() !== "" && !beginsBlock(lines.line) && list.lastChild;
      if (!isMore) break;
      list.lastChild.append(" ", ...inlineNodes(lines.next().trim()));
    } else if (item[1].length > indent.length + 1 && list.lastChild && depth < MOST_NESTED) {
      list.lastChild.append(listNode(lines, depth + 1));
    } else if (item[1].length + 1 < indent.length || (item[2] === undefined) !== (number === undefined)) break;
    else {
      lines.next();
      list.append(el("li", {}, ...inlineNodes(item[3])));
    }
  }
  return list;
}

function cellsOf(line) {
  return line.trim().replace(/^\||\|$/g, "").split("|").map((cell) => cell.trim());
}

function isTable(lines) {
  const rule = lines.lines[lines.at + 1];
  return lines.line.includes("|") && rule !== undefined && rule.includes("-") && TABLE_RULE.test(rule);
}

function tableNode(lines) {
  const head = cellsOf(lines.next());
  lines.next();
  const body = lines.takeWhile((line) => line.includes("|")).map(cellsOf);
  const row = (tag, cells) => el("tr", {}, ...head.map((_, place) => el(tag, {}, ...inlineNodes(cells[place] ?? ""))));
  return el("div", { class: "table", tabindex: "0" }, el("table", {}, el("thead", {}, row("th", head)),
    el("tbody", {}, ...body.map((cells) => row("td", cells)))));
}

function quoteNode(lines, depth) {
  const words = lines.takeWhile((line) => QUOTE.test(line)).map((line) => QUOTE.exec(line)[1]);
  return el("blockquote", {}, ...markdownNodes(words.join("\n"), depth + 1));
}

function blockNode(lines, depth) {
  const { line } = lines;
  if (FENCE.test(line)) return codeNode(lines);
  if (HEADING.test(line)) return headingNode(HEADING.exec(lines.next()));
  if (RULE.test(line)) return lines.next() && el("hr");
  if (QUOTE.test(line) && depth < MOST_NESTED) return quoteNode(lines, depth);
  if (ITEM.test(line)) return listNode(lines);
  return isTable(lines) ? tableNode(lines) : paragraphNode(lines);
}

function markdownNodes(text, depth = 0) {
  const lines = new Lines(text);
  const nodes = [];
  while (!lines.isOver) {
    if (lines.line.trim() === "") lines.next();
    else nodes.push(blockNode(lines, depth));
  }
  return nodes;
}
