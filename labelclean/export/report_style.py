"""The look of the report: the product's colours for light, dark and paper."""

from __future__ import annotations

__all__ = ["STYLE"]

_N_SHADES = 10
_DEEPEST_PERCENT = 45  # so that the numbers in the cells can be read in light and dark

_SHADES = "\n".join(
    f".heat .shade{step} {{ background: color-mix(in srgb, var(--given) {_DEEPEST_PERCENT * step / _N_SHADES:g}%, "
    "var(--card)); }"
    for step in range(1, _N_SHADES + 1)
)

STYLE = """
:root {
  --ground: #F7F6F2; --card: #FFFFFF; --ink: #1D2127; --soft-ink: #5B6470; --hairline: #E2DFD7;
  --given: #B45309; --given-ground: #FDF2E0; --suggested: #0F6E6E; --suggested-ground: #DDF1EF;
  --accent: #1F5FA8;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #14171B; --card: #1C2026; --ink: #ECEAE4; --soft-ink: #9AA3AE; --hairline: #2D333B;
    --given: #F0B267; --given-ground: #3A2C18; --suggested: #6FD0C8; --suggested-ground: #163634;
    --accent: #7DB2EE;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink);
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; }
main { max-width: 880px; margin: 0 auto; padding: 40px 24px 64px; }
h1 { font-size: 28px; line-height: 1.25; margin: 0 0 4px; overflow-wrap: anywhere; }
h2 { font-size: 18px; margin: 40px 0 12px; }
p { margin: 0 0 12px; max-width: 60em; }
.kind { color: var(--soft-ink); font-size: 13px; letter-spacing: 0.06em; margin: 0 0 4px; text-transform: uppercase; }
table + p { margin-top: 8px; }
.lead, .note { color: var(--soft-ink); font-size: 14px; }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(220px, 1fr)); gap: 16px; margin-top: 24px; }
.figures div { padding: 16px; background: var(--card);
  border: 1px solid var(--hairline); border-radius: 12px; }
.figures strong { display: block; font-size: 24px; line-height: 1.3; font-variant-numeric: tabular-nums; }
.figures span { color: var(--soft-ink); font-size: 14px; }
table { width: 100%; border-collapse: collapse; font-size: 14px; background: var(--card); }
th { padding: 8px 12px; font-size: 13px; text-align: left; color: var(--soft-ink);
  border-bottom: 1px solid var(--hairline); }
td { padding: 8px 12px; vertical-align: top; border-bottom: 1px solid var(--hairline); }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
td.number { width: 1%; }
th.number { white-space: normal; }
td:has(> .given), td:has(> .new) { min-width: 11em; }
.user { white-space: pre-wrap; overflow-wrap: anywhere; unicode-bidi: isolate; }
.given, .new { display: inline-block; padding: 0 8px; border-radius: 8px; }
.given { color: var(--given); background: var(--given-ground); border-bottom: 2px dotted var(--given); }
.new { color: var(--suggested); background: var(--suggested-ground); border-bottom: 2px solid var(--suggested); }
code { font: 13px/1.4 ui-monospace, "DejaVu Sans Mono", monospace; overflow-wrap: anywhere; }
.heat { width: auto; font-size: 12px; border-collapse: separate; border-spacing: 1px; }
.heat th { padding: 2px 6px; font-size: 12px; border: 0; white-space: nowrap; font-weight: 600; }
.heat tbody th { color: var(--ink); font-weight: 400; max-width: 16em; overflow: hidden; text-overflow: ellipsis; }
.heat thead th:not(:first-child) { text-align: center; padding: 2px 0; }
.heat td { min-width: 26px; height: 24px; padding: 0; border: 0; text-align: center; vertical-align: middle;
  font-variant-numeric: tabular-nums; }
.heat.small { font-size: 7px; }
.heat.small th { font-size: 8px; padding: 0 2px; }
.heat.small td { min-width: 13px; height: 13px; }
.heat .user { white-space: nowrap; }
.heat td.same { background: repeating-linear-gradient(45deg, transparent 0 3px, var(--hairline) 3px 4px); }
SHADES
.honesty { display: block; max-width: 100%; margin: 8px 0; font-size: 13px; }
.honesty text { fill: var(--soft-ink); }
.honesty .grid { stroke: var(--hairline); }
.honesty .honest { stroke: var(--soft-ink); stroke-dasharray: 2 4; }
.honesty .interval { stroke: var(--accent); stroke-width: 1.5; }
.honesty .found { fill: var(--accent); }
.certificate table { border: 1px solid var(--hairline); }
.certificate td:first-child { color: var(--soft-ink); white-space: nowrap; }
@media print {
  :root {
    --ground: #FFFFFF; --card: #FFFFFF; --ink: #000000; --soft-ink: #444444; --hairline: #CCCCCC;
    --given: #B45309; --given-ground: #FFFFFF; --suggested: #0F6E6E; --suggested-ground: #FFFFFF;
    --accent: #1F5FA8;
  }
  @page { margin: 16mm 14mm; }
  body { font-size: 10pt; }
  h1 { font-size: 18pt; }
  h2 { font-size: 13pt; margin: 20pt 0 6pt; }
  table { font-size: 9pt; }
  td, th { padding: 3pt 6pt; font-size: inherit; }
  .lead, .note, .figures span { font-size: 9pt; }
  .figures { grid-template-columns: repeat(3, 1fr); gap: 8pt; margin-top: 12pt; }
  .figures div { padding: 8pt; border-radius: 6pt; }
  .figures strong { font-size: 15pt; }
  .honesty { width: 240px; height: auto; }
  code { font-size: 8pt; }
  .heat, .honesty, .certificate, section:has(> .heat) { break-inside: avoid; }
  .heat td { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  .certificate { break-before: page; }
  main { max-width: none; padding: 0; }
  thead { display: table-header-group; }
  tr, .figures div { break-inside: avoid; }
  h2 { break-after: avoid; }
}
""".replace("SHADES", _SHADES)
"""Inline CSS; nothing is loaded from elsewhere."""
