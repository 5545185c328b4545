import {escapeHtml} from './escape-html.ts';
import {exploreStyle} from './explore-style.ts';
import {type PageFonts, page} from './page.ts';

export type ExploreParts = {
	readonly title: string;
	readonly lead: readonly string[];
	/** What the script reads, as JSON that may stand in HTML. */
	readonly data: string;
	readonly script: string;
	readonly hasManifest: boolean;
	/** What the picture of the load is called. */
	readonly loadTitle: string;
};

/** Nothing is asked for: the browser itself sees to it. Threads are made of the page's own script. */
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
<dl id="key-figures"></dl>
<p id="fault" role="alert"></p>
</section>`;

const figures = (loadTitle: string) => `<p id="spoken" class="unseen" role="status" aria-live="polite"></p>
<p id="measured"></p>
<div id="pictures">
${figure('replicas', 'Replicas over time')}
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
