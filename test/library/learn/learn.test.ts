import {existsSync} from 'node:fs';
import {mkdtemp, readdir, readFile, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import test from 'ava';
import {UserError} from '../../../src/errors.ts';
import {backTestPresent} from '../../../src/library/back-test-present.ts';
import {comparePaths} from '../../../src/library/compare.ts';
import {forecastAll} from '../../../src/library/forecast.ts';
import {learnFrom} from '../../../src/library/learn/learn.ts';
import {readExperiment} from '../../../src/library/read-experiments.ts';
import type {History} from '../../../src/records/history.ts';
import {comparisonReport} from '../../../src/report/comparison-report.ts';
import {learnReport} from '../../../src/report/learn-report.ts';
import {reportText} from '../../../src/report/text/report.ts';
import {historyOf, truth, webExperiment} from '../../calibration/history/simulated-history.ts';

const hpa = {
	apiVersion: 'autoscaling/v2',
	kind: 'HorizontalPodAutoscaler',
	metadata: {
		name: 'web',
		namespace: 'shop',
		uid: 'c0ffee',
		managedFields: [{manager: 'kubectl'}],
		annotations: {'kubectl.kubernetes.io/last-applied-configuration': '{"secret": 1}'},
	},
	spec: {
		scaleTargetRef: {apiVersion: 'apps/v1', kind: 'Deployment', name: 'web'},
		minReplicas: 1,
		maxReplicas: 10,
		metrics: [{type: 'Resource', resource: {name: 'cpu', target: {type: 'Utilization', averageUtilization: 60}}}],
	},
	status: {currentReplicas: 3},
};

const autoscaler = {kind: 'HorizontalPodAutoscaler', name: 'web', document: hpa, isFromMetrics: false} as const;

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
	const folder = await mkdtemp(join(tmpdir(), 'replicast-test-'));
	try {
		await work(folder);
	} finally {
		await rm(folder, {recursive: true, force: true});
	}
}

async function webHistory(): Promise<History> {
	return {...historyOf(await webExperiment(), 5), autoscaler};
}

test.serial('a learnt experiment runs, and its forecast of the present setting is what was recorded', async t => {
	const history = await webHistory();
	await inFolder(async folder => {
		const out = join(folder, 'learned');
		const learned = await learnFrom(history, out);
		t.deepEqual((await readdir(out)).sort(), [
			'autoscaler.yaml',
			'experiment.yaml',
			'load.csv',
			'record',
			'replicas.csv',
			'service.yaml',
		]);
		const manifest = await readFile(join(out, 'autoscaler.yaml'), 'utf8');
		t.notRegex(manifest, /managedFields|uid|status|last-applied/);
		const experiment = await readExperiment(learned.path);
		const {cpuSeconds} = experiment.workload.requests;
		t.true(cpuSeconds?.distribution === 'lognormal' && Math.abs(cpuSeconds.mean / truth.work - 1) < 0.05);
		const quickly = {out: join(folder, 'out'), predictionRuns: 0, baselines: false} as const;
		for await (const {summary, report} of forecastAll([{...experiment, replications: 4}], quickly)) {
			t.is(summary.backTest?.verdict, 'yes');
			t.regex(report.answer?.[0] ?? '', /^Recorded in 2\.\d h/);
			t.regex(report.answer?.join('\n') ?? '', /May I believe it here\? Yes/);
		}

		const text = reportText(learnReport(learned), {width: 80});
		t.true(text.split('\n').every(line => line.length <= 80));
		t.regex(text, /Identified: CPU that a request adds/);
	});
});

test.serial('nothing that is there is overwritten, and nothing is left half-written', async t => {
	const history = await webHistory();
	await inFolder(async folder => {
		await writeFile(join(folder, 'service.yaml'), 'mine');
		await t.throwsAsync(learnFrom(history, folder), {instanceOf: UserError, message: /service\.yaml to be absent/});
		t.deepEqual(await readdir(folder), ['service.yaml']);
		const broken = {...history, autoscaler: {...autoscaler, document: {...hpa, spec: {maxReplicas: 'many'}}}};
		await t.throwsAsync(learnFrom(broken, join(folder, 'new')), {instanceOf: UserError, message: /maxReplicas/});
		t.false(existsSync(join(folder, 'new', 'experiment.yaml')));
	});
});

test.serial('without requests the load is CPU, and the report says so first', async t => {
	const {series, ...history} = await webHistory();
	const {requestRate: _, ...rest} = series;
	await inFolder(async folder => {
		const learned = await learnFrom({...history, series: rest}, join(folder, 'learned'));
		t.is(learned.witness, 'cpu');
		t.regex(learnReport(learned).answer?.[0] ?? '', /cores of CPU, as neither requests nor tokens were recorded/);
		t.regex(learned.assumed.join(' '), /The load is the CPU that the pods used/);
	});
});

