import {basename, dirname, join, relative} from 'node:path';
import {readModelKind} from '../../store/experiments/read-model.ts';
import {filesNamed} from '../../store/records/find-records.ts';
import {readCampaign} from './campaign-file.ts';

/** A campaign on disk, with the models that it measured on its machine. */
export type CampaignFolder = {
	readonly folder: string;
	/** Files of its models, in its folder. */
	readonly models: readonly string[];
};

/**
 * The campaigns below a folder that have calibrated, each with its own models.
 *
 * @throws {UserError} E_FILE when a `campaign.json` is none
 */
export function campaignsBelow(root: string): CampaignFolder[] {
	return filesNamed('campaign.json', root).flatMap(path => {
		const folder = dirname(path);
		const models = (readCampaign(path).models ?? []).map(model => join(folder, 'models', basename(model)));
		return models.length === 0 ? [] : [{folder, models}];
	});
}

/** The campaign that a record was measured in; undefined for one on its own. */
export function campaignOf(record: string, campaigns: readonly CampaignFolder[]): CampaignFolder | undefined {
	return campaigns.find(({folder}) => !relative(folder, record).startsWith('..'));
}

/** Place in an experiment of the kind of each model, by its file. */
const modelKeys: Readonly<Record<string, string>> = {
	ServiceModel: 'deployment.service',
	StartupModel: 'deployment.startup',
	MetricsModel: 'metrics',
};

/** Changes that put the models of files into an experiment, `path=value` each. */
export async function settingsOf(models: readonly string[]): Promise<string[]> {
	const settings: string[] = [];
	for (const path of models) {
		const key = modelKeys[await readModelKind(path)];
		settings.push(...(key === undefined ? [] : [`${key}=${path}`]));
	}

	return settings;
}
