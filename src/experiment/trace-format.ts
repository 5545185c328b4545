/**
 * Forms in which traces of LLM requests are published, and Replicast's own.
 *
 * @see https://github.com/Azure/AzurePublicDataset/blob/master/AzureLLMInferenceDataset2023.md
 * @see https://github.com/HPMLL/BurstGPT (arXiv 2401.17644)
 * @see https://github.com/kvcache-ai/Mooncake/tree/main/FAST25-release/traces (FAST 2025)
 */
export const traceFormats = ['azure', 'burstgpt', 'mooncake', 'replicast'] as const;

export type TraceFormat = (typeof traceFormats)[number];

/** What a person calls each form. */
export const nameOfFormat: Readonly<Record<TraceFormat, string>> = {
	azure: 'an Azure LLM inference trace',
	burstgpt: 'a BurstGPT trace',
	mooncake: 'a Mooncake trace',
	replicast: 'a plain trace',
};
