import type {Experiment, PriceBook} from '../experiment/experiment.ts';
import type {RunAccount} from '../records/pod-usage.ts';
import {type Estimate, estimate} from '../statistics/estimate.ts';
import {largest} from '../statistics/extremes.ts';
import {type Bill, billOf} from './cost.ts';
import {mostNodes, perHour} from './run-economics.ts';
import type {BillFigures, BillingFigures} from './summary.ts';

type Arms = {
	readonly dynamic: readonly RunAccount[];
	/** In the order of `dynamic`; empty when nothing is compared. */
	readonly fixed: readonly RunAccount[];
};

/**
 * Cost of the arms by each price book, side by side. Below nodes that come and go stand the same nodes as a cluster of
 * fixed size, as large as the larger arm needs it: there scaling down saves nothing.
 *
 * @param books - names of their own; nodes that are too small for a pod are left out
 */
export function compareBilling(experiment: Experiment, arms: Arms, books: readonly PriceBook[]): BillingFigures[] {
	return books.flatMap(prices => {
		if (prices.kind !== 'nodes') {
			return [billing(experiment, arms, {prices})];
		}

		const needs = [...arms.dynamic, ...arms.fixed].map(run => mostNodes(run, prices));
		return needs.includes(undefined)
			? []
			: [
					billing(experiment, arms, {prices}),
					billing(experiment, arms, {prices, fixedNodes: largest(needs as number[])}),
				];
	});
}

/** Names of the price books whose nodes are too small for a pod. */
export function tooSmallNodes({dynamic, fixed}: Arms, books: readonly PriceBook[]): string[] {
	const isTooSmall = (prices: PriceBook) =>
		prices.kind === 'nodes' && [...dynamic, ...fixed].some(run => mostNodes(run, prices) === undefined);
	return books.filter(isTooSmall).map(({name}) => name);
}

type Way = {readonly prices: PriceBook; readonly fixedNodes?: number};

function billing({warmup, duration}: Experiment, {dynamic, fixed}: Arms, way: Way): BillingFigures {
	const window = {fromSeconds: warmup, toSeconds: duration};
	const billsOf = (runs: readonly RunAccount[]) =>
		runs.map(({pods, nodes}) => billOf(pods, {...way, window, nodes: nodes?.nodes}));
	const [dynamicBills, fixedBills] = [billsOf(dynamic), billsOf(fixed)];
	const hourly = (dollars: number) => perHour(dollars, window);
	const isCompared = fixedBills.length > 0;
	return {
		prices: way.prices.name,
		currency: way.prices.currency,
		kind: way.fixedNodes === undefined ? way.prices.kind : 'fixed-nodes',
		dynamic: billFigures(dynamicBills, hourly),
		fixed: isCompared ? billFigures(fixedBills, hourly) : null,
		savedPerHour: isCompared
			? estimate(dynamicBills.map((bill, index) => hourly(fixedBills[index]!.dollars - bill.dollars)))
			: null,
	};
}

function billFigures(bills: readonly Bill[], hourly: (dollars: number) => number): BillFigures {
	const over = (figure: (bill: Bill) => number): Estimate =>
		estimate(
			bills.map(bill => hourly(figure(bill))),
			{min: 0},
		);
	const nodes = bills.flatMap(bill => bill.nodes?.most ?? []);
	return {
		costPerHour: over(({dollars}) => dollars),
		workloadPerHour: over(({workloadDollars}) => workloadDollars),
		idlePerHour: over(({idleDollars}) => idleDollars),
		mostNodes: nodes.length === 0 ? null : largest(nodes),
	};
}
