import {Writable} from 'node:stream';
import test from 'ava';
import {stepRunner} from '../../../src/cli/terminal/steps.ts';

function recording(): {stream: NodeJS.WriteStream; text: () => string} {
	const chunks: string[] = [];
	const stream = new Writable({
		write(chunk: Buffer, _encoding, done) {
			chunks.push(chunk.toString());
			done();
		},
	});
	return {stream: stream as unknown as NodeJS.WriteStream, text: () => chunks.join('')};
}

test('without a terminal each step has its lines on the stream that was given', async t => {
	const {stream, text} = recording();
	await stepRunner(stream)([
		{title: 'Build the image', run: async () => undefined},
		{title: 'Load it', run: async () => 'there already'},
	]);
	t.is(text().match(/Build the image/g)?.length, 2, text());
	t.regex(text(), /Load it: there already\n$/);
});

test('a step that fails is named once, and its fault is left to the command', async t => {
	const {stream, text} = recording();
	const fault = new Error('Expected kind to be there, got nothing');
	const run = async () => Promise.reject(fault);
	await t.throwsAsync(async () => stepRunner(stream)([{title: 'Create the cluster', run}]), {is: fault});
	t.is(text().match(/Create the cluster/g)?.length, 2, text()); // begun and failed
	t.notRegex(text(), /Expected kind/);
});
