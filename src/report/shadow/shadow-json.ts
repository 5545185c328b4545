import type {Shadowed} from '../../shadow/shadowed.ts';
import type {ShadowTally} from '../../shadow/tally.ts';

/** Decision as one line of JSON. */
export function shadowJson(shadowed: Shadowed): string {
	const {at, currentReplicas, desiredReplicas, isWritten, standing, isFirst, isSameUse, isSole, tried} = shadowed;
	const {decision, against, status, refusals, hasRestarted} = shadowed;
	const {recommendation: _, ...here} = decision;
	return `${JSON.stringify({
		at,
		currentReplicas,
		desiredReplicas: desiredReplicas ?? null,
		standing,
		mostProbable: isFirst,
		sameFigures: isSameUse,
		inputsTried: tried,
		oneNumber: isSole,
		statusWritten: isWritten,
		replicast: here,
		...(against !== undefined && {against: withoutRecommendation(against)}),
		status,
		...(refusals.length > 0 && {refusals}),
		...(hasRestarted && {restarted: true}),
	})}\n`;
}

function withoutRecommendation({recommendation: _, ...decision}: Shadowed['decision']): object {
	return decision;
}

/** Summary of a watch as a file of JSON. */
export function shadowSummaryJson(tally: ShadowTally, about: object): string {
	const {reproduced, checked} = tally;
	return `${JSON.stringify({...about, share: checked === 0 ? null : reproduced / checked, ...tally}, null, '\t')}\n`;
}
