import type {Campaign} from '../../comparison/campaign/campaign.ts';
import type {PowerPlan} from '../../comparison/power/power-plan.ts';
import {UserError} from '../../errors.ts';
import {parseDuration} from '../../experiment/duration.ts';
import {type ClusterFieldOptions, clusterField} from './campaign-field.ts';
import {
	freshCampaign,
	type MeasureCampaignOptions,
	type MeasuredCampaign,
	measureCampaign,
} from './measure-campaign.ts';
import {planExperiments} from './plan-repeats.ts';

export type {MeasuredCampaign} from './measure-campaign.ts';

export type CampaignOptions = ClusterFieldOptions &
	Omit<MeasureCampaignOptions, 'budget'> & {
		/** Time for measuring in this call, such as `2h`; without end when left out. */
		readonly budget?: string;
	};

/**
 * Runs a campaign on a cluster, or goes on with the one in `out`.
 *
 * @throws {UserError} when the budget is no duration, the folder holds another campaign, or the machine lacks something
 * @throws the signal's reason after an interruption: what was measured is kept
 */
export async function runCampaign({budget, ...options}: CampaignOptions): Promise<MeasuredCampaign> {
	const seconds = budget === undefined ? {} : {budget: secondsOf(budget)};
	return measureCampaign(clusterField(options), {...options, ...seconds});
}

/** Campaign as it would be measured: its order, and by the simulator the repeats that decide. */
export async function planCampaign(
	options: CampaignOptions,
): Promise<{readonly campaign: Campaign; readonly plans: readonly PowerPlan[]}> {
	const {signal, onProgress} = options;
	const subjects = await clusterField(options).subjects([]);
	const experiments = subjects.map(({experiment}) => experiment);
	const campaign = freshCampaign(subjects, options);
	const plans = await planExperiments(experiments, {
		rule: campaign.rule,
		...(signal && {signal}),
		...(onProgress && {onProgress}),
	});
	return {campaign, plans};
}

function secondsOf(budget: string): number {
	try {
		return parseDuration(budget);
	} catch {
		throw new UserError('E_USAGE', `Expected --budget to be a duration such as 2h or 90m, got ${budget}`);
	}
}
