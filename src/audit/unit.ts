import {currencyNamed, currencySign} from '../experiment/currency.ts';

/** Powers of base units by name: `$/h` is `{$: 1, s: -1}`. Powers of 0 are left out. */
export type Dimension = Readonly<Record<string, number>>;

/** A unit as a factor times base units: `$/h` is 1/3600 of `$/s`. */
export type ClaimUnit = {readonly factor: number; readonly dimension: Dimension};

const one: ClaimUnit = {factor: 1, dimension: {}};
const of = (base: string, factor = 1): ClaimUnit => ({factor, dimension: {[base]: 1}});
const named = (names: string, unit: ClaimUnit) => names.split(' ').map(name => [name, unit] as const);

/** Known units. Things that are counted have a base unit each: users are no requests. */
const units = new Map<string, ClaimUnit>([
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
export function parseUnit(text: string, own: readonly string[] = []): ClaimUnit {
	const tokens = text.match(/[()/*]|[^\s()/*]+/g) ?? [];
	if (tokens.length > mostParts) {
		throw new RangeError(`Expected a unit of at most ${mostParts} parts, got ${tokens.length}`);
	}

	let at = 0;
	const peek = () => tokens[at];
	const factor = (): ClaimUnit => {
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
	const product = (): ClaimUnit => {
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

function namedUnit(token: string, own: readonly string[], text: string): ClaimUnit {
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
function moneyUnit(token: string): ClaimUnit | undefined {
	const currency = currencyNamed(token);
	return currency === undefined ? undefined : of(currencySign(currency));
}

/** Product with a unit, or with `sign` −1 the quotient. */
function multiply(left: ClaimUnit, right: ClaimUnit, sign: 1 | -1 = 1): ClaimUnit {
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

/**
 * Units of the figures that a claim may point at: keys of a run's summary, of the experiment itself after `experiment.`,
 * of a measured record's own tables after `observed.`. The first pattern that matches holds.
 */
const patterns: readonly (readonly [pattern: RegExp, unit: string])[] = [
	[/^observed\.timings\.\w+Seconds$/, 's'],
	[/^experiment\.workload\.users\.count$/, 'users'],
	[/^experiment\.workload\.timeout$/, 's'],
	[/^experiment\.workload\.tenants\.length$/, 'tenants'],
	[/^experiment\.workload\.tenants\.\d+\.conversations$/, 'conversations'],
	[/^experiment\.deployment\.containers\.\d+\.(?:requests|limits)\.cpu$/, 'cores'],
	[/^experiment\.deployment\.containers\.\d+\.(?:requests|limits)\.memory$/, 'bytes'],
	[/^experiment\.(?:autoscaler\.(?:min|max)Replicas|deployment\.replicas|fixed\.replicas)$/, 'pods'],
	[/^experiment\.autoscaler\.metrics\.\d+\.target\.averageUtilization$/, '%'],
	[/^experiment\.prices\.(?:perPodHour|perCoreHour|perGibibyteHour|perGpuHour|perNodeHour)$/, '$/h'],
	[/^(?:dynamic|fixed)\.timeline\.\d+\.1$/, 'pods'],
	[/^(?:dynamic|fixed)\.timeline\.\d+\.0$/, 's'],
	[/^(?:dynamic|fixed)\.replicas(?:\.(?:mean|low|high|max))?$/, 'pods'],
	[/^(?:dynamic|fixed)\.requests\.\w+$/, 'requests'],
	[/(?:^|\.)podHours$/, 'pod h'],
	[/(?:^|\.)(?:cost|workload|idle|saved|slowScaleDown)PerHour$/, '$/h'],
	[/(?:^|\.)(?:savings\.)perHour$/, '$/h'],
	[/(?:^|\.)(?:savings\.)perDay$/, '$/day'],
	[/(?:^|\.)(?:savings\.)perMonth$/, '$/month'],
	[/(?:^|\.)(?:savings\.)perYear$/, '$/year'],
	[/(?:^|\.)(?:savings\.)fraction$/, '1'],
	[/(?:^|\.)energyWattHours$/, 'Wh'],
	[/(?:^|\.)(?:idleK|k)ilowattHours$/, 'kWh'],
	[/(?:^|\.)(?:electricityDollars|idleElectricityDollars)$/, '$'],
	[/(?:^|\.)(?:g|idleG|embodiedG)ramsCo2e$/, 'g'],
	[/(?:^|\.)costPerThousandRequests$/, '$/(1000 requests)'],
	[/(?:^|\.)costPerMillion(?:Input|Output)Tokens$/, '$/(1000000 tokens)'],
	[/(?:^|\.)cpuSecondsPerRequest$/, 'core s/request'],
	[/(?:^|\.)(?:throughput|goodput)PerSecond$/, 'requests/s'],
	[/(?:^|\.)(?:latency|wait|ttft|tpot)Seconds\.(?:mean|p50|p95|p99)$/, 's'],
	[/(?:^|\.)(?:availability|sloAttainment|cpuUtilization|memoryUtilization|fairness)$/, '1'],
	[/(?:^|\.)against\.\d+\.replicas$/, 'pods'],
	[/(?:^|\.)(?:loadedShare|breakEvenShare)$/, '1'],
	[/(?:^|\.)(?:sloAttainment)\.(?:dynamic|baseline)$/, '1'],
	[/(?:^|\.)podsWhileLoaded$/, 'pods'],
];

/** Figures of the energy model, whose price of electricity is in dollars. */
const inDollars = /(?:^|\.)(?:electricityDollars|idleElectricityDollars)$/;

/**
 * Unit of the figure at a path such as `dynamic.latencySeconds.p95`; undefined when there is none.
 *
 * @param currency - of the experiment's prices
 */
export function figureUnit(path: string, currency = 'USD'): string | undefined {
	const unit = patterns.find(([pattern]) => pattern.test(path))?.[1];
	return inDollars.test(path) ? unit : unit?.replace('$', () => currencySign(currency));
}

/** Whether a figure is money of the experiment's prices. */
export function isPriced(path: string): boolean {
	return figureUnit(path, 'EUR') !== figureUnit(path, 'USD');
}
