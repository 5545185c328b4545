import {existsSync} from 'node:fs';
import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import anyTest from 'ava';
import {UserError} from '../../src/errors.ts';
import {comparePaths} from '../../src/library/compare.ts';
import type {Progress} from '../../src/library/use-case.ts';
import {validate} from '../../src/library/validate.ts';
import {copyAsMeasured, workplace} from '../cli/measured-workplace.ts';
import {removeTemporaryFolders} from '../cli/run-command.ts';

/* compare and validate as a program calls them: plain options, progress as values, ended by a signal. */

const test = anyTest.serial;

anyTest.after.always(removeTemporaryFolders);

test('compare reports each simulated run and each record that is left out, and writes a page where it is wanted', async t => {
	const {cwd, file} = await workplace({repeats: 1});
	await copyAsMeasured(cwd, 1, head => {
		head['validity'] = {valid: false, reasons: ['generator too slow']};
	});
	const steps: Progress[] = [];
	const refused: string[] = [];
	const {comparison, sides, replications, page} = await comparePaths([file], {
		records: join(cwd, 'reports'),
		replications: 20,
		pageFolder: join(cwd, 'pages'),
		onRefused: ({reason}) => refused.push(reason),
		onProgress: progress => steps.push(progress),
	});
	t.is(comparison.verdict, 'VALID');
	t.is(replications, 20);
	t.is(sides.measured.length, 1);
	t.deepEqual(refused, ['failed its own validity check: generator too slow']);
	t.is(page, join(cwd, 'pages', 'small.html'));
	t.regex(await readFile(page!, 'utf8'), /small: simulated and measured/);
	const [first, last] = [steps[0], steps.at(-1)];
	t.deepEqual(first, {doing: 'Simulating', done: 0, total: 60, unit: 'replications'});
	t.deepEqual(last, {doing: 'Simulating', done: 60, total: 60, unit: 'replications', isOver: true});
	t.is(steps.length, 62);
});

test('a signal ends a comparison with its reason, also one that has not begun', async t => {
	const {cwd, file} = await workplace({repeats: 1});
	const controller = new AbortController();
	const reason = new Error('enough');
	const options = {records: join(cwd, 'reports'), replications: 100_000, signal: controller.signal};
	const comparing = comparePaths([file], {
		...options,
		onProgress: ({done = 0}) => {
			if (done === 3) {
				controller.abort(reason);
			}
		},
	});
	t.is(await t.throwsAsync(comparing), reason);
	t.is(await t.throwsAsync(comparePaths([file], options)), reason);
});

test('validate writes only where it is asked to, and nothing when a signal ends it', async t => {
	const {cwd} = await workplace({repeats: 1});
	const records = join(cwd, 'reports');
	// The experiment is looked for in the working directory, where it is not.
	await t.throwsAsync(validate({records, replications: 20}), {
		instanceOf: UserError,
		message: /Expected measured records under .* that can judge the simulator, got none/,
	});
	await t.throwsAsync(validate({records, replications: 1}), {instanceOf: RangeError, message: /replications/});
	await t.throwsAsync(validate({records, workers: 0}), {instanceOf: RangeError, message: /workers/});
	const controller = new AbortController();
	controller.abort(new Error('enough'));
	const out = join(cwd, 'validation');
	await t.throwsAsync(validate({out, signal: controller.signal}), {message: 'enough'});
	t.false(existsSync(join(out, 'README.md')));
});
