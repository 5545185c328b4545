import type {Rule} from './finding.ts';
import {budgetBlocks} from './rules/budget-blocks.ts';
import {fixedSize, scaleUpDisabled} from './rules/fixed-size.ts';
import {flaps} from './rules/flaps.ts';
import {cooldownWithoutEffect, neverLeavesZero, pollingWithoutEffect} from './rules/keda-without-effect.ts';
import {containerNotFound, missingRequest} from './rules/missing-request.ts';
import {neverScalesDown} from './rules/never-scales-down.ts';
import {rivalAutoscalers} from './rules/rival-autoscalers.ts';
import {sidecarDilutes} from './rules/sidecar-dilutes.ts';
import {targetOutOfReach} from './rules/target-out-of-reach.ts';
import {verticalConflict} from './rules/vertical-conflict.ts';

/** Rules in the order in which their findings are shown. */
export const rules: readonly Rule[] = [
	missingRequest,
	containerNotFound,
	targetOutOfReach,
	sidecarDilutes,
	fixedSize,
	scaleUpDisabled,
	neverLeavesZero,
	neverScalesDown,
	flaps,
	verticalConflict,
	rivalAutoscalers,
	budgetBlocks,
	pollingWithoutEffect,
	cooldownWithoutEffect,
];
