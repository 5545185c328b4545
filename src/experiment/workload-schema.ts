import * as z from 'zod';
import {TimeDistribution, TokenDistribution} from './distribution-schema.ts';
import {durationText} from './duration.ts';
import {choice, Duration, FilePath, judged, mapRule, Name, number, PositiveDuration, whole} from './leaves.ts';
import {RetriesSchema} from './serving/waiting-schema.ts';

/**
 * Forms in which traces of LLM requests are published, Replicast's own, and tables of one's own.
 *
 * @see https://github.com/Azure/AzurePublicDataset/blob/master/AzureLLMInferenceDataset2023.md
 * @see https://github.com/HPMLL/BurstGPT (arXiv 2401.17644)
 * @see https://github.com/kvcache-ai/Mooncake/tree/main/FAST25-release/traces (FAST 2025)
 * @see https://github.com/alibaba-edu/qwen-bailian-usagetraces-anon
 */
export const traceFormats = ['azure', 'burstgpt', 'bailian', 'mooncake', 'replicast', 'table'] as const;

export type TraceFormat = (typeof traceFormats)[number];

/** Display names of the trace formats. */
export const nameOfFormat: Readonly<Record<TraceFormat, string>> = {
	azure: 'an Azure LLM inference trace',
	burstgpt: 'a BurstGPT trace',
	bailian: 'a Qwen-Bailian trace',
	mooncake: 'a Mooncake trace',
	replicast: 'a plain trace',
	table: 'a table of one’s own',
};

/** Units of times that are numbers. */
export const timeUnits = ['s', 'ms', 'us', 'ns'] as const;

export type TimeUnit = (typeof timeUnits)[number];

/** Display names of the time units, and their number in a second. */
export const unitOfTime: Readonly<Record<TimeUnit, {readonly name: string; readonly perSecond: number}>> = {
	s: {name: 'seconds', perSecond: 1},
	ms: {name: 'milliseconds', perSecond: 1e3},
	us: {name: 'microseconds', perSecond: 1e6},
	ns: {name: 'nanoseconds', perSecond: 1e9},
};

const RatePoint = z.strictObject(
	{
		at: Duration.describe('Time from which the rate holds, or where the line has its corner [duration]'),
		perSecond: number({min: 0, max: 1e6}).describe('Arrival rate [requests/s]'),
	},
	{error: mapRule('a map such as {at: 3m, perSecond: 1.2}')},
);

const curveRule = 'a list of points such as {at: 3m, perSecond: 1.2}, or the path of a table of them';

const curve = {
	interpolation: choice('step', 'linear')
		.default('step')
		.describe('Between two points: the first one’s rate, or a straight line'),
	rate: z
		.union(
			[
				FilePath,
				z
					.array(RatePoint, {error: curveRule})
					.min(1, {error: 'a list of at least one point'})
					.superRefine(judgeOrder, {when: hasTimes}),
			],
			{error: curveRule},
		)
		.describe(
			'Points {at, perSecond} of the arrival-rate curve [duration, requests/s], in the order of time, 0 before the first; or the path of a CSV table of them with the columns seconds and perSecond, relative to this file',
		),
	rateScale: number({above: 0, max: 1e6})
		.describe('Factor on every rate of the curve: 2 doubles the load; 1 when left out [1]')
		.exactOptional(),
};

/** Whether all points of a curve have a time. */
function hasTimes({issues, value}: z.core.ParsePayload): boolean {
	return Array.isArray(value) && !issues.some(({path = []}) => path.length < 2 || path[1] === 'at');
}

function judgeOrder(points: readonly {readonly at: number}[], context: z.RefinementCtx): void {
	const late = points.findIndex(({at}, index) => index > 0 && at <= points[index - 1]!.at);
	if (late !== -1) {
		context.addIssue({
			code: 'custom',
			path: [late, 'at'],
			message: `later than ${durationText(points[late - 1]!.at)}, the point before`,
		});
	}
}

