import {mkdir, mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import anyTest, {type TestFn} from 'ava';
import {findTuning} from '../../src/store/results/read-tuning.ts';

const test = anyTest as TestFn<{root: string}>;

test.beforeEach(async t => {
	t.context.root = await mkdtemp(join(tmpdir(), 'replicast-tuning-'));
});

test.afterEach.always(async t => rm(t.context.root, {recursive: true, force: true}));

const estimate = {mean: 1, low: 0.5, high: 1.5};

/** What is read of a candidate. */
const read = {
	name: 'present',
	settings: {minReplicas: 2},
	costPerHour: estimate,
	p95Seconds: estimate,
	present: true,
	default: false,
	recommended: false,
	heldOut: true,
};

async function writeTuning(root: string, hash: string, content?: string): Promise<void> {
	const folder = join(root, 'tuned', hash);
	await mkdir(folder, {recursive: true});
	const candidate = {...read, onFront: true, churn: estimate};
	const document = {
		kind: 'Tuning',
		experiment: {name: 'any', hash},
		replications: 20,
		candidates: [candidate],
		units: {},
	};
	await writeFile(join(folder, 'tune.json'), content ?? JSON.stringify(document));
}

test('finds what tune left, of the experiment that comes first', async t => {
	const {root} = t.context;
	await writeTuning(root, 'one');
	await writeTuning(root, 'two');
	t.is(findTuning(root, ['three', 'two', 'one'])?.experiment.hash, 'two');
	t.is(findTuning(root, ['three']), undefined);
	t.is(findTuning(join(root, 'nowhere'), ['one']), undefined);
	t.deepEqual(findTuning(root, ['one'])?.candidates, [read]);
});

test('passes over files of another kind, and names one that is no JSON', async t => {
	const {root} = t.context;
	await writeTuning(root, 'other', '{"kind": "Other"}');
	t.is(findTuning(root, ['other']), undefined);
	await writeTuning(root, 'broken', '{');
	t.throws(() => findTuning(root, ['broken']), {message: /Expected .*broken.tune\.json to be JSON/});
});
