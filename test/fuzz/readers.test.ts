import {readFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import anyTest from 'ava';
import fc from 'fast-check';
import {parse} from 'yaml';
import * as z from 'zod';
import {claimFaults} from '../../src/audit/claim-faults.ts';
import {ClaimsFile} from '../../src/audit/claims-file.ts';
import {HpaManifest, hpaSpecOf} from '../../src/autoscaler/hpa-manifest.ts';
import {answerGiven} from '../../src/autoscaler/keda/answer-case.ts';
import {UserError} from '../../src/errors.ts';
import type {Experiment} from '../../src/experiment/experiment.ts';
import {syntheticTrace, traceModels} from '../../src/experiment/trace-models.ts';
import {traceFormats} from '../../src/experiment/workload-schema.ts';
import {checkExperiment} from '../../src/store/experiments/check-experiment.ts';
import {inlineReferences} from '../../src/store/experiments/inline-references.ts';
import {readExperiment} from '../../src/store/experiments/read-experiment.ts';
import {checkTrees, readCase, readCaseLines} from '../../src/store/inputs/read-cases.ts';
import {readClaims} from '../../src/store/inputs/read-claims.ts';
import {readTrace} from '../../src/store/traces/read-trace.ts';
import {traceText} from '../../src/store/traces/write-trace.ts';
import {checkTree, faultLines} from '../../src/store/yaml/describe-issues.ts';
import {nodeAt, type SourceNode, scalar, withNode} from '../../src/store/yaml/source-tree.ts';
import {treeOfValue} from '../../src/store/yaml/tree-builder.ts';
import {mutatedText, mutatedValue} from './hostile.ts';
import {inputs, inputsOr, place, readsAll, refuse, seed} from './reads-all.ts';
import {rewriteFile} from './rewrite-file.ts';

/*
 * Whatever a file holds, its reader takes it or refuses it in lines, soon and in little memory. At least 10,000 inputs
 * each, the same ones every time.
 */

const test = anyTest.serial;
const folder = dirname(place.file);

const experiment = `name: fuzz
duration: 10m
workload:
  arrivals: {process: gamma, cv: 2, rate: [{at: 0s, perSecond: 0.2}, {at: 3m, perSecond: 1.2}]}
  tenants: [{name: a, share: 2}, {name: b, arrivals: {process: poisson, rate: [{at: 1m, perSecond: 1}]}}]
deployment:
  containers: {ollama: {requests: {cpu: 125m, memory: 256Mi}, limits: {cpu: 500m, memory: 1Gi}}}
  service: {distribution: exponential, mean: 500ms}
  startup: 5s
autoscaler: {minReplicas: 2, maxReplicas: 6}
metrics: ideal
prices: {apiVersion: replicast/v1, kind: PriceBook}
energy: {apiVersion: replicast/v1, kind: EnergyModel}
fixed: {replicas: 6}
slo: {p95: 10s}
accept: {podHours: 5%}
faults: [{at: 5m, kind: pod-kill}]
profiles: {small: {fixed: {replicas: 2}}}
`;

test('experiments', async t => {
	const short = (_: string, value: unknown) => (typeof value === 'string' ? value.slice(0, 40) : value); // no sources
	const inline = (key: string, file: string) =>
		[new RegExp(`^${key}: .*$`, 'm'), `${key}: ${JSON.stringify(parse(readFileSync(file, 'utf8')), short)}`] as const;
	const whole = experiment
		.replace(...inline('prices', 'models/prices-gke-autopilot.yaml'))
		.replace(...inline('energy', 'models/energy-cloud.yaml'));
	const base = treeOfValue(parse(whole), place);
	/** What reading a file fills in before it checks, and its profiles apart. */
	const withDefaults = (tree: SourceNode) =>
		[['metrics'], ['prices'], ['energy'], ['deployment', 'startup']].reduce(
			(filled, path) => {
				const isMissing = nodeAt(filled, path.slice(0, -1))?.kind === 'map' && nodeAt(filled, path) === undefined;
				return isMissing ? withNode(filled, path, nodeAt(base, path), place) : filled;
			},
			tree.kind === 'map' ? withNode(tree, ['profiles'], undefined, place) : tree,
		);
	const judge = ({hash}: Experiment) => {
		if (!/^[\da-f]{64}$/.test(hash)) {
			throw new Error(`Expected a hash, got ${hash}`);
		}
	};
	await readsAll(t, whole, {
		file: async path => judge(await readExperiment(path)),
		tree: async tree => {
			const checked = await checkExperiment(withDefaults(tree));
			judge('faults' in checked ? refuse(checked.faults) : checked.experiment);
		},
	});
});

const manifest = `apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: llm}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: llm}
  minReplicas: 2
  maxReplicas: 6
  metrics:
    - {type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 70}}}
    - {type: External, external: {metric: {name: queue}, target: {type: AverageValue, averageValue: 500m}}}
  behavior:
    scaleDown: {stabilizationWindowSeconds: 300, tolerance: 0.05, policies: [{type: Pods, value: 1, periodSeconds: 60}]}
`;

test('manifests', async t => {
	const Holder = z.strictObject({autoscaler: HpaManifest});
	const tree = async (autoscaler: SourceNode) => {
		const entries = new Map([['autoscaler', {keySource: place, node: autoscaler}]]);
		const inlined = await inlineReferences({kind: 'map', source: place, entries});
		const checked = checkTree(Holder, inlined.tree);
		if ('faults' in checked) {
			return refuse([...inlined.lines, ...faultLines(inlined.tree, [...inlined.faults, ...checked.faults])]);
		}

		const {minReplicas, maxReplicas} = hpaSpecOf(checked.value.autoscaler);
		if (!(minReplicas >= 0 && minReplicas <= maxReplicas && maxReplicas < 2 ** 31)) {
			throw new Error(`Expected bounds, got ${minReplicas} and ${maxReplicas}`);
		}
	};
	await readsAll(t, manifest, {tree, file: async path => tree(scalar(path, place))});
});

const claims = `apiVersion: replicast/v1
kind: Claims
name: test
publication: Nobody's
units: [gpu]
figures:
  - {id: grid, text: Grid, value: 0.4, unit: kg/kWh, source: Invented}
  - {id: open, text: Availability, experiment: {file: a.yaml, set: [replications=3], figure: dynamic.availability}}
claims:
  - {id: two, text: Two pods, claimed: 2, unit: pods, needs: a look}
  - {id: six, text: Six pods, claimed: 6, unit: pods, formula: "max(two * 3, two + 4 [pods])"}
  - {id: fast, text: Fast, checks: [{that: six, atLeast: two, because: too few}]}
  - {id: cost, text: Cost, claimed: 1.5, unit: $/(pod h), assumes: much, implies: [{text: a, formula: cost * two, unit: $/h}]}
`;

test('claims', async t => {
	await readsAll(t, claims, {
		file: async path => void (await readClaims(path)),
		tree: tree => {
			const checked = checkTree(ClaimsFile, tree);
			const faults = 'faults' in checked ? checked.faults : claimFaults(checked.value);
			if (faults.length > 0) {
				refuse(faultLines(tree, faults));
			}
		},
	});
});

const decideCase = {
	id: 'a',
	now: 1000,
	kubernetes: '1.33',
	controller: {tolerance: 0.1, downscaleStabilization: 300},
	hpa: parse(manifest),
	scale: {specReplicas: 2, statusReplicas: 2},
	pods: [
		{
			name: 'a',
			startTime: 0,
			ready: {status: true, lastTransitionTime: 10},
			containers: [{name: 'llm', requests: {cpu: '500m'}}],
		},
		{name: 'b', phase: 'Pending', containers: [{name: 'llm', requests: {cpu: 0.5}}]},
	],
	podMetrics: [{name: 'a', timestamp: 990, window: 15, containers: [{name: 'llm', usage: {cpu: '700m'}}]}],
	externalMetrics: {queue: '3'},
	history: {recommendations: [{time: 985, replicas: 2}], scaleUps: [{time: 900, change: 1}]},
};

test('cases of decide', async t => {
	const path = join(folder, 'cases.ndjson');
	const text = JSON.stringify(decideCase);
	const lines = fc.oneof(
		{weight: 3, arbitrary: mutatedValue(decideCase).map(value => JSON.stringify(value) ?? '')},
		{weight: 1, arbitrary: mutatedText(text).map(line => line.replaceAll(/[\r\n]/g, ' '))},
	);
	let [answered, refused] = [0, 0];
	await fc.assert(
		fc.asyncProperty(fc.array(lines, {minLength: 100, maxLength: 100}), async cases => {
			rewriteFile(path, cases.join('\n'));
			for await (const read of readCaseLines(path)) {
				if ('given' in read) {
					answered++;
					const {desiredReplicas} = answerGiven(read.given);
					if (!Number.isInteger(desiredReplicas) || desiredReplicas < 0) {
						throw new Error(`Expected a number of pods, got ${desiredReplicas}`);
					}
				} else {
					refused++;
					if (!/^.*cases\.ndjson:\d+:\d+: Expected [^\n]+$/.test(read.faults)) {
						throw new Error(`Expected one fault line, got ${read.faults}`);
					}
				}
			}
		}),
		{numRuns: inputs / 100, seed},
	);
	t.true(answered > inputs / 20 && refused > inputs / 4, `${answered} answered, ${refused} refused`);
	t.true(answered + refused > inputs * 0.95);
});

const savedObjects = [
	{
		...parse(manifest),
		apiVersion: 'autoscaling/v2beta1',
		metadata: {
			name: 'llm',
			annotations: {'autoscaling.alpha.kubernetes.io/behavior': '{"ScaleUp": {"SelectPolicy": "Min"}}'},
		},
		spec: {
			scaleTargetRef: {kind: 'Deployment', name: 'llm'},
			maxReplicas: 6,
			metrics: [{type: 'Resource', resource: {name: 'cpu', targetAverageUtilization: 50}}],
		},
		status: {
			currentReplicas: 2,
			currentMetrics: [{type: 'Resource', resource: {name: 'cpu', currentAverageUtilization: 71}}],
		},
	},
	{
		kind: 'Pod',
		metadata: {name: 'a', labels: {app: 'llm'}},
		spec: {
			initContainers: [{name: 'b', restartPolicy: 'Always', resources: {requests: {cpu: 1}}}],
			containers: [{name: 'llm', resources: {requests: {cpu: '500m'}}}],
		},
		status: {
			phase: 'Running',
			startTime: '2026-01-05T09:00:00Z',
			conditions: [{type: 'Ready', status: 'True', lastTransitionTime: '2026-01-05T09:00:10Z'}],
		},
	},
	{
		kind: 'Deployment',
		metadata: {name: 'llm'},
		spec: {replicas: 2, selector: {matchLabels: {app: 'llm'}, matchExpressions: [{key: 'a', operator: 'Exists'}]}},
	},
	{
		kind: 'PodMetricsList',
		items: [
			{
				metadata: {name: 'a'},
				timestamp: '2026-01-05T09:59:50Z',
				window: '15.03s',
				containers: [{name: 'llm', usage: {cpu: '90m'}}],
			},
		],
	},
];

test('objects that kubectl saved', async t => {
	const text = JSON.stringify({apiVersion: 'v1', kind: 'List', items: savedObjects});
	await readsAll(
		t,
		text,
		{
			file: async path =>
				judgeCase(await readCase(path).catch((error: Error) => ({faults: `${place.file}:1:1: ${error.message}`}))),
			tree: async tree => judgeCase(checkTrees([tree], place.file)),
		},
		inputsOr(inputs / 2),
	);
});

function judgeCase(read: Awaited<ReturnType<typeof readCase>> | ReturnType<typeof checkTrees>): void {
	if ('faults' in read) {
		throw typeof read.faults === 'string' ? new UserError('E_CONFIG', read.faults) : refuse(read.faults);
	}

	const {desiredReplicas} = answerGiven(read.given, read.notes);
	if (!Number.isInteger(desiredReplicas) || desiredReplicas < 0) {
		throw new Error(`Expected a number of pods, got ${desiredReplicas}`);
	}
}

test('a case of a ScaledObject', async t => {
	const scaledObject = {
		apiVersion: 'keda.sh/v1alpha1',
		kind: 'ScaledObject',
		metadata: {name: 'a', annotations: {'autoscaling.keda.sh/paused-scale-in': 'true'}},
		spec: {
			scaleTargetRef: {name: 'a'},
			pollingInterval: 5,
			advanced: {scalingModifiers: {formula: 'max(q, c) ?? 2 > 1 ? q / 2 : [1][0]', target: '2'}},
			fallback: {failureThreshold: 1, replicas: 2},
			triggers: [
				{type: 'prometheus', name: 'q', metadata: {serverAddress: 'http://p', query: 'sum(x)', threshold: '5'}},
				{
					type: 'cron',
					name: 'c',
					metadata: {timezone: 'Europe/Berlin', start: '0 8 * * 1-5', end: '0 18 * * Mon', desiredReplicas: '3'},
				},
			],
		},
	};
	const text = JSON.stringify({
		scaledObject,
		now: '2026-11-28T10:00:00Z',
		triggerValues: {q: 3},
		scale: {specReplicas: 2},
	});
	await readsAll(
		t,
		text.replace('[1][0]', '1'),
		{
			file: async path =>
				judgeCase(await readCase(path).catch((error: Error) => ({faults: `${place.file}:1:1: ${error.message}`}))),
			tree: async tree => judgeCase(checkTrees([tree], place.file)),
		},
		inputsOr(inputs / 2),
	);
});

const traces = traceFormats.map(format =>
	[...traceText(syntheticTrace(traceModels['azure-code'], {duration: 100, rate: 0.3, seed: 4}), format)].join(''),
);

test('traces', async t => {
	const path = join(folder, 'trace.csv');
	let [rows, malformed, refused] = [0, 0, 0];
	const mutatedTraces = fc.constantFrom(...traces).chain(text => mutatedText(text));
	await fc.assert(
		fc.asyncProperty(mutatedTraces, async text => {
			rewriteFile(path, text);
			try {
				const trace = await readTrace(path);
				const {at, promptTokens, outputTokens} = trace.columns;
				rows += at.length;
				malformed += trace.malformed.count;
				const isSound = at.every(
					(time, row) =>
						time >= (at[row - 1] ?? 0) && time <= 1e12 && promptTokens[row]! >= 0 && outputTokens[row]! >= 0,
				);
				if (!isSound) {
					throw new Error(`Expected requests in the order of time, got ${text}`);
				}
			} catch (error) {
				refused++;
				if (
					!(error instanceof RangeError) ||
					!/^a first line that is not|fits .* or .*: say which/.test(error.message)
				) {
					throw error;
				}
			}
		}),
		{numRuns: inputs, seed},
	);
	t.true(rows > inputs && malformed > inputs / 4 && refused > inputs / 40, `${rows}, ${malformed}, ${refused}`);
});