const renewal = [
	z.strictObject({process: z.literal('poisson'), ...curve}),
	z.strictObject({
		process: z.literal('gamma'),
		cv: number({above: 0, max: 100}).describe('Coefficient of variation of the interarrival times [1]'),
		...curve,
	}),
	z.strictObject({process: z.literal('deterministic'), ...curve}),
] as const;

export const RenewalArrivalsSchema = z.discriminatedUnion('process', renewal);

/** Transform of a recorded trace before it is simulated or replayed. Applied in the order of the keys. */
export const TraceTransform = judged(
	z.strictObject({
		from: Duration.describe('First moment of the trace that is used [duration]').prefault('0s'),
		to: PositiveDuration.describe('Moment of the trace at which it is cut off [duration]').exactOptional(),
		timeScale: number({above: 0, max: 1e6}).describe('Factor on every arrival time: 2 halves the rate [1]').default(1),
		rateScale: number({above: 0, max: 1})
			.describe('Share of the requests that is kept, evenly spread, times unchanged [1]')
			.default(1),
		tokenScale: number({above: 0, max: 1000}).describe('Factor on the tokens, rounded, at least 1 [1]').default(1),
		workScale: number({above: 0, max: 1000}).describe('Factor on the work that requests bring along [1]').default(1),
		maxPromptTokens: whole({min: 1, max: 1e6}).describe('Longer prompts are cut to this [tokens]').exactOptional(),
		maxOutputTokens: whole({min: 1, max: 1e6}).describe('Longer outputs are cut to this [tokens]').exactOptional(),
		seed: whole({min: 0, max: 4_294_967_295})
			.describe('Draws which requests rateScale keeps, each by itself; evenly spread when left out')
			.exactOptional(),
	}),
	['from', 'to'],
	({from, to}) =>
		typeof from === 'number' && typeof to === 'number' && to <= from
			? {path: ['to'], rule: `later than from, ${durationText(from)}`}
			: undefined,
);
export type TraceTransform = z.output<typeof TraceTransform>;

export const TraceArrivalsSchema = z.strictObject({
	process: z.literal('trace'),
	file: FilePath.describe(
		'A trace as it is published, or atSeconds with promptTokens and outputTokens, serviceSeconds or cpuSeconds in CSV; relative to this file',
	),
	format: choice(...traceFormats)
		.describe('Form of the trace; found by its first line when left out')
		.exactOptional(),
	unit: choice(...timeUnits)
		.describe('Unit of times that are numbers; that of the form, or of the name of their column, when left out')
		.exactOptional(),
	transform: TraceTransform.prefault({}),
});

const mostUsers = 100_000;

const UserPoint = z.strictObject(
	{
		at: Duration.describe('Time from which so many users are there, or where the line has its corner [duration]'),
		count: whole({min: 0, max: mostUsers}).describe('Users at a time'),
	},
	{error: mapRule('a map such as {at: 1m, count: 12}')},
);

const UserPoints = z
	.array(UserPoint, {error: 'a list of points such as {at: 1m, count: 12}'})
	.min(1, {error: 'a list of at least one point'})
	.superRefine(judgeOrder, {when: hasTimes})
	.refine(points => points.some(({count}) => count > 0), {error: 'points of which one has a user'});

const tenant = {
	name: Name.describe('Name of the tenant'),
	share: number({above: 0, max: 1e6}).default(1).describe('Weight among the common arrivals or users [1]'),
	conversations: whole({min: 1, max: 1e6}).default(1).describe('Conversations that its requests are spread over'),
	priority: whole({min: -1e6, max: 1e6})
		.describe('Priority of its requests for an engine with policy priority: the lower comes first, 0 when left out')
		.exactOptional(),
};

