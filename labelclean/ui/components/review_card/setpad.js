// What the reviewer does with the set on the card: toggles by digit or mouse, finds by name, confirms.

class SetPad {
  // changed(words) repaints the card and says what happened.
  constructor(desk, changed) {
    this.desk = desk;
    this.changed = changed;
    this.chips = new ChipSet();
  }

  get isThere() {
    return Boolean(this.desk.card?.chips);
  }

  get decision() {
    return this.desk.decisionOf(this.desk.card);
  }

  get members() {
    return this.isThere ? this.chips.members(this.desk.face, this.decision) : [];
  }

  toggle(place) {
    const chip = this.chips.chips(this.desk.face, this.decision)[place];
    if (chip) this.toggleLabel(chip.label);
  }

  toggleLabel(label) {
    this.chips.toggle(this.desk.face, this.decision, label);
    this.tell(label);
  }

  // Several names with commas between them are all put in.
  take(typed) {
    const { labels: known } = this.desk.data;
    const names = typed.includes(",") && !known.includes(typed) ? setMembers(typed) : [typed];
    const labels = names.map((name) => memberToken(name, known));
    if (labels.length === 1) return this.toggleLabel(labels[0]);
    this.chips.put(this.desk.face, this.decision, [...this.members, ...labels]);
    return this.tell(labels[0]);
  }

  tell(label) {
    const { draft } = this.chips;
    const rest = draft ? `Not confirmed yet: ${changeWords(this.desk.card, draft)}` : "As it was";
    this.changed(`${shownLabel(label)} ${this.members.includes(label) ? "put in" : "taken out"}. ${rest}`);
  }

  // What confirming the set as it stands amounts to.
  verdict() {
    return decisionForSet(this.members, this.desk.card);
  }
}
