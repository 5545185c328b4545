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

/** What a person calls each form. */
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

/** What a person calls each unit, and how many of it make a second. */
export const unitOfTime: Readonly<Record<TimeUnit, {readonly name: string; readonly perSecond: number}>> = {
	s: {name: 'seconds', perSecond: 1},
	ms: {name: 'milliseconds', perSecond: 1e3},
	us: {name: 'microseconds', perSecond: 1e6},
	ns: {name: 'nanoseconds', perSecond: 1e9},
};
