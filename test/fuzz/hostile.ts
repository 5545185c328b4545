import fc from 'fast-check';
import {codePoint} from './code-point.ts';

/** Values that trip readers up, wherever they stand. */
export const hostileValues: readonly unknown[] = [
	null,
	true,
	'',
	' ',
	0,
	-0,
	-1,
	0.1,
	1e308,
	-1e308,
	5e-324,
	2 ** 53,
	2 ** 31,
	'1e999',
	'9'.repeat(500),
	`${'9'.repeat(300)}Gi`,
	'1e9999',
	'-1e-9999m',
	'0x7fffffff',
	'99999999999d',
	'1h1h',
	'.nan',
	'2001-02-30',
	'__proto__',
	'constructor',
	'toString',
	'../../etc/passwd',
	'/etc/passwd',
	'/dev/zero',
	'/',
	'\u0000',
	'\uD800',
	'💥'.repeat(50),
	'('.repeat(5000),
	'x'.repeat(20_000),
	'$/h',
	[],
	{},
	[[[[[]]]]],
	{a: {b: {c: {}}}},
	{constructor: {prototype: 1}},
	JSON.parse('{"__proto__": {"polluted": true}}'),
	{hasOwnProperty: 1, toString: null, valueOf: 0, length: -1},
	Array.from({length: 300}, () => 1),
];

const hostileKeys = [
	'__proto__',
	'constructor',
	'hasOwnProperty',
	'length',
	'',
	'0',
	'then',
	'x'.repeat(300),
	'\u0000',
];

const shards = [
	...['{', '}', '[', ']', ':', ': ', '- ', ', ', '*', '&a ', '*a', '!', '!!binary ', '!!set ', '|', '>', '"', "'", '#'],
	...['\t', '\n', '\r', '  ', '0', '-1', '1e999', '.nan', '.inf', 'null', '~', '<<: *a', '? ', '%TAG ', '@', '`'],
	...['\u0000', '\u2028', '\uFFFF', '\uFEFF', '💥', '---\n', '...\n', '__proto__: 1\n', '../../etc/passwd', '\\'],
];

/** A text with pieces taken out and others put in. */
export function mutatedText(text: string): fc.Arbitrary<string> {
	const mutation = fc.record({
		at: fc.nat(text.length),
		remove: fc.nat(12),
		insert: fc.oneof(fc.constantFrom(...shards), fc.string({maxLength: 6, unit: codePoint})),
	});
	return fc
		.array(mutation, {minLength: 1, maxLength: 5})
		.map(mutations =>
			mutations.reduce(
				(changed, {at, remove, insert}) => changed.slice(0, at) + insert + changed.slice(at + remove),
				text,
			),
		);
}

/** A value of which some parts were replaced, taken away or given another key. */
export function mutatedValue(value: unknown): fc.Arbitrary<unknown> {
	const change = fc.record({
		place: fc.nat(),
		how: fc.constantFrom('replace', 'replace', 'replace', 'remove', 'add'),
		hostile: fc.constantFrom(...hostileValues),
		key: fc.constantFrom(...hostileKeys),
	});
	return fc.array(change, {minLength: 1, maxLength: 3}).map(changes => {
		const root = {root: structuredClone(value)};
		for (const {place, how, hostile, key} of changes) {
			const places = placesIn(root);
			const {holder, name} = places[place % places.length]!;
			if (how === 'replace') {
				set(holder, name, hostile);
			} else if (how === 'remove' && holder !== root) {
				Array.isArray(holder) ? holder.splice(Number(name), 1) : Reflect.deleteProperty(holder, name);
			} else if (holder !== root && !Array.isArray(holder)) {
				set(holder, key, hostile);
			}
		}

		return root.root;
	});
}

type Place = {readonly holder: object; readonly name: string};

function placesIn(holder: object): Place[] {
	return Object.entries(holder).flatMap(([name, value]) => [
		{holder, name},
		...(typeof value === 'object' && value !== null ? placesIn(value) : []),
	]);
}

/** Sets a copy, also under a key that would else change the prototype. */
function set(holder: object, name: string, value: unknown): void {
	Object.defineProperty(holder, name, {
		value: structuredClone(value),
		enumerable: true,
		configurable: true,
		writable: true,
	});
}
