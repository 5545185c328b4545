import {kedaSpecOf} from '../../autoscaler/keda/scaled-object.ts';
import {ScaledObject} from '../../autoscaler/keda/scaled-object-schema.ts';
import {Text} from '../leaves.ts';
import type {BrokenRule, Parts} from '../load-rules.ts';
import {WaitingSchema} from '../serving/waiting-schema.ts';

/** Rules between a ScaledObject, its clock, and the buffer at zero pods. */
export function* kedaRules({read, keysAt}: Parts): Generator<BrokenRule> {
	const scaledObject = read(['autoscaler'], ScaledObject);
	const triggers = scaledObject === undefined ? [] : kedaSpecOf(scaledObject).triggers;
	const hasCron = triggers.some(({source}) => source.kind === 'cron');
	if (hasCron && read(['startsAt'], Text) === undefined) {
		const rule = 'given, as in startsAt: 2026-01-05T08:00:00Z, for a cron trigger goes by the clock';
		yield {path: ['startsAt'], rule};
	}

	const waiting = read(['deployment', 'waiting'], WaitingSchema);
	if (waiting?.at === 'proxy' && keysAt(['deployment']).includes('atZero')) {
		const rule = 'left out where requests wait at a proxy, which holds them at zero pods, too';
		yield {path: ['deployment', 'atZero'], rule};
	}

	const asksQueue = triggers.some(({source}) => source.kind === 'queue' || source.kind === 'named');
	if (waiting?.at === 'proxy' && waiting.countAge !== undefined && !asksQueue) {
		const rule = 'left out where no trigger asks the queue itself, as aws-sqs-queue and rabbitmq do';
		yield {path: ['deployment', 'waiting', 'countAge'], rule};
	}
}
