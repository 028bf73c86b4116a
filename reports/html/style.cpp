// SPDX-License-Identifier: MIT
#include "reports/html/html.h"

namespace segbench::reports {

// Text and background pairs have a contrast of at least 4.5 to 1 (WCAG 2.1, AA) in both schemes.
const char* const kStyleSheet = R"CSS(
:root { color-scheme: light dark;
  --paper: #fff; --ink: #1f2933; --muted: #52606d; --grid: #dde1e6; --quiet: #b4bcc6; --wash: #f5f7f9;
  --accent: #0072b2; --good: #00694d; --bad: #a33b00; --doubt: #5b5f66;
  --hatch: repeating-linear-gradient(135deg, transparent 0 4px, var(--grid) 4px 5px);
  --serif: Charter, "Bitstream Charter", "Source Serif 4", Cambria, Georgia, serif;
  --sans: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
  --mono: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; }
@media (prefers-color-scheme: dark) { :root {
  --paper: #15181b; --ink: #e4e7ea; --muted: #a2acb6; --grid: #343b42; --quiet: #59636d; --wash: #1d2125;
  --accent: #5fb3e8; --good: #52c79f; --bad: #ff9a66; --doubt: #a9b0b8; } }
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1rem/1.6 var(--sans); }
main, header, footer, nav { max-width: 74rem; margin: 0 auto; padding: 0 clamp(1rem, 4vw, 3rem); }
header { padding-top: clamp(2rem, 6vw, 4.5rem); }
p, ul, ol { max-width: 44rem; margin: 0 0 1rem; }
p, li, figcaption, caption, summary { overflow-wrap: anywhere; }
a { color: var(--accent); text-underline-offset: .15em; }
code, pre { font-family: var(--mono); font-size: .86em; }
h1, h2, h3 { font-family: var(--serif); font-weight: 600; line-height: 1.2; text-wrap: balance; overflow-wrap: anywhere; }
h1 { font-size: clamp(1.8rem, 4.2vw, 2.7rem); letter-spacing: -.01em; margin: .3rem 0 .9rem; max-width: 48rem; }
h2 { font-size: 1.5rem; margin: 3.5rem 0 .9rem; padding-top: 1.1rem; border-top: 1px solid var(--grid); }
h3 { font-size: 1.08rem; margin: 0 0 .2rem; }
.kicker { margin: 0; color: var(--muted); font-size: .86rem; letter-spacing: .02em; }
.facts { display: flex; flex-wrap: wrap; gap: .3rem 1.6rem; margin: 0 0 1.5rem; padding: 0; color: var(--muted);
  font-size: .92rem; list-style: none; max-width: none; }
.facts b { color: var(--ink); font-weight: 600; }
.banner { border: 1px solid var(--bad); border-left-width: 5px; border-radius: 4px; padding: .6rem 1rem; margin: 0 0 1.2rem;
  max-width: none; }
.banner b { color: var(--bad); }
.verdict { background: var(--wash); border-left: 5px solid var(--accent); border-radius: 4px;
  padding: 1.3rem clamp(1rem, 3vw, 1.8rem) .6rem; margin: 0 0 1.5rem; }
.studies { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 22rem), 1fr)); gap: 1rem 1.6rem; margin: 0 0 1.5rem; }
.studies article { border-top: 3px solid var(--grid); padding-top: .6rem; min-width: 0; overflow-wrap: anywhere; }
.studies h2 { margin: 0 0 .3rem; padding: 0; border: 0; font-size: 1.15rem; }
.studies p { margin: 0 0 .5rem; }
.sentences { max-width: 54rem; padding-left: 1.2rem; overflow-wrap: anywhere; }
.verdict .say { font: 1.22rem/1.5 var(--serif); max-width: 54rem; overflow-wrap: anywhere; }
.verdict li, .note { color: var(--muted); font-size: .94rem; }
.verdict .warnings li { color: var(--ink); }
.verdict .warnings b { color: var(--bad); }
.verdict ul { padding-left: 1.1rem; }
nav ol { display: flex; flex-wrap: wrap; gap: .2rem 1.3rem; list-style: none; padding: .7rem 0; margin: 0; max-width: none;
  border-block: 1px solid var(--grid); font-size: .92rem; }
