import {existsSync} from 'node:fs';
import {readdir} from 'node:fs/promises';
import {join} from 'node:path';
import anyTest from 'ava';
import {type Progress, poster, UserError} from '../../src/index.ts';
import {removeTemporaryFolders, temporaryFolder} from '../cli/run-command.ts';

const test = anyTest.serial;

anyTest.after.always(removeTemporaryFolders);

test('poster writes its charts as pictures and data, and reports what it simulates', async t => {
	const out = join(await temporaryFolder(), 'poster');
	const reported: Progress[] = [];
	const made = await poster({out, onProgress: progress => reported.push(progress)});
	t.is(made.path, out);
	const files = await readdir(out, {recursive: true});
	for (const ending of ['.svg', '.png', '.csv']) {
		t.true(files.filter(file => file.endsWith(ending)).length >= made.charts, ending);
	}

	t.true(files.includes('poster-a0.html') && files.includes('poster-a4.html'), files.join(' '));
	const simulating = reported.filter(({doing}) => doing === 'Simulating');
	t.true(simulating.some(({done = 0, total}) => done > 0 && done < total!));
	t.true(simulating.some(({isOver}) => isOver));
	t.true(simulating.every(({done, total, unit}) => done! <= total! && unit === 'replications'));
});

const aborted = anyTest.macro({
	async exec(t, when: (progress: Progress, activity: number) => boolean) {
		const out = join(await temporaryFolder(), 'poster');
		const reason = new Error('enough');
		const controller = new AbortController();
		let activity = 0;
		const onProgress = (progress: Progress) => {
			activity += progress.isOver === true ? 1 : 0;
			if (when(progress, activity)) {
				controller.abort(reason);
			}
		};
		await t.throwsAsync(poster({out, signal: controller.signal, onProgress}), {is: reason});
		t.deepEqual(await readdir(out), []);
	},
	title: name => `poster ends with the reason of a signal that comes ${name}, and writes nothing`,
});

test('while the first experiments are simulated', aborted, ({done}) => done === 2);
test('while those of the audit are simulated', aborted, ({done}, activity) => activity === 1 && done === 1);

test('poster refuses a claims file that is not there, and a signal that was aborted before', async t => {
	const out = join(await temporaryFolder(), 'poster');
	await t.throwsAsync(poster({out, claims: 'none.yaml'}), {instanceOf: UserError, message: /^none\.yaml/});
	await t.throwsAsync(poster({out, signal: AbortSignal.abort(new Error('enough'))}), {message: 'enough'});
	t.false(existsSync(out));
});
