import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import test from 'ava';
import fc from 'fast-check';
import {UserError} from '../../src/errors.ts';
import {readExperiment} from '../../src/store/experiments/read-experiment.ts';
import {inFolder} from './scratch.ts';

const valid = (await readFile('test/fixtures/dynamic-scaling-reference.yaml', 'utf8')).replaceAll(
	'../../',
	`${process.cwd()}/`,
);

/** Text that trips parsers up. */
const shards = [
	'{',
	'}',
	'[',
	']',
	':',
	': ',
	'- ',
	'*',
	'&a ',
	'*a',
	'!',
	'|',
	'>',
	'"',
	"'",
	'#',
	'\t',
	'\n',
	'  ',
	'0',
	'-1',
	'1e999',
	'.nan',
	'.inf',
	'null',
	'~',
	'true',
	'__proto__: 1',
	'<<: *a',
	'\u0000',
	'\uFFFF',
	'💥',
	'%',
	'---\n',
	'...\n',
];

const mutation = fc.record({
	at: fc.nat(valid.length),
	remove: fc.nat(12),
	insert: fc.oneof(fc.constantFrom(...shards), fc.string({maxLength: 6})),
});

const mutated = fc
	.array(mutation, {minLength: 1, maxLength: 5})
	.map(mutations =>
		mutations.reduce((text, {at, remove, insert}) => text.slice(0, at) + insert + text.slice(at + remove), valid),
	);

const swapped = fc.tuple(fc.nat(), fc.nat()).map(([a, b]) => {
	const lines = valid.split('\n');
	const [one, two] = [a % lines.length, b % lines.length];
	[lines[one], lines[two]] = [lines[two]!, lines[one]!];
	return lines.join('\n');
});

test('whatever happens to a valid file, it is read or refused with lines, within a second', async t => {
	await inFolder({}, async folder => {
		const path = join(folder, 'file.yaml');
		const {writeFile} = await import('node:fs/promises');
		await fc.assert(
			fc.asyncProperty(fc.oneof(mutated, swapped), async text => {
				await writeFile(path, text);
				const start = performance.now();
				try {
					await readExperiment(path);
				} catch (error) {
					if (!(error instanceof UserError)) {
						throw error;
					}

					for (const line of error.message.split('\n')) {
						t.regex(line, /^\/.*:\d+:\d+: Expected .+/);
					}
				}

				t.true(performance.now() - start < 1000);
			}),
			{numRuns: 300, seed: 20_261_124},
		);
	});
});
