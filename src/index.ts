export type {CaseAnswer} from './autoscaler/answer-case.ts';
export type {Comparison} from './comparison/compare.ts';
export {UserError} from './errors.ts';
export type {Experiment} from './experiment/experiment.ts';
export {type ReadOptions, readExperiment} from './files/read-experiment.ts';
export type {ArmSummary, Estimate, Savings, Summary} from './forecast/summary.ts';
export {type CompareOptions, compare} from './library/compare.ts';
export {decide} from './library/decide.ts';
export {type SimulateOptions, simulate} from './library/simulate.ts';
