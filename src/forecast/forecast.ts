export {type Baseline, playBaseline, smallestEnough} from './baselines.ts';
export {type ArmResult, type ReplicationResult, replicate} from './replicate.ts';
export {type SummarizedRun, summarize} from './summarize.ts';
