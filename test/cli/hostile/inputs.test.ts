import {cp, mkdir, readdir, readFile, writeFile} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import anyTest, {type ExecutionContext} from 'ava';
import {parse, parseAllDocuments, stringify} from 'yaml';
import {UserError} from '../../../src/errors.ts';
import {readExperiment} from '../../../src/store/experiments/read-experiment.ts';
import {removeTemporaryFolders, temporaryFolder} from '../run-command.ts';
import {checkCommand, checkFiles, checkPrinted} from './output.ts';

/*
 * Every text of every file of an experiment is made hostile, one after the other. Where the reader refuses it, the lines of
 * the fault are looked at; where it is taken it stays, and at the end commands write what is left of it in every form.
 */

const test = anyTest.serial;

test.after.always(removeTemporaryFolders);

const root = fileURLToPath(new URL('../../../../', import.meta.url));

/** A formula, a title of a terminal, a colour in C1, text turned round, signs of no width, HTML, Markdown and a line of its own. */
const hostile =
	'=1+1\u001b]0;t\u0007\u009b31m\u202e\u200b\u2066\u{e0041}<img src=x onerror=alert(1)>\'"&amp; [x](javascript:alert(1)) ![y](http://e.example/p) **b** `z` | $& {a: *b}\n---\nFORGED: 1 #';

/** Texts of a file that are made hostile: a catalogue has thousands of one kind. */
const mostTexts = 80;

type Tree = Record<string, unknown> | unknown[];
type Leaf = {readonly holder: Tree; readonly key: string; readonly value: string};

/** Texts of a value. */
function textsIn(value: unknown): Leaf[] {
	if (typeof value !== 'object' || value === null) {
		return [];
	}

	return Object.entries(value).flatMap(([key, child]) =>
		typeof child === 'string' ? [{holder: value as Tree, key, value: child}] : textsIn(child),
	);
}

function put({holder, key}: Leaf, text: string): void {
	(holder as Record<string, unknown>)[key] = text;
}

type Case = {
	readonly experiment: string;
	readonly change?: (text: string) => string;
	/** Files beside it that are not shipped. */
	readonly files?: Readonly<Record<string, string>>;
	/** Files that it names, whose texts are made hostile too. */
	readonly others: readonly string[];
	/** Fewest texts that readers take. */
	readonly least: number;
};

/** The experiment in a folder of its own, beside copies of what shipped experiments name. */
async function copied({experiment, change = text => text, files = {}}: Case): Promise<string> {
	const folder = await temporaryFolder();
	for (const shipped of ['models', 'k8s', 'experiments/queue/scaledobjects']) {
		await cp(join(root, shipped), join(folder, shipped), {recursive: true});
	}

	for (const [name, text] of Object.entries(files)) {
		await writeFile(join(folder, name), text);
	}

	await writeFewTypes(join(folder, catalogue));
	await mkdir(join(folder, dirname(experiment)), {recursive: true});
	await writeFile(join(folder, experiment), change(await readFile(join(root, experiment), 'utf8')));
	return folder;
}

const catalogue = 'models/instances/aws-us-east-1.yaml';

/** Leaves the types of machines that are made hostile and those of the experiment: reading all of them takes the time. */
async function writeFewTypes(path: string): Promise<void> {
	const {types, ...rest} = parse(await readFile(path, 'utf8')) as {types: Record<string, unknown>};
	const kept = Object.entries(types).filter(([name], index) => index < 4 || name.startsWith('g6e.'));
	await writeFile(path, stringify({...rest, types: Object.fromEntries(kept)}));
}

