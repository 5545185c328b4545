import type {Explanation} from '../autoscaler/explain.ts';
import type {ExplainedKedaCase} from '../autoscaler/keda/answer-case.ts';
import type {KedaTrigger} from '../autoscaler/keda/keda-spec.ts';
import type {OperatorReason} from '../autoscaler/keda/operator.ts';
import type {TriggerReading} from '../autoscaler/keda/triggers.ts';
import {kubectlYaml} from '../autoscaler/kubectl-yaml.ts';
import {unbroken} from '../printable.ts';
import {explanationText} from './decision-report.ts';
import {counted} from './text/format.ts';

const operatorWords: Readonly<Record<OperatorReason, string>> = {
	Paused: 'an annotation pauses KEDA',
	ScaledFromZero: 'a trigger is active and the first pods are missing',
	ScaleOutPaused: 'a trigger is active, and an annotation pauses the way up',
	Active: 'a trigger is active and there are pods: the HPA decides',
	PartialTriggerError: 'a trigger is active and another one fails: the HPA decides',
	AwaitsFallback: 'a trigger fails: the pods stay until the fallback begins',
	TriggerError: 'a trigger fails and there is no fallback: the pods stay',
	ScaledToZero: 'no trigger is active, and the cooldown period is over',
	ScaledToIdle: 'no trigger is active, and the cooldown period is over',
	ScaleInPaused: 'no trigger is active, and an annotation pauses the way down',
	CoolingDown: 'no trigger is active, and the cooldown period is not over',
	ScaledToMinimum: 'fewer pods than minReplicaCount',
	NotActive: 'no trigger is active, and nothing is left to take away',
};

type Explained = {
	readonly title: string;
	readonly keda: ExplainedKedaCase;
	readonly explanation?: Explanation;
};

/** The explanation of a decision on a ScaledObject: the decision, each trigger, the operator, the HPA and its decision. */
export function scaledObjectText({title, keda, explanation}: Explained): string {
	const {answer, readings, question} = keda;
	const named = readings.map(({trigger, reading}) => ({
		name: unbroken(trigger.metric!),
		text: readingText(trigger, reading),
	}));
	const width = Math.max(0, ...named.map(({name}) => name.length));
	const triggers = named.map(({name, text}) => `  ${name.padEnd(width)}  ${text}`);
	const {replicas, reason} = answer.operator;
	const parts = [
		[
			decisionLine(keda),
			unbroken(`${title}: ScaledObject ${keda.keda.name}`),
			...(answer.notes ?? []).map(note => `  ${unbroken(note)}`),
		].join('\n'),
		[`Triggers${answer.fallback ? ', falling back' : ''}`, ...triggers, ...servedLines(keda)].join('\n'),
		`Operator\n  ${replicas === undefined ? 'leaves the replicas alone' : `sets ${replicas}`}: ${operatorWords[reason]}`,
		...(answer.hpa === undefined ? [] : [`HPA that KEDA makes\n${indented(kubectlYaml(answer.hpa))}`]),
		...(question === undefined || explanation === undefined
			? []
			: [explanationText(question.input, explanation, {title: `HPA ${answer.hpa!.metadata.name}`}).trimEnd()]),
	];
	return `${parts.join('\n\n')}\n`;
}

function decisionLine({answer, replicas, keda}: ExplainedKedaCase): string {
	const {desiredReplicas, decidedBy, operator} = answer;
	const done =
		desiredReplicas === replicas
			? `Stays at ${counted(replicas, 'replica')}`
			: `Scales from ${replicas} to ${counted(desiredReplicas, 'replica')}`;
	if (decidedBy === 'HPA') {
		return `${done}: the HPA that KEDA makes decides`;
	}

	const isHpas = answer.hpa !== undefined && replicas > 0 && operator.reason === 'Active';
	return `${done}: ${isHpas ? 'the HPA that KEDA makes asks for no other number' : operatorWords[keda.paused === undefined ? operator.reason : 'Paused']}`;
}

function readingText({activation, source}: KedaTrigger, reading: TriggerReading): string {
	if ('error' in reading) {
		return 'fails';
	}

	const {value} = reading;
	if (source.kind === 'cron') {
		return value > 0 ? `within its hours, ${counted(value, 'replica')}` : 'outside its hours';
	}

	const isActive = value > activation;
	return `${value}, ${isActive ? 'active: above' : 'not active: at most'} its activation value, ${activation}`;
}

function servedLines({answer}: ExplainedKedaCase): string[] {
	return Object.entries(answer.externalMetrics).map(([name, metric]) =>
		unbroken(
			typeof metric === 'string' ? `  the HPA gets ${name} = ${metric}` : `  the HPA gets no ${name}: ${metric.error}`,
		),
	);
}

function indented(text: string): string {
	return text
		.trimEnd()
		.split('\n')
		.map(line => `  ${line}`)
		.join('\n');
}
