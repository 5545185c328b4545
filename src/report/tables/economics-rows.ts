import type {
	AgainstFigures,
	ArmEconomics,
	BillFigures,
	BillingFigures,
	Estimate,
	Summary,
} from '../../forecast/summary.ts';
import type {Stage} from '../../records/stage-clock.ts';
import {
	counted,
	formatEstimate,
	formatMean,
	formatNumber,
	grams,
	money,
	percent,
	seconds,
	type UnitRule,
	wattHours,
} from '../text/format.ts';
import type {Row} from '../text/report.ts';

type Figure = readonly [label: string, of: (arm: ArmEconomics) => Estimate, quantity: UnitRule];

const costFigures = (currency: string): readonly Figure[] => [
	['cost per 1,000 requests', arm => arm.costPerThousandRequests, money(currency)],
	['cost per million output tokens', arm => arm.costPerMillionOutputTokens, money(currency)],
	['cost per million input tokens', arm => arm.costPerMillionInputTokens, money(currency)],
];

/** The price of electricity is in dollars whatever the pods are billed in. */
const electricity = money('USD');

const unitFigures: readonly Figure[] = [
	['CPU time per request', arm => arm.cpuSecondsPerRequest, seconds],
	['energy of the run', arm => thousandfold(arm.energy.kilowattHours), wattHours],
	['  of it idle', arm => thousandfold(arm.energy.idleKilowattHours), wattHours],
	['electricity', arm => arm.energy.electricityDollars, electricity],
	['  of it idle', arm => arm.energy.idleElectricityDollars, electricity],
	['CO2e of the electricity', arm => arm.energy.gramsCo2e, grams],
	['  of it idle', arm => arm.energy.idleGramsCo2e, grams],
	['CO2e of the manufacture', arm => arm.energy.embodiedGramsCo2e, grams],
];

/**
 * Rows of the cost of a request and of a token, and of the run's energy: one cell an arm. Figures without a model are
 * left out.
 */
export function unitRows({economics: {dynamic, fixed, currency}}: Summary): Row[] {
	const arms = fixed === null ? [dynamic] : [dynamic, fixed];
	return [...costFigures(currency), ...unitFigures]
		.filter(([, of]) => of(dynamic).mean !== null)
		.map(([label, of, quantity]) => [label, ...arms.map(arm => formatEstimate(of(arm), quantity))]);
}

function thousandfold({mean, low, high}: Estimate): Estimate {
	const times = (value: number | null) => (value === null ? null : value * 1000);
	return {mean: times(mean), low: times(low), high: times(high)};
}

const stageLabels: Readonly<Record<Exclude<Stage, 'pending'>, string>> = {
	starting: 'starting, until it serves',
	loading: 'loading the model',
	idle: 'idle',
	busy: 'busy',
	terminating: 'terminating',
};

export const stageHead = ({fixed}: Summary): Row => [
	'what the pods cost per hour',
	'dynamic',
	...(fixed === null ? [] : ['fixed']),
];

/** Rows of the pods' cost by stage of their time; the stages and idle capacity add up to the bill. */
export function stageRows(summary: Summary): Row[] {
	const {dynamic, fixed, billing, currency} = summary.economics;
	const arms = fixed === null ? [dynamic] : [dynamic, fixed];
	const own = billing[0]!;
	const bills = own.fixed === null ? [own.dynamic] : [own.dynamic, own.fixed];
	const cell = (of: Estimate) => formatEstimate(of, money(currency));
	return [
		...Object.entries(stageLabels)
			.filter(([stage]) => stage !== 'loading' || arms.some(arm => arm.stages.loading.costPerHour.mean !== 0))
			.map(([stage, label]) => [label, ...arms.map(arm => cell(arm.stages[stage as Stage].costPerHour))]),
		...(own.kind === 'nodes' || own.kind === 'instances'
			? [['idle capacity', ...bills.map(bill => cell(bill.idlePerHour))]]
			: []),
		['together', ...bills.map(bill => cell(bill.costPerHour))],
		['  of it for the slow scale-down', ...arms.map(arm => cell(arm.slowScaleDownPerHour))],
		['pod-hours waiting for a node, free', ...arms.map(arm => formatNumber(arm.stages.pending.podHours.mean ?? 0, 2))],
	];
}

