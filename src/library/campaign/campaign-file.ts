import {existsSync} from 'node:fs';
import {join} from 'node:path';
import type {Campaign, CampaignExperiment} from '../../comparison/campaign/campaign.ts';
import {campaignForm} from '../../comparison/campaign/campaign-form.ts';
import {UserError} from '../../errors.ts';
import {writeFileAtomically} from '../../store/disk/write-atomically.ts';
import {readJson} from '../../store/records/read-record.ts';

const nameOf = (out: string) => join(out, 'campaign.json');

/** Writes the state of a campaign, whole or not at all. */
export function writeCampaign(out: string, campaign: Campaign): void {
	const written = {apiVersion: 'replicast/v1', kind: 'Campaign', ...campaign};
	writeFileAtomically(nameOf(out), `${JSON.stringify(written, null, '\t')}\n`);
}

/**
 * The campaign of a `campaign.json`.
 *
 * @throws {UserError} E_FILE when the file is no campaign
 */
export function readCampaign(path: string): Campaign {
	const parsed = campaignForm.safeParse(readJson(path));
	if (!parsed.success) {
		const [issue] = parsed.error.issues;
		throw new UserError('E_FILE', `${path}: ${issue?.path.join('.') || 'the document'}: ${issue?.message}`);
	}

	const {apiVersion: _, kind: __, ...campaign} = parsed.data;
	return campaign;
}

/**
 * Campaign that goes on in a folder: the one that is there, with the further experiments of the fresh one, or the fresh one.
 *
 * @throws {UserError} E_FILE when the file is no campaign, one by another rule, or of experiments that the fresh one lacks
 */
export function resumedCampaign(out: string, fresh: Campaign): Campaign {
	const path = nameOf(out);
	if (!existsSync(path)) {
		return fresh;
	}

	const campaign = readCampaign(path);
	const isAsked = ({name, hash, arms}: CampaignExperiment) =>
		fresh.experiments.some(
			other => JSON.stringify([other.name, other.hash, other.arms]) === JSON.stringify([name, hash, arms]),
		);
	const missing = campaign.experiments.filter(experiment => !isAsked(experiment));
	const hint = 'give a new folder with --out';
	if (missing.length > 0) {
		const names = missing.map(({name}) => name).join(', ');
		throw new UserError(
			'E_FILE',
			`Expected the experiments of the campaign in ${out} among the given ones, got none that is ${names} as it was then: give all of them, with further ones where you like, or ${hint}`,
		);
	}

	const ruleOf = ({rule: {firstLook, mostRepeats, alpha}}: Campaign) => [firstLook, mostRepeats, alpha].join(', ');
	if (ruleOf(campaign) !== ruleOf(fresh)) {
		throw new UserError(
			'E_FILE',
			`Expected --most-repeats ${campaign.rule.mostRepeats}, with which the campaign in ${out} began, got ${fresh.rule.mostRepeats}: keep it, or ${hint}`,
		);
	}

	const known = new Set(campaign.experiments.map(({name}) => name));
	return {
		...campaign,
		experiments: [...campaign.experiments, ...fresh.experiments.filter(({name}) => !known.has(name))],
	};
}