nav a { text-decoration: none; }
nav a:hover { text-decoration: underline; }
.scroll { overflow-x: auto; margin: 0 0 1.6rem; max-width: 100%; }
.scroll:focus-visible, .plot:focus-visible, a:focus-visible, button:focus-visible, summary:focus-visible, input:focus-visible { outline: 2px solid var(--accent);
  outline-offset: 2px; }
table { border-collapse: collapse; font-size: .875rem; line-height: 1.4; font-variant-numeric: tabular-nums; }
caption { caption-side: top; text-align: left; color: var(--muted); padding: 0 0 .6rem; position: sticky; left: 0;
  max-width: min(44rem, calc(100vw - 5.5rem)); }
.scroll > table { min-width: min(24rem, 100%); }
th, td { padding: .42rem .8rem .42rem 0; text-align: left; vertical-align: top; white-space: nowrap; }
th:last-child, td:last-child { padding-right: .2rem; }
thead th { border-bottom: 1.5px solid var(--ink); font-weight: 600; vertical-align: bottom; }
tbody th { font-weight: 600; }
tbody tr { border-bottom: 1px solid var(--grid); }
tbody tr:last-child { border-bottom: 1.5px solid var(--ink); }
td.n, th.n { text-align: right; }
.sortable th, .sortable td { padding-right: .6rem; }
td.name, th.name { white-space: normal; overflow-wrap: break-word; min-width: 4rem; max-width: 16rem; }
td.long, th.long { white-space: normal; min-width: 12rem; max-width: 34rem; overflow-wrap: break-word; }
.filter { margin: 0 0 .5rem; font-size: .86rem; color: var(--muted); }
.filter input { font: inherit; color: var(--ink); background: var(--paper); border: 1px solid var(--muted); border-radius: 3px;
  padding: .2rem .45rem; margin-left: .3rem; width: min(18rem, 60vw); }
.filter [role="status"] { margin-left: .6rem; }
thead th { white-space: normal; }
th button { font: inherit; color: inherit; background: none; border: 0; padding: 0; cursor: pointer; text-align: inherit; }
th[aria-sort="ascending"] button::after { content: " ↑"; }
th[aria-sort="descending"] button::after { content: " ↓"; }
table.heat td.n { padding: .42rem .6rem; border: 1px solid var(--paper); text-align: center; min-width: 3.4rem; }
table.heat thead th.n { text-align: center; padding: .42rem .5rem; white-space: normal; overflow-wrap: normal; }
tr:target, td:target, th:target, tr:has(:target) { background: var(--wash); }
code:target { background: var(--accent); color: var(--paper); }
.strip { display: block; overflow: visible; }
.strip .axis { stroke: var(--grid); stroke-width: 1; }
.strip .interval { stroke: var(--ink); stroke-width: 1.6; opacity: .75; }
.strip .mean { stroke: var(--ink); stroke-width: 2; }
.strip circle { fill: var(--accent); fill-opacity: .62; }
.strip a:hover circle, .strip a:focus circle { fill-opacity: 1; stroke: var(--ink); }
.outcome { font-weight: 600; color: var(--doubt); }
.outcome.held { color: var(--good); }
.outcome.refuted { color: var(--bad); }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 30rem), 1fr)); gap: 2.2rem 2.6rem; margin: 0 0 3rem; }
figure { margin: 0; min-width: 0; }
figure.wide { grid-column: 1 / -1; }
figcaption { color: var(--muted); font-size: .88rem; line-height: 1.5; max-width: 44rem; }
.plot { overflow-x: auto; margin: .5rem 0 .4rem; }
.plot svg { display: block; width: 100%; min-width: 28rem; height: auto; font-family: var(--sans); font-size: 13px; }
.wide .plot svg { min-width: 52rem; }
.files { white-space: normal; }
.panel { margin: 0 0 2.2rem; }
#panels h3 { margin-top: 2rem; }
.tiles { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(46%, 9rem), 1fr)); gap: .9rem .7rem; margin-top: .6rem; }
.tile { margin: 0; }
.tile img { display: block; width: 100%; height: auto; image-rendering: pixelated; border-radius: 2px; background: var(--wash); }
.tile img + img { margin-top: 3px; }
.tile img.photo { image-rendering: auto; }
.tile figcaption { font-size: .8rem; line-height: 1.35; padding-top: .25rem; overflow-wrap: anywhere; }
.legend { display: flex; flex-wrap: wrap; gap: .2rem 1.1rem; list-style: none; padding: 0; margin: 0 0 1.4rem; font-size: .86rem; max-width: none; }
.swatch { display: inline-block; width: .85em; height: .85em; border-radius: 2px; margin-right: .45em; vertical-align: -.06em;
  border: 1px solid var(--quiet); }
