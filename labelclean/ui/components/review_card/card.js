// Joins the parts: one mounted card, its listeners, and what each action does.

const CARDS = new WeakMap();
const LATE_AFTER_MS = 2000;
const TICK_MS = 500;
const REFUSAL_SHOWN_MS = 12000;
// Shorter than anyone reads: the second half of a double click must not decide the next card.
const NEXT_CLICK_AFTER_MS = 150;
const PLAIN_VERDICTS = new Set(["ambiguous", "unsure", "exclude"]);

class ReviewCard {
  constructor(parent) {
    this.nodes = buildCard();
    parent.querySelector(".labelclean-mount").replaceChildren(this.nodes.root);
    paintFolding(this.nodes);
    this.desk = new Desk();
    this.outbox = null;
    this.shown = null;
    this.time = new ScreenTime();
    this.decidedAt = -Infinity;
    this.wasLate = false;
    this.send = () => {};
    this.note = new NoteField(this.nodes, this.desk);
    this.sets = new SetPad(this.desk, (words) => {
      this.paint();
      this.say(words);
    });
    this.forAll = new ForAll();
    this.leaving = new Leaving(() => this.outbox);
    this.outlook = new Outlook(this.nodes);
    this.finder = new Finder(this.nodes, { choose: (label) => this.found(label), closed: () => this.rest() });
    this.history = new History(this.nodes, { go: (entry) => this.go(() => this.desk.revisit(entry)),
      closed: () => this.rest() });
    this.listen();
  }

  listen() {
    const stop = new AbortController();
    const options = { signal: stop.signal };
    document.addEventListener("keydown", (event) => this.onKey(event), options);
    window.addEventListener("click", (event) => this.leaving.onLink(event), { ...options, capture: true });
    followGuideline(this.nodes, options);
    window.addEventListener("popstate", () => this.outbox?.pause(SILENT_MS), options);
    document.addEventListener("visibilitychange", () => this.time.onVisibility(), options);
    window.addEventListener("pagehide", () => this.outbox?.release(), options);
    window.addEventListener("pageshow", () => this.outbox?.save(), options);
    window.addEventListener("online", () => this.outbox?.isEmpty === false && this.outbox.send(), options);
    const { root, help, helpClose } = this.nodes;
    root.onclick = (event) => this.onClick(event);
    // What is typed here is nobody else's: the page has shortcuts of its own.
    root.onkeydown = (event) => {
      if (event.target.matches("input")) event.stopPropagation();
    };
    helpClose.onclick = () => help.close();
    help.onclick = (event) => {
      if (event.target === help) help.close();
    };
    help.onkeydown = (event) => this.onHelpKey(event);
    help.onclose = () => this.rest();
    this.tick = setInterval(() => this.paintSaved(), TICK_MS);
    this.stop = () => stop.abort();
  }

  // ---- from the server -------------------------------------------------------------------------------------------

  receive(data) {
    if (!data?.project || !Array.isArray(data.cards)) return;
    followTheme(this.nodes.root);
    this.useOutbox(data.project);
    this.usePreferences(data);
    const refused = data.refused ?? [];
    const done = new Set([...data.acked, ...refused.map((refusal) => refusal.uuid)]);
    const fresh = refused.filter((refusal) => this.outbox.events.some((event) => event.uuid === refusal.uuid));
    const isNew = this.desk.receive(data, done);
    if (isNew) {
      this.finder.close();
      this.sets.chips.forget();
      settleTextSize(this.nodes, data);
    }
    this.outbox.heard(done, !this.desk.lacksCards);
    if (fresh.length) this.showRefusals(fresh);
    this.paint();
    this.leaving.leaveIfQuiet();
  }

