import {escapeHtml, type PageFonts, page} from '../report/pages/page.ts';

/** Rules of the page in which settings are moved. */
const exploreStyle = `
body { max-width: 84rem; margin: 0 auto; padding: 1rem 1.5rem 3rem; line-height: 1.4; }
h1 { font-size: 1.7rem; margin: 0 0 .3rem; }
h2 { font-size: 1.15rem; margin: 1.6rem 0 .5rem; }
header p { margin: .15rem 0; color: var(--muted); max-width: 60rem; }
[hidden] { display: none; }
html { scroll-padding-top: 9rem; }
:focus-visible { outline: 3px solid var(--dynamic); outline-offset: 2px; border-radius: 2px; }
.skip { position: absolute; left: -100vw; z-index: 2; }
.skip:focus { left: 1rem; top: .5rem; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
fieldset { border: 0; border-top: 1px solid var(--rule); margin: 0 0 .8rem; padding: .2rem 0 0; min-width: 0; }
legend { font-weight: 600; padding: 0 .5rem 0 0; }
.control { display: grid; grid-template-columns: 1fr auto; column-gap: .8rem; margin: .45rem 0; }
.control label { font-size: .92rem; }
.control output { font-variant-numeric: tabular-nums; font-size: .92rem; }
.control input, .control select, .control .was { grid-column: 1 / -1; }
.control input { width: 100%; margin: .2rem 0; height: 1.3rem; accent-color: var(--dynamic); }
.control.moved output { font-weight: 600; color: var(--dynamic); }
.was { font-size: .8rem; color: var(--muted); }
button, select { font: inherit; color: inherit; background: var(--paper); border: 1px solid var(--rule); border-radius: .3rem; padding: .25rem .7rem; }
button { cursor: pointer; }
button:hover { border-color: var(--ink); }
.head { position: sticky; top: 0; background: var(--paper); z-index: 1; border-bottom: 1px solid var(--rule); padding: .4rem 0; margin: .6rem 0; }
.state { margin: 0; font-size: .9rem; min-height: 1.4em; }
#progress { color: var(--muted); font-variant-numeric: tabular-nums; }
dl { margin: .2rem 0 0; display: flex; flex-wrap: wrap; gap: .3rem 1.6rem; }
dt { font-size: .85rem; color: var(--muted); }
dd { margin: 0; font-size: 1.25rem; font-weight: 600; font-variant-numeric: tabular-nums; }
dd small { display: block; font-size: .85rem; font-weight: 400; min-height: 1.2em; }
#answer { margin: .2rem 0; max-width: 60rem; font-weight: 600; }
#reasons { margin: .6rem 0 0; max-width: 60rem; white-space: pre-line; }
#fault { margin: 0; overflow-wrap: anywhere; }
#fault:not(:empty) { margin: .4rem 0 0; padding: .3rem .6rem; border: 2px solid var(--fixed); border-radius: .3rem; }
#measured, #standing { margin: .6rem 0 0; color: var(--muted); font-size: .9rem; max-width: 60rem; white-space: pre-line; }
figure { margin: 1rem 0 0; }
figcaption { font-weight: 600; }
.table { overflow-x: auto; margin-bottom: 1rem; }
table { font-size: .88rem; font-variant-numeric: tabular-nums; }
td { white-space: nowrap; }
th, td { text-align: right; padding: .2rem .7rem; border-bottom: 1px solid var(--grid); vertical-align: top; }
thead th, thead td { border-bottom-color: var(--rule); }
tbody th, thead th:first-child { text-align: left; font-weight: 400; }
tbody th.within { padding-left: 1.6rem; color: var(--muted); }
pre { border: 1px solid var(--rule); border-radius: .3rem; padding: .7rem .9rem; margin: .4rem 0; overflow-x: auto; font-size: .85rem; }
#command { white-space: pre-wrap; overflow-wrap: anywhere; }
@media (min-width: 60rem) {
body { display: grid; grid-template-columns: 21rem 1fr; column-gap: 2.5rem; align-items: start; }
header, .head { grid-column: 1 / -1; }
main { min-width: 0; }
form { position: sticky; top: 7rem; max-height: calc(100vh - 7rem); overflow-y: auto; padding: .4rem .6rem .4rem .3rem; }
}
@media (max-width: 30rem) {
body { padding: .6rem .8rem 2rem; }
dl { gap: .1rem .9rem; }
dt { font-size: .78rem; }
dd { font-size: 1rem; line-height: 1.25; }
dd small { font-size: .78rem; }
table { font-size: .76rem; }
th, td { padding: .2rem .3rem; }
}
@media (prefers-reduced-motion: no-preference) {
.control.moved output { transition: color .15s; }
}
@media print { form, button, .skip { display: none; } .head { position: static; } }
`;

