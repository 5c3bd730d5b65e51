// Joins the parts: one mounted card, its listeners, and what each action does.

const CARDS = new WeakMap();
const LATE_AFTER_MS = 2000;
const TICK_MS = 500;
const REFUSAL_SHOWN_MS = 12000;
// Shorter than anyone reads: the second half of a double click must not decide the next card.
const NEXT_CLICK_AFTER_MS = 150;
// A link waits this long for the decisions to be stored, and then the card stays silent while the next page is drawn.
const LEAVE_AFTER_MS = 5000;
const SILENT_MS = 10000;
const LINKS = 'a[href]:not([href^="#"]), [data-testid="stLogoLink"]';
const PLAIN_VERDICTS = new Set(["ambiguous", "unsure", "exclude"]);

class ReviewCard {
  constructor(parent) {
    this.nodes = buildCard();
    parent.querySelector(".labelclean-mount").replaceChildren(this.nodes.root);
    paintFolding(this.nodes);
    this.desk = new Desk();
    this.outbox = null;
    this.shown = null;
    this.shownAt = 0;
    this.decidedAt = -Infinity;
    this.hiddenMs = 0;
    this.hiddenSince = null;
    this.noteIsOpen = false;
    this.wasLate = false;
    this.leaving = null;
    this.isPassing = false;
    this.send = () => {};
    this.finder = new Finder(this.nodes, { choose: (label) => this.choose(label), closed: () => this.rest() });
    this.listen();
  }

  listen() {
    const stop = new AbortController();
    const options = { signal: stop.signal };
    document.addEventListener("keydown", (event) => this.onKey(event), options);
    window.addEventListener("click", (event) => this.onLink(event), { ...options, capture: true });
    window.addEventListener("popstate", () => this.outbox?.pause(SILENT_MS), options);
    document.addEventListener("visibilitychange", () => this.onVisibility(), options);
    window.addEventListener("pagehide", () => this.outbox?.release(), options);
    window.addEventListener("pageshow", () => this.outbox?.save(), options);
    window.addEventListener("online", () => this.outbox?.isEmpty === false && this.outbox.send(), options);
    const { root, noteInput, noteButton, help, helpClose } = this.nodes;
    root.onclick = (event) => this.onClick(event);
    // What is typed here is nobody else's: the page has shortcuts of its own.
    root.onkeydown = (event) => {
      if (event.target.matches("input")) event.stopPropagation();
    };
    noteInput.onkeydown = (event) => this.onNoteKey(event);
    noteInput.oninput = () => {
      if (this.shown) this.desk.drafts.set(this.shown.row, noteInput.value);
    };
    noteInput.onblur = () => this.closeNote();
    helpClose.onclick = () => help.close();
    help.onclick = (event) => {
      if (event.target === help) help.close();
    };
    help.onkeydown = (event) => this.onHelpKey(event);
    help.onclose = () => this.rest();
    noteButton.onmousedown = (event) => event.preventDefault();
    this.tick = setInterval(() => this.paintSaved(), TICK_MS);
    this.stop = () => stop.abort();
  }

  // ---- from the server -------------------------------------------------------------------------------------------

  receive(data) {
    if (!data?.project || !Array.isArray(data.cards)) return;
    this.followTheme();
    this.useOutbox(data.project);
    this.usePreferences(data);
    const refused = data.refused ?? [];
    const done = new Set([...data.acked, ...refused.map((refusal) => refusal.uuid)]);
    const fresh = refused.filter((refusal) => this.outbox.events.some((event) => event.uuid === refusal.uuid));
    const isNew = this.desk.receive(data, done);
    if (isNew) {
      this.finder.close();
      settleTextSize(this.nodes, data.cards);
    }
    this.outbox.heard(done, !this.desk.lacksCards);
    if (fresh.length) this.showRefusals(fresh);
    this.paint();
    if (this.leaving && this.outbox.isQuiet) this.leave();
  }

  // The map is the reviewer's; caps, titles, help and handler all read it.
  usePreferences(data) {
    if (data.preferences) {
      useKeys(data.preferences.keys);
      applyPreferences(this.nodes, data.preferences);
    }
    const mark = JSON.stringify([KEYMAP.keys, data.are_sets]);
    if (this.keysPainted === mark) return;
    this.keysPainted = mark;
    paintKeys(this.nodes.root);
    paintHelp(this.nodes, Boolean(data.are_sets));
  }

  useOutbox(project) {
    if (this.outbox?.prefix === outboxPrefix(project)) return;
    this.outbox?.close();
    this.outbox = new Outbox(project, (events, sent) => this.deliver(events, sent), () => this.paint());
    this.desk.events = () => this.outbox.events;
  }

  deliver(events, sent) {
    if (!this.desk.data) return;
    this.send({ tab: TAB, sent, queue: this.desk.data.queue, at: this.desk.at, events });
  }

  // Streamlit's own variables follow the toggle at once; the server hears of it later.
  followTheme() {
    const ground = getComputedStyle(this.nodes.root).getPropertyValue("--st-background-color").trim();
    this.nodes.root.dataset.theme = isDark(ground) ? "dark" : "light";
  }

