import {join} from 'node:path';
import {fileURLToPath} from 'node:url';

/** Words after the command, and what is told where a cluster or an answer of one is missing. */
export type Try = readonly [words: string, refusal?: RegExp];

const root = fileURLToPath(new URL('../../../', import.meta.url));
const fictitious = join(root, 'experiments', 'claims-fictitious.yaml');
const linted = join(root, 'test/fixtures/lint/rules/budget-blocks-drains/speaks.yaml');
const loaded = join(root, 'test/fixtures/lint/load/window-longer-than-rhythm/speaks');
const mine = 'small.yaml --replications 2 --workers 1';
const tuned = 'small.yaml --budget 6 --replications 2 --workers 1';
const compared = 'small.yaml --set replications=4 --replications 100 --phases random --reports reports --json';
/** Without charts, compare --json is tried in compare.test.ts. */
const charted = `${compared} --charts 1.30`;
const validated = '--records reports --out 1.30 --replications 100 --workers 1';
const imported =
	'import recorded/runs/a/replicas.csv --experiment small.yaml --profile brief --set fixed.replicas=3 --start 0 --out 1.31';
const recorded = '--recordings recorded --settings recorded/settings.yaml --replications 2 --workers 1';
const planned = 'small.yaml --plan --record reports/measured/small/dynamic-0';
const campaign =
	'--measure --dry-run --experiment small.yaml --profile brief --budget 2h --most-repeats 3 --seed 130 --out 1.33';
const here = `${campaign} --cluster 1.30 --keda 1.30 --prometheus-image 1.30`;
const fitted = '--from recorded --settings recorded/settings.yaml --replications 2 --workers 1 --out fitted.yaml';
const manifests = 'small.yaml --on kubernetes --print-manifests';
const away = '--context lab --backend-image example.com/b:1.30 --ollama-image example.com/o:1';
const watched =
	'chat --live --watch --against manifests.yaml --for 130s --out 1.30 --metrics-port 1130 --metrics-host 1.30';
const unheard = '--prometheus http://127.0.0.1:9 --out 1.35'; // nobody listens there
const nowhere = /^(?!.*Expected --).*\n?$/; // a fault of the surroundings, in one line

