import {currencyNamed, currencySign} from '../experiment/currency.ts';

/** Powers of base units by name: `$/h` is `{$: 1, s: -1}`. Powers of 0 are left out. */
export type Dimension = Readonly<Record<string, number>>;

/** A unit as a factor times base units: `$/h` is 1/3600 of `$/s`. */
export type Unit = {readonly factor: number; readonly dimension: Dimension};

const one: Unit = {factor: 1, dimension: {}};
const of = (base: string, factor = 1): Unit => ({factor, dimension: {[base]: 1}});
const named = (names: string, unit: Unit) => names.split(' ').map(name => [name, unit] as const);

/** Every unit that is known. What is counted has a base unit of its own: users are no requests. */
const units = new Map<string, Unit>([
	...named('1 x times', one),
	['%', {factor: 0.01, dimension: {}}],
	...named('ms', of('s', 0.001)),
	...named('s sec second seconds', of('s')),
	...named('min minute minutes', of('s', 60)),
	...named('h hour hours', of('s', 3600)),
	...named('d day days', of('s', 86_400)),
	...named('week weeks', of('s', 7 * 86_400)),
	...named('month months', of('s', 30 * 86_400)),
	...named('year years', of('s', 365 * 86_400)),
	...named('request requests req', of('request')),
	...named('user users', of('user')),
	...named('session sessions', of('session')),
	...named('conversation conversations', of('conversation')),
	...named('tenant tenants', of('tenant')),
	...named('pod pods replica replicas', of('pod')),
	...named('node nodes', of('node')),
	...named('token tokens', of('token')),
	...named('core cores', of('core')),
	...named('millicore millicores', of('core', 0.001)),
	...named('byte bytes', of('byte')),
	...named('KiB', of('byte', 2 ** 10)),
	...named('MiB', of('byte', 2 ** 20)),
	...named('GiB', of('byte', 2 ** 30)),
	...named('MB', of('byte', 1e6)),
	...named('GB', of('byte', 1e9)),
	...named('J', of('J')),
	...named('W', {factor: 1, dimension: {J: 1, s: -1}}),
	...named('kW', {factor: 1000, dimension: {J: 1, s: -1}}),
	...named('Wh', of('J', 3600)),
	...named('kWh', of('J', 3.6e6)),
	...named('g', of('g')),
	...named('kg', of('g', 1000)),
]);

/** Most names, numbers and signs of a unit. */
const mostParts = 50;

/** Base units that are measured, not counted: rounding one up depends on its size. */
const measured: ReadonlySet<string> = new Set(['s', 'byte', 'J', 'g', 'core']);

/**
 * The unit that a text names: names and numbers with `*` or a space between, `/` and brackets, such as `$/(pod h)`.
 *
 * @param own - further names of what is counted
 * @throws {RangeError} when a name is unknown, or it is no unit
 */
export function parseUnit(text: string, own: readonly string[] = []): Unit {
	const tokens = text.match(/[()/*]|[^\s()/*]+/g) ?? [];
	if (tokens.length > mostParts) {
		throw new RangeError(`Expected a unit of at most ${mostParts} parts, got ${tokens.length}`);
	}

	let at = 0;
	const peek = () => tokens[at];
	const factor = (): Unit => {
		const token = tokens[at++];
		if (token === '(') {
			const inner = product();
			if (tokens[at++] !== ')') {
				throw new RangeError(`Expected ) in the unit ${text}, got ${tokens[at - 1] ?? 'its end'}`);
			}

			return inner;
		}

		return token === undefined ? fail(text) : namedUnit(token, own, text);
	};
	const product = (): Unit => {
		let result = factor();
		while (peek() !== undefined && peek() !== ')') {
			const sign = peek() === '/' ? -1 : 1;
			at += peek() === '/' || peek() === '*' ? 1 : 0;
			result = multiply(result, factor(), sign);
		}

		return result;
	};
	const unit = product();
	return at === tokens.length ? unit : fail(text);
}

function fail(text: string): never {
	throw new RangeError(`Expected a unit such as $/h, requests/s or 1, got ${JSON.stringify(text)}`);
}

function namedUnit(token: string, own: readonly string[], text: string): Unit {
	const number = /^\d+(?:\.\d+)?$/.test(token) ? Number(token) : undefined;
	const unit = units.get(token) ?? moneyUnit(token) ?? (own.includes(token) ? of(token) : undefined);
	if (number !== undefined) {
		return {factor: number, dimension: {}};
	}

	if (unit === undefined) {
		throw new RangeError(`Expected ${JSON.stringify(token)} in the unit ${text} to be a known unit`);
	}

	return unit;
}

/** A currency by its code or its sign has a base unit of its own. */
function moneyUnit(token: string): Unit | undefined {
	const currency = currencyNamed(token);
	return currency === undefined ? undefined : of(currencySign(currency));
}

/** Product with a unit, or with `sign` −1 the quotient. */
export function multiply(left: Unit, right: Unit, sign: 1 | -1 = 1): Unit {
	return {
		factor: sign === 1 ? left.factor * right.factor : left.factor / right.factor,
		dimension: combine(left.dimension, right.dimension, sign),
	};
}

/** Dimension of a product, or with `sign` −1 of a quotient. */
export function combine(left: Dimension, right: Dimension, sign: 1 | -1): Dimension {
	const sum = new Map(Object.entries(left));
	for (const [base, power] of Object.entries(right)) {
		sum.set(base, (sum.get(base) ?? 0) + sign * power);
	}

	return Object.fromEntries([...sum].filter(([, power]) => power !== 0));
}

export function isSameDimension(left: Dimension, right: Dimension): boolean {
	return Object.keys(combine(left, right, -1)).length === 0;
}

/** Whether a whole number of it means something. */
export function isCountable(dimension: Dimension): boolean {
	return !Object.keys(dimension).some(base => measured.has(base) || currencyNamed(base) !== undefined);
}

/** `$/s`, `pod`, `1`: a dimension in its base units. */
export function describeDimension(dimension: Dimension): string {
	const part = (sign: number) =>
		Object.entries(dimension)
			.filter(([, power]) => power * sign > 0)
			.flatMap(([base, power]) => Array.from({length: Math.abs(power)}, () => base));
	const [above, below] = [part(1), part(-1)];
	const divisor = below.length > 1 ? `(${below.join(' ')})` : below.join('');
	return `${above.join(' ') || '1'}${below.length === 0 ? '' : `/${divisor}`}`;
}