const common = {
	requests: z
		.strictObject({
			promptTokens: TokenDistribution.prefault({distribution: 'constant', value: 32}).describe(
				'Tokens of a prompt [tokens]',
			),
			outputTokens: TokenDistribution.prefault({distribution: 'constant', value: 16}).describe(
				'Tokens of an answer [tokens]',
			),
			sharedPromptTokens: whole({min: 0, max: 1e6})
				.describe(
					'Tokens that all prompts of a tenant begin with, such as a system prompt; for an engine’s prefix cache',
				)
				.exactOptional(),
			serviceSeconds: TimeDistribution.describe(
				'Time that a request keeps a server busy, whatever its CPU limit; instead of tokens [duration]',
			).exactOptional(),
			cpuSeconds: TimeDistribution.describe(
				'CPU time that a request takes of a server; instead of tokens [duration of one core]',
			).exactOptional(),
		})
		.prefault({}),
	connections: choice('per-request', 'keep-alive')
		.default('per-request')
		.describe('A new connection for each request, or one a conversation: it then stays on its pod'),
	timeout: PositiveDuration.prefault('60s').describe('A client gives up this long after it wanted to send [duration]'),
	patience: TimeDistribution.describe(
		'How long a client waits until its request begins to be served; up to its timeout when left out [duration]',
	).exactOptional(),
	uncertainty: z
		.strictObject({
			rate: number({min: 0, max: 0.9}).describe(
				'Part by which the rate of a real run may be higher or lower, any value alike; 0.2 for ± 20 % [1]',
			),
		})
		.describe('Load that nobody knows for sure: drawn for each run of a prediction; as it is when left out')
		.exactOptional(),
	retries: RetriesSchema.describe('Further attempts of a request that was refused; none when left out').exactOptional(),
};

function tenants<S extends z.ZodObject>(Tenant: S) {
	return z
		.array(Tenant, {error: 'a list of tenants'})
		.min(1, {error: 'a list of at least one tenant'})
		.superRefine(judgeNames, {when: ({value}) => Array.isArray(value)})
		.prefault([{name: 'default'} as z.input<S>])
		.describe('Who sends the requests');
}

function judgeNames(tenants: readonly unknown[], context: z.RefinementCtx): void {
	const seen = new Set<unknown>();
	for (const [index, tenant] of tenants.entries()) {
		const name = typeof tenant === 'object' && tenant !== null && 'name' in tenant ? tenant.name : undefined;
		if (typeof name === 'string' && seen.has(name)) {
			context.addIssue({code: 'custom', path: [index, 'name'], message: 'a name that no other tenant has'});
		}

		seen.add(name);
	}
}

export const WorkloadSchema = z.discriminatedUnion('loop', [
	z.strictObject({
		loop: z.literal('open').default('open').describe('Requests arrive whatever became of earlier ones'),
		arrivals: z.discriminatedUnion('process', [...renewal, TraceArrivalsSchema]).describe('When requests arrive'),
		tenants: tenants(
			z.strictObject({
				...tenant,
				arrivals: RenewalArrivalsSchema.exactOptional().describe('Requests of this tenant alone, on top of its share'),
			}),
		),
		...common,
	}),
	z.strictObject({
		loop: z.literal('closed').describe('Each user waits for the answer, thinks and asks again'),
		users: z.strictObject({
			count: z
				.union([whole({min: 1, max: mostUsers}), UserPoints], {
					error: `a whole number, at least 1 and at most ${mostUsers}, or a list of points such as {at: 1m, count: 12}`,
				})
				.describe('Users at a time: a number, or points of a curve in the order of time, 0 before the first'),
			interpolation: choice('step', 'linear')
				.default('step')
				.describe('Between two points of users: the first one’s number, or a straight line'),
			thinkTime: TimeDistribution.prefault({distribution: 'constant', value: '0s'}).describe(
				'Between an answer and the next request [duration]',
			),
		}),
		tenants: tenants(z.strictObject(tenant)),
		...common,
	}),
]);
