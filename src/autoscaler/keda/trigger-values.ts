import type {KedaTrigger} from './keda-spec.ts';
import {kedaSpecOf} from './scaled-object.ts';
import {ScaledObject} from './scaled-object-schema.ts';
import type {SpecFault} from './trigger-metadata.ts';

/** Values of a case by trigger: thousandths, or the word error. */
export type TriggerValues = Readonly<Record<string, number | 'error'>>;

/** 1973: what is later is a date [s]. */
const earliestDate = 1e8;
/** The year 9999 [s]. */
const latestDate = 2.5e11;

/** Faults of a case's values: a trigger without one, a value without a trigger. */
export function* valueFaults(given: {
	readonly scaledObject: unknown;
	readonly triggerValues?: TriggerValues | null | undefined;
	readonly now?: number | null | undefined;
}): Generator<SpecFault> {
	if (!ScaledObject.safeParse(given.scaledObject).success) {
		return;
	}

	const {triggers} = kedaSpecOf(given.scaledObject);
	const values = given.triggerValues ?? {};
	const isDate = (given.now ?? 0) > earliestDate && (given.now ?? 0) < latestDate;
	const external = triggers.filter(({metric}) => metric !== undefined);
	for (const trigger of external) {
		const isClock = isDate && trigger.source.kind === 'cron';
		if (!isClock && givenValue(trigger, values) === undefined) {
			const instead = trigger.source.kind === 'cron' ? ', or now as a date' : '';
			const rule = `given, as in triggerValues: {${trigger.metric!}: 12} of a file beside it; or error${instead}`;
			yield {path: ['triggerValues', trigger.metric!], rule};
		}
	}

	const names = external.flatMap(namesOf);
	for (const name of Object.keys(values).filter(key => !names.includes(key))) {
		yield {path: ['triggerValues', name], rule: `left out, as the triggers' metrics are ${names.join(', ') || 'none'}`};
	}
}

function namesOf({metric, name}: KedaTrigger): string[] {
	return [metric!, ...(name === undefined ? [] : [name])];
}

/** Value that a case has for a trigger, by the name of its metric or its own. */
export function givenValue(trigger: KedaTrigger, values: TriggerValues): number | 'error' | undefined {
	const name = namesOf(trigger).find(key => Object.hasOwn(values, key));
	return name === undefined ? undefined : values[name];
}
