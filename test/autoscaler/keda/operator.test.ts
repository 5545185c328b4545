import test from 'ava';
import {requestScale} from '../../../src/autoscaler/keda/operator.ts';
import {kedaSpecOf} from '../../../src/autoscaler/keda/scaled-object.ts';
import {scaledObject} from './make-scaled-object.ts';

type Spec = Readonly<Record<string, unknown>>;
type Given = {
	readonly replicas: number;
	readonly isActive: boolean;
	readonly isError?: boolean;
	readonly now?: number;
	readonly lastActive?: number;
};

function decided(spec: Spec, given: Given, annotations?: Readonly<Record<string, string>>) {
	const {isError = false, now = 1000, ...rest} = given;
	return requestScale(kedaSpecOf(scaledObject(spec, annotations)), {created: 0, now, isError, ...rest});
}

// KEDA v2.20 pkg/scaling/executor/scale_scaledobjects_test.go, test by test.
test('the operator decides as its own tests say', t => {
	t.is(decided({minReplicaCount: 0}, {replicas: 10, isActive: false}).replicas, 0, 'ScaleToMinReplicasWhenNotActive');
	t.is(decided({minReplicaCount: 5}, {replicas: 1, isActive: false}).replicas, 5, 'FromLowerInitialReplicaCount');
	t.is(decided({minReplicaCount: 0}, {replicas: 0, isActive: true}).replicas, 1, 'ScaleFromMinReplicasWhenActive');
	const idle = {idleReplicaCount: 0, minReplicaCount: 5};
	t.is(decided(idle, {replicas: 10, isActive: false}).replicas, 0, 'ScaleToIdleReplicasWhenNotActive');
	t.is(decided(idle, {replicas: 0, isActive: true}).replicas, 5, 'ScaleFromIdleToMinReplicasWhenActive');
	const scaleIn = {'autoscaling.keda.sh/paused-scale-in': 'true'};
	t.is(decided({minReplicaCount: 0}, {replicas: 10, isActive: false}, scaleIn).replicas, undefined);
	t.is(decided(idle, {replicas: 10, isActive: false}, scaleIn).replicas, undefined);
	const force = {'autoscaling.keda.sh/force-activation': 'true'};
	t.is(decided({minReplicaCount: 0}, {replicas: 0, isActive: false}, force).replicas, 1);
	const scaleOut = {'autoscaling.keda.sh/paused-scale-out': 'true'};
	t.is(decided({minReplicaCount: 0}, {replicas: 0, isActive: true}, scaleOut).replicas, undefined);
	t.is(decided({...idle, maxReplicaCount: 10}, {replicas: 0, isActive: true}, scaleOut).replicas, undefined);
	t.deepEqual(decided({}, {replicas: 0, isActive: true}, {'autoscaling.keda.sh/paused-replicas': '0'}), {
		reason: 'Paused',
		isLastActive: false,
	});
});

test('the last pod goes when more than the cooldown period has passed since a trigger was active', t => {
	const at = (now: number) => decided({cooldownPeriod: 60}, {replicas: 2, isActive: false, now, lastActive: 900});
	t.deepEqual(at(960), {reason: 'CoolingDown', isLastActive: false});
	t.deepEqual(at(960.5), {replicas: 0, reason: 'ScaledToZero', isLastActive: false});
});

test('before any trigger was active the initial cooldown period counts, from the creation', t => {
	const at = (now: number) =>
		decided({cooldownPeriod: 60, initialCooldownPeriod: 120}, {replicas: 2, isActive: false, now});
	t.is(at(120).reason, 'CoolingDown');
	t.is(at(121).replicas, 0);
});

test('an error of a trigger keeps the pods', t => {
	const failing = {replicas: 2, isActive: false, isError: true};
	t.is(decided({}, failing).reason, 'TriggerError');
	t.is(decided({fallback: {failureThreshold: 3, replicas: 2}}, failing).reason, 'AwaitsFallback');
	t.is(
		decided({fallback: {failureThreshold: 3, replicas: 0}}, failing).replicas,
		0,
		'a fallback of none holds nothing',
	);
	const partly = decided({}, {...failing, isActive: true});
	t.deepEqual(partly, {reason: 'PartialTriggerError', isLastActive: false});
	t.is(decided({}, {...failing, isActive: true, replicas: 0}).replicas, 1);
});

test('an active target with pods is left to the HPA and remembered', t => {
	t.deepEqual(decided({}, {replicas: 3, isActive: true}), {reason: 'Active', isLastActive: true});
	t.deepEqual(decided({minReplicaCount: 1}, {replicas: 3, isActive: false}), {
		reason: 'NotActive',
		isLastActive: false,
	});
});