details { margin: 0 0 1.2rem; }
summary { cursor: pointer; color: var(--accent); }
pre { background: var(--wash); border-radius: 4px; padding: .8rem 1rem; overflow-x: auto; line-height: 1.45; margin: .5rem 0 1.2rem;
  max-width: 100%; }
td pre { margin: .4rem 0 0; white-space: pre-wrap; }
.settings { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 24rem), 1fr)); gap: 0 3rem; align-items: start; }
.settings > * { min-width: 0; }
footer { color: var(--muted); font-size: .86rem; padding-block: 2rem 4rem; }
/* On a telephone figures fit the page; what must be wider scrolls in its own box. */
@media (max-width: 30rem) {
  .plot svg { min-width: 0; }
  .wide .plot svg { min-width: 44rem; }
  th, td { padding-right: .6rem; }
  table { font-size: .82rem; }
  td.name, th.name { max-width: 12rem; }
}
@media print {
  @page { margin: 16mm 14mm; }
  :root { --paper: #fff; --ink: #000; --muted: #444; --grid: #ccc; --quiet: #aaa; --wash: #f4f4f4; --accent: #005a8c; --good: #00563f; --bad: #8a3200; }
  html, body { font-size: 9.5pt; }
  main, header, footer { max-width: none; padding: 0; }
  header { padding-top: 0; }
  h1 { font-size: 20pt; margin: .1rem 0 .4rem; }
  .facts { margin-bottom: .6rem; }
  .verdict { padding: .6rem .9rem .1rem; margin-bottom: .6rem; }
  nav, .filter { display: none; }
  th button { cursor: auto; }
  th button::after { content: none !important; }
  tr[hidden] { display: table-row !important; }
  h2 { break-after: avoid; margin-top: 1rem; padding-top: .5rem; }
  h3, caption { break-after: avoid; }
  figure, tr, .verdict, .panel { break-inside: avoid; }
  .scroll, .plot { overflow: visible; }
  table { font-size: 6.8pt; }
  th, td, .sortable th, .sortable td { padding: .22rem .35rem .22rem 0; white-space: normal; }
  td.n { white-space: nowrap; }
  td.long, th.long { min-width: 0; max-width: 15rem; }
  td.name, th.name { min-width: 0; max-width: 9rem; }
  .strip { width: 24mm; height: auto; }
  td code, th code { font-size: 5.8pt; overflow-wrap: anywhere; }
  .scroll { break-inside: avoid; }
  .scroll:has(.sortable) { break-inside: auto; }
  thead { display: table-header-group; }
  .plot svg, .wide .plot svg { min-width: 0; }
  .figures { display: block; column-count: 2; column-gap: 1.4rem; margin-bottom: 1rem; }
  .figures figure { margin-bottom: .8rem; }
  .figures figure.wide { column-span: all; }
  .tiles { grid-template-columns: repeat(auto-fill, minmax(24mm, 1fr)); }
  .settings { grid-template-columns: 1fr 1fr; }
  a { color: inherit; text-decoration: none; }
  pre { white-space: pre-wrap; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
)CSS";

}  // namespace segbench::reports
