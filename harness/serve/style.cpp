// SPDX-License-Identifier: MIT
#include "harness/serve/pages.h"

namespace segbench::serve {

// Behind the report's own style sheet, whose colours, type and tables it uses.
const char* const kServeStyle = R"CSS(
:root { --s0: #0072b2; --s1: #c04e00; --s2: #00805d; --s3: #b0508a; --s4: #8a6100; }
@media (prefers-color-scheme: dark) { :root { --s0: #5fb3e8; --s1: #ff9a66; --s2: #52c79f; --s3: #e79cc4; --s4: #e6b34d; } }
.skip { position: absolute; left: -99rem; }
.skip:focus { left: 1rem; top: .6rem; z-index: 2; background: var(--paper); padding: .3rem .8rem; }
.unseen { position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
header.bar { display: flex; max-width: none; margin: 0; flex-wrap: wrap; align-items: baseline; gap: .1rem 1.6rem;
  padding: .55rem calc(max(0px, (100vw - 74rem) / 2) + clamp(1rem, 4vw, 3rem));
  border-bottom: 1px solid var(--grid); background: var(--wash); position: sticky; top: 0; z-index: 1; font-size: .92rem; }
.bar p { margin: 0; }
.bar nav { max-width: none; margin: 0; padding: 0; }
.bar ul { display: flex; gap: 1.3rem; list-style: none; margin: 0; padding: 0; max-width: none; }
.bar .study { font-weight: 600; max-width: min(20rem, 60vw); overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
[aria-current] { color: var(--ink); text-decoration: underline; text-decoration-thickness: 2px; text-underline-offset: .35em; }
#connection { color: var(--bad); margin-left: auto; }
main { padding-bottom: 2rem; }
main:focus { outline: none; }
.kicker { padding-top: clamp(1rem, 3vw, 2.2rem); }
.facts .filter { color: inherit; text-decoration: none; }
.facts .filter:hover { text-decoration: underline; }
.tiles + .legend { margin-top: 1.8rem; }
.choices .note { white-space: nowrap; }
.facts a[aria-current] { text-decoration: underline; }
.progress { display: flex; align-items: center; gap: .9rem; max-width: none; color: var(--muted); font-size: .92rem; }
.progress span { white-space: nowrap; }
progress { appearance: none; flex: 0 1 26rem; min-width: 6rem; height: .55rem; border: 0; border-radius: 4px; background: var(--grid); overflow: hidden; }
progress::-webkit-progress-bar { background: var(--grid); }
progress::-webkit-progress-value { background: var(--accent); }
progress::-moz-progress-bar { background: var(--accent); }
.status { font-weight: 600; color: var(--muted); white-space: nowrap; }
.status.running { color: var(--accent); }
.status.complete { color: var(--good); }
.status.failed, .status.interrupted { color: var(--bad); }
figure.curves { max-width: 52rem; margin: 0 0 2rem; }
figure h2 { margin-top: 1.4rem; }
.chart { display: block; width: 100%; height: auto; font: 12px var(--sans); }
.chart text { fill: var(--muted); }
.chart .grid { stroke: var(--grid); stroke-width: 1; }
.chart .mark { stroke: var(--quiet); stroke-width: 1.5; stroke-dasharray: 2 3; }
.line { fill: none; stroke-width: 1.7; stroke-linejoin: round; stroke-linecap: round; stroke: var(--s0); opacity: .85; }
.line.s1 { stroke: var(--s1); } .line.s2 { stroke: var(--s2); } .line.s3 { stroke: var(--s3); } .line.s4 { stroke: var(--s4); }
.line.dashed { stroke-dasharray: 5 4; }
.line:hover { stroke-width: 3.4; opacity: 1; }
.spark { display: block; width: 6rem; height: 1.5rem; }
.spark .line { stroke-width: 1.4; }
.key { display: inline-block; width: 1.3em; height: 0; border-top: 3px solid var(--s0); margin: 0 .45em 0 0; vertical-align: .25em; }
.key.s1 { border-color: var(--s1); } .key.s2 { border-color: var(--s2); } .key.s3 { border-color: var(--s3); } .key.s4 { border-color: var(--s4); }
.key.dashed { border-top-style: dashed; }
figcaption .key:not(:first-child) { margin-left: 1em; }
.pages ul { display: flex; flex-wrap: wrap; gap: .2rem .9rem; list-style: none; padding: 0; }
.pages { padding: 0; }
pre.log { max-height: 24rem; overflow: auto; font-size: .8rem; white-space: pre-wrap; overflow-wrap: anywhere; }
pre:focus-visible, input:focus-visible, button:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
fieldset { border: 1px solid var(--grid); border-radius: 4px; margin: 0 0 1.2rem; padding: .5rem 1rem .8rem; max-width: 60rem; }
legend { color: var(--muted); font-size: .92rem; padding: 0 .4rem; }
.choices { list-style: none; padding: 0; margin: 0; max-width: none; max-height: 22rem; overflow-y: auto; columns: 18rem; }
.choices label { display: block; padding: .15rem 0; overflow-wrap: anywhere; break-inside: avoid; }
form button { font: inherit; font-weight: 600; color: var(--paper); background: var(--accent); border: 0; border-radius: 4px; padding: .5rem 1.4rem; cursor: pointer; }
#upload-says { color: var(--bad); }
.views { display: inline-block; padding: .1rem .8rem .5rem; }
.views label { margin-right: 1.2rem; white-space: nowrap; }
.tiles.wide { grid-template-columns: repeat(auto-fit, minmax(min(100%, 16rem), 1fr)); gap: 1.4rem 1.2rem; max-width: 74rem; }
.tiles.wide img { max-height: 80vh; object-fit: contain; image-orientation: none; }
.tiles.wide img.upright { image-orientation: from-image; }
.tile img.colour, main:has(#view-colour:checked) .tile img.overlay { display: none; }
main:has(#view-colour:checked) .tile img.colour { display: block; }
.tile img + img { margin-top: 0; }
.waiting { display: grid; place-items: center; min-height: 8rem; margin: 0; background: var(--wash); color: var(--muted); border-radius: 4px; }
svg.swatch { border: 0; outline: 1px solid var(--quiet); }
body.whole { display: flex; flex-direction: column; height: 100dvh; }
body.whole footer { display: none; }
body.whole main { flex: 1; display: flex; flex-direction: column; min-height: 0; width: 100%; max-width: none; padding: 0; position: relative; }
.report-note { font-size: .86rem; color: var(--muted); max-width: none; margin: 0;
  padding: .3rem calc(max(0px, (100vw - 74rem) / 2) + clamp(1rem, 4vw, 3rem)); }
body:not(.whole) .report-note { padding: 3rem 0; font-size: 1rem; white-space: pre-line; }
iframe { flex: 1; width: 100%; border: 0; background: var(--paper); min-height: 0; }
iframe.coming { position: absolute; inset: 0; visibility: hidden; }
@media (max-width: 30rem) { .chart { font-size: 19px; } .bar { gap: .1rem 1rem; } .bar ul { gap: 1rem; } h2 { margin-top: 2rem; } }
@media print { .bar, .skip, .pages { display: none; } }
)CSS";

}  // namespace segbench::serve
