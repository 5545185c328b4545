// node scripts/vllm/write-poster.js: makes the poster of the vLLM experiments, and writes its picture and its key figures into docs/.
import {execFileSync} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import process from 'node:process';
import {fileURLToPath, pathToFileURL} from 'node:url';
import {chromium} from 'playwright-core';
import {experimentHash} from '../../build/src/experiment/experiment-hash.js';
import {findChromium, sandboxOptions} from '../../build/src/report/drawing/find-chromium.js';
import {readExperiment} from '../../build/src/store/experiments/read-experiment.js';
import {packagedBrowser} from '../../build/test/report/pages/packaged-browser.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const pictures = join(root, 'docs', 'pictures', 'vllm');
const names = ['vllm-waiting-threshold', 'vllm-which-signal', 'vllm-warm-pod', 'vllm-cost-per-token'];
const scratch = mkdtempSync(join(tmpdir(), 'replicast-poster-'));
try {
	const words = [
		...['poster', ...names.map(name => `experiments/${name}.yaml`), '--out', scratch],
		...[
			'--title',
			'Autoscaling vLLM on GPUs',
			'--authors',
			'Llama-3.1-8B on RTX 4090s at $0.29 an hour, pods that start in two minutes',
		],
	];
	execFileSync(process.execPath, [join(root, 'dist', 'cli.js'), ...words], {cwd: root, stdio: 'ignore'});
	const executablePath = (await findChromium()) ?? (await packagedBrowser());
	const browser = await chromium.launch({executablePath, args: sandboxOptions()});
	const page = await browser.newPage({viewport: {width: 1200, height: 1698}});
	await page.goto(pathToFileURL(join(scratch, 'poster-a4.html')).href);
	await page.evaluate('document.fonts.ready.then(() => document.querySelector("footer")?.remove())');
	await page.screenshot({path: join(pictures, 'poster.png')});
	await browser.close();
	const experiments = {};
	for (const name of names) {
		experiments[name] = experimentHash(await readExperiment(join(root, 'experiments', `${name}.yaml`)));
	}

	const figures = JSON.parse(readFileSync(join(scratch, 'data', 'kpis.json'), 'utf8'));
	writeFileSync(join(pictures, 'poster.json'), `${JSON.stringify({experiments, figures}, null, '\t')}\n`);
} finally {
	rmSync(scratch, {recursive: true, force: true});
}
