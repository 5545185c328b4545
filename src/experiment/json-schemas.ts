import * as z from 'zod';
import {MetricsModelFile, ServiceModelFile} from './cluster-models.ts';
import {PrometheusModelFile} from './custom-metrics/prometheus-model.ts';
import {ExperimentFile} from './experiment-schema.ts';
import {InstanceCatalogueFile} from './nodes/instance-catalogue.ts';
import {EnergyModelFile, PriceBookFile} from './price-book.ts';
import {RecordingSettingsFile} from './recordings/settings-schema.ts';
import {EngineModelFile} from './serving/engine-model.ts';
import {ServerModelFile} from './serving/server-model.ts';
import {StartupModelFile} from './serving/startup-model.ts';

/** Schemas of the files that people write, by name. */
export const fileSchemas = {
	experiment: ExperimentFile,
	'service-model': ServiceModelFile,
	'server-model': ServerModelFile,
	'engine-model': EngineModelFile,
	'startup-model': StartupModelFile,
	'metrics-model': MetricsModelFile,
	'prometheus-model': PrometheusModelFile,
	'price-book': PriceBookFile,
	'energy-model': EnergyModelFile,
	'instance-catalogue': InstanceCatalogueFile,
	'recording-settings': RecordingSettingsFile,
} as const;

/** The JSON Schema (draft 7, as editors read it) of a file as it is written, before defaults are filled in. */
export function jsonSchemaOf(name: string, form: z.ZodType): object {
	const schema = z.toJSONSchema(form, {
		target: 'draft-7',
		io: 'input',
		unrepresentable: 'any',
		reused: 'ref',
		override: ({jsonSchema}) => {
			// Bounds that say no more than "a number".
			if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) {
				delete jsonSchema.maximum;
			}

			// What a manifest gives need not stand in the file.
			if (jsonSchema.properties?.['manifest'] !== undefined) {
				jsonSchema.required = (jsonSchema.required ?? []).filter(key => key !== 'containers');
			}

			// Files of NodePools stand there by their paths.
			const pools = jsonSchema.properties?.['nodePools'];
			if (typeof pools === 'object' && typeof pools.items === 'object' && !Array.isArray(pools.items)) {
				const path = {type: 'string'} as const;
				const {description, items, ...list} = pools;
				const either = {anyOf: [path, {...list, items: {anyOf: [path, items]}}]};
				jsonSchema.properties!['nodePools'] = {...(description !== undefined && {description}), ...either};
			}

			if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) {
				delete jsonSchema.minimum;
			}
		},
	});
	return {...schema, title: `Replicast ${name.replace('-', ' ')}`};
}
