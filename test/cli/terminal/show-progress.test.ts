import test from 'ava';
import {type ProgressStream, showProgress} from '../../../src/cli/terminal/show-progress.ts';
import {runSteps, type Step} from '../../../src/cluster/replay/step.ts';
import type {Progress} from '../../../src/library/use-case.ts';

function recording(kind: Partial<ProgressStream> = {}) {
	const chunks: string[] = [];
	return {stream: {...kind, write: (text: string) => chunks.push(text)}, text: () => chunks.join('')};
}

async function shownSteps(stream: ProgressStream, steps: readonly Step[]): Promise<void> {
	const {onProgress, stop} = showProgress(stream);
	await runSteps(steps, onProgress).finally(stop);
}

test('elsewhere units have one line, and each new detail another', t => {
	const {stream, text} = recording();
	const {onProgress, print, stop} = showProgress(stream);
	const unit = {doing: 'Simulating', total: 3, unit: 'replications'};
	onProgress({...unit, done: 0});
	onProgress({...unit, done: 1});
	onProgress({...unit, done: 2, detail: 'Simulated small'});
	print(() => stream.write('the report\n'));
	onProgress({...unit, done: 3});
	onProgress({...unit, done: 3, isOver: true});
	stop();
	t.is(text(), 'Simulating 3 replications\nSimulated small\nthe report\n');
});

test.serial('elsewhere a long activity has a line each half a minute, and a share in per cent stays one', t => {
	const {now} = Date;
	let seconds = 0;
	Date.now = () => 1000 * seconds;
	try {
		const {stream, text} = recording();
		const {onProgress} = showProgress(stream);
		const report = (after: number, progress: Progress) => {
			seconds += after;
			onProgress(progress);
		};
		const fit = {doing: 'Fitting to 2 recordings', total: 100, unit: '%'};
		report(0, {...fit, done: 0});
		report(20, {...fit, done: 7});
		report(10, {...fit, done: 12});
		report(29, {...fit, done: 15});
		report(1, {...fit, done: 16});
		report(60, {...fit, done: 100, isOver: true});
		const runs = {doing: 'Forecasting', total: 8, unit: 'recordings'};
		report(0, {...runs, done: 0});
		report(31, {...runs, done: 5});
		const lines = ['Fitting to 2 recordings', 'Fitting to 2 recordings: 12 %', 'Fitting to 2 recordings: 16 %'];
		t.deepEqual(text().trim().split('\n'), [...lines, 'Forecasting 8 recordings', 'Forecasting: 5 of 8 recordings']);
		const drawn = recording({isTTY: true, columns: 100});
		showProgress(drawn.stream).onProgress({...fit, done: 50});
		t.true(drawn.text().includes(' 50 %, 0 s to go'), drawn.text());
	} finally {
		Date.now = now;
	}
});

test('a single unit is named in the singular, and an activity that begins once more has its line again', t => {
	const {stream, text} = recording();
	const {onProgress} = showProgress(stream);
	for (const isOver of [false, true, false]) {
		onProgress({doing: 'Simulating', done: 0, total: 1, unit: 'replications', isOver});
	}

	t.is(text(), 'Simulating 1 replication\nSimulating 1 replication\n');
});

test('a search has a line elsewhere only when something is new', t => {
	const {stream, text} = recording();
	const {onProgress} = showProgress(stream);
	onProgress({doing: 'Start', done: 0, unit: 'runs'});
	for (const done of [10, 20, 1200]) {
		onProgress({doing: 'Search', detail: 'best so far $1', done, unit: 'runs'});
	}

	onProgress({doing: 'Search', detail: 'best so far $0.9', done: 1300, unit: 'runs'});
	t.is(text(), 'Start, 0 runs\nSearch: best so far $1, 10 runs\nSearch: best so far $0.9, 1,300 runs\n');
});

test('a terminal has a bar that goes when it is over, and stands aside for what is printed', t => {
	const {stream, text} = recording({isTTY: true, columns: 100});
	const {onProgress, print, stop} = showProgress(stream);
	const unit = {doing: 'Simulating', total: 4, unit: 'replications'};
	onProgress({...unit, done: 2});
	print(() => stream.write('the report\n'));
	onProgress({...unit, done: 4, isOver: true});
	stop();
	const bar = `${'█'.repeat(15)}${'░'.repeat(15)}`;
	const drawn = `\r\u001B[KSimulating ${bar} 2 of 4 replications, 0 s to go`;
	t.is(text(), `${drawn}\r\u001B[Kthe report\n${drawn}\r\u001B[K`);
});

test('a line never is wider than the terminal', t => {
	const {stream, text} = recording({isTTY: true, columns: 20});
	showProgress(stream).onProgress({doing: 'Starting the cluster', detail: 'a node that takes its time'});
	t.is(text(), '\r\u001B[K❯ Starting the clus');
});

test('without a terminal each step has its lines on the stream that was given', async t => {
	const {stream, text} = recording();
	await shownSteps(stream, [
		{title: 'Build the image', run: async () => undefined},
		{
			title: 'Load it',
			async run(say) {
				say('too early for a line');
				return 'there already';
			},
		},
	]);
	t.is(text(), '❯ Build the image\n✔ Build the image\n❯ Load it\n✔ Load it: there already\n');
});

test('in a terminal a step that is over stays, with its result', async t => {
	const {stream, text} = recording({isTTY: true, columns: 100});
	await shownSteps(stream, [{title: 'Load it', run: async () => 'there already'}]);
	t.is(text(), '\r\u001B[K❯ Load it\r\u001B[K✔ Load it: there already\n');
});

test('a step that fails is named once, and its fault is left to the command', async t => {
	const {stream, text} = recording();
	const fault = new Error('Expected kind to be there, got nothing');
	const run = async () => Promise.reject(fault);
	await t.throwsAsync(async () => shownSteps(stream, [{title: 'Create the cluster', run}]), {is: fault});
	t.is(text(), '❯ Create the cluster\n✖ Create the cluster\n'); // begun and failed
});

test('a step that is over without having begun is a line of its own', t => {
	for (const isTTY of [false, true]) {
		const {stream, text} = recording({isTTY, columns: 100});
		showProgress(stream).onProgress({doing: 'out/dynamic-0', detail: 'already measured', isOver: true});
		t.is(text(), 'out/dynamic-0: already measured\n');
	}
});
