import {readdir, readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import anyTest from 'ava';
import {removeTemporaryFolders, replicast, temporaryFolder} from '../run-command.ts';
import {writeSavedHistory} from './saved-history.ts';

const test = anyTest.serial;

anyTest.after.always(removeTemporaryFolders);

const words = ['learn', '--exports', 'history.json', '--manifest', 'web.yaml', '--workload', 'shop/web'];

test('saved answers become an experiment whose run says first how far the forecast is off them', async t => {
	const cwd = await temporaryFolder();
	await writeSavedHistory(cwd);
	const learned = await replicast(words, {cwd});
	t.is(learned.exitCode, 0, learned.stderr);
	t.regex(learned.stdout, /^Learnt Deployment shop\/web\nRecorded in 1 h: .* requests\/s · .* pods in the mean/);
	t.regex(learned.stdout, /Identified: CPU that a request adds/);
	t.regex(learned.stdout, /Next: replicast run learned\/experiment\.yaml/);
	t.notRegex(await readFile(join(cwd, 'learned', 'autoscaler.yaml'), 'utf8'), /uid/);
	const few = ['--replications', '3', '--prediction-runs', '0', '--baselines=false'];
	const run = await replicast(['run', join('learned', 'experiment.yaml'), ...few], {cwd});
	t.is(run.exitCode, 0, run.stderr);
	t.regex(run.stdout, /^web\nRecorded in .* h: .*\nThe simulator says of the present settings: .*\nError: /);
	t.regex(run.stdout, /May I believe it here\?/);
	const tune = ['tune', join('learned', 'experiment.yaml'), '--budget', '6', '--replications', '2', '--workers', '1'];
	const tuned = await replicast(tune, {cwd});
	t.regex(
		tuned.stdout,
		/\nRecorded in [\d.]+ h.*\nThe simulator says of the present settings: [\s\S]*May I believe it here\? (?:Yes|For means|No)/,
	);
	const explored = await replicast(['explore', join('learned', 'experiment.yaml'), '--out', 'page.html'], {cwd});
	t.is(explored.exitCode, 0, explored.stderr);
	t.regex(await readFile(join(cwd, 'page.html'), 'utf8'), /"measured":\[\{"name":"recorded"/);
	t.regex(await readFile(join(cwd, 'page.html'), 'utf8'), />May I believe it here\? (?:Yes|For means|No)/);
	const again = await replicast(words, {cwd});
	t.is(again.exitCode, 2);
	t.regex(again.stderr, /Expected learned\/experiment\.yaml to be absent/);
});

test('learn --json is one document, and a folder without answers leaves nothing behind', async t => {
	const cwd = await temporaryFolder();
	await writeSavedHistory(cwd);
	const {stdout} = await replicast([...words, '--json', '--out', 'there'], {cwd});
	const learned = JSON.parse(stdout) as {findings: {name: string; isIdentified: boolean}[]; witness: string};
	t.is(learned.witness, 'requestRate');
	t.true(learned.findings.find(({name}) => name === 'CPU that a request adds')?.isIdentified);
	await writeFile(join(cwd, 'broken.json'), '{');
	const broken = await replicast(['learn', '--exports', 'broken.json', '--out', 'other'], {cwd});
	t.is(broken.exitCode, 2);
	t.is(broken.stderr.trim().split('\n').length, 1, broken.stderr);
	t.false((await readdir(cwd)).includes('other'));
});
