import {readdirSync} from 'node:fs';
import test from 'ava';

const scripts = new URL('../../../scripts/tests/', import.meta.url);
const load = async (name: string) => import(new URL(name, scripts).href);

type Plan = {long: string[]; shared: Map<string, string[]>; short: string[]};

test('each test file that needs no cluster is in one group, once', async t => {
	const {planGroups} = await load('group-tests.js');
	const {long, shared, short} = planGroups() as Plan;
	const planned = [...long, ...[...shared.values()].flat(), ...short].map(file =>
		file.replace(/^build.test.(.*)js$/, '$1ts').replaceAll('\\', '/'),
	);
	const present = readdirSync('test', {recursive: true, encoding: 'utf8'})
		.map(name => name.replaceAll('\\', '/'))
		.filter(name => name.endsWith('.test.ts') && !name.startsWith('cluster/'));
	t.deepEqual(planned.sort(), present.sort());
});

test('what starts programs, takes long or changes its process has a process of its own', async t => {
	const {planGroups} = await load('group-tests.js');
	const {long, shared, short} = planGroups() as Plan;
	const together = [...shared.values()].flat().map(file => file.slice('build/test/'.length));
	t.true(together.includes('engine/random-stream.test.js'));
	t.true(together.includes('cli/users.test.js'), 'commands in this process put back what they change');
	for (const name of ['store/records/find-experiment', 'cli/interrupted', 'backend/chat', 'fuzz/bombs']) {
		t.true(short.includes(`build/test/${name}.test.js`), name);
	}

	t.true(long.includes('build/test/calibration/history/fit-history.test.js'));
	t.true(shared.size > 15 && together.length > 200);
});

test('the files of a large folder are shared out to several processes, in their order', async t => {
	const {planGroups, inParts} = await load('group-tests.js');
	const {shared} = planGroups() as Plan;
	const parts = inParts(shared.get('cli')) as string[][];
	t.deepEqual(parts.flat(), shared.get('cli'));
	t.true(parts.length > 1);
	t.true(
		parts.every(part => part.length >= 4 && part.length <= 24),
		JSON.stringify(parts),
	);
	t.is(inParts(shared.get('engine')).length, 1);
});

test('a title begins with the file of its test, and a macro keeps the title that it gives', async t => {
	const {titled} = await load('tests-of.js');
	const declared: unknown[][] = [];
	const declare = titled((...words: unknown[]) => void declared.push(words), 'charts › label');
	const body = () => {};
	const macro = {exec: body, title: (given = '', value = 0) => `${given}${value} is fine`};
	declare('a label', body);
	declare(macro, 3);
	declare('now ', macro, 4);
	t.deepEqual(declared, [
		['charts › label › a label', body],
		['charts › label › 3 is fine', body, 3],
		['charts › label › now 4 is fine', body, 4],
	]);
});

test('programs are built for the tests of commands, and for no word', async t => {
	const {needPrograms} = await load('chosen-tests.js');
	t.false(needPrograms(['test/tune/**']));
	t.false(needPrograms(['test/tune/goal.test.ts', '--match=*bound*']));
	t.true(needPrograms(['test/cli/run.test.ts']));
	t.true(needPrograms(['test/library/explore.test.ts']));
	t.true(needPrograms(['test/tune/**', 'test/cli/**']));
	t.true(needPrograms(['--match=*bound*']));
	t.true(needPrograms([]));
});
