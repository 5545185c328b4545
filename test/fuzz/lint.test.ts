import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import test from 'ava';
import fc from 'fast-check';
import {parseAllDocuments} from 'yaml';
import {UserError} from '../../src/errors.ts';
import {lint, lintRules} from '../../src/library/lint.ts';
import {lintGithub, lintJson, lintSarif} from '../../src/report/lint/lint-formats.ts';
import {lintMarkdown, lintText} from '../../src/report/lint-report.ts';
import {deployment, hpa, scaledObject} from '../lint/manifests.ts';
import {mutatedText, mutatedValue} from './hostile.ts';
import {inputsOr, seed} from './reads-all.ts';
import {rewriteFile} from './rewrite-file.ts';

const inputs = inputsOr(1000);
/** One input takes no longer [ms], with a simulated witness or two. */
const slowest = 20_000;

const folder = mkdtempSync(join(tmpdir(), 'replicast-fuzz-lint-'));
test.after.always(() => rmSync(folder, {recursive: true, force: true}));

const sound = [
	deployment('web', '{cpu: 100m, memory: 64Mi}'),
	hpa('web'),
	'apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {name: web}\nspec: {minAvailable: 2, selector: {matchLabels: {app: web}}}\n',
	scaledObject(
		'api',
		[
			'{type: kafka, metadata: {topic: a, bootstrapServers: b, consumerGroup: c}}',
			'{type: prometheus, metadata: {serverAddress: "http://p", query: "sum(vllm:num_requests_running) / 2", threshold: "2"}}',
			'{type: cpu, metadata: {type: Utilization, value: "60"}}',
		],
		['minReplicaCount: 0', 'pollingInterval: 10', 'cooldownPeriod: 20'],
	),
	'apiVersion: autoscaling.k8s.io/v1\nkind: VerticalPodAutoscaler\nmetadata: {name: web}\nspec: {targetRef: {apiVersion: apps/v1, kind: Deployment, name: web}, resourcePolicy: {containerPolicies: [{containerName: "*", mode: "Off"}]}}\n',
	'apiVersion: v1\nkind: LimitRange\nmetadata: {name: web}\nspec: {limits: [{type: Container, default: {cpu: 1}}]}\n',
].join('---\n');

const kustomization = [
	'resources: [all.yaml, ../base]\ncomponents: [c]\nnamePrefix: a-\n',
	'patches: [{path: p.yaml, target: {kind: "Horizontal.*", name: "w.*"}}, {patch: "[{op: add, path: /spec/x, value: 1}]", target: {kind: Deployment}}]\n',
	'patchesStrategicMerge: [p.yaml]\npatchesJson6902: [{target: {name: web}, path: j.yaml}]\nhelmCharts: [{name: a}]\n',
	'replacements: [{path: r.yaml}, {source: {kind: A}, targets: [{select: {kind: B}, fieldPaths: [spec.a]}]}]\n',
].join('');

function mutated(text: string): fc.Arbitrary<string> {
	const values = parseAllDocuments(text).map(document => document.toJS() as unknown);
	return fc.oneof(
		mutatedText(text),
		mutatedValue(values).map(all =>
			(Array.isArray(all) ? all : [all]).map(each => JSON.stringify(each) ?? 'null').join('\n---\n'),
		),
	);
}

/** Lints a folder or a file, and prints what is found in every form. */
async function looked(path: string): Promise<void> {
	try {
		const found = await lint([path]);
		const texts = [
			lintText(found, {width: 80, isFull: true}),
			lintMarkdown(found),
			lintJson(found),
			lintGithub(found),
			lintSarif(found, {rules: lintRules, version: '1.0.0'}),
		];
		for (const text of texts) {
			// biome-ignore lint/suspicious/noControlCharactersInRegex: none may be printed
			if (/[\u0000-\u0008\u000B-\u001F\u202A-\u202E]/.test(text)) {
				throw new Error(`A control character in ${JSON.stringify(text.slice(0, 500))}`);
			}
		}
	} catch (error) {
		if (!(error instanceof UserError)) {
			throw error;
		}

		for (const line of error.message.split('\n')) {
			if (!/: /.test(line) || line.length > 3000) {
				throw new Error(`Expected a fault line, got ${line}`);
			}
		}
	}
}

async function withinTime(work: () => Promise<void>): Promise<void> {
	const start = performance.now();
	await work();
	const took = performance.now() - start;
	if (took > slowest) {
		throw new Error(`took ${Math.round(took)} ms`);
	}
}

test('hostile manifests are a line or findings', async t => {
	t.timeout(600_000);
	const file = join(folder, 'all.yaml');
	await fc.assert(
		fc.asyncProperty(mutated(sound), async text => {
			rewriteFile(file, text);
			await withinTime(async () => looked(file));
		}),
		{numRuns: inputs, seed},
	);
	t.pass();
});

test('hostile kustomizations below a folder come to an end', async t => {
	t.timeout(600_000);
	const below = mkdtempSync(join(folder, 'k-'));
	writeFileSync(join(below, 'all.yaml'), sound);
	writeFileSync(join(below, 'p.yaml'), hpa('web', {max: '30'}));
	writeFileSync(join(below, 'j.yaml'), '[{op: add, path: /spec/x, value: 1}]');
	writeFileSync(join(below, 'r.yaml'), 'targets: [{select: {kind: B}, fieldPaths: [spec.a]}]');
	await fc.assert(
		fc.asyncProperty(mutated(kustomization), async text => {
			rewriteFile(join(below, 'kustomization.yaml'), text);
			await withinTime(async () => looked(below));
		}),
		{numRuns: inputs, seed},
	);
	t.pass();
});
