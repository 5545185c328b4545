import {join} from 'node:path';
import process from 'node:process';
import anyTest from 'ava';
import {UserError} from '../../src/errors.ts';
import {readExperiment} from '../../src/store/experiments/read-experiment.ts';
import {readCase} from '../../src/store/inputs/read-cases.ts';
import {readClaims} from '../../src/store/inputs/read-claims.ts';
import {inFolder, sound} from '../store/scratch.ts';

const test = anyTest.serial;

/** Nine levels of nine aliases each: 3.9e8 values. */
const laughs = Array.from({length: 9}, (_, level) =>
	level === 0 ? `a0: &a0 [${'x, '.repeat(9)}]` : `a${level}: &a${level} [${`*a${level - 1}, `.repeat(9)}]`,
).join('\n');

const claim = (index: number, formula: string) => `  - {id: c${index}, text: A, claimed: 1, unit: x, ${formula}}\n`;
const claimsHead = 'apiVersion: replicast/v1\nkind: Claims\nname: a\npublication: b\nclaims:\n';
const chain = (length: number, last: string) =>
	claimsHead +
	Array.from({length}, (_, index) => claim(index, index + 1 < length ? `formula: c${index + 1}` : last)).join('');

const profiles = `${sound}profiles:\n${Array.from({length: 20_000}, (_, index) => `  p${index}: {}\n`).join('')}`;
const anchors = `${sound}x: [&a 1, ${'*a, '.repeat(60_000)}${'&a 1, '.repeat(60_000)}]\n`;

type Reader = (path: string) => Promise<unknown>;

const defuses = anyTest.macro({
	async exec(t, read: Reader, text: string, message: RegExp) {
		await inFolder({'file.yaml': text}, async folder => {
			const before = process.memoryUsage.rss();
			const start = performance.now();
			let said = 'taken';
			try {
				const answer = await read(join(folder, 'file.yaml'));
				said = typeof answer === 'object' && answer !== null && 'faults' in answer ? String(answer.faults) : said;
			} catch (error) {
				said = error instanceof UserError ? error.message : String((error as Error).stack);
			}

			t.regex(said, message);
			t.notRegex(said, /\n\s+at /);
			t.true(performance.now() - start < 10_000, `${performance.now() - start} ms`);
			t.true(process.memoryUsage.rss() - before < 1e9, `${process.memoryUsage.rss() - before} bytes`);
		});
	},
	title: (title = '') => title,
});

test('aliases of aliases, in an experiment', defuses, readExperiment, laughs, /at most 200000 values once aliases/);
test('aliases of aliases, in claims', defuses, readClaims, laughs, /at most 200000 values once aliases/);
test('aliases of aliases, in a case', defuses, readCase, laughs, /at most 200000 values once aliases/);
test('many anchors of one name', defuses, readExperiment, anchors, /Expected x to be a known key/);
test('a deep list', defuses, readExperiment, '['.repeat(100_000), /Expected (?:at most 64 levels|valid YAML)/);
test(
	'a deep map',
	defuses,
	readExperiment,
	'a: {'.repeat(3000) + '}'.repeat(3000),
	/Expected (?:at most 64 levels|valid YAML)/,
);
test('a deep block', defuses, readExperiment, '- '.repeat(5000), /Expected (?:at most 64 levels|valid YAML)/);
test(
	'deep JSON',
	defuses,
	readCase,
	'['.repeat(100_000) + ']'.repeat(100_000),
	/Expected (?:at most 64 levels|valid YAML)/,
);
test(
	'very many profiles',
	defuses,
	readExperiment,
	profiles,
	/profiles to be a map of at most 100 profiles, got 20000/,
);
test('a long chain of claims', defuses, readClaims, chain(9000, 'needs: a look'), /^taken$/);
test(
	'a long ring of claims',
	defuses,
	readClaims,
	chain(9000, 'formula: c0'),
	/that does not lead back to its own claim/,
);
test(
	'a chain that leads into a ring',
	defuses,
	readClaims,
	chain(9000, 'formula: c8990'),
	/that does not lead back to its own claim/,
);
test(
	'a deep unit',
	defuses,
	readClaims,
	`${claimsHead}  - {id: a, text: A, claimed: 1, unit: "${'('.repeat(500_000)}", needs: a}\n`,
	/a unit of at most 50 parts|a known unit/,
);
test(
	'a deep formula',
	defuses,
	readClaims,
	`${claimsHead}  - {id: a, text: A, claimed: 1, unit: x, formula: "${'('.repeat(500_000)}"}\n`,
	/to be a formula/,
);
test(
	'a long quantity',
	defuses,
	readExperiment,
	sound.replace('memory: 16Gi', `memory: "${'9'.repeat(900_000)}Gi"`),
	/deployment\.nodes\.memory to be memory such as/,
);
test(
	'a billion pods that are not described',
	defuses,
	readCase,
	'{hpa: {maxReplicas: 3}, scale: {specReplicas: 1000000000}}',
	/scale\.specReplicas to be at most 100000 where pods are left out, got 1000000000/,
);
test(
	'a large case in YAML',
	defuses,
	readCase,
	`hpa: {maxReplicas: 3}\nnote: "${'x'.repeat(5_000_000)}"\n`,
	/Expected a case in YAML of at most 4194304 characters, got 5000/,
);
test('a file without end', defuses, async () => readExperiment('/dev/zero'), '', /got no regular file/);
