import * as z from 'zod';
import {longestQuery} from '../../promql/query-fault.ts';
import {mapRule, number} from '../leaves.ts';
import {sourceKinds, sourceNames} from './series-sources.ts';

const sourceRule = `one of ${sourceNames.join(', ')}`;
const Source = z.enum(sourceNames, {error: sourceRule});
const bucketsRule = 'a list of 1 to 100 ascending bounds';

const Exported = z
	.strictObject(
		{
			source: Source.describe('Quantity that it shows'),
			exporter: z
				.enum(['pods', 'gateway'], {error: 'one of pods, gateway'})
				.default('pods')
				.describe('Who exports it: each pod, or a gateway in front of them, which lives on at zero pods'),
			buckets: z
				.array(number({min: 0, max: 1e9}), {error: bucketsRule})
				.min(1, {error: bucketsRule})
				.max(100, {error: bucketsRule})
				.refine(bounds => bounds.every((bound, index) => index === 0 || bound > bounds[index - 1]!), {
					error: bucketsRule,
				})
				.describe(
					'Upper bounds of a histogram’s buckets, without +Inf [s]; those of the Prometheus clients when left out',
				)
				.exactOptional(),
		},
		{error: mapRule('a source, or a map with source or query')},
	)
	.refine(({source, buckets}) => buckets === undefined || sourceKinds[source] === 'histogram', {
		error: 'left out where the source is no histogram',
		path: ['buckets'],
	});

const queryRule = `a PromQL expression of at most ${longestQuery} characters`;

const Queried = z.strictObject(
	{
		query: z
			.string({error: queryRule})
			.regex(/\S/, {error: queryRule})
			.max(longestQuery, {error: queryRule})
			.describe('PromQL expression that gives the metric its value'),
	},
	{error: mapRule('a source, or a map with source or query')},
);

const nameRule = 'the name of a metric, of at most 253 characters';

/** Sources of the metrics that are not known by their name. */
export const MetricSourcesSchema = z.record(
	z.string({error: nameRule}).regex(/^[^\s\p{Cc}]{1,253}$/u, {error: nameRule}),
	z.union([Source, Exported, Queried], {error: `${sourceRule}, or a map with source or query`}),
	{error: 'a map of metrics'},
);

export type MetricSourcesFile = z.output<typeof MetricSourcesSchema>;