test.serial('hostile names of workloads and containers become names that Kubernetes takes', async t => {
	const history = await webHistory();
	const [container] = history.containers;
	await inFolder(async folder => {
		const hostile = '\u001B[2J"; rm -rf /\n# x: {';
		const learned = await learnFrom(
			{
				...history,
				source: hostile,
				workload: {...history.workload, name: hostile},
				containers: [{...container!, name: hostile}],
			},
			join(folder, 'learned'),
		);
		const experiment = await readExperiment(learned.path);
		t.regex(experiment.name, /^[a-z][-a-z0-9]*$/);
		t.is(experiment.deployment.containers[0]?.name, 'container-1');
		t.false(reportText(learnReport(learned), {width: 80}).includes('\u001B'));
		t.false((await readFile(learned.path, 'utf8')).includes('\u001B'));
	});
});

test('a history without a load, or with one of a single kind, is refused with what is missing', async t => {
	const history = await webHistory();
	await inFolder(async folder => {
		const {cpu: _, ...withoutCpu} = history.series;
		const {desiredReplicas: __, currentReplicas: ___, readyReplicas: ____, ...withoutPods} = history.series;
		await t.throwsAsync(learnFrom({...history, series: withoutPods}, folder), {
			message: /Expected the replicas of web/,
		});
		await t.throwsAsync(learnFrom({...history, series: {}}, folder), {message: /neither requests nor tokens nor CPU/});
		await t.throwsAsync(learnFrom({...history, series: withoutCpu}, folder), {
			message: /how long a request keeps a pod busy/,
		});
		await t.throwsAsync(learnFrom({...history, containers: []}, folder), {
			message: /Expected the CPU requests of the containers/,
		});
		t.deepEqual(await readdir(folder), []);
	});
});

test.serial('more than a million requests are bundled, go to the pods in turn, and the report says so', async t => {
	const {series, ...history} = await webHistory();
	const times = (factor: number, values: Float64Array | undefined) => values!.map(value => value * factor);
	const many = {...series, requestRate: times(100, series.requestRate)};
	await inFolder(async folder => {
		const learned = await learnFrom({...history, series: many}, join(folder, 'learned'));
		const {workload, deployment} = await readExperiment(learned.path);
		t.is(deployment.balancing, 'round-robin');
		t.true('arrivals' in workload && 'rate' in workload.arrivals && workload.arrivals.rate[0]!.perSecond < 150);
		t.regex(learned.assumed.join(' '), /A simulated request stands for \d+ recorded ones/);
	});
});

test.serial(
	'a metric with an odd name is refused in one line until its source is given, and guessed from words in it',
	async t => {
		const history = await webHistory();
		const going = (name: string) => {
			const metrics = [{type: 'Pods', pods: {metric: {name}, target: {type: 'AverageValue', averageValue: '5'}}}];
			return {...history, autoscaler: {...autoscaler, document: {...hpa, spec: {...hpa.spec, metrics}}}};
		};
		await inFolder(async folder => {
			const odd = learnFrom(going('odd'), join(folder, 'a'));
			await t.throwsAsync(odd, {message: /^autoscaler\.yaml:\d+:\d+: Expected .* mapped in metricSources.*"odd"$/});
			const given = await learnFrom(going('odd'), join(folder, 'b'), {odd: 'waiting'});
			t.notRegex(given.assumed.join(' '), /by its name alone/);
			const guessed = await learnFrom(going('my_queue_length'), join(folder, 'c'));
			t.regex(guessed.assumed.join(' '), /my_queue_length is taken to show waiting requests, by its name alone/);
		});
	},
);

test('the HPA that KEDA made says by no metric what it asks for, and its ScaledObject is wanted in one line', async t => {
	const history = await webHistory();
	const metric = {name: 's0-prometheus'};
	const metrics = [{type: 'Pods', pods: {metric, target: {type: 'AverageValue', averageValue: '5'}}}];
	const document = {...hpa, spec: {...hpa.spec, metrics}};
	const made = {...history, autoscaler: {...autoscaler, name: 'keda-hpa-web', document, isFromMetrics: true}};
	await inFolder(async folder => {
		await t.throwsAsync(learnFrom(made, join(folder, 'a')), {
			instanceOf: UserError,
			message:
				'Expected the manifest of the ScaledObject (--manifest FILE, or --live), as no metric says what "s0-prometheus" is, or its source (--metric-source s0-prometheus=waiting), got neither',
		});
		t.is((await learnFrom(made, join(folder, 'b'), {'s0-prometheus': 'in-flight'})).kind, 'work');
	});
});

