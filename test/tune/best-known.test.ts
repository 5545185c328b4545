import {join} from 'node:path';
import anyTest, {type TestFn} from 'ava';
import type {Experiment} from '../../src/experiment/experiment.ts';
import {packageRoot} from '../../src/store/disk/package.ts';
import {readExperiment} from '../../src/store/experiments/read-experiment.ts';
import {findRecommended, type RecommendedTuning} from '../../src/store/results/read-tuning.ts';
import {bestKnown} from '../../src/tune/best-known.ts';

const test = anyTest as TestFn<{experiment: Experiment; tuning: RecommendedTuning; own: number}>;

test.beforeEach(async t => {
	const experiment = await readExperiment(join(packageRoot(), 'experiments', 'cost-efficiency.yaml'));
	const [tuning] = findRecommended(join(packageRoot(), 'reports', 'tuned'), experiment.hash);
	t.is(tuning?.folder, join(packageRoot(), 'reports', 'tuned', 'cost-efficiency'));
	const own = tuning!.document.candidates.find(({present}) => present)!.costPerHour.mean!;
	Object.assign(t.context, {experiment, tuning, own});
});

test('it is the recommended setting, with what differs from the present one, and the costs of one tuning', t => {
	const {experiment, tuning, own} = t.context;
	const best = tuning.document.candidates.find(({recommended}) => recommended)!;
	const known = bestKnown(experiment, [tuning], own)!;
	t.is(known.costPerHour, best.costPerHour.mean!);
	t.is(known.relativeCost, own / best.costPerHour.mean! - 1);
	t.true(known.feasibility > 0 && known.feasibility <= best.feasibility);
	t.true(known.changes.includes(`maxReplicas ${best.settings['maxReplicas']}`), known.changes.join(', '));
	t.false(known.changes.some(text => text.endsWith(' none')));
});

test('of two tunings the cheaper one counts', t => {
	const {experiment, tuning, own} = t.context;
	const dearer = structuredClone(tuning.document);
	const best = dearer.candidates.find(({recommended}) => recommended)!;
	Object.assign(best.costPerHour, {mean: best.costPerHour.mean! * 1.1});
	const known = bestKnown(experiment, [{folder: 'dearer', document: dearer}, tuning], own);
	t.is(known?.folder, tuning.folder);
});

const unfit: readonly (readonly [string, (tuning: RecommendedTuning['document']) => object])[] = [
	['a tuning under laxer bounds', () => ({subjectTo: ['p95<60s', 'availability>=0.5']})],
	['a tuning that leaves a bound out', ({subjectTo}) => ({subjectTo: subjectTo.slice(1)})],
	['a tuning with another aim', () => ({minimize: 'p95Seconds'})],
];
for (const [name, changed] of unfit) {
	test(`${name} says nothing of the cost`, t => {
		const {experiment, tuning, own} = t.context;
		const document = {...tuning.document, ...changed(tuning.document)};
		t.is(bestKnown(experiment, [{...tuning, document}], own), undefined);
	});
}

test('neither does one whose simulator gave the present settings another cost, nor one without a cost to compare', t => {
	const {experiment, tuning, own} = t.context;
	t.is(bestKnown(experiment, [tuning], 1.2 * own), undefined);
	t.is(bestKnown(experiment, [tuning], null), undefined);
	t.is(bestKnown({...experiment, slo: {}}, [tuning], own), undefined);
	t.is(findRecommended(join(packageRoot(), 'reports', 'tuned'), '0'.repeat(64)).length, 0);
});