export const billingHead = ({fixed}: Summary): Row => [
	'billing, per hour',
	'dynamic',
	...(fixed === null ? ['idle'] : ['fixed', 'dynamic saves', 'idle of both']),
];

/** Ways of billing side by side: means, the saving with its interval, and the share of the bill that is idle capacity. */
export function billingRows({economics: {billing}}: Summary): Row[] {
	return billing.map(way => [
		wayName(way),
		mean(way.dynamic.costPerHour, way),
		...(way.fixed === null
			? [idleShare(way.dynamic)]
			: [
					mean(way.fixed.costPerHour, way),
					formatEstimate(way.savedPerHour!, money(way.currency)),
					way.dynamic.mostNodes === null ? '–' : `${idleShare(way.dynamic)} / ${idleShare(way.fixed)}`,
				]),
	]);
}

/** `nodes-aws-m5-large`, and below it the same as a cluster of fixed size. */
export function wayName({prices, kind, dynamic}: BillingFigures): string {
	const name = prices.replace(/^prices-/, '');
	return kind === 'fixed-nodes' ? `  the same, ${formatNumber(dynamic.mostNodes ?? 0)} always there` : name;
}

function mean({mean}: Estimate, {currency}: BillingFigures): string {
	return formatMean(mean, money(currency));
}

function idleShare({costPerHour, idlePerHour, mostNodes}: BillFigures): string {
	return mostNodes === null ? '–' : `${formatNumber((100 * idlePerHour.mean!) / costPerHour.mean!)} %`;
}

export function againstHead({economics: {against}}: Summary): Row {
	return ['dynamic saves', ...against.map(other => `against ${nameOf(other)}`)];
}

/** Rows of dynamic's savings against each baseline, and the quality of service of both. */
export function againstRows({economics: {against, currency}}: Summary): Row[] {
	const quantity = money(currency);
	const line = (label: string, cell: (other: AgainstFigures) => string): Row => [label, ...against.map(cell)];
	const saved = (label: string, of: (savings: AgainstFigures['savings']) => Estimate): Row =>
		line(label, ({savings}) => formatEstimate(of(savings), quantity));
	return [
		saved('per hour', savings => savings.perHour),
		saved('per day', savings => savings.perDay),
		saved('per month of 30 days', savings => savings.perMonth),
		saved('per year of 365 days', savings => savings.perYear),
		line('of the other’s cost', ({savings}) => formatEstimate(savings.fraction, percent)),
		line('the other costs per hour', ({costPerHour}) => formatEstimate(costPerHour, quantity)),
		line('SLO attainment, dynamic', ({sloAttainment}) => formatEstimate(sloAttainment.dynamic, percent)),
		line('  the other', ({sloAttainment}) => formatEstimate(sloAttainment.baseline, percent)),
		line('keeps the SLO, dynamic / other', ({meetsSlo}) => `${yesNo(meetsSlo.dynamic)} / ${yesNo(meetsSlo.baseline)}`),
		line('replications', ({replications}) => formatNumber(replications)),
	];
}

function yesNo(is: boolean): string {
	return is ? 'yes' : 'no';
}

function nameOf({baseline, replicas}: AgainstFigures): string {
	const pods = counted(replicas ?? 0, 'pod');
	switch (baseline) {
		case 'fixed':
			return `${pods} (fixed)`;
		case 'smallest-fixed':
			return `${pods} (fewest for SLO)`;
		case 'ideal':
			return 'no delay (ideal)';
	}
}