  // The map is the reviewer's; caps, titles, help and handler all read it.
  usePreferences(data) {
    if (data.preferences) {
      useKeys(data.preferences.keys);
      applyPreferences(this.nodes, data.preferences);
    }
    paintGuidelineButton(this.nodes, data.has_guideline);
    const mark = JSON.stringify([KEYMAP.keys, data.are_sets]);
    if (this.keysPainted === mark) return;
    this.keysPainted = mark;
    paintKeys(this.nodes.root);
    paintHelp(this.nodes, Boolean(data.are_sets));
  }

  useOutbox(project) {
    if (this.outbox?.prefix === outboxPrefix(project)) return;
    this.outbox?.close();
    this.outbox = new Outbox(project, {
      deliver: (events, sent) => this.deliver(events, sent),
      changed: () => this.paint(),
      mayReload: () => this.desk.drafts.size === 0,
    });
    this.desk.events = () => this.outbox.events;
  }

  deliver(events, sent) {
    if (!this.desk.data) return;
    this.send({ tab: TAB, sent, queue: this.desk.data.queue, at: this.desk.at, row: this.desk.card?.row ?? null, events });
  }

  showRefusals(refused) {
    const words = `${plural(refused.length, "decision was", "decisions were")} not stored. ${refused[0].reason}`;
    this.nodes.refusal.hidden = false;
    setText(this.nodes.refusal, words);
    clearTimeout(this.refusalTimer);
    this.refusalTimer = setTimeout(() => { this.nodes.refusal.hidden = true; }, REFUSAL_SHOWN_MS);
  }

  // ---- on the screen ---------------------------------------------------------------------------------------------

