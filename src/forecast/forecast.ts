export {type ArmResult, type ReplicationResult, replicate} from './replicate.ts';
export {summarize} from './summarize.ts';