test.serial('credentials of a ScaledObject are left out, and named', async t => {
	const history = await webHistory();
	const trigger = {
		type: 'prometheus',
		metadata: {
			serverAddress: 'http://user:hidden@prom:9090',
			query: 'sum(vllm:num_requests_waiting)',
			threshold: '5',
			authToken: 'hidden',
		},
	};
	const document = {
		apiVersion: 'keda.sh/v1alpha1',
		kind: 'ScaledObject',
		metadata: {name: 'web', namespace: 'shop'},
		spec: {scaleTargetRef: {name: 'web'}, minReplicaCount: 1, maxReplicaCount: 6, triggers: [trigger]},
	};
	await inFolder(async folder => {
		const scaled = {...history, autoscaler: {...autoscaler, kind: 'ScaledObject' as const, document}};
		const learned = await learnFrom(scaled, join(folder, 'learned'));
		t.notRegex(await readFile(join(folder, 'learned', 'autoscaler.yaml'), 'utf8'), /hidden/);
		t.regex(learned.assumed.join(' '), /credentials: .*serverAddress, .*authToken/);
	});
});

const steps = 480;

/** Two hours of a vLLM service that a ScaledObject brings from zero pods and back: while there is none, no pod counts requests. */
function chatHistory(): History {
	const at = (read: (step: number) => number) => Float64Array.from({length: steps}, (_, step) => read(step));
	const pods = at(step => (step % 240 < 60 ? 0 : step % 240 < 150 ? 1 : 2));
	const ofPods = (value: number) => pods.map(count => (count === 0 ? Number.NaN : value * count));
	const requestRate = ofPods(0.25);
	const gpu = {cpu: 4, memory: 2 ** 34, 'nvidia.com/gpu': 1};
	const trigger = {
		type: 'prometheus',
		metadata: {serverAddress: 'http://prom:9090', query: 'sum(replicast_gateway_in_flight)', threshold: '2'},
	};
	return {
		...{start: 1_780_000_000, stepSeconds: 15, steps, source: 'made up', nodes: [], queries: [], notes: []},
		workload: {kind: 'Deployment', name: 'chat', namespace: 'llm'},
		containers: [{name: 'vllm', requests: gpu, limits: {'nvidia.com/gpu': 1}}],
		cpuOfContainers: {},
		series: {
			...{desiredReplicas: pods, currentReplicas: pods, readyReplicas: pods},
			...{requestRate, running: ofPods(2), cpu: ofPods(1.9)},
			...{promptTokenRate: ofPods(200), outputTokenRate: ofPods(50)},
		},
		autoscaler: {
			...{kind: 'ScaledObject', name: 'chat', isFromMetrics: false},
			document: {
				apiVersion: 'keda.sh/v1alpha1',
				kind: 'ScaledObject',
				metadata: {name: 'chat', namespace: 'llm'},
				spec: {scaleTargetRef: {name: 'chat'}, minReplicaCount: 0, maxReplicaCount: 4, triggers: [trigger]},
			},
		},
	};
}

test.serial(
	'time at zero pods is no gap, GPUs and busy cores are kept, and the back-test of a fixed time has its runs',
	async t => {
		await inFolder(async folder => {
			const learned = await learnFrom(chatHistory(), join(folder, 'learned'));
			const said = learned.assumed.join(' ');
			t.regex(said, /While there was no pod, 30 min in all, nothing was served/);
			t.regex(said, /held until one takes it \(deployment\.atZero\)/);
			t.regex(said, /A pod keeps 2 cores busy .* recorded were 1\.9 cores/);
			const experiment = await readExperiment(learned.path);
			t.is(experiment.duration, steps * 15);
			t.is(experiment.deployment.containers[0]?.requests['nvidia.com/gpu'], 1);
			t.is(experiment.deployment.llm.threads, 2);
			const lines = await backTestPresent(experiment, {});
			t.regex(lines.join('\n'), /^Recorded in 1\.8 h: [\s\S]*\nMay I believe it here\? /);
		});
	},
);

test.serial('a service that scales by CPU alone is fitted by its CPU, also where tokens were recorded', async t => {
	const {series, ...history} = await webHistory();
	const tokens = series.requestRate!.map(rate => rate * 100);
	await inFolder(async folder => {
		const learned = await learnFrom(
			{...history, series: {...series, outputTokenRate: tokens, running: series.requestRate!}},
			join(folder, 'learned'),
		);
		t.is(learned.kind, 'work');
	});
});

test.serial('a learnt experiment is compared with its record in few runs that draw their requests', async t => {
	const history = await webHistory();
	await inFolder(async folder => {
		const {path} = await learnFrom(history, join(folder, 'learned'));
		const runs: number[] = [];
		const compared = await comparePaths([path], {
			records: folder,
			replications: 4,
			onProgress: ({total}) => runs.push(total ?? 0),
		});
		t.true(Math.max(...runs) <= 9, String(runs));
		t.true(compared.comparison.judged.includes('replicasMeanAbsoluteError'));
		const text = reportText(comparisonReport(compared), {width: 80});
		t.regex(text.replaceAll(/\s+/g, ' '), /4 replications of the simulator with requests drawn at the rate/);
		t.notRegex(text, /replicast replay/);
	});
});