/** Makes every text of a file hostile that its reader takes so. @returns how many were taken */
async function poison(t: ExecutionContext, folder: string, file: string, experiment: string): Promise<number> {
	const path = join(folder, file);
	const documents = parseAllDocuments(await readFile(path, 'utf8')).map(document => document.toJS() as unknown);
	const save = async () => writeFile(path, documents.map(document => stringify(document)).join('---\n'));
	let taken = 0;
	for (const leaf of documents.flatMap(textsIn).slice(0, mostTexts)) {
		for (const text of [hostile, `${leaf.value}${hostile}`]) {
			put(leaf, text);
			await save();
			try {
				await readExperiment(join(folder, experiment));
				taken++;
				break;
			} catch (error) {
				t.true(error instanceof UserError, String((error as Error).stack));
				checkPrinted(t, (error as Error).message, `${file}, ${leaf.key}`);
				put(leaf, leaf.value);
			}
		}
	}

	await save();
	return taken;
}

const stays = anyTest.macro({
	async exec(t, given: Case) {
		const {experiment, others, least} = given;
		const folder = await copied(given);
		let taken = 0;
		for (const file of [experiment, ...others]) {
			taken += await poison(t, folder, file, experiment);
		}

		t.true(taken >= least, `${taken} texts were taken`);
		const few = ['--replications', '2', '--set', 'duration=3m', '--set', 'warmup=1m'];
		const charts = ['--charts', 'charts', '--chart-format', 'svg', '--chart-format', 'csv'];
		await checkCommand(t, folder, ['run', experiment, ...few, '--full', '--html', ...charts, '--out', 'ran']);
		await checkCommand(t, folder, ['run', experiment, ...few, '--json', '--baselines=false', '--out', 'json']);
		await checkCommand(t, folder, ['explore', experiment, '--out', 'explored.html']);
		const search = ['--budget', '6', '--subject-to', 'p95<50s', '--html', '--out', 'tuned'];
		await checkCommand(t, folder, ['tune', experiment, ...few, ...search], [0, 5]);
		await checkCommand(t, folder, ['index', '.']);
		for (const out of ['ran', 'charts', 'tuned']) {
			await checkFiles(t, join(folder, out));
		}

		const pages = (await readdir(folder)).filter(name => name.endsWith('.html'));
		t.deepEqual(pages.sort(), ['explored.html', 'index.html']);
		await checkFiles(t, folder, {isFlat: true});
	},
	title: (title = '') => title,
});

test('an experiment of a Deployment, its HPA, models, prices and tenants', stays, {
	experiment: 'experiments/multi-tenant.yaml',
	others: ['k8s/hpa.yaml', 'models/tinyllama.yaml', 'models/startup-kind.yaml', 'models/metrics-pipeline.yaml'],
	least: 40,
});

const scaledObject = `apiVersion: keda.sh/v1alpha1
kind: ScaledObject
metadata: {name: llm, namespace: default, labels: {team: a}, annotations: {owner: someone}}
spec:
  scaleTargetRef: {name: llm}
  minReplicaCount: 1
  maxReplicaCount: 4
  triggers:
    - type: prometheus
      name: queue
      metadata:
        serverAddress: http://prometheus.monitoring.svc:9090
        query: sum(replicast_backend_queue_length)
        threshold: "1"
        namespace: default
    - type: cron
      name: hours
      metadata: {timezone: Europe/Vienna, start: 0 8 * * *, end: 0 18 * * *, desiredReplicas: "2"}
`;

test('an experiment of a ScaledObject, its triggers and a gateway', stays, {
	experiment: 'experiments/queue/in-flight.yaml',
	change: text =>
		text
			.replace(/^profiles:[\s\S]*/m, '')
			.replace(
				/^autoscaler:\n(?: .*\n)+/m,
				"autoscaler: scaledobjects/several.yaml\nstartsAt: '2026-01-05T08:00:00Z'\n",
			),
	files: {'experiments/queue/scaledobjects/several.yaml': scaledObject},
	others: ['experiments/queue/scaledobjects/several.yaml', 'models/prometheus-15s.yaml'],
	least: 12,
});

test('an experiment of an engine, a NodePool and a catalogue of machines', stays, {
	experiment: 'experiments/nodes/gpu-burst.yaml',
	others: [
		...['k8s/karpenter/gpu.yaml', catalogue, 'models/startup-vllm.yaml'],
		'models/engines/llama-3.1-8b-rtx-4090.yaml',
	],
	least: 40,
});
