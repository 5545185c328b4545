import {QueryFault} from './query-fault.ts';

const unitMilliseconds: Readonly<Record<string, number>> = {
	ms: 1,
	s: 1000,
	m: 60_000,
	h: 3_600_000,
	d: 86_400_000,
	w: 604_800_000,
	y: 31_536_000_000,
};

const durationPart = /(\d+)(ms|[smhdwy])/g;

/** Duration such as `1h30m` or a number of seconds [ms]; undefined when it is neither. */
export function durationMilliseconds(text: string): number | undefined {
	if (/^(?:\d+(?:ms|[smhdwy]))+$/.test(text)) {
		return [...text.matchAll(durationPart)].reduce(
			(sum, [, amount, unit]) => sum + Number(amount) * unitMilliseconds[unit!]!,
			0,
		);
	}

	const seconds = Number(text);
	return text === '' || Number.isNaN(seconds) ? undefined : Math.round(seconds * 1000);
}

/** Number as PromQL writes it; a duration is its seconds. */
export function numberOf(text: string, offset: number): number {
	const plain = text.replaceAll(/(?<=[\da-f])_(?=[\da-f])/gi, '').toLowerCase();
	const words: Readonly<Record<string, number>> = {inf: Number.POSITIVE_INFINITY, nan: Number.NaN};
	const value = words[plain] ?? (durationMilliseconds(plain) === undefined ? Number(plain) : secondsOf(plain));
	if (Number.isNaN(value) && plain !== 'nan') {
		throw new QueryFault(offset, 'a number', text);
	}

	return value;
}

function secondsOf(text: string): number {
	const value = Number(text);
	return Number.isNaN(value) ? durationMilliseconds(text)! / 1000 : value;
}

const escapes: Readonly<Record<string, string>> = {
	a: '\u0007',
	b: '\b',
	f: '\f',
	n: '\n',
	r: '\r',
	t: '\t',
	v: '\v',
	'\\': '\\',
	"'": "'",
	'"': '"',
};

/** Text of a string literal: in quotes with Go's escapes, or raw in backquotes. */
export function stringOf(literal: string, offset: number): string {
	const inside = literal.slice(1, -1);
	if (literal.startsWith('`')) {
		return inside;
	}

	return inside.replaceAll(
		/\\(x[\da-f]{2}|u[\da-f]{4}|U[\da-f]{8}|[0-7]{3}|[\s\S])/gi,
		(whole: string, code: string, at: number) => {
			const plain = escapes[code];
			if (plain !== undefined) {
				return plain;
			}

			const point =
				code.length === 1 ? Number.NaN : parseInt(/^\d/.test(code) ? code : code.slice(1), /^\d/.test(code) ? 8 : 16);
			if (!(point <= 0x10_ff_ff)) {
				throw new QueryFault(offset + 1 + at, 'an escape such as \\n or \\\\', whole);
			}

			return String.fromCodePoint(point);
		},
	);
}
