import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import anyTest from 'ava';
import {type Progress, tune, UserError} from '../../src/index.ts';
import {removeTemporaryFolders, small, temporaryFolder} from '../cli/run-command.ts';

// One search at a time: each uses all cores.
const test = anyTest.serial;

anyTest.after.always(removeTemporaryFolders);

const question = {
	boundsKept: 'mean',
	subjectTo: ['p95<8s', 'availability>=0.95'],
	replications: 2,
	budget: 60,
	workers: 1,
};

test('tune writes its document and reports the search; the same question is answered from its folder', async t => {
	const out = await temporaryFolder();
	const reported: Progress[] = [];
	const found = await tune(small, {...question, out, onProgress: progress => reported.push(progress)});
	t.is(found.folder, join(out, 'small'));
	t.deepEqual(JSON.parse(await readFile(join(found.folder, 'tune.json'), 'utf8')), found.document);
	t.true(found.tuning.runs <= 60);
	t.is(found.tuning.candidates.filter(({recommended}) => recommended).length, 1);
	t.deepEqual([...new Set(reported.map(({doing}) => doing))].slice(0, 1), ['Start']);
	t.true(reported.some(({detail}) => detail?.startsWith('best so far $')));
	t.is(reported.at(-1)?.doing, 'Report on other replications');
	const again = await tune(small, {...question, out, reuse: true});
	t.true(again.isReused);
	t.deepEqual(again.document, found.document);
	const other = await tune(small, {...question, subjectTo: ['p95<9s'], out, reuse: true});
	t.false(other.isReused);
});

test('a signal takes the best so far, or rejects with its reason when there is none', async t => {
	const controller = new AbortController();
	const options = {...question, out: await temporaryFolder(), budget: '10m', signal: controller.signal};
	const {tuning} = await tune(small, {
		...options,
		onProgress: ({detail}) => detail !== undefined && controller.abort(new Error('enough')),
	});
	t.is(tuning.end, 'interrupted');
	const reason = new Error('at once');
	const rest = {...options, out: await temporaryFolder(), signal: AbortSignal.abort(reason)};
	await t.throwsAsync(tune(small, rest), {is: reason});
});

test('tune refuses bounds, budgets and experiments that it cannot search', async t => {
	const refused = async (options: Parameters<typeof tune>[1], message: RegExp) =>
		t.throwsAsync(tune(small, {...question, ...options}), {instanceOf: UserError, message});
	await refused({subjectTo: ['p95>3s']}, /Expected a bound such as p95<10s/);
	await refused({budget: 'much'}, /Expected --budget to be a duration such as 5m or a number of runs, got "much"/);
	await refused({set: ['autoscaler=none', 'deployment.replicas=2']}, /to have an autoscaler to tune, got none/);
});
