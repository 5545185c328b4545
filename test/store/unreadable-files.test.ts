import {mkdir, symlink} from 'node:fs/promises';
import {join} from 'node:path';
import test from 'ava';
import {readExperiment} from '../../src/store/experiments/read-experiment.ts';
import {faultsOf, inFolder, sound} from './scratch.ts';

const refuses = test.macro({
	async exec(t, content: string | Uint8Array, ...lines: string[]) {
		t.deepEqual(await faultsOf(t, {'file.yaml': content}), lines);
	},
	title: title => title ?? '',
});

test('an empty file', refuses, '', 'file.yaml:1:1: Expected a map, got an empty file');
test('a file of comments', refuses, '# nothing\n', 'file.yaml:1:1: Expected a map, got an empty file');
test('a list', refuses, '- a\n', 'file.yaml:1:1: Expected the file to be a map, got a list');
test('a number', refuses, '5\n', 'file.yaml:1:1: Expected the file to be a map, got a single value');
test('two documents', refuses, `${sound}---\n${sound}`, 'file.yaml:26:1: Expected one document, got a second one');
test(
	'a broken flow list',
	refuses,
	'name: [a,\nduration: 3m\n',
	'file.yaml:2:1: Expected valid YAML: Flow sequence in block collection must be sufficiently indented and end with a ]',
);
test(
	'a tag that nobody knows',
	refuses,
	sound.replace('name: sound', 'name: !secret sound'),
	'file.yaml:1:7: Expected valid YAML: Unresolved tag: !secret',
);
test(
	'an alias to nothing',
	refuses,
	sound.replace('name: sound', 'name: *other'),
	'file.yaml:1:7: Expected an alias to name an anchor before it, got none',
);
test(
	'an alias to itself',
	refuses,
	sound.replace('slo: {p95: 10s}', 'slo: &slo {p95: *slo}'),
	'file.yaml:22:17: Expected an alias to name an anchor before it, got none',
);
test(
	'a key that is a list',
	refuses,
	`${sound}? [a]\n: 3\n`,
	'file.yaml:25:3: Expected a key to be text, got a map or a list',
);
test('a key that is empty', refuses, `${sound}: 3\n`, 'file.yaml:25:1: Expected a key to be text, got nothing');
test(
	'bytes that are not UTF-8',
	refuses,
	Uint8Array.of(0xff, 0xfe, 0x41),
	'file.yaml:1:1: Expected a readable experiment file, got not UTF-8 text',
);
test('a binary file', refuses, `${sound}\0`, 'file.yaml:1:1: Expected a readable experiment file, got a binary file');
test(
	'a large file',
	refuses,
	'#'.repeat((1 << 20) + 1),
	'file.yaml:1:1: Expected a readable experiment file, got 1048577 bytes, more than 1048576',
);
test(
	'a deep file',
	refuses,
	`name: ${'['.repeat(70)}${']'.repeat(70)}\n`,
	'file.yaml:1:71: Expected at most 64 levels, got more',
);

test('an alias bomb ends at the limit', async t => {
	const bomb = Array.from({length: 30}, (_, index) => `a${index}: &a${index} [${`*a${index - 1},`.repeat(9)}]`);
	const lines = await faultsOf(t, {'file.yaml': ['a: &a-1 x', ...bomb].join('\n').replaceAll('a-1', 'z')});
	t.deepEqual(lines.length, 1);
	t.regex(lines[0]!, /^file\.yaml:\d+:\d+: Expected at most 200000 values once aliases are followed, got more$/);
});

test('a file nested beyond the parser is one line', async t => {
	const lines = await faultsOf(t, {'file.yaml': `name: ${'{a: '.repeat(20_000)}`});
	t.is(lines.length, 1);
	t.regex(lines[0]!, /: Expected at most 64 levels, got more$/);
});

test('no file, a folder and a link to itself', async t => {
	await inFolder({}, async folder => {
		await mkdir(join(folder, 'folder.yaml'));
		await symlink('loop.yaml', join(folder, 'loop.yaml'));
		const init = `; to write an experiment around the manifests in it: replicast init --from ${join(folder, 'folder.yaml')}`;
		const said = {
			'none.yaml': ' does not exist',
			'folder.yaml': ` is a folder, not a file${init}`,
			'loop.yaml': ':1:1: Expected a readable experiment file, got a link to itself',
		};
		for (const [name, words] of Object.entries(said)) {
			const path = join(folder, name);
			await t.throwsAsync(readExperiment(path), {
				name: 'UserError',
				code: 'E_FILE',
				message: `${path}${words}`,
			});
		}
	});
});

test('a line break in a key or a path stays within its line', async t => {
	const broken = sound.replace('startup: 5s', 'startup: "a\\nb.yaml"').replace('slo:', '"s\\nlo":');
	t.deepEqual(await faultsOf(t, {'file.yaml': broken}), [
		'file.yaml:19:12: Expected deployment.startup to be the path of a file of kind StartupModel, got a\\nb.yaml (no such file)',
		'file.yaml:22:1: Expected s\\nlo to be a known key (perhaps slo), got "s\\nlo"',
	]);
});

test('a byte order mark and Windows line ends are no fault', async t => {
	t.deepEqual(await faultsOf(t, {'file.yaml': `\uFEFF${sound.replaceAll('\n', '\r\n')}`}), []);
});

test('aliases are followed', async t => {
	const aliased = sound
		.replace('{cpu: 25m, memory: 64Mi}', '&small {cpu: 25m, memory: 64Mi}')
		.replace('{cpu: 125m, memory: 256Mi}', '*small');
	await inFolder({'file.yaml': aliased}, async folder => {
		const {deployment} = await readExperiment(join(folder, 'file.yaml'));
		t.deepEqual(deployment.containers[1]!.requests, {cpu: 0.025, memory: 64 * 2 ** 20});
	});
});
test(
	'a number that YAML 1.1 takes for another one',
	refuses,
	sound.replace('maxReplicas: 6', 'maxReplicas: 010'),
	'file.yaml:20:43: Expected a number without a leading zero, got 010, which is 8 to kubectl',
);

test('empty documents around the one that counts are passed over', async t => {
	t.deepEqual(await faultsOf(t, {'file.yaml': `---\n# a comment\n---\n${sound}---\n`}), []);
});