/** One try of each option of each command, under its name. */
export const tries: Readonly<Record<string, Readonly<Record<string, Try>>>> = {
	run: {
		all: ['--all --replications 1 --baselines=false'],
		profile: ['small.yaml --profile brief --workers 1'],
		seed: [`${mine} --seed 130`],
		replications: [mine],
		set: [`${mine} --set fixed.replicas=3`],
		workers: [mine],
		baselines: [`${mine} --baselines`],
		'prediction-runs': [`${mine} --baselines=false --prediction-runs 19`],
		full: [`${mine} --full`],
		'fail-on-slo': [`${mine} --baselines=false --fail-on-slo`, /^Expected slo|^$/],
		tuned: [`${mine} --tuned 1.30`],
		reproduce: ['--reproduce reports', /Expected/],
		'price-book': [`${mine} --price-book prices.yaml`],
		json: [`${mine} --json`],
		out: [`${mine} --out 1.30`],
		html: [`${mine} --html`],
		charts: [`${mine} --charts 1.30`],
		'chart-format': [`${mine} --charts 1.30 --chart-format csv`],
	},
	replay: {
		profile: ['small.yaml --profile brief --print-manifests'],
		set: ['small.yaml --set fixed.replicas=3 --print-manifests'],
		arm: ['small.yaml --arm both --print-manifests'],
		repeat: ['small.yaml --repeat 2 --print-manifests'],
		'no-probe': ['small.yaml --no-probe --print-manifests'],
		plan: [planned],
		record: [planned],
		cluster: ['small.yaml --cluster 1.30 --print-manifests'],
		keep: ['small.yaml --keep --print-manifests'],
		context: [`small.yaml ${away} --print-manifests`],
		address: [`small.yaml ${away} --address 10.0.0.1:80 --print-manifests`],
		'backend-image': [`small.yaml ${away} --print-manifests`],
		'ollama-image': [`small.yaml ${away} --print-manifests`],
		keda: ['small.yaml --keda 1.30 --print-manifests', /^Expected --keda to name a file .*: 1\.30\n?$/],
		'prometheus-image': ['small.yaml --prometheus-image 1.30 --print-manifests'],
		out: ['small.yaml --out 1.30 --print-manifests'],
		'print-manifests': ['small.yaml --print-manifests'],
		html: ['small.yaml --html --print-manifests'],
		charts: ['small.yaml --charts 1.30 --print-manifests'],
		'chart-format': ['small.yaml --charts 1.30 --chart-format csv --print-manifests'],
	},
	compare: {
		profile: ['small.yaml --profile brief', /measured/],
		charts: [charted],
		'chart-format': [`${charted} --chart-format csv`],
		set: [charted],
		experiment: ['reports/simulated/small/dynamic reports/measured/small/dynamic-0 --experiment small.yaml'],
		replications: [charted],
		phases: [charted],
		reports: [charted],
		json: [charted],
		html: ['small.yaml --html --out 1.30'],
		out: ['small.yaml --html --out 1.30'],
	},
	validate: {
		records: [validated],
		out: [validated],
		replications: [validated],
		workers: [validated],
		check: ['--check --out 1.30'],
		recordings: [recorded],
		settings: [recorded],
		set: [`${recorded} --set 1.30`],
		ladder: [`${recorded} --ladder`],
		json: [`${recorded} --json`],
		measure: [campaign],
		'dry-run': [campaign],
		plan: ['--measure --plan --experiment small.yaml --profile brief'],
		budget: [campaign],
		experiment: [campaign],
		profile: [campaign],
		'most-repeats': [campaign],
		seed: [campaign],
		cluster: [here],
		context: [`${campaign} ${away} --address 10.0.0.1:80`],
		address: [`${campaign} ${away} --address 10.0.0.1:80`],
		'backend-image': [`${campaign} ${away} --address 10.0.0.1:80`],
		'ollama-image': [`${campaign} ${away} --address 10.0.0.1:80`],
		keda: [here],
		'prometheus-image': [here],
		engine: ['--engine 130 --engine-model 131', /13[01]/],
		'engine-model': ['--engine 130 --engine-model 131', /13[01]/],
	},
	tune: {
		profile: [`small.yaml --profile brief --budget 6 --workers 1`],
		seed: [`${tuned} --seed 130`],
		replications: [tuned],
		set: [`${tuned} --set fixed.replicas=3`],
		minimize: [`${tuned} --minimize latency`],
		'subject-to': [`${tuned} --subject-to p95<60s availability>=0.5`],
		'bounds-kept': [`${tuned} --subject-to p95<60s --bounds-kept mean`],
		space: [`${tuned} --space space.yaml`],
		kubernetes: [`${tuned} --kubernetes 1.35`],
		budget: [tuned],
		workers: [tuned],
		json: [`${tuned} --json`],
		out: [`${tuned} --out 1.30`],
		html: [`${tuned} --html`],
		charts: [`${tuned} --charts 1.30`],
		'chart-format': [`${tuned} --charts 1.30 --chart-format csv`],
		'check-live': [`${tuned} --check-live`, nowhere],
		repeat: [`${tuned} --check-live --repeat 2`, nowhere],
		address: [`${tuned} --check-live ${away} --address 10.0.0.1:80`, nowhere],
		'backend-image': [`${tuned} --check-live ${away}`, nowhere],
		'ollama-image': [`${tuned} --check-live ${away}`, nowhere],
		keda: [`${tuned} --check-live --keda 1.30`, nowhere],
		'prometheus-image': [`${tuned} --check-live ${away} --prometheus-image 1.30`, nowhere],
		on: [manifests],
		cluster: [`${manifests} --cluster 130`],
		context: [`${manifests} --context lab --image example.com/replicast:1.30`],
		namespace: [`${manifests} --namespace 130`],
		image: [`${manifests} --image example.com/replicast:1.30`],
		shards: [`${manifests} --shards 3`],
		'smallest-job': [`${manifests} --smallest-job 5`],
		'pod-memory': [`${manifests} --pod-memory 1Gi`],
		'claim-size': [`${manifests} --claim-size 2Gi`],
		'claim-mode': [`${manifests} --claim-mode ReadWriteMany`],
		'storage-class': [`${manifests} --storage-class 130`],
		keep: [`${manifests} --keep`],
		'print-manifests': [manifests],
	},
	explore: {
		profile: ['small.yaml --profile brief'],
		set: ['small.yaml --set fixed.replicas=3'],
		seed: ['small.yaml --seed 130'],
		replications: ['small.yaml --replications 2'],
		record: ['small.yaml --record reports/measured/small/dynamic-0'],
		reports: ['small.yaml --reports reports'],
		out: ['small.yaml --out 1.30.html'],
	},
	calibrate: {
		slots: ['--slots 1,2 --print-plan'],
		profile: ['--profile bench --print-plan'],
		short: ['--short --print-plan'],
		'print-plan': ['--print-plan'],
		cluster: ['--cluster 130 --print-plan'],
		keep: ['--keep --print-plan'],
		context: [`${away} --print-plan`],
		address: [`${away} --address 10.0.0.1:80 --print-plan`],
		'backend-image': [`${away} --print-plan`],
		'ollama-image': [`${away} --print-plan`],
		keda: ['--keda 1.30 --print-plan'],
		'prometheus-image': ['--prometheus-image 1.30 --print-plan'],
		records: ['--records 130 --print-plan'],
		from: ['--from 130 --out models-130', /130/],
		'engine-model': ['--from trace.csv --engine-model small.yaml', /trace.csv:1:1: Expected a result of/],
		tokens: ['--from trace.csv --tokens 860/250', /trace.csv:1:1: Expected a result of/],
		until: ['--from trace.csv --until 30', /trace.csv:1:1: Expected a result of/],
		settings: [fitted],
		experiment: ['--from 1.29 --experiment small.yaml --replications 2 --workers 1 --out 1.35-fitted'],
		replications: [fitted],
		workers: [fitted],
		out: ['--out 1.30 --print-plan'],
		force: ['--force --print-plan'],
	},
	learn: {
		prometheus: [unheard, nowhere],
		'token-file': [`${unheard} --token-file prices.yaml`, nowhere],
		exports: ['--exports 1.30 --out 1.35', nowhere],
		live: [`${unheard} --live`, nowhere],
		manifest: [`${unheard} --manifest manifests.yaml`, nowhere],
		workload: [`${unheard} --workload shop/130`, nowhere],
		since: [`${unheard} --since 130m`, nowhere],
		until: [`${unheard} --until 130m`, nowhere],
		step: [`${unheard} --step 30s`, nowhere],
		'rate-query': [`${unheard} --rate-query 1.30`, nowhere],
		'latency-query': [`${unheard} --latency-query 1.30`, nowhere],
		json: [`${unheard} --json`, nowhere],
		out: [unheard, nowhere],
	},
	records: {
		out: ['import reports/simulated/small/dynamic --out 1.30', /requests.csv/],
		experiment: [imported],
		profile: [imported],
		set: [imported],
		start: [imported],
	},
	trace: {
		format: ['inspect trace.csv --format replicast'],
		json: ['inspect trace.csv --json'],
		unit: ['inspect trace.csv --unit ms'],
		like: ['generate --like azure-code --duration 1m'],
		duration: ['generate --duration 1m'],
		rate: ['generate --duration 1m --rate 0.5'],
		seed: ['generate --duration 1m --seed 130'],
	},
	doctor: {},
	poster: Object.fromEntries(
		['title', 'authors', 'records', 'out', 'claims', 'profile'].map(name => [
			name,
			[
				`small.yaml --title 1.30 --authors 1.30 --records reports --out 1.30 --claims ${fictitious} --profile none`,
			] as Try,
		]),
	),
	lint: {
		format: [`${linted} --format sarif`],
		'fail-on': [`${linted} --fail-on error`],
		experiment: [`${loaded}-manifest.yaml --experiment ${loaded}.yaml`],
		full: [`${linted} --full`],
		rules: ['--rules'],
	},
	audit: {
		json: [`${fictitious} --json`],
		full: [`${fictitious} --full`],
		brief: [`${fictitious} --brief`],
		records: [`${fictitious} --records 130`],
		html: [`${fictitious} --html`],
		out: [`${fictitious} --html --out 130`],
	},
	index: {},
	decide: {
		ndjson: ['cases.ndjson --ndjson'],
		explain: ['cases.ndjson --explain'],
		live: ['chat --live', nowhere],
		namespace: ['chat --live --namespace 130', nowhere],
		n: ['chat --live -n 130', nowhere],
		...Object.fromEntries(
			['watch', 'against', 'for', 'out', 'metrics-port', 'metrics-host'].map(name => [name, [watched, nowhere] as Try]),
		),
	},
	init: {from: ['1.30 --from manifests.yaml']},
	schema: {out: ['--out 1.30']},
	completion: {},
};
