import {existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {MeasuredSchedule} from '../../src/comparison/measured-schedule.ts';
import {underConditions} from '../../src/experiment/conditions/under-conditions.ts';
import {type CampaignField, slotsUpTo} from '../../src/library/campaign/campaign-field.ts';
import {measureCampaign} from '../../src/library/campaign/measure-campaign.ts';
import type {Probe} from '../../src/records/machine.ts';
import {campaignReport} from '../../src/report/campaign-report.ts';
import {writeRecord} from '../../src/store/records/write-record.ts';
import {compared, steps} from '../comparison/stand-ins.ts';

const accept = {podHours: {fraction: 0.15}};
const experiments = {
	right: steps({name: 'right', accept, hash: 'a'.repeat(64)}),
	wrong: steps({name: 'wrong', accept: {podHours: {fraction: 0.02}}, hash: 'b'.repeat(64)}),
};
/** Speed of the machine, which the probes of `right` tell of; of `wrong` they tell nothing. */
const hidden = {right: 1.3, wrong: 1.6};

function probe(when: Probe['when'], factor: number): Probe {
	const request = {promptTokens: 10, outputTokens: 10, serviceSeconds: 4 * factor, promptSeconds: 2, answerSeconds: 2};
	const requests = [0.98, 1.02, 1, 1].map(one => ({...request, serviceSeconds: request.serviceSeconds * one}));
	return {when, seconds: 0, durationSeconds: 16, cores: 0.125, requests};
}

/** A cluster that is the simulator on a machine of a hidden speed. */
class FakeCluster implements CampaignField {
	readonly replayed: string[] = [];
	calibrations = 0;
	/** [s] */
	clock = 0;
	/** Runs that come out disturbed, by their place in the order. */
	readonly disturbed = new Set<number>();
	/** Called before each run. */
	onReplay: (count: number) => void = () => {};

	async subjects() {
		return Object.values(experiments).map(experiment => ({path: `${experiment.name}.yaml`, experiment, models: []}));
	}

	async calibrate() {
		this.calibrations++;
		return [];
	}

	async replay({experiment, arm, repeat}: Parameters<CampaignField['replay']>[0], folder: string) {
		this.onReplay(this.replayed.length);
		const name = experiment.name as keyof typeof hidden;
		const reasons = this.disturbed.has(this.replayed.length) ? ['node saturated: all cores were busy'] : [];
		this.replayed.push(`${name} ${repeat}`);
		this.clock += experiment.duration + 150;
		const schedule = new MeasuredSchedule(underConditions(experiment, {speed: hidden[name], load: 1}));
		const {head, tables} = schedule.simulate(1000 + repeat, {arm});
		const told = name === 'right' ? hidden.right : 1;
		const probes = [probe('before', told), probe('after', told)];
		const validity = {valid: reasons.length === 0, reasons};
		writeRecord(folder, {head: {...head, engine: 'measured', replication: repeat, probes, validity}, tables});
	}

	async compare(input: Parameters<CampaignField['compare']>[0]) {
		return compared({...input, replications: 30});
	}

	now() {
		return this.clock;
	}
}

function place(t: ExecutionContext): string {
	const out = mkdtempSync(join(tmpdir(), 'replicast-campaign-'));
	t.teardown(() => rmSync(out, {recursive: true, force: true}));
	return join(out, 'campaign');
}

test('a campaign calibrates, measures in turns, replays disturbed runs again, and ends with a verdict on each', async t => {
	const out = place(t);
	const cluster = new FakeCluster();
	cluster.disturbed.add(1);
	const {campaign, validation, isOutOfBudget} = await measureCampaign(cluster, {out});
	t.is(cluster.calibrations, 1);
	t.false(isOutOfBudget);
	const [right, wrong] = campaign.experiments;
	t.is(right!.verdict, 'VALID', JSON.stringify(right));
	t.is(wrong!.verdict, 'NOT VALID', JSON.stringify(wrong));
	t.is(cluster.replayed[1], cluster.replayed[2]); // the disturbed one, again
	t.is(right!.disturbedRuns + wrong!.disturbedRuns, 1);
	t.deepEqual(cluster.replayed.slice(0, 2).sort(), ['right 0', 'wrong 0']);
	t.is(validation!.experiments.length, 2);
	t.true(existsSync(join(out, 'validation', 'README.md')));
	const text = JSON.stringify(campaignReport(campaign, {out}));
	t.regex(text, /Decided: 2 of 2 experiments, 1 VALID and 1 NOT VALID/);
	t.regex(text, /with a probability of at most 5 %/);
	t.regex(readFileSync(join(out, 'README.md'), 'utf8'), /1 run failed the validity check and was replayed again/);
});

test('an interrupted campaign goes on to the state of an undisturbed one', async t => {
	const [whole, broken] = [place(t), place(t)];
	const calm = await measureCampaign(new FakeCluster(), {out: whole});
	const cluster = new FakeCluster();
	const controller = new AbortController();
	cluster.onReplay = count => {
		if (count === 2 && !controller.signal.aborted) {
			controller.abort(new Error('stop'));
			throw controller.signal.reason;
		}
	};
	await t.throwsAsync(measureCampaign(cluster, {out: broken, signal: controller.signal}), {message: 'stop'});
	const {campaign} = await measureCampaign(cluster, {out: broken});
	t.is(cluster.calibrations, 1);
	t.deepEqual(campaign, calm.campaign);
	t.is(new Set(cluster.replayed).size, cluster.replayed.length); // nothing was measured twice
});

test('a budget ends a campaign between two runs, and the next call goes on', async t => {
	const out = place(t);
	const cluster = new FakeCluster();
	const first = await measureCampaign(cluster, {out, budget: 2.5 * (experiments.right.duration + 150)});
	t.true(first.isOutOfBudget);
	t.is(cluster.replayed.length, 2);
	t.regex(
		JSON.stringify(campaignReport(first.campaign, {...first, out})),
		/The budget of time ended\. Next: the same command/,
	);
	const second = await measureCampaign(cluster, {out});
	t.false(second.isOutOfBudget);
	t.true(second.campaign.experiments.every(({verdict}) => verdict !== undefined));
});

test('a folder of another campaign, or of none, is refused in one line', async t => {
	const out = place(t);
	const cluster = new FakeCluster();
	await measureCampaign(cluster, {out, budget: 0});
	await t.throwsAsync(measureCampaign(cluster, {out, mostRepeats: 4}), {
		message: /Expected --most-repeats 8, with which the campaign in .* began, got 4/,
	});
	writeFileSync(join(out, 'campaign.json'), '{"kind": "Campaign"}');
	await t.throwsAsync(measureCampaign(cluster, {out}), {message: /campaign\.json: apiVersion: /});
	const none: CampaignField = {...bound(cluster), subjects: async () => []};
	await t.throwsAsync(measureCampaign(none, {out: place(t)}), {
		message: /Expected an experiment of that profile that sets tolerances/,
	});
});

test('a campaign takes further experiments, and none of those that it has may be missing or another', async t => {
	const out = place(t);
	const cluster = new FakeCluster();
	const all = await cluster.subjects();
	const withSubjects = (count: number): CampaignField => ({
		...bound(cluster),
		subjects: async () => all.slice(0, count),
	});
	await measureCampaign(withSubjects(1), {out});
	const replayed = cluster.replayed.length;
	const {campaign} = await measureCampaign(withSubjects(all.length), {out});
	t.is(campaign.experiments.length, all.length);
	t.true(campaign.experiments.every(({verdict}) => verdict !== undefined));
	t.true(cluster.replayed.length > replayed);
	t.true(cluster.replayed.slice(replayed).every(name => !name.startsWith('right'))); // it has its verdict
	await t.throwsAsync(measureCampaign(withSubjects(1), {out}), {
		message: new RegExp(`got none that is ${campaign.experiments[1]!.name} as it was then`),
	});
});

function bound(cluster: FakeCluster): Omit<CampaignField, 'subjects'> {
	return {
		calibrate: async () => cluster.calibrate(),
		replay: async (run, folder) => cluster.replay(run, folder),
		compare: async input => cluster.compare(input),
		now: () => cluster.now(),
	};
}

test('parallel slots are calibrated up to the most that an experiment has', t => {
	t.deepEqual([1, 2, 4, 6].map(slotsUpTo), [[], [2], [2, 4], [2, 4, 6]]);
});