  paint() {
    if (!this.desk.data) return;
    const { card, face } = this.desk;
    const isOther = card?.row !== this.shown?.row;
    const isUnveiled = face?.is_veiled !== this.wasVeiled;
    this.note.follow(card);
    this.sets.chips.follow(card);
    this.forAll.follow(card, this.desk.data.decides_groups);
    paintCard(this.nodes, this.desk, { noteIsOpen: this.note.isOpen, chipSet: this.sets.chips, forAll: this.forAll });
    if ((isOther || isUnveiled) && card) paintText(this.nodes, face);
    this.wasVeiled = face?.is_veiled;
    this.shown = card;
    if (isOther) this.time.start();
    paintProgress(this.nodes, this.desk);
    this.outlook.paint(this.desk.data);
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

  // ---- decisions -------------------------------------------------------------------------------------------------

  // Only ever about the card on the screen.
  decide(chosen, chosenLabel = null) {
    const card = this.shown;
    if (!card) return;
    const group = this.forAll.rows(card);
    const meant = { verdict: chosen, label: chosenLabel };
    const { verdict, label } = group.length ? decisionForGroup(meant, card) : meant;
    const event = this.newEvent("decide", card.row, {
      verdict, label, seconds: this.time.seconds, error_probability: card.error_probability,
      suggested: card.suggested, note: this.desk.noteFor(card), index: card.index, queue: this.desk.data.queue,
      ...(group.length ? { group } : {}), ...(card.is_control ? { source: "control" } : {}),
    });
    this.desk.drafts.delete(card.row);
    this.outbox.add(event);
    this.decidedAt = performance.now();
    this.desk.advance();
    this.paint();
    const told = describeDecision({ verdict, label });
    const reveal = revealWords(card, verdict, label);
    setText(this.nodes.reveal, reveal);
    this.nodes.reveal.title = reveal;
    const forAll = group.length ? ` for all ${count(group.length + 1)} copies` : "";
    this.sayNext(`${told.words} ${told.label ?? ""}`.trim() + forAll + (reveal && `. ${reveal}`));
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
    const entry = this.turn("undo");
    if (!entry) return;
    this.desk.visit(entry);
    this.paint();
    this.sayNext(`Undone: ${stepWords(entry)}`);
  }

  redo() {
    const entry = this.turn("redo");
    if (!entry) return;
    const index = this.desk.visit(entry);
    if (index === null) this.desk.detour = null;
    else this.desk.advance();
    this.paint();
    this.sayNext(`Redone: ${stepWords(entry)}`);
  }

  // Takes the newest step off one stack; all of its rows change together.
  turn(kind) {
    const entry = this.desk.stacks()[kind].at(-1);
    if (entry) this.outbox.add(this.newEvent(kind, entry.row, { target: entry.uuid, rows: this.desk.rowsOfStep(entry) }));
    return entry;
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

  // ---- label sets and copies --------------------------------------------------------------------------------------

  confirm() {
    if (!this.sets.isThere) return;
    const { verdict, label } = this.sets.verdict();
    this.decide(verdict, label);
  }

  // From the list of classes: a class decides, a label of a set is put in or taken out.
  found(typed) {
    if (this.sets.isThere) this.sets.take(typed);
    else this.choose(typed);
  }

  openFinder() {
    const { card, data } = this.desk;
    if (card) this.finder.open(card.chips ? data.labels : data.classes, Boolean(card.chips), this.sets.members);
  }

  toggleGroup() {
    const card = this.shown;
    if (!this.forAll.toggle(card)) return this.say("This row has no copies to decide together.");
    this.paint();
    const all = count((card?.group.rows.length ?? 0) + 1);
    return this.say(this.forAll.isOn ? `The next decision counts for all ${all} copies.` : "The next decision counts for this row alone.");
  }

  // ---- actions ---------------------------------------------------------------------------------------------------

  act({ name, digit }) {
    const card = this.shown;
    const face = this.desk.face;
    if (PLAIN_VERDICTS.has(name)) this.decide(name);
    else if (name === "keep") this.decide("keep");
    else if (name === "accept") face?.is_veiled ? this.say(VEILED_ACCEPT) : card && this.choose(card.suggested);
    else if (name === "digit" && this.sets.isThere) this.sets.toggle(digit - 1);
    else if (name === "digit") face?.likely[digit - 1] && this.choose(face.likely[digit - 1].label);
    else if (name === "undo") this.undo();
    else if (name === "redo") this.redo();
    else if (name === "back") this.go(() => this.desk.move(-1));
    else if (name === "forward") this.go(() => this.desk.move(1));
    else if (name === "jump") this.jump();
    else if (name === "note") this.note.open();
    else if (name === "find") this.openFinder();
    else if (name === "confirm") this.confirm();
    else if (name === "group") this.toggleGroup();
    else if (name === "recent") this.history.open(this.desk.recent(RECENT_SHOWN));
    else if (name === "tints") this.say(toggleTints(this.nodes));
    else if (name === "guideline") this.say(toggleGuideline());
    else if (name === "columns") card && this.say(toggleColumns(this.nodes, card));
    else if (name === "evidence") this.say(turnEvidence(this.nodes, card));
    else if (name === "help") this.nodes.help.showModal();
  }

  onKey(event) {
    if (!this.outbox || !this.nodes.root.isConnected || !isVisible(this.nodes.root)) return;
    if (this.finder.isOpen || this.nodes.help.open || this.history.isOpen || isDead(event)) return;
    const action = actionOf(event);
    if (!action) return;
    event.preventDefault();
    putAwayLostConnection();
    this.act(action);
  }

  onClick(event) {
    const button = event.target.closest("button[data-action], button[data-digit], button[data-place]");
    if (!button || button.disabled) return;
    const decides = button.dataset.digit || button.dataset.place || VERDICT_BUTTONS.some(([action]) => action === button.dataset.action);
    if (decides && performance.now() - this.decidedAt < NEXT_CLICK_AFTER_MS) return;
    if (button.dataset.digit) this.act({ name: "digit", digit: Number(button.dataset.digit) });
    else if (button.dataset.place) this.sets.toggle(Number(button.dataset.place));
    else this.act({ name: button.dataset.action, digit: 0 });
  }

  // The browser itself keeps the focus inside and closes on Esc.
  onHelpKey(event) {
    if (!this.nodes.help.open) return;
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
    this.leaving.close();
    this.outbox?.close();
  }
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
