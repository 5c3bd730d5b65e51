// The note on a card: typed while keys rest, kept with the next decision.

class NoteField {
  constructor(nodes, desk) {
    this.nodes = nodes;
    this.desk = desk;
    this.isOpen = false;
    this.card = null;
    const { noteInput, noteButton } = nodes;
    noteInput.onkeydown = (event) => this.onKey(event);
    noteInput.oninput = () => {
      if (this.card) this.desk.drafts.set(this.card.row, noteInput.value);
    };
    noteInput.onblur = () => this.close();
    noteButton.onmousedown = (event) => event.preventDefault();
  }

  // A note begun on one card does not go on to the next.
  follow(card) {
    if (card?.row !== this.card?.row) this.close();
    this.card = card;
  }

  open() {
    if (!this.card) return;
    this.isOpen = true;
    this.nodes.noteInput.value = this.desk.noteFor(this.card);
    paintNote(this.nodes, this.nodes.noteInput.value, true);
    this.nodes.noteInput.focus();
  }

  close() {
    if (!this.isOpen) return;
    this.isOpen = false;
    paintNote(this.nodes, this.card ? this.desk.noteFor(this.card) : "", false);
  }

  onKey(event) {
    if (event.isComposing || (event.key !== "Enter" && event.key !== "Escape")) return;
    event.preventDefault();
    this.nodes.noteInput.blur();
  }
}
