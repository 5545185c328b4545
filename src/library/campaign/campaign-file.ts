import {existsSync} from 'node:fs';
import {join} from 'node:path';
import type {Campaign} from '../../comparison/campaign/campaign.ts';
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
 * Campaign that goes on in a folder: the one that is there, or the fresh one.
 *
 * @throws {UserError} E_FILE when the file is no campaign, or one of other experiments or another rule
 */
export function resumedCampaign(out: string, fresh: Campaign): Campaign {
	const path = nameOf(out);
	if (!existsSync(path)) {
		return fresh;
	}

	const campaign = readCampaign(path);
	const identity = ({rule, experiments}: Campaign) =>
		JSON.stringify([
			rule.firstLook,
			rule.mostRepeats,
			rule.alpha,
			experiments.map(({name, hash, arms}) => [name, hash, arms]),
		]);
	if (identity(campaign) !== identity(fresh)) {
		throw new UserError(
			'E_FILE',
			`Expected ${out} to hold a campaign of these experiments and repeats, got another one: give a new folder with --out`,
		);
	}

	return campaign;
}