  showRefusals(refused) {
    const words = `${plural(refused.length, "decision was", "decisions were")} not stored. ${refused[0].reason}`;
    this.nodes.refusal.hidden = false;
    setText(this.nodes.refusal, words);
    clearTimeout(this.refusalTimer);
    this.refusalTimer = setTimeout(() => { this.nodes.refusal.hidden = true; }, REFUSAL_SHOWN_MS);
  }

  // ---- to another page -------------------------------------------------------------------------------------------

  // A link is followed once the decisions are stored, so that the next page knows them. And nothing may be sent after
  // it: a request of this page that Streamlit finds while it draws another one leaves that page blank.
  onLink(event) {
    const link = event.target.closest?.(LINKS);
    if (!link || !this.outbox || event.defaultPrevented || link.target === "_blank") return;
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    if (this.outbox.isQuiet || this.isPassing) {
      this.outbox.pause(SILENT_MS);
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
    this.leaving ??= { timer: setTimeout(() => this.leave(), LEAVE_AFTER_MS) };
    this.leaving.link = link;
  }

  leave() {
    const { link, timer } = this.leaving;
    clearTimeout(timer);
    this.leaving = null;
    this.isPassing = true;
    link.click();
    this.isPassing = false;
  }

  // ---- on the screen ---------------------------------------------------------------------------------------------

  paint() {
    if (!this.desk.data) return;
    const { card, face } = this.desk;
    const isOther = card?.row !== this.shown?.row;
    const isUnveiled = face?.is_veiled !== this.wasVeiled;
    if (isOther && this.noteIsOpen) this.closeNote();
    paintCard(this.nodes, this.desk, this.noteIsOpen);
    if ((isOther || isUnveiled) && card) paintText(this.nodes, face);
    this.wasVeiled = face?.is_veiled;
    this.shown = card;
    if (isOther) {
      this.shownAt = performance.now();
      this.hiddenMs = 0;
      this.hiddenSince = document.hidden ? this.shownAt : null;
    }
    paintProgress(this.nodes, this.desk);
    this.paintSaved();
    if (this.desk.lacksCards) this.outbox.want();
  }

  paintSaved() {
    if (!this.outbox) return;
    const isLate = !this.outbox.isEmpty && performance.now() - this.outbox.oldestAt > LATE_AFTER_MS;
    const state = isLate ? "late" : this.outbox.isEmpty ? "saved" : "saving";
    paintSaved(this.nodes, state, this.outbox.events.length);
    // Spoken only when something is wrong, and when it is right again.
    if (isLate && !this.wasLate) this.say("Not saved yet. Your decisions are kept in this browser and sent again.");
    if (state === "saved" && this.wasLate) this.say("All decisions are saved.");
    this.wasLate = isLate || (this.wasLate && state !== "saved");
  }

  say(words) {
    setText(this.nodes.live, words);
  }

  secondsOnScreen() {
    const hidden = this.hiddenMs + (this.hiddenSince === null ? 0 : performance.now() - this.hiddenSince);
    return Math.round(performance.now() - this.shownAt - hidden) / 1000;
  }

  onVisibility() {
    const now = performance.now();
    if (document.hidden) this.hiddenSince = now;
    else if (this.hiddenSince !== null) {
      this.hiddenMs += now - this.hiddenSince;
      this.hiddenSince = null;
    }
  }

  // ---- decisions -------------------------------------------------------------------------------------------------

  // Only ever about the card on the screen.
  decide(verdict, label = null) {
    const card = this.shown;
    if (!card) return;
    const event = this.newEvent("decide", card.row, {
      verdict, label, seconds: this.secondsOnScreen(), error_probability: card.error_probability,
      suggested: card.suggested, note: this.desk.noteFor(card), index: card.index, queue: this.desk.data.queue,
    });
    this.desk.drafts.delete(card.row);
    this.outbox.add(event);
    this.decidedAt = performance.now();
    this.desk.move(1);
    this.paint();
    const told = describeDecision({ verdict, label });
    const reveal = revealWords(card, verdict, label);
    setText(this.nodes.reveal, reveal);
    this.nodes.reveal.title = reveal;
    this.sayNext(`${told.words} ${told.label ?? ""}`.trim() + (reveal && `. ${reveal}`));
  }

  newEvent(kind, row, fields) {
    return { kind, row, verdict: null, label: null, target: null, decided_at: new Date().toISOString(), ...fields };
  }

  sayNext(words) {
    const card = this.shown;
    const hint = this.desk.face?.is_veiled ? "" : `, suggested ${card?.suggested}`;
    const next = card ? `Given ${card.given ?? "no label"}${hint}. ${card.text.slice(0, 300)}`
      : this.nodes.panelTitle.textContent;
    this.say(`${words}. ${next}`);
  }

  choose(label) {
    const card = this.shown;
    if (!card) return;
    const verdict = verdictFor(label, card);
    this.decide(verdict, verdict === "keep" ? null : label);
  }

  undo() {
    const entry = this.desk.stacks().undo.at(-1);
    if (!entry) return;
    this.outbox.add(this.newEvent("undo", entry.row, { target: entry.uuid }));
    this.desk.visit(entry);
    this.paint();
    this.sayNext(`Undone: row ${count(entry.row)}`);
  }

  redo() {
    const entry = this.desk.stacks().redo.at(-1);
    if (!entry) return;
    this.outbox.add(this.newEvent("redo", entry.row, { target: entry.uuid }));
    const index = this.desk.visit(entry);
    if (index === null) this.desk.detour = null;
    else this.desk.move(1);
    this.paint();
    this.sayNext(`Redone: row ${count(entry.row)}`);
  }

  go(move) {
    move();
    this.paint();
    this.outbox.send();
    if (this.shown) this.sayNext(`Row ${count(this.shown.row)}`);
  }

  jump() {
    const index = firstUndecided(this.desk);
    if (index !== null) this.go(() => this.desk.goTo(index));
  }

  // ---- actions ---------------------------------------------------------------------------------------------------

  act({ name, digit }) {
    const card = this.shown;
    const face = this.desk.face;
    if (PLAIN_VERDICTS.has(name)) this.decide(name);
    else if (name === "keep") this.decide("keep");
    else if (name === "accept") face?.is_veiled ? this.say(VEILED_ACCEPT) : card && this.choose(card.suggested);
    else if (name === "digit") face?.likely[digit - 1] && this.choose(face.likely[digit - 1].label);
    else if (name === "undo") this.undo();
    else if (name === "redo") this.redo();
    else if (name === "back") this.go(() => this.desk.move(-1));
    else if (name === "forward") this.go(() => this.desk.move(1));
    else if (name === "jump") this.jump();
    else if (name === "note") card && this.openNote();
    else if (name === "find") card && this.finder.open(this.desk.data.classes, this.desk.data.are_sets);
    else if (name === "evidence") this.say(toggleEvidence(this.nodes) ? "Evidence folded away" : "Evidence shown");
    else if (name === "help") this.nodes.help.showModal();
  }

  onKey(event) {
    if (!this.outbox || !this.nodes.root.isConnected || !isVisible(this.nodes.root)) return;
    if (this.finder.isOpen || this.nodes.help.open || isDead(event)) return;
    const action = actionOf(event);
    if (!action) return;
    event.preventDefault();
    this.act(action);
  }

  onClick(event) {
    const button = event.target.closest("button[data-action], button[data-digit]");
    if (!button || button.disabled) return;
    const decides = button.dataset.digit || VERDICT_BUTTONS.some(([action]) => action === button.dataset.action);
    if (decides && performance.now() - this.decidedAt < NEXT_CLICK_AFTER_MS) return;
    if (button.dataset.digit) this.act({ name: "digit", digit: Number(button.dataset.digit) });
    else this.act({ name: button.dataset.action, digit: 0 });
  }

  openNote() {
    this.noteIsOpen = true;
    this.nodes.noteInput.value = this.desk.noteFor(this.shown);
    paintNote(this.nodes, this.nodes.noteInput.value, true);
    this.nodes.noteInput.focus();
  }

  closeNote() {
    if (!this.noteIsOpen) return;
    this.noteIsOpen = false;
    const note = this.shown ? this.desk.noteFor(this.shown) : "";
    paintNote(this.nodes, note, false);
  }

  onNoteKey(event) {
    if (event.isComposing || (event.key !== "Enter" && event.key !== "Escape")) return;
    event.preventDefault();
    this.nodes.noteInput.blur();
  }

  // The browser itself keeps the focus inside and closes on Esc.
  onHelpKey(event) {
    event.stopPropagation();
    if (actionNameOf(event) !== "help" || event.repeat) return;
    event.preventDefault();
    this.nodes.help.close();
  }

  // Keys work wherever the focus is; the text is where arrows up and down scroll.
  rest() {
    this.nodes.text.focus({ preventScroll: true });
  }

  close() {
    this.stop();
    clearInterval(this.tick);
    clearTimeout(this.refusalTimer);
    clearTimeout(this.leaving?.timer);
    this.outbox?.close();
  }
}

function isDark(color) {
  const [red, green, blue] = parseColor(color);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue < 110;
}

function parseColor(color) {
  const hex = /^#([0-9a-f]{3,8})$/i.exec(color)?.[1];
  if (!hex) return (color.match(/\d+(\.\d+)?/g) ?? [255, 255, 255]).slice(0, 3).map(Number);
  const full = hex.length < 6 ? Array.from(hex, (digit) => digit + digit).join("") : hex;
  return [0, 2, 4].map((place) => parseInt(full.slice(place, place + 2), 16));
}

export default function (component) {
  const { parentElement, data, setStateValue } = component;
  let card = CARDS.get(parentElement);
  if (!card) {
    card = new ReviewCard(parentElement);
    CARDS.set(parentElement, card);
  }
  card.send = (outbox) => setStateValue("outbox", outbox);
  card.receive(data);
  return () => {
    card.close();
    CARDS.delete(parentElement);
  };
}
