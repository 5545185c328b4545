import {join} from 'node:path';
import anyTest from 'ava';
import {calibrate, type Progress, replay, UserError} from '../../src/index.ts';
import {replayManifests} from '../../src/library/replay/replay.ts';
import {removeTemporaryFolders, temporaryFolder} from '../cli/run-command.ts';

const test = anyTest.serial;

anyTest.after.always(removeTemporaryFolders);

const bench = join('experiments', 'dynamic-scaling.yaml');
const measured = {profile: 'bench', out: join('reports', 'measured')} as const;

test('replay gives the timelines of records that are there, and needs no cluster for them', async t => {
	const reported: Progress[] = [];
	const [result, ...more] = await replay([bench], {...measured, onProgress: progress => reported.push(progress)});
	t.is(more.length, 0);
	const folder = join(measured.out, 'dynamic-scaling-bench');
	t.deepEqual(reported, [{doing: join(folder, 'dynamic-0'), detail: 'already measured', isOver: true}]);
	t.like(result, {folder, experiment: {name: 'dynamic-scaling', profile: 'bench'}});
	t.true(result!.timelines.length > 0);
	t.true(result!.timelines.every(({timeline}) => timeline[0]?.[0] === 0));
	t.is(result!.page, undefined);
});

test('replay ends with the reason of its signal', async t => {
	const reason = new Error('enough');
	await t.throwsAsync(replay([bench], {...measured, signal: AbortSignal.abort(reason)}), {is: reason});
});

test('replay refuses an experiment that no cluster can replay, in one line', async t => {
	const refused = {instanceOf: UserError, message: /: Expected .+ in a replay, got .+$/};
	const set = ['deployment.balancing=round-robin'];
	await t.throwsAsync(replay([bench], {set, out: await temporaryFolder()}), refused);
	await t.throwsAsync(replayManifests([bench], {set}), refused);
	await t.throwsAsync(replay([]), {instanceOf: UserError, message: /^Expected experiment files/});
});

test('calibrate refuses records that are not there', async t => {
	const out = await temporaryFolder();
	await t.throwsAsync(calibrate({from: [join(out, 'nothing')], out}), {instanceOf: UserError});
});
