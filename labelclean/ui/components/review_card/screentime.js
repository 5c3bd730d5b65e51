// How long the card at hand was looked at: the time of a hidden tab does not count.

class ScreenTime {
  constructor() {
    this.start();
  }

  start() {
    this.shownAt = performance.now();
    this.hiddenMs = 0;
    this.hiddenSince = document.hidden ? this.shownAt : null;
  }

  get seconds() {
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
}