type ExploreParts = {
	readonly title: string;
	readonly lead: readonly string[];
	/** Data for the script, as JSON that may stand in HTML. */
	readonly data: string;
	readonly script: string;
	readonly hasManifest: boolean;
	/** Title of the picture of the load. */
	readonly loadTitle: string;
};

/**
 * Content security policy: the page requests nothing, and the browser enforces that. Threads are made of the page's own
 * script.
 */
const policy =
	"default-src 'none'; script-src 'unsafe-inline' blob:; worker-src blob:; style-src 'unsafe-inline'; font-src data:; img-src data:";

/** A page in which the script lets an experiment's settings be moved. */
export function explorePage(parts: ExploreParts, fonts: PageFonts): string {
	const {title, lead, data, script, hasManifest, loadTitle} = parts;
	if (/<\/script|<!--/i.test(script)) {
		throw new Error('Expected the script of the page to hold no mark of HTML, got one');
	}

	const body = [
		'<button type="button" class="skip" id="skip">Skip to the results</button>',
		`<header><h1>${escapeHtml(title)}</h1>${lead.map(line => `<p>${escapeHtml(line)}</p>`).join('')}`,
		'<noscript><p><strong>This page simulates in the browser: it needs JavaScript.</strong></p></noscript></header>',
		keyFigures,
		controls,
		`<main id="results" tabindex="-1" aria-label="Results">${figures(loadTitle)}${hasManifest ? manifest : ''}${command}</main>`,
		`<script type="application/json" id="explored">${data}</script>`,
		`<script>${script}</script>`,
	].join('\n');
	return page({title, fonts, style: exploreStyle, body, policy});
}

const controls = `<form id="settings" aria-label="Settings" autocomplete="off" onsubmit="return false">
<div id="controls"></div>
<button type="button" id="reset">Back to the experiment’s settings</button>
</form>`;

const figure = (id: string, caption: string) =>
	`<figure id="${id}"><figcaption>${caption}</figcaption><div class="picture"></div></figure>`;

const keyFigures = `<section class="head" aria-label="Key figures">
<p class="state"><strong id="replications"></strong> <span id="progress"></span></p>
<p id="answer"></p>
<dl id="key-figures"></dl>
<p id="fault" role="alert"></p>
</section>`;

const figures = (loadTitle: string) => `<p id="spoken" class="unseen" role="status" aria-live="polite"></p>
<p id="reasons"></p>
<p id="measured"></p>
<p id="standing"></p>
<div id="pictures">
${figure('replicas', 'Replicas over time')}
${figure('nodes', 'Nodes over time, and pods that wait for one')}
${figure('load', escapeHtml(loadTitle))}
${figure('latency', 'Latency')}
${figure('cost', 'Cost of an hour')}
</div>
<section><h2>Figures</h2>
<div id="arms"></div>
<div id="savings"></div>
</section>`;

const manifest = `<section><h2>Manifest of these settings</h2>
<p><button type="button" id="copy-manifest">Copy the manifest</button> <span id="manifest-copied" role="status"></span></p>
<pre id="manifest" tabindex="0" aria-label="HorizontalPodAutoscaler"></pre>
</section>`;

const command = `<section><h2>The same on the command line</h2>
<p><button type="button" id="copy-command">Copy the command</button> <span id="command-copied" role="status"></span></p>
<pre id="command" tabindex="0" aria-label="Command line"></pre>
</section>`;
