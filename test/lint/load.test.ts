import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import test from 'ava';
import type {Experiment} from '../../src/experiment/experiment.ts';
import {lint} from '../../src/library/lint.ts';
import {peaksOf} from '../../src/lint/load/load-curve.ts';
import {lintMarkdown, lintText} from '../../src/report/lint-report.ts';
import {readExperiment} from '../../src/store/experiments/read-experiment.ts';
import {folderOf, hpa, removeFolders} from './manifests.ts';

test.after.always(removeFolders);

const folder = fileURLToPath(new URL('../../../test/fixtures/lint/load/min-above-need/', import.meta.url));
const experiment = join(folder, 'speaks.yaml');

test('an experiment of another workload is refused in one line', async t => {
	const alone = await t.throwsAsync(lint([await folderOf({'a.yaml': hpa('api')})], {experiment}));
	t.regex(alone!.message, /^Expected --experiment to be of a workload/);
	const manifests = await folderOf({'a.yaml': `${hpa('api')}---\n${hpa('worker')}`});
	const error = await t.throwsAsync(lint([manifests], {experiment}));
	t.is(
		error?.message,
		`Expected --experiment to be of a workload that an autoscaler of the manifests scales, got ${experiment} of Deployment web, and HorizontalPodAutoscaler api of Deployment api, HorizontalPodAutoscaler worker of Deployment worker`,
	);
});

test('the only autoscaler is taken for an experiment that names no workload, which the first lines say', async t => {
	const text = await readFile(experiment, 'utf8');
	const files = await folderOf({
		'load/e.yaml': text.replace(/ {2}scaleTargetRef: .*\n/, ''),
		'server.yaml': await readFile(join(folder, '../server.yaml'), 'utf8'),
		'k8s/a.yaml': hpa('api', {min: '8'}),
	});
	const found = await lint([join(files, 'k8s')], {experiment: join(files, 'load/e.yaml')});
	t.deepEqual(
		found.findings.map(({rule}) => rule),
		['min-above-need'],
	);
	const words =
		"Tried under the load of speaks: HorizontalPodAutoscaler api, the only one, which is taken for the experiment's.";
	t.true(lintText(found, {width: 200, isFull: false}).split('\n').slice(0, 3).includes(words));
	t.true(lintMarkdown(found).includes(words));
});

test('an autoscaler that the experiment does not take is judged without the load, and that is said', async t => {
	const text = hpa('web', {min: '8', max: '8'}).replace(
		/- \{type: Resource.*/,
		'- {type: Pods, pods: {metric: {name: unheard_of}, target: {type: AverageValue, averageValue: 5}}}',
	);
	const {findings, notLookedAt} = await lint([await folderOf({'a.yaml': text})], {experiment});
	t.deepEqual(
		findings.map(({rule}) => rule),
		['fixed-size'],
	);
	t.regex(notLookedAt[0]!.why, /^Not judged under the load of \S+speaks\.yaml, which does not take it: Expected /);
});

test('a fault of the experiment is told of its own file', async t => {
	const broken = await folderOf({
		'e.yaml': (await readFile(experiment, 'utf8')).replace('duration: 15m', 'duration: long'),
		'a.yaml': hpa('web'),
	});
	const error = await t.throwsAsync(lint([join(broken, 'a.yaml')], {experiment: join(broken, 'e.yaml')}));
	t.regex(error!.message, /e\.yaml:4:11: Expected duration to be /);
});

test('peaks are where the load is near its most, with low load between them', async t => {
	const read = await readExperiment(experiment);
	const peaks = (rate: readonly (readonly [number, number])[], interpolation: 'step' | 'linear' = 'step') =>
		peaksOf({
			...read,
			duration: 600,
			workload: {
				...read.workload,
				arrivals: {
					process: 'poisson',
					cv: 1,
					interpolation,
					rate: rate.map(([at, perSecond]) => ({at, perSecond})),
				},
			},
		} as Experiment);
	t.deepEqual(peaks([[0, 1]]), [{begin: 0, end: 600}]);
	t.deepEqual(
		peaks([
			[0, 1],
			[60, 10],
			[120, 1],
			[300, 9],
			[360, 6],
			[400, 8],
			[450, 0],
		]),
		[
			{begin: 60, end: 120},
			{begin: 300, end: 450},
		],
	);
	t.deepEqual(
		peaks(
			[
				[0, 0],
				[100, 10],
				[200, 0],
			],
			'linear',
		),
		[{begin: 75, end: 130}],
	);
	t.deepEqual(peaks([[0, 0]]), []);
});
