// Type to find any class, or make a new one.

const SHOWN_CLASSES = 60;

function foldCase(text) {
  return text.normalize("NFKC").toLocaleLowerCase();
}

// Folding takes longer than searching; names are folded once and for all queues.
const FOLDED = new Map();

function foldedName(name) {
  let folded = FOLDED.get(name);
  if (folded === undefined) {
    folded = foldCase(name);
    FOLDED.set(name, folded);
  }
  return folded;
}

// Names that begin with the words come first, then words inside that do, then any place.
function rankOf(name, words) {
  const folded = foldedName(name);
  const place = folded.indexOf(words);
  if (place < 0) return -1;
  if (place === 0) return folded.length === words.length ? 0 : 1;
  return /[\s_\-./:]/.test(folded[place - 1]) ? 2 : 3;
}

function findClasses(classes, typed) {
  const words = foldCase(typed.trim());
  if (!words) return classes;
  const ranked = classes.map((name, place) => ({ name, place, rank: rankOf(name, words) }));
  return ranked
    .filter((item) => item.rank >= 0)
    .sort((one, other) => one.rank - other.rank || one.place - other.place)
    .map((item) => item.name);
}

class Finder {
  // choose(label) gets the class; closed() puts the focus back.
  constructor(nodes, { choose, closed }) {
    this.nodes = nodes;
    this.choose = choose;
    this.closed = closed;
    this.options = [];
    this.active = 0;
    nodes.finderInput.oninput = () => this.refresh();
    nodes.finderInput.onkeydown = (event) => this.onKey(event);
    nodes.finderList.onclick = (event) => this.onClick(event);
    nodes.finderClose.onclick = () => this.close();
  }

  get isOpen() {
    return !this.nodes.finder.hidden;
  }

  // ``members`` are the labels already in the set at hand.
  open(classes, areSets, members = []) {
    this.classes = classes;
    this.areSets = areSets;
    this.members = new Set(members);
    classes.forEach(foldedName);
    const [one, act] = areSets ? ["label", "puts it in or takes it out"] : ["class", "takes"];
    this.nodes.finderInput.placeholder = `Type to find a ${one}, or to make one`;
    this.nodes.finderInput.setAttribute("aria-label", `Find a ${one}`);
    setText(this.nodes.finderHint, `↑ ↓ choose · Enter ${act} · Esc closes`);
    this.nodes.finderInput.value = "";
    this.nodes.finder.hidden = false;
    this.nodes.finderInput.setAttribute("aria-expanded", "true");
    this.refresh();
    this.place();
    this.nodes.finderInput.focus();
  }

  // Below the text, so that it can be read meanwhile; where the window ends before that, over the buttons.
  place() {
    const { finder, card, chips } = this.nodes;
    const top = chips.getBoundingClientRect().top;
    const fits = top + finder.offsetHeight < window.innerHeight;
    finder.style.top = fits ? `${top - card.getBoundingClientRect().top}px` : "";
    finder.style.bottom = fits ? "auto" : "";
  }

  close() {
    if (!this.isOpen) return;
    this.nodes.finder.hidden = true;
    this.nodes.finderInput.setAttribute("aria-expanded", "false");
    this.closed();
  }

  refresh() {
    const typed = this.nodes.finderInput.value.trim();
    const found = findClasses(this.classes, typed);
    this.options = found.slice(0, SHOWN_CLASSES).map((label) => ({ label, isNew: false }));
    if (typed && !this.classes.includes(typed)) {
      // What has commas is several labels: Enter takes them, not one that begins like the first.
      const isFirst = this.areSets && typed.includes(",");
      this.options[isFirst ? "unshift" : "push"]({ label: typed, isNew: true });
    }
    this.active = 0;
    this.nodes.finderList.replaceChildren(...this.options.map((option, place) => this.optionNode(option, place)));
    const hidden = found.length - SHOWN_CLASSES;
    const [one, many] = this.areSets ? ["label", "labels"] : ["class", "classes"];
    const more = hidden > 0 ? `${plural(hidden, `more ${one}`, `more ${many}`)}: keep typing` : "";
    setText(this.nodes.finderMore, more || plural(found.length, one, many));
    this.mark();
  }

  optionNode({ label, isNew }, place) {
    const name = el("bdi", { class: "finder-name", dir: "auto", text: label });
    const making = !this.areSets ? "Make new class “" : label.includes(",") ? "Put in the labels “" : "Make new label “";
    const words = isNew ? [making, name, "”"] : [name];
    if (this.members.has(label)) words.push(" ", el("span", { class: "option-in soft", text: "in the set" }));
    return el("div", { class: isNew ? "option option-new" : "option", role: "option", id: `lc-option-${place}`,
      "data-place": place, title: label }, ...words);
  }

  mark() {
    const nodes = Array.from(this.nodes.finderList.children);
    nodes.forEach((node, place) => node.setAttribute("aria-selected", String(place === this.active)));
    const active = nodes[this.active];
    active?.scrollIntoView({ block: "nearest" });
    if (active) this.nodes.finderInput.setAttribute("aria-activedescendant", active.id);
    else this.nodes.finderInput.removeAttribute("aria-activedescendant");
  }

  onKey(event) {
    if (event.isComposing) return;
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in steps && this.options.length) {
      this.active = (this.active + steps[event.key] + this.options.length) % this.options.length;
      this.mark();
    } else if (event.key === "Enter") {
      if (!event.repeat) this.take(this.options[this.active]);
    } else if (event.key === "Escape") this.close();
    else return;
    event.preventDefault();
  }

  onClick(event) {
    const node = event.target.closest("[data-place]");
    if (node) this.take(this.options[Number(node.dataset.place)]);
  }

  take(option) {
    if (!option) return;
    this.close();
    this.choose(option.label);
  }
}
