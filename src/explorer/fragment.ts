import {hpaObject} from '../autoscaler/hpa-manifest.ts';
import type {HpaSpec} from '../autoscaler/hpa-spec.ts';
import {changedScaledObject} from '../autoscaler/keda/changed-scaled-object.ts';
import type {KedaSpec} from '../autoscaler/keda/keda-spec.ts';
import {kubectlYaml} from '../autoscaler/kubectl-yaml.ts';
import {shellWord} from '../printable.ts';
import type {Value} from '../tune/knob.ts';
import type {Control} from './control.ts';
import type {Explored} from './explored.ts';
import type {Settings} from './settings.ts';

/** Writes the settings behind the `#` of an address; undefined when none has moved. */
export function formatFragment(settings: Settings): string {
	return [...settings].map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&');
}

/**
 * The settings that a fragment holds.
 *
 * @param fragment - what stands behind the `#`
 * @throws {RangeError} for the first part that is no setting of these controls
 */
export function parseFragment(fragment: string, controls: readonly Control[]): Settings {
	const settings = new Map<string, Value>();
	for (const part of fragment.split('&').filter(text => text !== '')) {
		const {control, value} = parsePart(part, controls);
		if (settings.has(control.name)) {
			throw new RangeError(`Expected ${control.name} to stand once in the address, got it twice`);
		}

		settings.set(control.name, value);
	}

	return new Map([...settings].filter(([name, value]) => controls.find(one => one.name === name)?.own !== value));
}

function parsePart(part: string, controls: readonly Control[]): {control: Control; value: Value} {
	const equals = part.indexOf('=');
	const [name, given] = [part.slice(0, Math.max(0, equals)), decoded(part.slice(equals + 1))];
	const control = controls.find(one => one.name === name);
	if (control === undefined) {
		const names = controls.map(one => one.name).join(', ');
		throw new RangeError(
			`Expected the address to hold settings such as ${names}, got ${JSON.stringify(decoded(part))}`,
		);
	}

	const value = control.stops.find(stop => String(stop) === given);
	if (value === undefined) {
		throw new RangeError(`Expected ${name} in the address to be ${ruleOf(control)}, got ${JSON.stringify(given)}`);
	}

	return {control, value};
}

const mostListed = 22;

function ruleOf({stops}: Control): string {
	const [first] = stops;
	return stops.length <= mostListed
		? `one of ${stops.join(', ')}`
		: `a stop of its slider, ${first} to ${stops.findLast(stop => typeof stop === 'number')}` +
				(typeof stops.at(-1) === 'string' ? ` or ${stops.at(-1)}` : '');
}

function decoded(text: string): string {
	try {
		return decodeURIComponent(text);
	} catch {
		return text; // a lone % stands for itself
	}
}

/** The command line that prints what the page shows. */
export function commandLine(
	{words}: Pick<Explored, 'words'>,
	{changes, replications}: {readonly changes: readonly string[]; readonly replications: number},
): string {
	const sets = changes.flatMap(change => ['--set', change]);
	return ['replicast', 'run', ...words, ...sets, '--replications', String(replications), '--json']
		.map(shellWord)
		.join(' ');
}

/** A HorizontalPodAutoscaler, or the ScaledObject that makes it, as `kubectl apply` takes it. */
export function manifestText(
	autoscaler: HpaSpec,
	{identity, scaledObject}: Pick<Explored, 'identity' | 'scaledObject'>,
	keda?: KedaSpec,
): string {
	return kubectlYaml(
		keda === undefined || scaledObject === undefined
			? hpaObject(autoscaler, identity)
			: changedScaledObject(scaledObject, {keda, autoscaler}),
	);
}
