import {readFileSync} from 'node:fs';
import test from 'ava';
import {filesBelow} from './source-files.ts';

/* A name has one meaning: whoever searches for it finds one definition. */

/** What the module of each command exports. */
const ofCommands = ['command', 'describe', 'builder', 'handler'];

const definition =
	/^export (?:declare )?(?:abstract )?(?:async )?(?:const|let|function\*?|class|type|interface|enum) (\w+)/gm;

test('no two files of src export different things of one name', t => {
	const places = new Map<string, string[]>();
	for (const file of filesBelow('src')) {
		const names = new Set([...readFileSync(file.path, 'utf8').matchAll(definition)].map(([, name = '']) => name));
		for (const name of names) {
			const isOfCommand = file.name.startsWith('src/cli/commands/') && ofCommands.includes(name);
			places.set(name, [...(places.get(name) ?? []), ...(isOfCommand ? [] : [file.name])]);
		}
	}

	t.true(places.size > 500);
	t.deepEqual(
		[...places].filter(([, files]) => files.length > 1),
		[],
	);
});

test('no value of src is cast past the type checker', t => {
	const casts = filesBelow('src').filter(({path}) => readFileSync(path, 'utf8').includes('as unknown as'));
	t.deepEqual(casts, []);
});
