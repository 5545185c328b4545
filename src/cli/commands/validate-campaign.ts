import {join} from 'node:path';
import process from 'node:process';
import type {InferredOptionTypes} from 'yargs';
import {type CampaignOptions, planCampaign, runCampaign} from '../../library/campaign/run-campaign.ts';
import {campaignPlanReport, campaignReport} from '../../report/campaign-report.ts';
import {powerReport} from '../../report/power-report.ts';
import {untilInterrupted, verdictStatus} from '../terminal/interruption.ts';
import {oneText, wholeNumber} from '../terminal/option-forms.ts';
import {placeOf, placeOptions} from '../terminal/place.ts';
import {printReport} from '../terminal/print.ts';
import {showProgress} from '../terminal/show-progress.ts';

const {keep: _, cluster, ...place} = placeOptions;
const {default: usualCluster, ...clusterOption} = cluster;

/** Options of a campaign: `validate --measure`. */
export const campaignOptions = {
	measure: {
		type: 'boolean',
		default: false,
		describe: 'Calibrate and measure on a cluster until each experiment has its verdict, or the budget ends',
	},
	'dry-run': {
		type: 'boolean',
		default: false,
		describe: 'With --measure: print the order and the repeats that decide, and measure nothing',
	},
	plan: {
		type: 'boolean',
		default: false,
		describe:
			'With --measure: print of each experiment what makes its figures differ between runs, and measure nothing',
	},
	budget: {...oneText('budget'), describe: 'With --measure: time for measuring, such as 2h; without end when left out'},
	experiment: {
		type: 'string',
		array: true,
		nargs: 1,
		default: [] as readonly string[],
		describe: 'With --measure: experiment files; the shipped ones that have the profile when left out',
	},
	profile: {
		...oneText('profile'),
		defaultDescription: 'validation',
		describe: 'With --measure: profile of the experiments',
	},
	'most-repeats': {
		...wholeNumber('most-repeats', {min: 2, max: 99}),
		defaultDescription: '8',
		describe: 'With --measure: repeats after which an experiment that is open stays so',
	},
	seed: {
		...wholeNumber('seed', {min: 0, max: 1_000_000}),
		defaultDescription: '1',
		describe: 'With --measure: seed of the order of the runs',
	},
	...place,
	cluster: {...clusterOption, defaultDescription: usualCluster},
} as const;

export type CampaignArguments = InferredOptionTypes<typeof campaignOptions> & {
	readonly out: string | undefined;
	readonly replications: number | undefined;
};

/** Option that was given though it needs `--measure`; undefined where there is none. */
export function strayCampaignOption(given: CampaignArguments): string | undefined {
	const {plan, budget, experiment, profile, seed, context} = given;
	const named = {
		'dry-run': given['dry-run'] || undefined,
		plan: plan || undefined,
		budget,
		experiment: experiment[0],
		profile,
		'most-repeats': given['most-repeats'],
		seed,
		cluster: given.cluster,
		context,
	};
	return Object.entries(named).find(([, value]) => value !== undefined)?.[0];
}

/** Measures a campaign, or prints its plan. */
export async function printCampaign(given: CampaignArguments): Promise<void> {
	const {out = join('reports', 'campaign'), replications, budget, profile, seed, experiment} = given;
	const options: CampaignOptions = {
		out,
		files: experiment,
		place: placeOf({...given, cluster: given.cluster ?? usualCluster}),
		...(replications !== undefined && {replications}),
		...(budget !== undefined && {budget}),
		...(profile !== undefined && {profile}),
		...(seed !== undefined && {seed}),
		...(given['most-repeats'] !== undefined && {mostRepeats: given['most-repeats']}),
	};
	const {onProgress, stop} = showProgress(process.stderr);
	const work = async (signal: AbortSignal) => {
		if (given.plan || given['dry-run']) {
			const {campaign, plans} = await planCampaign({...options, signal, onProgress});
			stop();
			for (const report of given.plan ? plans.map(powerReport) : [campaignPlanReport(campaign, plans)]) {
				printReport(report);
			}

			return;
		}

		const measured = await runCampaign({...options, signal, onProgress});
		stop();
		printReport(campaignReport(measured.campaign, measured), `Written to ${out}\n`);
		process.exitCode = verdictStatus[measured.validation?.verdict ?? 'CANNOT SAY'];
	};
	await untilInterrupted(work, `Interrupted: the same command goes on from ${out}`).finally(stop);
}
